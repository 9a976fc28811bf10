//! The machine under test: the real log, engine, events and snapshots, on a storage that fails on demand.
//!
//! It is opened as the host opens a home (`tickyard-host`, `open`), and applies as the host applies.

use std::sync::Arc;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_journal::testing::FaultyStorage;
use tickyard_journal::{
    Append, CommandLog, EventBatch, EventLog, EventOptions, FileLog, Floor, FrameKind, Head, Home, LogError, Options,
    SnapshotMark, SnapshotStore, Storage,
};
use tickyard_types::{Reply, Seq, command_size};

/// Small, so that a day fills several.
const SEGMENT_BYTES: u64 = 64 << 10;
const EVENT_SEGMENT_BYTES: u64 = 4 << 10;

/// What one command did.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The command.
    pub command: Vec<u8>,
    /// Its answer.
    pub reply: Reply,
    /// Its events.
    pub events: Vec<u8>,
}

/// A core that runs.
pub struct Machine {
    /// Its disk.
    pub storage: FaultyStorage,
    /// Its state.
    pub engine: Engine,
    home: Home,
    log: FileLog,
    events: EventLog,
}

impl Machine {
    /// Starts on a disk, or says why not.
    ///
    /// # Errors
    /// What the host would refuse to start over.
    pub fn open(storage: &FaultyStorage) -> Result<Self, String> {
        let shared = storage.shared();
        let home = Home::new("/home");
        home.create(&*shared).map_err(|error| error.to_string())?;
        let snapshots = SnapshotStore::new(Arc::clone(&shared), home.snapshots());
        let mut newest = snapshots.newest(None).map_err(said)?.snapshot;
        let synced = newest.as_ref().map_or(Seq(0), |snapshot| snapshot.mark.head.seq);
        let options = EventOptions { segment_bytes: EVENT_SEGMENT_BYTES, synced, ..EventOptions::default() };
        let mut events = EventLog::open(Arc::clone(&shared), &home.events(), options).map_err(said)?;
        if events.last_seq() < synced {
            newest = snapshots.newest(Some(events.last_seq())).map_err(said)?.snapshot;
        }
        let floors = vec![Floor { what: "the event segments".to_owned(), seq: events.last_seq() }];
        let options = Options { segment_bytes: SEGMENT_BYTES, prepare_in_background: false, floors };
        let log = FileLog::open(shared, &home, options).map_err(said)?;

        let (mut engine, head) = match newest {
            None => (Engine::new(), Head::GENESIS),
            Some(snapshot) => {
                let engine = Engine::restore(&snapshot.body).map_err(|error| error.to_string())?;
                if engine.state_hash() != snapshot.mark.state_hash {
                    return Err("I10: a snapshot restores to another hash".to_owned());
                }
                (engine, snapshot.mark.head)
            }
        };
        let mut frames = log.read_after(head).map_err(said)?;
        while let Some(frame) = frames.next_frame().map_err(said)? {
            let applied = apply(&mut engine, frame.header.first_seq, frame.header.time_ns, frame.body);
            let last_seq = engine.seq();
            if last_seq > events.last_seq() {
                write(&mut events, frame.header.first_seq, frame.header.time_ns, &applied).map_err(said)?;
            }
        }
        Ok(Self { storage: storage.clone(), engine, home, log, events })
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.log.head()
    }

    /// Makes commands durable; returns the number of the first.
    ///
    /// # Errors
    /// The log failed, and what became of them is unknown.
    pub fn append(&mut self, is_tick: bool, commands: &[Vec<u8>], time_ns: u64) -> Result<Seq, LogError> {
        let head = self.log.head();
        let kind = if is_tick { FrameKind::Tick } else { FrameKind::Batch };
        let body = commands.concat();
        let uid = head.next_seq().0 << 1 | 1;
        self.log.append(head, Append { kind, commands: &body, count: commands.len() as u32, time_ns, uid })?;
        Ok(head.next_seq())
    }

    /// Applies a command that is durable.
    pub fn apply(&mut self, seq: Seq, time_ns: u64, command: &[u8]) -> Applied {
        let mut events = EventBuffer::new();
        let reply = self.engine.apply_bytes(seq, time_ns, command, &mut events);
        Applied { command: command.to_vec(), reply, events: events.as_bytes().to_vec() }
    }

    /// Writes what they did.
    ///
    /// # Errors
    /// The disk failed; the commands are durable all the same.
    pub fn write_events(&mut self, first_seq: Seq, time_ns: u64, applied: &[Applied]) -> Result<(), LogError> {
        write(&mut self.events, first_seq, time_ns, applied)
    }

    /// Takes a snapshot, as the snapshotter does, and removes older ones.
    ///
    /// # Errors
    /// The disk failed.
    pub fn snapshot(&mut self, keep: usize) -> Result<(), LogError> {
        let head = self.log.head();
        self.events.sync_up_to(head.seq)?;
        let store = SnapshotStore::new(self.storage.shared(), self.home.snapshots());
        let mark = SnapshotMark { head, state_hash: self.engine.state_hash() };
        store.write(&mark, &self.engine.snapshot())?;
        store.prune(keep).map(drop)
    }

    /// Everything again from the first command; calls `each` with what it did.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn replay(&self, mut each: impl FnMut(&Applied)) -> Result<Engine, String> {
        let mut engine = Engine::new();
        let mut frames = self.log.read_after(Head::GENESIS).map_err(said)?;
        while let Some(frame) = frames.next_frame().map_err(said)? {
            apply(&mut engine, frame.header.first_seq, frame.header.time_ns, frame.body).iter().for_each(&mut each);
        }
        Ok(engine)
    }

    /// All events in the segments, one after the other.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn told(&self) -> Result<Vec<u8>, String> {
        let mut reader = tickyard_journal::EventReader::from_seq(self.storage.shared(), &self.home.events(), Seq(1));
        let mut bytes = Vec::new();
        while let Some(batch) = reader.next_batch().map_err(said)? {
            bytes.extend_from_slice(batch.events);
        }
        Ok(bytes)
    }

    /// Every file of the home.
    ///
    /// # Errors
    /// The disk failed.
    pub fn files(storage: &FaultyStorage) -> Result<Vec<std::path::PathBuf>, String> {
        let home = Home::new("/home");
        let mut files = Vec::new();
        for dir in [home.journal(), home.snapshots(), home.events()] {
            let names = storage.list(&dir).map_err(|error| error.to_string())?;
            files.extend(names.into_iter().map(|name| dir.join(name)));
        }
        Ok(files)
    }
}

pub(crate) fn apply(engine: &mut Engine, first_seq: Seq, time_ns: u64, mut body: &[u8]) -> Vec<Applied> {
    let mut applied = Vec::new();
    let mut seq = first_seq;
    while let Some(kind) = body.first() {
        let size = command_size(*kind).expect("Invariant: a frame holds whole commands");
        let (bytes, rest) = body.split_at(size);
        body = rest;
        engine.look_ahead(body);
        let mut events = EventBuffer::new();
        let reply = engine.apply_bytes(seq, time_ns, bytes, &mut events);
        applied.push(Applied { command: bytes.to_vec(), reply, events: events.as_bytes().to_vec() });
        seq.0 += 1;
    }
    applied
}

fn write(events: &mut EventLog, first_seq: Seq, time_ns: u64, applied: &[Applied]) -> Result<(), LogError> {
    if applied.is_empty() {
        return Ok(());
    }
    let bytes: Vec<u8> = applied.iter().flat_map(|applied| applied.events.iter().copied()).collect();
    let count = kinds(&bytes).count() as u32;
    let last_seq = Seq(first_seq.0 + applied.len() as u64 - 1);
    events.append(&EventBatch { first_seq, last_seq, time_ns, count, events: &bytes })
}

/// The kinds of events, one after the other; each says its size.
pub fn kinds(mut bytes: &[u8]) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let kind = *bytes.first()?;
        bytes = &bytes[usize::from(u16::from_le_bytes([bytes[2], bytes[3]]))..];
        Some(kind)
    })
}

#[allow(clippy::needless_pass_by_value)] // for `map_err`
fn said(error: LogError) -> String {
    error.to_string()
}
