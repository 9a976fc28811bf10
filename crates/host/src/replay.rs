//! Replays a journal, also beside the host that writes it.

use crate::apply::{Span, apply_commands};
use crate::open::{commands_of, restore};
use crate::read_ahead::each_frame;
use std::path::Path;
use std::sync::Arc;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_journal::{Disk, Frame, Head, Home, JournalReader, Kept, LogError, Newest, SnapshotStore, Storage, Until};
use tickyard_types::Seq;

/// What a replay ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The newest command.
    pub seq: Seq,
    /// The state after it.
    pub state_hash: [u8; 32],
}

/// An engine that follows frames.
pub struct Replayer {
    pub engine: Engine,
    pub head: Head,
    events: EventBuffer,
}

impl Replayer {
    /// Goes on from an engine that stands at a head.
    pub fn new(engine: Engine, head: Head) -> Self {
        assert_eq!(engine.seq(), head.seq, "Invariant: engine and head stand at the same command");
        Self { engine, head, events: EventBuffer::new() }
    }

    /// Applies one frame; `on_batch` sees the events.
    pub fn apply<E>(
        &mut self,
        frame: &Frame<'_>,
        mut on_batch: impl FnMut(Span, &EventBuffer) -> Result<(), E>,
    ) -> Result<(), E> {
        let Self { engine, events, .. } = self;
        apply_commands(
            engine,
            commands_of(frame),
            events,
            |_| (),
            |span, events| {
                let seen = on_batch(span, events);
                events.clear();
                seen
            },
        )?;
        self.head = frame.head;
        Ok(())
    }
}

/// Replays the whole journal of a home, from its first command to the last whole frame; from the oldest snapshot when
/// the first commands are not kept any more.
///
/// # Errors
/// [`LogError::Missing`] when no snapshot holds what is not kept; what else is wrong with it.
pub fn replay(home: &Path, mut progress: impl FnMut(Seq)) -> Result<Replayed, LogError> {
    let home = Home::new(home);
    let storage: Arc<dyn Storage> = Disk::shared();
    let (engine, head) = oldest_state(&storage, &home)?;
    let mut frames = JournalReader::after(storage, &home.journal(), head, Until::Live)?;
    let mut replayer = Replayer::new(engine, head);
    each_frame(&mut frames, |frame| {
        replayer.apply(frame, |_, _| Ok::<(), LogError>(()))?;
        progress(frame.head.seq);
        Ok::<(), LogError>(())
    })?;
    Ok(Replayed { seq: replayer.engine.seq(), state_hash: replayer.engine.state_hash() })
}

/// The oldest state from which the journal is kept. Snapshots that cannot be used are passed over.
pub fn oldest_state(storage: &Arc<dyn Storage>, home: &Home) -> Result<(Engine, Head), LogError> {
    let first = Kept::journal(&**storage, home)?.segments.first().copied().unwrap_or(Seq(1));
    if first > Seq(1) {
        let store = SnapshotStore::new(Arc::clone(storage), home.snapshots());
        for seq in store.list()?.into_iter().filter(|seq| *seq >= first) {
            let Ok(snapshot) = store.read(seq) else { continue };
            if let Ok(state) = restore(Newest { snapshot: Some(snapshot), skipped: Vec::new() }) {
                return Ok(state);
            }
        }
    }
    Ok((Engine::new(), Head::GENESIS))
}
