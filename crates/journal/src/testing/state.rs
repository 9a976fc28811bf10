//! What the machine holds: files, names, and the faults to come.

use super::Stop;
use super::inode::Inode;
use rustix::io::Errno;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) inodes: Vec<Inode>,
    pub(super) dirs: BTreeSet<PathBuf>,
    pub(super) names: BTreeMap<PathBuf, usize>,
    pub(super) durable_names: BTreeMap<PathBuf, usize>,
    pub(super) pending_names: Vec<Rename>,
    /// Grows with every death of the process: handles of an earlier life are closed.
    pub(super) life: u64,
    pub(super) steps: u64,
    pub(super) stop: Option<Stop>,
    pub(super) is_dead: bool,
    pub(super) fails_syncs: bool,
    pub(super) capacity: Option<usize>,
    pub(super) holds_syncs: bool,
    pub(super) held_syncs: usize,
    /// How many handles keep a file from being removed.
    pub(super) holds: BTreeMap<usize, usize>,
}

/// A change of names; `from` or `to` is missing when a file is made or removed.
#[derive(Clone)]
pub(super) struct Rename {
    pub(super) from: Option<PathBuf>,
    pub(super) to: Option<PathBuf>,
    pub(super) inode: usize,
}

impl State {
    pub(super) fn check_alive(&self, life: u64) -> io::Result<()> {
        if self.is_dead || life != self.life { Err(Errno::IO.into()) } else { Ok(()) }
    }

    /// Counts a step; the process may die before it is done.
    pub(super) fn step(&mut self, life: u64) -> io::Result<()> {
        self.check_alive(life)?;
        self.steps += 1;
        if self.stop.is_some_and(|stop| self.steps >= stop.step) {
            self.is_dead = true;
            return Err(Errno::IO.into());
        }
        Ok(())
    }

    pub(super) fn used(&self) -> usize {
        self.names.values().map(|inode| self.inodes[*inode].seen.len()).sum()
    }
}

impl Rename {
    pub(super) fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        if let Some(from) = &self.from {
            names.remove(from);
        }
        if let Some(to) = &self.to {
            names.insert(to.clone(), self.inode);
        }
    }

    pub(super) fn is_in(&self, dir: &Path) -> bool {
        self.from.as_ref().or(self.to.as_ref()).and_then(|path| path.parent()) == Some(dir)
    }
}
