//! The lock of a home: whoever holds it owns the journal.

use crate::Home;
use rustix::fs::{FlockOperation, Mode, OFlags};
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

/// Why a home could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process owns it.
    #[error("{} is in use{}", .home.display(), .pid.as_ref().map(|pid| format!(" by process {pid}")).unwrap_or_default())]
    Held {
        /// The home.
        home: PathBuf,
        /// What the owner wrote into the file. It only words the message: the lock alone decides.
        pid: Option<u32>,
    },
    /// The file could not be opened, locked or written.
    #[error("lock {}: {source}", .path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A locked home; free again when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub struct HomeLock {
    fd: OwnedFd,
}

impl Drop for HomeLock {
    fn drop(&mut self) {
        // Closing is not enough: a process that is being started holds a copy until it is another program. Closing
        // follows, so there is nothing to do if this fails.
        let _ = rustix::fs::flock(&self.fd, FlockOperation::Unlock);
    }
}

impl HomeLock {
    /// Locks a home without waiting.
    ///
    /// # Errors
    /// [`LockError::Held`] when another process, or this one, holds it already.
    pub fn acquire(home: &Home) -> Result<Self, LockError> {
        let path = home.lock();
        let failed = |error: rustix::io::Errno| LockError::Failed { path: path.clone(), source: error.into() };
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC;
        let fd = rustix::fs::open(&path, flags, Mode::RUSR | Mode::WUSR).map_err(failed)?;
        match rustix::fs::flock(&fd, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                return Err(LockError::Held { home: home.root().to_owned(), pid: read_pid(&fd) });
            }
            Err(error) => return Err(failed(error)),
        }
        let pid = format!("{}\n", std::process::id());
        rustix::fs::ftruncate(&fd, 0).map_err(failed)?;
        rustix::io::pwrite(&fd, pid.as_bytes(), 0).map_err(failed)?;
        Ok(Self { fd })
    }
}

fn read_pid(fd: &OwnedFd) -> Option<u32> {
    let mut text = [0; 16];
    let read = rustix::io::pread(fd, &mut text, 0).ok()?;
    std::str::from_utf8(&text[..read]).ok()?.trim().parse().ok()
}
