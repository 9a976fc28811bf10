//! A verification under way: replays the journal and holds everything else against it.

use super::begin::{Beginning, begin, place};
use super::{Defect, Report};
use crate::lockstep::{Difference, Lockstep};
use crate::replay::Replayer;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tickyard_journal::{
    End, EventReader, Floor, Frame, FrameSource, Home, JournalReader, Kept, LogError, Place, SnapshotMark,
    SnapshotStore, Storage, Until,
};
use tickyard_types::Seq;

/// How long a running host may take to finish what it is about to write.
const SETTLE: Duration = Duration::from_millis(100);

pub struct Check<'a> {
    storage: &'a Arc<dyn Storage>,
    home: &'a Home,
    floors: &'a [Floor],
    pub replayer: Replayer,
    marks: BTreeMap<Seq, SnapshotMark>,
    /// The newest snapshot's command, or 0.
    newest_mark: Seq,
    /// None once the events have ended or differed.
    events: Option<Lockstep>,
    events_until: Seq,
    snapshots: usize,
    defects: Vec<Defect>,
    unfinished: Vec<Defect>,
}

/// How far the events reach, and what stands behind them.
struct Reach {
    seq: Seq,
    end: End,
}

impl<'a> Check<'a> {
    pub fn begin(storage: &'a Arc<dyn Storage>, home: &'a Home, floors: &'a [Floor]) -> Result<Self, LogError> {
        let Beginning { replayer, marks, defects } = begin(storage, home)?;
        let events_until = replayer.head.seq;
        let newest_mark = marks.last_key_value().map_or(Seq(0), |(seq, _)| *seq);
        let events = Some(Lockstep::after(Arc::clone(storage), &home.events(), events_until));
        let (snapshots, unfinished) = (0, Vec::new());
        Ok(Self {
            storage,
            home,
            floors,
            replayer,
            marks,
            newest_mark,
            events,
            events_until,
            snapshots,
            defects,
            unfinished,
        })
    }

    /// Events of commands that are not replayed must at least be whole.
    pub fn events_before(&mut self, first_seq: Seq) -> Result<(), LogError> {
        let oldest = Kept::events(&**self.storage, self.home)?.segments.first().copied().unwrap_or(first_seq);
        let mut reader = EventReader::from_seq(Arc::clone(self.storage), &self.home.events(), oldest);
        while reader.next_seq() < first_seq {
            match reader.next_batch() {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(error) => return self.note(error),
            }
        }
        Ok(())
    }

    /// There is no journal: whatever else is there has nothing to stand on.
    pub fn end_without_journal(&mut self) -> Result<(), LogError> {
        let reach = self.events_reach()?;
        self.check_reach(reach.seq);
        Ok(())
    }

    /// Replays until the end of the journal, and makes sure that it is the end.
    pub fn replay_all(&mut self, progress: &mut impl FnMut(Seq)) -> Result<(), LogError> {
        let opened = JournalReader::oldest(Arc::clone(self.storage), &self.home.journal(), Until::Live);
        let mut frames = match opened {
            Ok(frames) => frames.strictly(),
            Err(error) => return self.note(error),
        };
        let start = self.replayer.head.seq;
        self.meet_snapshot();
        let mut rests = Vec::new();
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) if frame.head.seq <= start => self.pass(&frame),
                Ok(Some(frame)) if frame.header.first_seq != self.replayer.head.next_seq() => {
                    // Without a state to begin with, nothing can be replayed.
                    return Ok(());
                }
                Ok(Some(frame)) => {
                    self.replay(&frame)?;
                    progress(frame.head.seq);
                }
                Ok(None) => {
                    // Looked at before the journal's end, so the events cannot be ahead of it.
                    let reach = self.events_reach()?;
                    let end = match frames.check_end() {
                        Ok(End::WentOn) => continue,
                        Ok(end) => end,
                        Err(error) => return self.note(error),
                    };
                    let now = self.rests(end, &reach);
                    if now.is_empty() || now == rests {
                        self.check_reach(reach.seq);
                        self.unfinished = now;
                        return Ok(());
                    }
                    // A running host finishes it at once, a dead one never.
                    rests = now;
                    std::thread::sleep(SETTLE);
                }
                Err(error) => return self.note(error),
            }
        }
    }

    pub fn report(mut self, first_seq: Seq) -> Report {
        let last_seq = self.replayer.head.seq;
        if let Err(what) = self.replayer.engine.check_invariants() {
            self.defect(format!("state after sequence {}", last_seq.0), what);
        }
        Report {
            first_seq,
            last_seq,
            state_hash: self.replayer.engine.state_hash(),
            snapshots: self.snapshots,
            events_until: self.events_until,
            defects: self.defects,
            unfinished: self.unfinished,
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
        let mut reached = events.reach(seq);
        if matches!(reached, Ok(false)) {
            // A running host writes them in a moment.
            std::thread::sleep(SETTLE);
            reached = events.reach(seq);
        }
        match reached {
            Ok(true) => Ok(()),
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

    /// A snapshot of the same command must hold the very same state.
    fn meet_snapshot(&mut self) {
        let head = self.replayer.head;
        let Some(mark) = self.marks.remove(&head.seq) else { return };
        if mark.head != head {
            return self.defect(place(head.seq), "it is of another journal");
        }
        let engine = &self.replayer.engine;
        let mut is_same = mark.state_hash == engine.state_hash();
        // It may have been pruned meanwhile.
        if let Ok(snapshot) = SnapshotStore::new(Arc::clone(self.storage), self.home.snapshots()).read(head.seq) {
            is_same = is_same && snapshot.body == engine.snapshot();
        }
        if is_same {
            self.snapshots += 1;
        } else {
            self.defect(place(head.seq), "its state is not that of the replay");
        }
    }

    /// The newest command whose events are there.
    fn events_reach(&mut self) -> Result<Reach, LogError> {
        let mut seq = self.events_until;
        let mut reader = EventReader::from_seq(Arc::clone(self.storage), &self.home.events(), Seq(seq.0 + 1));
        let mut end = End::Clean;
        loop {
            match reader.next_batch() {
                Ok(Some(batch)) => seq = batch.last_seq,
                Ok(None) => {
                    end = reader.check_end()?;
                    break;
                }
                Err(error) => {
                    self.note(error)?;
                    break;
                }
            }
        }
        let segments = Kept::events(&**self.storage, self.home)?.segments;
        if let Some(first) = segments.into_iter().find(|first| first.0 > seq.0 + 1) {
            self.defect(
                format!("events of sequence {}", seq.0 + 1),
                format!("they are missing, but those from sequence {} on are there", first.0),
            );
        }
        Ok(Reach { seq, end })
    }

    /// What is there in part.
    fn rests(&self, journal: End, events: &Reach) -> Vec<Defect> {
        let mut rests = Vec::new();
        let mut rest = |place: &Place, what| rests.push(Defect { place: place.to_string(), what });
        if let End::Unfinished { place, damage } = &journal {
            rest(place, format!("the newest append is not whole ({damage}): the next start cuts it off"));
        }
        if let End::Unfinished { place, damage } = &events.end {
            rest(place, format!("the newest events are not whole ({damage}): the next start derives them again"));
        }
        let last = self.replayer.head.seq;
        if events.seq < last {
            let what = format!("there are none up to {}: the next start derives them again", last.0);
            rests.push(Defect { place: format!("events after sequence {}", events.seq.0), what });
        }
        rests
    }

    /// The journal must not end before what was derived from it, nor the events before what was derived from them.
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
        for Floor { what, seq } in self.floors {
            if *seq > last {
                self.defect(place(), format!("it ends there, but {what} has seen {}", seq.0));
            }
            if *seq > events {
                let what = format!("they end there, but {what} has seen {}", seq.0);
                self.defect(format!("events after sequence {}", events.0), what);
            }
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
