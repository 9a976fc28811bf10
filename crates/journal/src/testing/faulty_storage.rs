//! The storage, and what can be done to it.

use super::random::Random;
use super::state::State;
use crate::Storage;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Where the process dies: at the n-th thing that it does to the disk, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Which operation is the last one.
    pub step: u64,
    /// How much of it is still done when it is a write, in 256ths: 0 nothing, 128 half. Others are not done at all.
    pub share: u8,
}

/// What a power failure keeps of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowerFailure {
    /// Nothing.
    KeepsNothing,
    /// Any sectors and any first so many changes of names, chosen by a seed.
    KeepsSome(u64),
}

/// Files in memory. Clones are the same storage.
#[derive(Clone, Default)]
pub struct FaultyStorage {
    pub(super) shared: Arc<Shared>,
}

#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    pub(super) changed: Condvar,
}

impl FaultyStorage {
    /// An empty storage without faults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The storage as the journal takes it.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Storage> {
        Arc::new(self.clone())
    }

    /// Another storage in the same state, synced or not, without faults.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut state = self.state().clone();
        state.stop = None;
        state.is_dead = false;
        state.fails_syncs = false;
        state.capacity = None;
        state.holds_syncs = false;
        state.holds.clear();
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() }) }
    }

    /// How many things were done to the disk so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// Kills the process at a step.
    pub fn stop_at(&self, stop: Stop) {
        self.state().stop = Some(stop);
    }

    /// Whether the process was killed.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.state().is_dead
    }

    /// Starts the next process: what was written is there, handles are closed, faults are over.
    pub fn restart(&self) {
        let mut state = self.state();
        state.life += 1;
        state.holds.clear();
        state.is_dead = false;
        state.stop = None;
        state.fails_syncs = false;
    }

    /// Turns the machine off and on again.
    pub fn lose_power(&self, failure: PowerFailure) {
        self.restart();
        let mut random = match failure {
            PowerFailure::KeepsNothing => None,
            PowerFailure::KeepsSome(seed) => Some(Random(seed)),
        };
        let mut is_kept = || random.as_mut().is_some_and(Random::coin);
        let mut state = self.state();
        let state = &mut *state;
        for inode in &mut state.inodes {
            inode.lose_power(&mut is_kept);
        }
        // A file system's own journal keeps changes of names in order.
        for change in std::mem::take(&mut state.pending_names) {
            if !is_kept() {
                break;
            }
            change.apply(&mut state.durable_names);
        }
        state.names.clone_from(&state.durable_names);
    }

    /// Lets every sync of a file fail with EIO from now on, or no more.
    pub fn fail_syncs(&self, fails: bool) {
        self.state().fails_syncs = fails;
    }

    /// Limits the sum of all files' sizes; beyond it is ENOSPC.
    pub fn limit(&self, capacity: Option<usize>) {
        self.state().capacity = capacity;
    }

    /// Lets every sync of a file wait until they are let go.
    pub fn hold_syncs(&self, holds: bool) {
        self.state().holds_syncs = holds;
        self.shared.changed.notify_all();
    }

    /// Waits until a sync waits.
    pub fn wait_for_held_sync(&self) {
        let mut state = self.state();
        while state.held_syncs == 0 {
            state = self.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Edits a file behind everybody's back.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn edit(&self, path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let inode = state.names[path];
        state.inodes[inode].edit(edit);
    }

    /// Whether there is a file of that name.
    #[must_use]
    pub fn exists(&self, path: &Path) -> bool {
        self.state().names.contains_key(path)
    }

    /// The bytes of a file.
    ///
    /// # Panics
    /// When there is no such file.
    #[must_use]
    pub fn bytes(&self, path: &Path) -> Vec<u8> {
        let state = self.state();
        state.inodes[state.names[path]].seen.clone()
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
