//! How far the events are written, for those who wait for more.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tickyard_types::Seq;

/// The newest sequence whose events are in the segments.
pub struct Tip {
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    seq: Seq,
    is_over: bool,
}

impl Tip {
    pub const fn at(seq: Seq) -> Self {
        Self { state: Mutex::new(State { seq, is_over: false }), moved: Condvar::new() }
    }

    pub fn seq(&self) -> Seq {
        self.lock().seq
    }

    /// Events are there up to a sequence.
    pub fn advance(&self, seq: Seq) {
        self.lock().seq = seq;
        self.moved.notify_all();
    }

    /// No more events will come.
    pub fn end(&self) {
        self.lock().is_over = true;
        self.moved.notify_all();
    }

    /// Wakes those who wait, because something else that they look at has changed.
    pub fn nudge(&self) {
        drop(self.lock());
        self.moved.notify_all();
    }

    /// Waits until events after a sequence are there, something was nudged, or for a while; not at all unless
    /// `is_quiet`. False when no more will come.
    pub fn wait_beyond(&self, seq: Seq, at_most: Duration, is_quiet: impl FnOnce() -> bool) -> bool {
        let mut state = self.lock();
        // Whoever nudges has changed what `is_quiet` looks at before: under the lock, no nudge is missed.
        if state.seq <= seq && !state.is_over && is_quiet() {
            state = self.moved.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.is_over
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
