//! The spare segment: the next one, written full of zeros before it is needed.
//!
//! Blocks that were never written make the first sync of each a change of metadata; measured, that doubles the time
//! of an append. So every byte is written once, by a thread that gives way to all others.

use crate::{LogError, Storage, StorageFile};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

/// Name of a segment in preparation.
const NAME: &str = "next.tmp";

/// Zeros are synced after every so many bytes, so that an append's own sync never waits behind many.
const CHUNK_BYTES: usize = 1 << 20;

/// The lowest of the ordinary priorities.
const LOWEST_PRIORITY: i32 = 19;

enum State {
    Wanted,
    Ready(Box<dyn StorageFile>),
    Failed(io::Error),
    Taken,
    Closed,
}

struct Shared {
    storage: Arc<dyn Storage>,
    path: PathBuf,
    bytes: u64,
    state: Mutex<State>,
    changed: Condvar,
}

/// Prepares one segment at a time, in a thread or when it is asked for.
pub(crate) struct Spare {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Spare {
    /// Begins to prepare a segment in a directory; what an earlier run left there is removed.
    pub(crate) fn new(
        storage: Arc<dyn Storage>,
        dir: &Path,
        bytes: u64,
        in_background: bool,
    ) -> Result<Self, LogError> {
        let path = dir.join(NAME);
        match storage.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(LogError::failed(format!("remove {}", path.display()))(error));
            }
            _ => {}
        }
        let state = Mutex::new(if in_background { State::Wanted } else { State::Taken });
        let shared = Arc::new(Shared { storage, path, bytes, state, changed: Condvar::new() });
        let mut thread = None;
        if in_background {
            let shared = Arc::clone(&shared);
            let builder = std::thread::Builder::new().name("journal-spare".to_owned());
            thread = Some(builder.spawn(move || shared.serve()).map_err(LogError::failed("start a thread"))?);
        }
        Ok(Self { shared, thread })
    }

    /// Takes the prepared segment under its final name, waiting for it when it is not ready.
    pub(crate) fn take(&mut self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        let file = self.shared.wait()?;
        self.shared.storage.rename(&self.shared.path, path)?;
        if let Some(dir) = path.parent() {
            self.shared.storage.sync_dir(dir)?;
        }
        if self.thread.is_some() {
            self.shared.set(State::Wanted);
        }
        Ok(file)
    }

    /// Size of the segments that are prepared.
    pub(crate) fn bytes(&self) -> u64 {
        self.shared.bytes
    }

    /// Says why the segment could not be prepared, if so, and has it tried again.
    pub(crate) fn check(&self) -> io::Result<()> {
        let mut state = self.shared.lock();
        match std::mem::replace(&mut *state, State::Wanted) {
            State::Failed(error) => {
                self.shared.changed.notify_all();
                Err(error)
            }
            other => {
                *state = other;
                Ok(())
            }
        }
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        self.shared.set(State::Closed);
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported by the runtime; there is nothing left to save.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.lock() = state;
        self.changed.notify_all();
    }

    /// Waits for the prepared segment. What failed in the background is tried once more: there may be space again.
    fn wait(&self) -> io::Result<Box<dyn StorageFile>> {
        let mut state = self.lock();
        while matches!(*state, State::Wanted) {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        match std::mem::replace(&mut *state, State::Taken) {
            State::Ready(file) => Ok(file),
            _ => {
                drop(state);
                self.prepare(|| false)
            }
        }
    }

    fn serve(&self) {
        // Only a wish: without it, preparing merely competes.
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), LOWEST_PRIORITY);
        let mut state = self.lock();
        loop {
            match *state {
                State::Closed => return,
                State::Wanted => {
                    drop(state);
                    let made = self.prepare(|| matches!(*self.lock(), State::Closed));
                    state = self.lock();
                    if matches!(*state, State::Wanted) {
                        *state = made.map_or_else(State::Failed, State::Ready);
                        self.changed.notify_all();
                    }
                }
                _ => state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner),
            }
        }
    }

    fn prepare(&self, is_cancelled: impl Fn() -> bool) -> io::Result<Box<dyn StorageFile>> {
        let file = self.storage.create(&self.path)?;
        let made = fill_with_zeros(file.as_ref(), 0, self.bytes, is_cancelled);
        if let Err(error) = made {
            // Whatever it took is given back; the reason to report is the first one.
            let _ = self.storage.remove(&self.path);
            return Err(error);
        }
        Ok(file)
    }
}

/// Writes zeros from one offset to another and makes them durable.
pub(crate) fn fill_with_zeros(
    file: &dyn StorageFile,
    from: u64,
    to: u64,
    is_cancelled: impl Fn() -> bool,
) -> io::Result<()> {
    let zeros = vec![0; CHUNK_BYTES];
    let mut offset = from;
    while offset < to {
        if is_cancelled() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let bytes = CHUNK_BYTES.min((to - offset) as usize);
        file.write_at(&zeros[..bytes], offset)?;
        file.sync_data()?;
        offset += bytes as u64;
    }
    Ok(())
}
