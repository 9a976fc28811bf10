//! What waits for the core thread: durable batches and private reads.

use crate::outbox::Outbox;
use crate::queries::Question;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tickyard_types::Seq;

/// Batches that may be durable and not applied: appending the next overlaps applying this one.
const BATCHES: usize = 2;
/// Reads that may wait.
const QUERIES: usize = 1024;
/// Reads answered in a row before a batch that waits.
const QUERIES_IN_A_ROW: usize = 32;

/// A batch that is in the journal.
pub struct Batch {
    /// Number of the first command.
    pub first_seq: Seq,
    /// Exchange time of all of them.
    pub time_ns: u64,
    /// The commands.
    pub body: Vec<u8>,
    /// Who is told what became of each; none for the host's own.
    pub senders: Vec<Arc<Outbox>>,
}

/// A private read.
pub struct Query {
    pub question: Question,
    pub request: u32,
    pub sender: Arc<Outbox>,
}

/// What the core thread does next.
pub enum Work {
    Apply(Batch),
    Answer(Query),
}

/// Bounded on both sides.
pub struct Inbox {
    state: Mutex<State>,
    wake_core: Condvar,
    wake_sequencer: Condvar,
}

#[derive(Default)]
struct State {
    batches: VecDeque<Batch>,
    queries: VecDeque<Query>,
    answered_in_a_row: usize,
    /// No more batches will come.
    is_closed: bool,
    /// Nobody works here any more.
    is_abandoned: bool,
}

impl Inbox {
    pub fn new() -> Self {
        Self { state: Mutex::default(), wake_core: Condvar::new(), wake_sequencer: Condvar::new() }
    }

    /// Hands over a batch, waiting while the core is behind. Without a core it is left to the next start.
    pub fn push(&self, batch: Batch) {
        let mut state = self.lock();
        while state.batches.len() >= BATCHES && !state.is_abandoned {
            state = self.wake_sequencer.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.batches.push_back(batch);
        // Whoever is woken wants the lock at once.
        drop(state);
        self.wake_core.notify_one();
    }

    /// Hands over a read, or gives it back when too many wait or the host stops.
    pub fn ask(&self, query: Query) -> Result<(), Query> {
        let mut state = self.lock();
        if state.is_closed || state.is_abandoned || state.queries.len() >= QUERIES {
            return Err(query);
        }
        state.queries.push_back(query);
        drop(state);
        self.wake_core.notify_one();
        Ok(())
    }

    /// No more batches will come.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.wake_core.notify_one();
    }

    /// The core thread has ended.
    pub fn abandon(&self) {
        self.lock().is_abandoned = true;
        self.wake_sequencer.notify_one();
    }

    /// Waits for work; `None` when everything is done and no more will come.
    pub fn next(&self) -> Option<Work> {
        let mut state = self.lock();
        loop {
            let is_batch_first = state.queries.is_empty() || state.answered_in_a_row >= QUERIES_IN_A_ROW;
            if is_batch_first && let Some(batch) = state.batches.pop_front() {
                state.answered_in_a_row = 0;
                if state.batches.len() + 1 == BATCHES {
                    drop(state);
                    self.wake_sequencer.notify_one();
                }
                return Some(Work::Apply(batch));
            }
            if let Some(query) = state.queries.pop_front() {
                state.answered_in_a_row += 1;
                return Some(Work::Answer(query));
            }
            if state.is_closed {
                return None;
            }
            state = self.wake_core.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
