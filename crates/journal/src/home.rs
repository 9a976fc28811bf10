//! Where things are in a home folder.

use crate::Storage;
use std::io;
use std::path::{Path, PathBuf};

/// A home folder: everything one exchange keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// Names a home; touches nothing.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Segments of frames.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Segments of events.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Snapshots of the state.
    #[must_use]
    pub fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    /// The file whose lock says who owns the journal.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Makes the folders that are missing, for their owner only, and makes them durable.
    ///
    /// # Errors
    /// What the file system says, for instance when the folder above the home does not exist.
    pub fn create(&self, storage: &dyn Storage) -> io::Result<()> {
        for dir in [self.root.clone(), self.journal(), self.events(), self.snapshots()] {
            storage.create_dir(&dir)?;
        }
        storage.sync_dir(&self.root)
    }
}
