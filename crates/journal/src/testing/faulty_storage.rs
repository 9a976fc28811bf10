//! The storage itself: directories, handles, and the faults.

use super::inode::{Change, Inode};
use crate::storage::{Storage, StorageFile};
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
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
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Default)]
struct State {
    inodes: Vec<Inode>,
    dirs: BTreeSet<PathBuf>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<Rename>,
    /// Grows with every death of the process: handles of an earlier life are closed.
    life: u64,
    steps: u64,
    stop: Option<Stop>,
    is_dead: bool,
    fails_syncs: bool,
    capacity: Option<usize>,
    holds_syncs: bool,
    held_syncs: usize,
}

/// A change of names; `from` or `to` is missing when a file is made or removed.
#[derive(Clone)]
struct Rename {
    from: Option<PathBuf>,
    to: Option<PathBuf>,
    inode: usize,
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

    /// Another storage with the same files, as they are seen, and without faults.
    #[must_use]
    pub fn copy(&self) -> Self {
        let mut state = self.state().clone();
        state.stop = None;
        state.is_dead = false;
        state.fails_syncs = false;
        state.capacity = None;
        state.holds_syncs = false;
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        let state = self.state();
        state.check_alive(state.life)?;
        let inode = *state.names.get(path).ok_or(Errno::NOENT)?;
        Ok(Box::new(Handle { storage: self.clone(), inode, life: state.life }))
    }

    fn change_name(&self, from: Option<&Path>, to: Option<&Path>, make: bool) -> io::Result<usize> {
        let mut state = self.state();
        let life = state.life;
        state.step(life)?;
        let state = &mut *state;
        let inode = match from {
            Some(from) => *state.names.get(from).ok_or(Errno::NOENT)?,
            None => state.inodes.len(),
        };
        if make {
            state.inodes.push(Inode::default());
        }
        let change = Rename { from: from.map(Path::to_owned), to: to.map(Path::to_owned), inode };
        change.apply(&mut state.names);
        state.pending_names.push(change);
        Ok(inode)
    }
}

impl State {
    fn check_alive(&self, life: u64) -> io::Result<()> {
        if self.is_dead || life != self.life { Err(Errno::IO.into()) } else { Ok(()) }
    }

    /// Counts a step; the process may die before it is done.
    fn step(&mut self, life: u64) -> io::Result<()> {
        self.check_alive(life)?;
        self.steps += 1;
        if self.stop.is_some_and(|stop| self.steps >= stop.step) {
            self.is_dead = true;
            return Err(Errno::IO.into());
        }
        Ok(())
    }

    fn used(&self) -> usize {
        self.names.values().map(|inode| self.inodes[*inode].seen.len()).sum()
    }
}

impl Rename {
    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        if let Some(from) = &self.from {
            names.remove(from);
        }
        if let Some(to) = &self.to {
            names.insert(to.clone(), self.inode);
        }
    }

    fn is_in(&self, dir: &Path) -> bool {
        self.from.as_ref().or(self.to.as_ref()).and_then(|path| path.parent()) == Some(dir)
    }
}

impl Storage for FaultyStorage {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        if !self.state().names.contains_key(path) {
            let inode = self.change_name(None, Some(path), true)?;
            let life = self.state().life;
            return Ok(Box::new(Handle { storage: self.clone(), inode, life }));
        }
        let file = self.open_existing(path)?;
        file.truncate(0)?;
        Ok(file)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        self.open_existing(path)
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        self.open_existing(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.change_name(Some(from), Some(to), false).map(drop)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change_name(Some(path), None, false).map(drop)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        state.check_alive(state.life)?;
        if !state.dirs.contains(dir) {
            return Err(Errno::NOENT.into());
        }
        let inside = state.names.keys().filter(|path| path.parent() == Some(dir));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.state().dirs.insert(dir.to_owned());
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.state();
        let life = state.life;
        state.step(life)?;
        let state = &mut *state;
        let (synced, pending): (Vec<_>, Vec<_>) = state.pending_names.drain(..).partition(|change| change.is_in(dir));
        state.pending_names = pending;
        for change in synced {
            change.apply(&mut state.durable_names);
        }
        Ok(())
    }
}

struct Handle {
    storage: FaultyStorage,
    inode: usize,
    life: u64,
}

impl StorageFile for Handle {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.storage.state();
        let stop = state.stop;
        let was_dead = state.is_dead;
        let (mut room, offset) = (bytes.len(), offset as usize);
        let mut result = state.step(self.life);
        if result.is_err() {
            // A write may be half done when the process dies; afterwards nothing is.
            let share = stop.filter(|_| !was_dead && state.is_dead).map_or(0, |stop| stop.share);
            room = bytes.len() * usize::from(share) / 256;
        } else if let Some(capacity) = state.capacity {
            let size = state.inodes[self.inode].seen.len();
            let free = capacity.saturating_sub(state.used());
            let fits = (size.saturating_sub(offset) + free).min(bytes.len());
            if fits < bytes.len() {
                room = fits;
                result = Err(Errno::NOSPC.into());
            }
        }
        if room > 0 {
            state.inodes[self.inode].change(Change::Write { offset, bytes: bytes[..room].to_vec() });
        }
        result
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let state = self.storage.state();
        state.check_alive(self.life)?;
        let bytes = &state.inodes[self.inode].seen;
        let from = bytes.len().min(offset as usize);
        let to = bytes.len().min(from + into.len());
        into[..to - from].copy_from_slice(&bytes[from..to]);
        Ok(to - from)
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.storage.state();
        state.held_syncs += 1;
        self.storage.shared.changed.notify_all();
        while state.holds_syncs {
            state = self.storage.shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.held_syncs -= 1;
        state.step(self.life)?;
        if state.fails_syncs {
            state.inodes[self.inode].fail_sync();
            return Err(Errno::IO.into());
        }
        state.inodes[self.inode].sync();
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        let state = self.storage.state();
        state.check_alive(self.life)?;
        Ok(state.inodes[self.inode].seen.len() as u64)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        let mut state = self.storage.state();
        state.step(self.life)?;
        state.inodes[self.inode].change(Change::Truncate { size: size as usize });
        Ok(())
    }
}

/// A small generator (splitmix64), so that a seed says everything.
struct Random(u64);

impl Random {
    fn coin(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) & 1 == 0
    }
}
