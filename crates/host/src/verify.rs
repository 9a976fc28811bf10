//! Checks a home, also beside the host that writes it: hash chain, replay, snapshots, events, sums of the ledger.

use crate::lockstep::{Difference, Lockstep};
use crate::replay::Replayer;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use tickyard_engine::Engine;
use tickyard_journal::{
    Disk, End, EventReader, Frame, FrameSource, Head, Home, JournalReader, LogError, SnapshotMark, SnapshotStore,
    Storage, Until,
};
use tickyard_types::Seq;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where: a file and a byte, or a sequence.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The first command that is kept.
    pub first_seq: Seq,
    /// The last command that was replayed.
    pub last_seq: Seq,
    /// The state after it.
    pub state_hash: [u8; 32],
    /// Snapshots whose state the replay had, too.
    pub snapshots: usize,
    /// Events up to here are those of the replay.
    pub events_until: Seq,
    /// Everything that is wrong; empty when all is well.
    pub defects: Vec<Defect>,
}

/// Verifies a home. The replay begins at the first command, or at the oldest whole snapshot when the first commands
/// are not kept any more.
///
/// # Errors
/// [`LogError::Failed`] when the disk cannot be read; every other error is a defect of the report.
pub fn verify(home: &Path, mut progress: impl FnMut(Seq)) -> Result<Report, LogError> {
    let home = Home::new(home);
    let storage: Arc<dyn Storage> = Disk::shared();
    let mut defects = Vec::new();
    let marks = read_snapshots(&storage, &home, &mut defects)?;
    let segments = kept(&*storage, &home.journal(), ".log")?;
    let first_seq = segments.first().copied().unwrap_or(Seq(1));
    let Some(replayer) = begin(&storage, &home, first_seq, &marks, &mut defects)? else {
        let (last_seq, events_until) = (Seq(0), Seq(0));
        return Ok(Report { first_seq, last_seq, state_hash: [0; 32], snapshots: 0, events_until, defects });
    };
    let events_until = replayer.head.seq;
    let events = Some(Lockstep::after(Arc::clone(&storage), &home.events(), events_until));
    let newest_mark = marks.last_key_value().map_or(Seq(0), |(seq, _)| *seq);
    let mut check = Check { replayer, marks, newest_mark, events, events_until, snapshots: 0, defects };
    if segments.is_empty() {
        // A home that was never started has no journal, and nothing is wrong with it.
        let events = check.events_reach(&storage, &home)?;
        check.check_reach(events);
    } else {
        match JournalReader::oldest(Arc::clone(&storage), &home.journal(), Until::Live) {
            Ok(mut frames) => check.run(&storage, &home, &mut frames, &mut progress)?,
            Err(error) => check.note(error)?,
        }
    }
    check.check_state();
    Ok(Report {
        first_seq,
        last_seq: check.replayer.head.seq,
        state_hash: check.replayer.engine.state_hash(),
        snapshots: check.snapshots,
        events_until: check.events_until,
        defects: check.defects,
    })
}

/// Reads every snapshot; those that are whole must be met by the replay.
fn read_snapshots(
    storage: &Arc<dyn Storage>,
    home: &Home,
    defects: &mut Vec<Defect>,
) -> Result<BTreeMap<Seq, SnapshotMark>, LogError> {
    let store = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let mut marks = BTreeMap::new();
    for seq in store.list()? {
        match store.read(seq) {
            Ok(snapshot) => {
                marks.insert(seq, snapshot.mark);
            }
            // It may have been pruned between the two looks.
            Err(_) if !store.list()?.contains(&seq) => {}
            Err(fault) => defects.push(Defect { place: format!("snapshot {}", seq.0), what: fault.to_string() }),
        }
    }
    Ok(marks)
}

/// The engine with which the replay begins; `None` when there is none.
fn begin(
    storage: &Arc<dyn Storage>,
    home: &Home,
    first: Seq,
    marks: &BTreeMap<Seq, SnapshotMark>,
    defects: &mut Vec<Defect>,
) -> Result<Option<Replayer>, LogError> {
    if first == Seq(1) {
        return Ok(Some(Replayer::new(Engine::new(), Head::GENESIS)));
    }
    let store = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let Some((&seq, mark)) = marks.first_key_value() else {
        defects.push(Defect {
            place: format!("journal {}", first.0),
            what: "the first commands are not kept, and there is no whole snapshot".to_owned(),
        });
        return Ok(None);
    };
    let restored = store
        .read(seq)
        .map_err(|fault| fault.to_string())
        .and_then(|snapshot| Engine::restore(&snapshot.body).map_err(|error| error.to_string()));
    match restored {
        Ok(engine) => Ok(Some(Replayer::new(engine, mark.head))),
        Err(what) => {
            defects.push(Defect { place: format!("snapshot {}", seq.0), what });
            Ok(None)
        }
    }
}

/// A verification under way.
struct Check {
    replayer: Replayer,
    marks: BTreeMap<Seq, SnapshotMark>,
    /// The newest snapshot's command, or 0.
    newest_mark: Seq,
    /// None once the events have ended or differed.
    events: Option<Lockstep>,
    events_until: Seq,
    snapshots: usize,
    defects: Vec<Defect>,
}

impl Check {
    /// Replays until the end of the journal, and makes sure that it is the end.
    fn run(
        &mut self,
        storage: &Arc<dyn Storage>,
        home: &Home,
        frames: &mut JournalReader,
        progress: &mut impl FnMut(Seq),
    ) -> Result<(), LogError> {
        let start = self.replayer.head.seq;
        self.meet_snapshot();
        let mut seen = None;
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) if frame.head.seq <= start => self.pass(&frame),
                Ok(Some(frame)) => {
                    seen = None;
                    self.replay(&frame)?;
                    progress(frame.head.seq);
                }
                Ok(None) if seen.is_none() => seen = Some(self.events_reach(storage, home)?),
                // Nothing was added after the events were looked at, so they cannot be ahead.
                Ok(None) => match frames.check_end() {
                    Ok(End::WentOn) => seen = None,
                    Ok(End::Clean | End::Unfinished { .. }) => {
                        self.check_reach(seen.unwrap_or_default());
                        return Ok(());
                    }
                    Err(error) => return self.note(error),
                },
                Err(error) => return self.note(error),
            }
        }
    }

    /// A frame before the snapshot with which the replay began: only its place in the chain counts.
    fn pass(&mut self, frame: &Frame<'_>) {
        if frame.head.seq == self.replayer.head.seq && frame.head != self.replayer.head {
            self.defect(format!("sequence {}", frame.head.seq.0), "the journal is not that of the oldest snapshot");
        }
    }

    fn replay(&mut self, frame: &Frame<'_>) -> Result<(), LogError> {
        self.reach_events(frame.head.seq)?;
        let Self { replayer, events, .. } = self;
        let mut difference = None;
        let Ok(()) = replayer.apply(frame, |span, derived| {
            let compared = events.as_mut().filter(|_| difference.is_none()).map(|events| events.compare(span, derived));
            difference = difference.or(compared.and_then(Result::err));
            Ok::<(), Infallible>(())
        });
        if let Some(Difference { seq, index }) = difference {
            self.events = None;
            self.defect(format!("events of sequence {}", seq.0), format!("event {index} is not that of the replay"));
        }
        if self.events.is_some() {
            self.events_until = frame.head.seq;
        }
        self.meet_snapshot();
        Ok(())
    }

    fn reach_events(&mut self, seq: Seq) -> Result<(), LogError> {
        let Some(events) = &mut self.events else { return Ok(()) };
        match events.reach(seq) {
            Ok(true) => Ok(()),
            // They end here, or are not written yet.
            Ok(false) => {
                self.events = None;
                Ok(())
            }
            Err(error) => {
                self.events = None;
                self.note(error)
            }
        }
    }

    /// The state must be that of a snapshot of the same command.
    fn meet_snapshot(&mut self) {
        let head = self.replayer.head;
        let Some(mark) = self.marks.remove(&head.seq) else { return };
        let place = format!("snapshot {}", head.seq.0);
        if mark.head != head {
            self.defect(place, "it is of another journal");
        } else if mark.state_hash != self.replayer.engine.state_hash() {
            self.defect(place, "its state is not that of the replay");
        } else {
            self.snapshots += 1;
        }
    }

    /// The newest command whose events are there.
    fn events_reach(&mut self, storage: &Arc<dyn Storage>, home: &Home) -> Result<Seq, LogError> {
        let mut seq = self.events_until;
        let mut reader = EventReader::from_seq(Arc::clone(storage), &home.events(), Seq(seq.0 + 1));
        loop {
            match reader.next_batch() {
                Ok(Some(batch)) => seq = batch.last_seq,
                Ok(None) => break,
                Err(error) => {
                    self.note(error)?;
                    break;
                }
            }
        }
        let segments = kept(&**storage, &home.events(), ".evt")?;
        if let Some(first) = segments.into_iter().find(|first| first.0 > seq.0 + 1) {
            self.defect(
                format!("events of sequence {}", seq.0 + 1),
                format!("they are missing, but those from sequence {} on are there", first.0),
            );
        }
        Ok(seq)
    }

    /// The journal must not end before what was derived from it.
    fn check_reach(&mut self, events: Seq) {
        let last = self.replayer.head.seq;
        let place = || format!("journal after sequence {}", last.0);
        if let Some(seq) = self.marks.keys().find(|seq| **seq > last) {
            self.defect(place(), format!("it ends there, but there is a snapshot of sequence {}", seq.0));
        }
        if events > last {
            self.defect(place(), format!("it ends there, but there are events of sequence {}", events.0));
        }
        // They are made durable before a snapshot is written.
        if events < self.newest_mark {
            let what = format!("they end there, but there is a snapshot of sequence {}", self.newest_mark.0);
            self.defect(format!("events after sequence {}", events.0), what);
        }
    }

    fn check_state(&mut self) {
        if let Err(what) = self.replayer.engine.check_invariants() {
            self.defect(format!("state after sequence {}", self.replayer.head.seq.0), what);
        }
    }

    fn defect(&mut self, place: String, what: impl Into<String>) {
        let defect = Defect { place, what: what.into() };
        if !self.defects.contains(&defect) {
            self.defects.push(defect);
        }
    }

    /// Takes an error for a defect, unless nothing can be read.
    fn note(&mut self, error: LogError) -> Result<(), LogError> {
        match error {
            LogError::Failed { .. } => return Err(error),
            LogError::Corrupt { place, damage } => self.defect(place.to_string(), damage.to_string()),
            LogError::Missing { path, expected } => {
                let what = format!("it is missing; it should begin with sequence {}", expected.0);
                self.defect(path.display().to_string(), what);
            }
            other => self.defect(format!("journal after sequence {}", self.replayer.head.seq.0), other.to_string()),
        }
        Ok(())
    }
}

/// The first sequences of the segments in a directory, ascending; none in one that is missing.
fn kept(storage: &dyn Storage, dir: &Path, suffix: &str) -> Result<Vec<Seq>, LogError> {
    let failed = |source| LogError::Failed { doing: format!("list {}", dir.display()), source };
    let names = match storage.list(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        names => names.map_err(failed)?,
    };
    Ok(names.iter().filter_map(|name| name.strip_suffix(suffix)?.parse().ok().map(Seq)).collect())
}
