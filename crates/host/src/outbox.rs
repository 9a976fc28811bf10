//! What is on its way to one worker.

use rustix::net::SendFlags;
use std::io::Write;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Most bytes that wait for one worker: all replies to what a worker may have in flight, five times over.
///
/// A worker that lets more pile up is cut off. It comes back and asks again; nothing it was promised is lost.
const LIMIT_BYTES: usize = 16 << 20;

/// The outgoing side of a connection.
///
/// Whoever has something to send tries the socket at once, which saves a thread's wake-up; what the socket does not
/// take is left to the connection's writer.
pub struct Outbox {
    stream: UnixStream,
    state: Mutex<State>,
    /// There is something to write, or the end.
    wake_writer: Condvar,
    /// There is room again.
    wake_sender: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    /// The writer is at the socket with bytes that come before `waiting`.
    is_writing: bool,
    is_closed: bool,
}

impl Outbox {
    pub fn new(stream: UnixStream) -> Self {
        Self { stream, state: Mutex::default(), wake_writer: Condvar::new(), wake_sender: Condvar::new() }
    }

    /// Sends whole frames without waiting.
    pub fn send(&self, frames: &[u8]) {
        let mut state = self.lock();
        if state.is_closed {
            return;
        }
        let mut rest = frames;
        if state.waiting.is_empty() && !state.is_writing {
            match rustix::net::send(&self.stream, rest, SendFlags::DONTWAIT | SendFlags::NOSIGNAL) {
                Ok(sent) => rest = &rest[sent..],
                Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => {}
                Err(_) => return self.close_locked(&mut state),
            }
        }
        // One answer may be longer, if nothing else waits.
        if !state.waiting.is_empty() && state.waiting.len() + rest.len() > LIMIT_BYTES {
            return self.close_locked(&mut state);
        }
        if !rest.is_empty() {
            state.waiting.extend_from_slice(rest);
            self.wake_writer.notify_one();
        }
    }

    /// Sends whole frames, waiting while an earlier sending is still on its way. False when the connection is closed.
    pub fn send_in_turn(&self, frames: &[u8]) -> bool {
        let mut state = self.lock();
        while !state.is_closed && (!state.waiting.is_empty() || state.is_writing) {
            state = self.wake_sender.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let is_open = !state.is_closed;
        drop(state);
        if is_open {
            self.send(frames);
        }
        is_open
    }

    /// Closes the connection at once.
    pub fn close(&self) {
        self.close_locked(&mut self.lock());
    }

    pub fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    /// Takes no more; what waits is written, then the connection is closed.
    pub fn finish(&self) {
        let mut state = self.lock();
        if state.waiting.is_empty() && !state.is_writing {
            self.close_locked(&mut state);
        } else {
            state.is_closed = true;
            self.wake_writer.notify_one();
            self.wake_sender.notify_all();
        }
    }

    /// The writer's work: writes what waits until the connection is closed.
    pub fn write_out(&self) {
        let mut writing = Vec::new();
        let mut state = self.lock();
        loop {
            while state.waiting.is_empty() && !state.is_closed {
                state = self.wake_writer.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.waiting.is_empty() {
                break;
            }
            std::mem::swap(&mut state.waiting, &mut writing);
            state.is_writing = true;
            drop(state);
            let written = (&self.stream).write_all(&writing);
            writing.clear();
            state = self.lock();
            state.is_writing = false;
            self.wake_sender.notify_all();
            if written.is_err() {
                state.waiting.clear();
                break;
            }
        }
        self.close_locked(&mut state);
    }

    fn close_locked(&self, state: &mut State) {
        state.is_closed = true;
        state.waiting.clear();
        // It may be closed already, by the other side.
        let _ = self.stream.shutdown(Shutdown::Both);
        self.wake_writer.notify_all();
        self.wake_sender.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
