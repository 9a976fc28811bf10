//! Makes snapshots, in a process of its own: the core never stops for one. Source: decisions.md 29.

use crate::StartError;
use crate::lockstep::{Difference, Lockstep};
use crate::open::restore;
use crate::replay::Replayer;
use std::path::Path;
use std::sync::Arc;
use tickyard_buggify::{Point, bites};
use tickyard_journal::{
    Disk, FrameSource, Home, JournalReader, LogError, SnapshotMark, SnapshotStore, Storage, Until, sync_events,
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
/// made durable first. Returns the sequence of the snapshot, or `None` when `at_least` commands have not come since
/// the last one.
///
/// # Errors
/// See [`SnapshotError`].
pub fn make_snapshot(home: &Path, keep: usize, at_least: u64) -> Result<Option<Seq>, SnapshotError> {
    let home = Home::new(home);
    let storage: Arc<dyn Storage> = Disk::shared();
    let store = SnapshotStore::new(Arc::clone(&storage), home.snapshots());
    let (engine, start) = restore(store.newest(None)?)?;
    let at_least = if bites(Point::EarlySnapshot) { 1 } else { at_least };
    let mut events = Lockstep::after(Arc::clone(&storage), &home.events(), start.seq);
    if !events.reach(Seq(start.seq.0 + at_least.max(1)))? {
        return Ok(None);
    }
    let mut frames = JournalReader::after(Arc::clone(&storage), &home.journal(), start, Until::Live)?;
    let mut replayer = Replayer::new(engine, start);
    while let Some(frame) = frames.next_frame()? {
        if !events.reach(frame.head.seq)? {
            break;
        }
        replayer.apply(&frame, |span, derived| events.compare(span, derived))?;
    }
    let head = replayer.head;
    if head.seq == start.seq || !sync_events(&storage, &home.events(), start.seq, head.seq)? {
        return Ok(None);
    }
    let mark = SnapshotMark { head, state_hash: replayer.engine.state_hash() };
    store.write(&mark, &replayer.engine.snapshot())?;
    store.prune(keep)?;
    Ok(Some(head.seq))
}
