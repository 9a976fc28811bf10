//! What the journal asks of a file system. Two fulfilments: [`crate::Disk`], and one that fails on demand for tests.

use std::io;
use std::path::Path;

/// A file system, as far as the journal needs one.
pub trait Storage: Send + Sync {
    /// Makes a file, or empties the one that is there, for reading and writing.
    fn create(&self, path: &Path) -> io::Result<Box<dyn StorageFile>>;

    /// Opens a file that exists, for reading and writing.
    fn open(&self, path: &Path) -> io::Result<Box<dyn StorageFile>>;

    /// Opens a file that exists, for reading only.
    fn open_read(&self, path: &Path) -> io::Result<Box<dyn StorageFile>>;

    /// Gives a file another name in the same directory, in one step.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes a file unless somebody holds it; returns whether it did.
    fn remove_unheld(&self, path: &Path) -> io::Result<bool>;

    /// Names in a directory, sorted.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Makes a directory for its owner only, unless it is there.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Makes creations, renames and removals in a directory durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// An open file. Offsets and sizes in bytes.
pub trait StorageFile: Send + Sync {
    /// Writes all bytes at an offset.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Reads at an offset; fewer bytes than asked for only at the end of the file.
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Makes everything written so far durable. After an error nothing is known, and asking again proves nothing.
    fn sync_data(&self) -> io::Result<()>;

    /// Size of the file.
    fn size(&self) -> io::Result<u64>;

    /// Cuts the file to a size.
    fn truncate(&self, size: u64) -> io::Result<()>;

    /// Keeps the file from being removed for as long as it is open; false when it is being removed.
    fn hold(&self) -> io::Result<bool>;
}
