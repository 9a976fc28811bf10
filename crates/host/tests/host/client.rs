//! A worker, as far as tests need one, and homes to run hosts in.

use crate::market;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tickyard_host::{FrameKind, Host, Settings, StartError, StatusRow};
use tickyard_journal::Storage;
use tickyard_types::{Refusal, Reply, Seq};
use zerocopy::TryFromBytes;

/// Settings of a small host: zeroing segments of the usual size would take most of the time of the tests.
pub fn settings(home: PathBuf, socket: PathBuf) -> Settings {
    Settings { journal_segment_bytes: 4 << 20, ..Settings::new(home, socket) }
}

/// A home that is gone after the test.
pub struct Home {
    dir: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn settings(&self) -> Settings {
        settings(self.root(), self.dir.path().join("core.sock"))
    }

    pub fn start(&self) -> Running {
        self.start_with(self.settings()).unwrap()
    }

    pub fn start_with(&self, settings: Settings) -> Result<Running, StartError> {
        let socket = settings.socket.clone();
        Host::start(&settings).map(|host| Running { host, socket })
    }

    /// Starts a host on a storage of the test's own.
    pub fn start_on(&self, settings: Settings, storage: Arc<dyn Storage>) -> Running {
        // Its lock is on the disk all the same.
        std::fs::create_dir_all(&settings.home).unwrap();
        let host = Host::start_on(&settings, storage).unwrap();
        Running { host, socket: settings.socket }
    }

    /// Starts a host, opens the market and stops.
    pub fn with_market() -> Self {
        let home = Self::new();
        let running = home.start();
        running.worker().open_market();
        running.stop();
        home
    }

    pub fn file(&self, folder: &str, first_seq: u64, suffix: &str) -> PathBuf {
        self.root().join(folder).join(format!("{first_seq:020}.{suffix}"))
    }
}

/// A running host.
pub struct Running {
    pub host: Host,
    socket: PathBuf,
}

impl Running {
    /// A worker that was never seen before.
    pub fn worker(&self) -> Worker {
        static BOOT: AtomicU64 = AtomicU64::new(1000);
        self.worker_of(BOOT.fetch_add(1, Ordering::Relaxed))
    }

    /// A worker of a known run.
    pub fn worker_of(&self, boot: u64) -> Worker {
        Worker::connect(&self.socket, boot)
    }

    pub fn stop(self) {
        self.host.stop();
        self.host.wait().unwrap();
    }
}

/// A worker's connection.
pub struct Worker {
    stream: UnixStream,
    pub boot: u64,
    counter: u64,
    request: u32,
    /// Replies that came, by counter.
    pub replies: BTreeMap<u64, Reply>,
}

impl Worker {
    pub fn connect(socket: &Path, boot: u64) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        Self { stream, boot, counter: 0, request: 0, replies: BTreeMap::new() }
    }

    /// Stamps an origin into a record; returns its counter.
    pub fn stamp(&mut self, record: &mut [u8]) -> u64 {
        self.counter += 1;
        market::stamp(record, self.boot, self.counter);
        self.counter
    }

    pub fn send(&mut self, kind: FrameKind, request: u32, payload: &[u8]) {
        self.try_send(kind, request, payload).unwrap();
    }

    pub fn try_send(&mut self, kind: FrameKind, request: u32, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(8 + payload.len()).unwrap();
        let frame = [&length.to_le_bytes()[..], &[kind as u8, 0, 0, 0], &request.to_le_bytes(), payload].concat();
        self.stream.write_all(&frame)
    }

    /// The next frame: kind, request, payload; `None` when the host has closed the connection.
    pub fn receive(&mut self) -> Option<(u8, u32, Vec<u8>)> {
        let mut head = [0; 12];
        self.stream.read_exact(&mut head).ok()?;
        let length = u32::from_le_bytes(head[..4].try_into().unwrap()) as usize;
        let request = u32::from_le_bytes(head[8..].try_into().unwrap());
        let mut payload = vec![0; length - 8];
        self.stream.read_exact(&mut payload).ok()?;
        Some((head[4], request, payload))
    }

    /// Sends records in one frame; returns their counters.
    pub fn submit(&mut self, records: Vec<Vec<u8>>) -> Vec<u64> {
        let mut payload = Vec::new();
        let mut counters = Vec::new();
        for mut record in records {
            counters.push(self.stamp(&mut record));
            payload.extend_from_slice(&record);
        }
        self.send(FrameKind::Submit, 0, &payload);
        counters
    }

    /// Waits until all of these are answered.
    pub fn answers(&mut self, counters: &[u64]) -> Vec<Reply> {
        while !counters.iter().all(|counter| self.replies.contains_key(counter)) {
            assert!(self.take_replies(), "the host has closed the connection");
        }
        counters.iter().map(|counter| self.replies[counter]).collect()
    }

    /// Reads one frame of replies; false when the connection is closed.
    pub fn take_replies(&mut self) -> bool {
        let Some((kind, _, payload)) = self.receive() else { return false };
        assert_eq!(kind, FrameKind::Submit as u8);
        for bytes in payload.chunks_exact(size_of::<Reply>()) {
            let reply = Reply::try_read_from_bytes(bytes).unwrap();
            assert!(self.replies.insert(reply.counter, reply).is_none(), "a command is answered once");
        }
        true
    }

    /// Sends records and waits for the answers.
    pub fn carry_out(&mut self, records: Vec<Vec<u8>>) -> Vec<Reply> {
        let counters = self.submit(records);
        self.answers(&counters)
    }

    /// Sends one record and expects it to be accepted.
    pub fn accepted(&mut self, record: Vec<u8>) -> Reply {
        let reply = self.carry_out(vec![record])[0];
        assert_eq!(refusal(&reply), None);
        reply
    }

    pub fn open_market(&mut self) {
        for record in market::definitions() {
            self.accepted(record);
        }
    }

    /// Asks a question and waits for the answer.
    pub fn ask(&mut self, kind: FrameKind, payload: &[u8]) -> Vec<u8> {
        self.request += 1;
        let asked = self.request;
        self.send(kind, asked, payload);
        let (answered, request, payload) = self.receive().unwrap();
        assert_eq!((answered, request), (kind as u8, asked));
        payload
    }

    /// Sequence and state hash.
    pub fn state(&mut self) -> (Seq, [u8; 32]) {
        let status = StatusRow::try_read_from_bytes(&self.ask(FrameKind::Status, &1u32.to_le_bytes())).unwrap();
        (status.as_of.seq, status.state_hash)
    }
}

/// Why a command was refused.
pub fn refusal(reply: &Reply) -> Option<Refusal> {
    Refusal::ALL.iter().copied().find(|refusal| refusal.number() == reply.refusal)
}
