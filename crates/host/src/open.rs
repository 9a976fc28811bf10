//! Opens a home: lock, newest snapshot, replay of the tail, events that a crash took.

use crate::apply::{Commands, apply_commands};
use crate::read_ahead::each_frame;
use crate::say::say;
use crate::settings::Settings;
use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use tickyard_engine::{Engine, EventBuffer, RestoreError};
use tickyard_journal::{
    CommandLog, EventLog, EventOptions, FileLog, Floor, Frame, Head, Home, HomeLock, Kept, LockError, LogError, Newest,
    Options, SkippedSnapshot, SnapshotFault, SnapshotStore, Storage,
};
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};

/// Why a host does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The home is in use, or its lock cannot be taken.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The journal or the events cannot be opened.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The snapshots are of other versions, and none is of ours: so is the home.
    #[error(
        "{} was written by record version {record} and core version {core}; this is record version {RECORD_VERSION} and core version {CORE_VERSION}",
        .path.display()
    )]
    OtherVersion {
        /// The newest such snapshot.
        path: PathBuf,
        /// The record version in it.
        record: u16,
        /// The core version in it.
        core: u16,
    },
    /// A whole snapshot is not what the engine wrote.
    #[error("the snapshot of sequence {} cannot be restored: {why}", .seq.0)]
    Snapshot {
        /// Which.
        seq: Seq,
        /// What the engine says.
        why: String,
    },
    /// The core panics over a command of the journal: only another version can carry it out.
    #[error(
        "the core stopped while it replayed sequence {}: {why}; nothing that was acknowledged is lost: keep the home, and start it with a version that can carry the command out",
        .seq.0
    )]
    Replay {
        /// Which.
        seq: Seq,
        /// What it said.
        why: String,
    },
    /// A folder, a socket or a thread could not be made.
    #[error("{doing}: {source}")]
    System {
        /// What was being done.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// Whether starting again cannot help: somebody must look at the home first.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        match self {
            Self::Lock(LockError::Failed { .. }) | Self::Log(LogError::Failed { .. }) | Self::System { .. } => false,
            Self::Lock(LockError::Held { .. })
            | Self::Log(_)
            | Self::OtherVersion { .. }
            | Self::Snapshot { .. }
            | Self::Replay { .. } => true,
        }
    }

    pub(crate) fn system(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::System { doing: doing.into(), source }
    }
}

/// A home that is ready to go on.
pub struct Opened {
    pub lock: HomeLock,
    pub storage: Arc<dyn Storage>,
    pub home: Home,
    pub log: FileLog,
    pub engine: Engine,
    pub events: EventLog,
}

/// Opens a home and brings engine and events to the end of the journal.
pub fn open(settings: &Settings, storage: Arc<dyn Storage>) -> Result<Opened, StartError> {
    let home = Home::new(&settings.home);
    home.create(&*storage).map_err(StartError::system(format!("prepare {}", home.root().display())))?;
    let lock = HomeLock::acquire(&home)?;
    let Recovered { log, engine, events } = recover(&storage, &home, settings, true)?;
    Ok(Opened { lock, storage, home, log, engine, events })
}

/// What stands at the end of the journal.
pub struct Recovered {
    pub log: FileLog,
    pub engine: Engine,
    pub events: EventLog,
}

/// Brings engine and events of a home to the end of its journal. Whoever calls this owns the home.
///
/// `prepare_in_background`: whether a thread prepares the next segment of the journal.
pub fn recover(
    storage: &Arc<dyn Storage>,
    home: &Home,
    settings: &Settings,
    prepare_in_background: bool,
) -> Result<Recovered, StartError> {
    let snapshots = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let newest = usable(snapshots.newest(None)?)?;
    let synced = newest.snapshot.as_ref().map_or(Seq(0), |snapshot| snapshot.mark.head.seq);
    // The state is restored while the logs are looked through.
    let open = || open_logs(settings, storage, home, &snapshots, synced, prepare_in_background);
    let (restored, logs) = beside(|| restore(newest), open);
    let (log, mut events) = logs?;
    let (mut engine, head) = if events.last_seq() < synced {
        // A snapshot beyond the events would leave a gap in them.
        restore(usable(snapshots.newest(Some(events.last_seq()))?)?)?
    } else {
        restored?
    };
    // A core that panics here would panic at every start: say so once instead of trying for ever.
    let replayed = catch_unwind(AssertUnwindSafe(|| catch_up(&log, head, &mut engine, &mut events)));
    replayed.unwrap_or_else(|panic| Err(StartError::Replay { seq: engine.seq(), why: said(&*panic) }))?;
    assert_eq!(engine.seq(), log.head().seq, "Invariant: the engine stands where the journal ends");
    Ok(Recovered { log, engine, events })
}

/// The oldest command after which a replay can begin: 0, or that of the oldest snapshot when the first segments were
/// removed.
fn derivable_from(storage: &dyn Storage, home: &Home, snapshots: &SnapshotStore) -> Result<Seq, LogError> {
    let is_pruned = Kept::journal(storage, home)?.segments.first().is_some_and(|first| *first > Seq(1));
    Ok(if is_pruned { snapshots.list()?.first().copied().unwrap_or_default() } else { Seq(0) })
}

/// Opens events and journal; both end where their last whole piece does.
fn open_logs(
    settings: &Settings,
    storage: &Arc<dyn Storage>,
    home: &Home,
    snapshots: &SnapshotStore,
    synced: Seq,
    prepare_in_background: bool,
) -> Result<(FileLog, EventLog), StartError> {
    let kept_from = derivable_from(&**storage, home, snapshots)?;
    let options = EventOptions { segment_bytes: settings.event_segment_bytes, synced, kept_from };
    let events = EventLog::open(Arc::clone(storage), &home.events(), options)?;
    if let Some((place, damage)) = &events.recovery().cut {
        say(format_args!("events are derived again from {place}: {damage}"));
    }
    let mut floors = settings.floors.clone();
    floors.push(Floor { what: "the event segments".to_owned(), seq: events.last_seq() });
    let segment_bytes = settings.journal_segment_bytes;
    let log = FileLog::open(Arc::clone(storage), home, Options { segment_bytes, prepare_in_background, floors })?;
    if let Some((place, damage)) = &log.recovery().cut {
        say(format_args!("an append that was never acknowledged was cut off at {place}: {damage}"));
    }
    Ok((log, events))
}

/// Does two things at the same time, the first in a thread of its own.
fn beside<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let first = scope.spawn(first);
        let second = second();
        (first.join().unwrap_or_else(|panic| resume_unwind(panic)), second)
    })
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it did not say why").to_owned()
}

/// Says which snapshots are passed over for an older one: that costs only time. When there is no older one and one is of
/// other versions, the home is of those.
fn usable(newest: Newest) -> Result<Newest, StartError> {
    for SkippedSnapshot { path, fault } in &newest.skipped {
        if let (None, &SnapshotFault::OtherVersion { record, core }) = (&newest.snapshot, fault) {
            return Err(StartError::OtherVersion { path: path.clone(), record, core });
        }
        say(format_args!("{} is passed over: {fault}", path.display()));
    }
    Ok(newest)
}

/// The engine as of a snapshot, or of the beginning.
pub fn restore(newest: Newest) -> Result<(Engine, Head), StartError> {
    let Some(snapshot) = newest.snapshot else {
        return Ok((Engine::new(), Head::GENESIS));
    };
    let seq = snapshot.mark.head.seq;
    let failed = |error: RestoreError| StartError::Snapshot { seq, why: error.to_string() };
    // What `Engine::restore` does, the whole and the hash of the state at the same time.
    let body = &snapshot.body;
    let (sealed, engine) = beside(|| Engine::check_seal(body), || Engine::restore_unchecked(body));
    sealed.map_err(failed)?;
    let engine = engine.map_err(failed)?;
    let (state_hash, sound) = beside(|| engine.state_hash(), || engine.check_invariants());
    sound.map_err(|why| failed(RestoreError::Contradiction(why)))?;
    if engine.seq() != seq || state_hash != snapshot.mark.state_hash {
        return Err(StartError::Snapshot { seq, why: "its state has another hash".to_owned() });
    }
    Ok((engine, snapshot.mark.head))
}

/// Replays what follows a head, and writes the events that are not there.
fn catch_up(log: &FileLog, head: Head, engine: &mut Engine, events: &mut EventLog) -> Result<(), StartError> {
    let mut frames = log.read_after(head)?;
    let mut buffer = EventBuffer::new();
    each_frame(&mut *frames, |frame| {
        let written = |span: crate::apply::Span, buffer: &mut EventBuffer| {
            if span.last_seq > events.last_seq() {
                events.append(&span.batch(buffer))?;
            }
            buffer.clear();
            Ok::<(), LogError>(())
        };
        apply_commands(engine, commands_of(frame), &mut buffer, |_| (), written)?;
        Ok(())
    })
}

/// The commands of a frame; none in frames that only speak of the log itself.
pub fn commands_of<'a>(frame: &Frame<'a>) -> Commands<'a> {
    Commands { first_seq: frame.header.first_seq, time_ns: frame.header.time_ns, body: frame.body }
}
