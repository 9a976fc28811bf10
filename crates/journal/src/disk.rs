//! Files on a real disk.

use crate::storage::{Storage, StorageFile};
use rustix::fs::{FlockOperation, Mode, OFlags};
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use tickyard_buggify::{Point, bites};

/// The file system of this machine. Files are for their owner only and are not inherited by child processes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Disk {
    /// A disk to share between the log, the events and the snapshots.
    #[must_use]
    pub fn shared() -> Arc<dyn Storage> {
        Arc::new(Self)
    }

    fn open_with(path: &Path, flags: OFlags) -> io::Result<Box<dyn StorageFile>> {
        let fd = rustix::fs::open(path, flags | OFlags::CLOEXEC, Mode::RUSR | Mode::WUSR)?;
        Ok(Box::new(DiskFile { fd }))
    }

    /// Whoever reads a file holds a shared lock on it; whoever removes it, an exclusive one.
    fn lock(fd: &OwnedFd, operation: FlockOperation) -> io::Result<bool> {
        match rustix::fs::flock(fd, operation) {
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
            locked => Ok(locked.map(|()| true)?),
        }
    }
}

impl Storage for Disk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Self::open_with(path, OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Self::open_with(path, OFlags::RDWR)
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Self::open_with(path, OFlags::RDONLY)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(rustix::fs::rename(from, to)?)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Ok(rustix::fs::unlink(path)?)
    }

    fn remove_unheld(&self, path: &Path) -> io::Result<bool> {
        let fd = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        let is_free = Self::lock(&fd, FlockOperation::NonBlockingLockExclusive)?;
        if is_free {
            rustix::fs::unlink(path)?;
        }
        Ok(is_free)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(dir)? {
            // A name that is not text cannot be one of ours.
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        match rustix::fs::mkdir(dir, Mode::RWXU) {
            Err(rustix::io::Errno::EXIST) => Ok(()),
            made => Ok(made?),
        }
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(rustix::fs::fsync(rustix::fs::open(dir, flags, Mode::empty())?)?)
    }
}

struct DiskFile {
    fd: OwnedFd,
}

impl StorageFile for DiskFile {
    fn write_at(&self, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            let part = if bites(Point::ShortWrite) { bytes.len().div_ceil(2) } else { bytes.len() };
            match rustix::io::pwrite(&self.fd, &bytes[..part], offset) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    bytes = &bytes[written..];
                    offset += written as u64;
                }
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            let end = if bites(Point::ShortRead) { filled + 1 } else { into.len() };
            match rustix::io::pread(&self.fd, &mut into[filled..end], offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(filled)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(rustix::fs::fdatasync(&self.fd)?)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(rustix::fs::fstat(&self.fd)?.st_size.unsigned_abs())
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        Ok(rustix::fs::ftruncate(&self.fd, size)?)
    }

    fn hold(&self) -> io::Result<bool> {
        Disk::lock(&self.fd, FlockOperation::NonBlockingLockShared)
    }
}
