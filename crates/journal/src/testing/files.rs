//! The storage as the journal uses it: every operation is a step at which the process may die.

use super::FaultyStorage;
use super::inode::{Change, Inode};
use super::state::Rename;
use crate::storage::{Storage, StorageFile};
use rustix::io::Errno;
use std::io;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

impl FaultyStorage {
    fn open_existing(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        let state = self.state();
        state.check_alive(state.life)?;
        let inode = *state.names.get(path).ok_or(Errno::NOENT)?;
        Ok(Box::new(Handle::new(self, inode, state.life)))
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

impl Storage for FaultyStorage {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        if !self.state().names.contains_key(path) {
            let inode = self.change_name(None, Some(path), true)?;
            let life = self.state().life;
            return Ok(Box::new(Handle::new(self, inode, life)));
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

    fn remove_unheld(&self, path: &Path) -> io::Result<bool> {
        let is_held = {
            let state = self.state();
            state.check_alive(state.life)?;
            let inode = state.names.get(path).ok_or(Errno::NOENT)?;
            state.holds.get(inode).is_some_and(|holds| *holds > 0)
        };
        if is_held { Ok(false) } else { self.remove(path).map(|()| true) }
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
    is_holding: AtomicBool,
}

impl Handle {
    fn new(storage: &FaultyStorage, inode: usize, life: u64) -> Self {
        Self { storage: storage.clone(), inode, life, is_holding: AtomicBool::new(false) }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut state = self.storage.state();
        if *self.is_holding.get_mut()
            && state.life == self.life
            && let Some(holds) = state.holds.get_mut(&self.inode)
        {
            *holds -= 1;
        }
    }
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

    fn hold(&self) -> io::Result<bool> {
        let mut state = self.storage.state();
        state.check_alive(self.life)?;
        if !self.is_holding.swap(true, Ordering::Relaxed) {
            *state.holds.entry(self.inode).or_default() += 1;
        }
        Ok(true)
    }
}
