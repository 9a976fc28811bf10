//! Makes snapshots, in a process of its own: the core never stops for one.

use crate::StartError;
use crate::lockstep::{Difference, Lockstep};
use crate::open::restore;
use crate::replay::Replayer;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tickyard_buggify::{Point, bites};
use tickyard_journal::{
    Disk, FrameSource, Home, JournalReader, LogError, Newest, SnapshotMark, SnapshotStore, Storage, Until, sync_events,
};
use tickyard_types::Seq;

/// Why no snapshot was made. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The journal, the events or the snapshots cannot be read or written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The newest snapshot cannot be restored.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The replay derives other events than the core has written: the two do not agree on the state.
    #[error("the events of sequence {} differ from those of a replay, from event {index} on", .seq.0)]
    Diverged {
        /// The first command whose events differ.
        seq: Seq,
        /// Which of its events, from 0.
        index: usize,
    },
}

impl From<Difference> for SnapshotError {
    fn from(Difference { seq, index }: Difference) -> Self {
        Self::Diverged { seq, index }
    }
}

/// Replays from the newest snapshot to the newest command whose events are written, and writes the next snapshot.
///
/// Events exist only of what is durable and applied, so nothing is in the snapshot that may still be lost. They are
/// made durable first. Older snapshots are removed once the new one was read back and loaded. Returns its sequence, or
/// `None` when `at_least` commands have not come since the last one.
///
/// # Errors
/// See [`SnapshotError`].
pub fn make_snapshot(home: &Path, keep: usize, at_least: u64) -> Result<Option<Seq>, SnapshotError> {
    make_snapshot_on(&Disk::shared(), &Home::new(home), keep, at_least)
}

/// As [`make_snapshot`], on any storage.
pub fn make_snapshot_on(
    storage: &Arc<dyn Storage>,
    home: &Home,
    keep: usize,
    at_least: u64,
) -> Result<Option<Seq>, SnapshotError> {
    let store = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let (engine, start) = restore(store.newest(None)?)?;
    let at_least = if bites(Point::EarlySnapshot) { 1 } else { at_least };
    let mut events = Lockstep::after(Arc::clone(storage), &home.events(), start.seq);
    if !events.reach(Seq(start.seq.0 + at_least.max(1)))? {
        return Ok(None);
    }
    let mut frames = JournalReader::after(Arc::clone(storage), &home.journal(), start, Until::Live)?;
    let mut replayer = Replayer::new(engine, start);
    while let Some(frame) = frames.next_frame()? {
        if !events.reach(frame.head.seq)? {
            break;
        }
        replayer.apply(&frame, |span, derived| events.compare(span, derived))?;
    }
    let head = replayer.head;
    if head.seq == start.seq || !sync_events(storage, &home.events(), start.seq, head.seq)? {
        return Ok(None);
    }
    let mark = SnapshotMark { head, state_hash: replayer.engine.state_hash() };
    store.write(&mark, &replayer.engine.snapshot())?;
    drop(replayer);
    load(&store, head.seq)?;
    store.prune(keep)?;
    Ok(Some(head.seq))
}

/// Loads a snapshot as a start would. Only then may anything go that could stand in for it.
fn load(store: &SnapshotStore, seq: Seq) -> Result<(), SnapshotError> {
    let snapshot = store.read(seq).map_err(|fault| LogError::Failed {
        doing: format!("read back the snapshot of sequence {}", seq.0),
        source: io::Error::other(fault.to_string()),
    })?;
    restore(Newest { snapshot: Some(snapshot), skipped: Vec::new() })?;
    Ok(())
}
