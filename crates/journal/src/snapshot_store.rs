//! Snapshot files of a directory: written so that a crash leaves the old ones, found so that damage costs only time.

use crate::snapshot::{self, Snapshot, SnapshotFault, SnapshotMark};
use crate::{LogError, Storage, segment};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tickyard_types::Seq;

/// Suffix of a snapshot that is being written.
const UNFINISHED: &str = ".snap.tmp";

/// The snapshots of a home.
#[derive(Clone)]
pub struct SnapshotStore {
    storage: Arc<dyn Storage>,
    dir: PathBuf,
}

/// The newest whole snapshot, and those newer ones that could not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// The snapshot; `None` when there is no whole one: replay begins at the beginning.
    pub snapshot: Option<Snapshot>,
    /// Newer ones that were passed over, the newest first.
    pub skipped: Vec<SkippedSnapshot>,
}

/// A snapshot that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedSnapshot {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: SnapshotFault,
}

impl SnapshotStore {
    /// The snapshots in a directory that exists.
    #[must_use]
    pub const fn new(storage: Arc<dyn Storage>, dir: PathBuf) -> Self {
        Self { storage, dir }
    }

    /// Writes a snapshot; when this returns it is durable. Its events must have been synced before.
    ///
    /// # Errors
    /// [`LogError::Failed`]; the snapshots that were there before are untouched.
    pub fn write(&self, mark: &SnapshotMark, body: &[u8]) -> Result<PathBuf, LogError> {
        let path = segment::path(&self.dir, mark.head.seq, segment::SNAPSHOT);
        let unfinished = segment::path(&self.dir, mark.head.seq, UNFINISHED);
        let written = self.write_to(&unfinished, &path, mark, body);
        if written.is_err() {
            // Whatever it took is given back; the reason to report is the first one.
            let _ = self.storage.remove(&unfinished);
        }
        written.map_err(LogError::failed(format!("write {}", path.display())))?;
        Ok(path)
    }

    /// The sequences of all snapshots, ascending, whole or not.
    ///
    /// # Errors
    /// [`LogError::Failed`].
    pub fn list(&self) -> Result<Vec<Seq>, LogError> {
        segment::list(&*self.storage, &self.dir, segment::SNAPSHOT)
    }

    /// The newest whole snapshot, not beyond a sequence if one is given.
    ///
    /// # Errors
    /// [`LogError::Failed`] when the directory cannot be read.
    pub fn newest(&self, at_most: Option<Seq>) -> Result<Newest, LogError> {
        let mut skipped = Vec::new();
        for seq in self.list()?.into_iter().rev().filter(|seq| at_most.is_none_or(|most| *seq <= most)) {
            match self.read(seq) {
                Ok(snapshot) => return Ok(Newest { snapshot: Some(snapshot), skipped }),
                Err(fault) => skipped.push(SkippedSnapshot { path: self.path(seq), fault }),
            }
        }
        Ok(Newest { snapshot: None, skipped })
    }

    /// Reads one snapshot and verifies all of it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, seq: Seq) -> Result<Snapshot, SnapshotFault> {
        let file = self.read_file(seq).map_err(|error| SnapshotFault::Unreadable(error.to_string()))?;
        let [front, body] = file;
        let snapshot = snapshot::decode(&front, body)?;
        if snapshot.mark.head.seq != seq {
            return Err(SnapshotFault::Name);
        }
        Ok(snapshot)
    }

    /// Removes all but the newest whole snapshots; damaged ones among those kept stay for whoever wants to look.
    ///
    /// Returns what was removed, snapshots that were never finished included.
    ///
    /// # Errors
    /// [`LogError::Failed`]; what is kept is untouched.
    pub fn prune(&self, keep: usize) -> Result<Vec<PathBuf>, LogError> {
        assert!(keep > 0, "Invariant: one snapshot is always kept");
        let mut removed: Vec<PathBuf> = segment::list(&*self.storage, &self.dir, UNFINISHED)?
            .into_iter()
            .map(|seq| segment::path(&self.dir, seq, UNFINISHED))
            .collect();
        let mut whole = 0;
        for seq in self.list()?.into_iter().rev() {
            if whole >= keep {
                removed.push(self.path(seq));
            } else if self.read(seq).is_ok() {
                whole += 1;
            }
        }
        let failed = || LogError::failed(format!("prune {}", self.dir.display()));
        for path in &removed {
            self.storage.remove(path).map_err(failed())?;
        }
        self.storage.sync_dir(&self.dir).map_err(failed())?;
        Ok(removed)
    }

    fn path(&self, seq: Seq) -> PathBuf {
        segment::path(&self.dir, seq, segment::SNAPSHOT)
    }

    fn write_to(&self, unfinished: &Path, path: &Path, mark: &SnapshotMark, body: &[u8]) -> io::Result<()> {
        let front = snapshot::encode_front(mark, body);
        let file = self.storage.create(unfinished)?;
        file.write_at(&front, 0)?;
        file.write_at(body, front.len() as u64)?;
        file.sync_data()?;
        self.storage.rename(unfinished, path)?;
        self.storage.sync_dir(&self.dir)
    }

    /// What stands before the body, and the body: it is large, and is not moved afterwards.
    fn read_file(&self, seq: Seq) -> io::Result<[Vec<u8>; 2]> {
        let file = self.storage.open_read(&self.path(seq))?;
        let size = file.size()? as usize;
        let read = |offset: usize, bytes: usize| {
            let mut part = vec![0; bytes];
            let filled = file.read_at(&mut part, offset as u64)?;
            part.truncate(filled);
            Ok::<Vec<u8>, io::Error>(part)
        };
        let front = snapshot::front_bytes(&read(0, size.min(snapshot::HEADER_BYTES))?, size);
        Ok([read(0, front)?, read(front, size - front)?])
    }
}
