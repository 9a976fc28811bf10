//! A machine with a home, on a storage that fails on demand, or on the disk.

use std::path::PathBuf;
use tickyard_journal::testing::FaultyStorage;
use tickyard_journal::{
    Append, CommandLog, FileLog, Floor, FrameHeader, FrameKind, FrameSource, Head, Home, JournalReader, LogError,
    Options, Until, Verified, verify_journal,
};
use tickyard_types::Seq;

/// Small, so that a few frames fill several segments.
pub const SEGMENT_BYTES: u64 = 64 << 10;

/// One frame as it was appended: its commands.
pub type Body = Vec<u8>;

#[derive(Clone)]
pub struct Machine {
    pub storage: FaultyStorage,
    pub home: Home,
}

impl Machine {
    pub fn new() -> Self {
        let machine = Self { storage: FaultyStorage::new(), home: Home::new("/home") };
        machine.home.create(&machine.storage).expect("folders");
        machine
    }

    /// The same files on a storage of their own.
    pub fn copy(&self) -> Self {
        Self { storage: self.storage.copy(), home: self.home.clone() }
    }

    pub fn open(&self) -> Result<FileLog, LogError> {
        self.open_above(&[])
    }

    pub fn open_above(&self, floors: &[(&str, u64)]) -> Result<FileLog, LogError> {
        let floors = floors.iter().map(|(what, seq)| Floor { what: (*what).to_owned(), seq: Seq(*seq) }).collect();
        let options = Options { segment_bytes: SEGMENT_BYTES, prepare_in_background: false, floors };
        FileLog::open(self.storage.shared(), &self.home, options)
    }

    /// Opens the log, appends some bodies and closes it.
    pub fn with(bodies: &[Body]) -> Self {
        let machine = Self::new();
        let mut log = machine.open().expect("a new log opens");
        for body in bodies {
            append(&mut log, body).expect("appends");
        }
        machine
    }

    pub fn segment(&self, first_seq: u64) -> PathBuf {
        self.home.journal().join(format!("{first_seq:020}.log"))
    }

    /// Recovers as a host does: opens, and replays all.
    pub fn recover(&self) -> Result<Vec<Body>, LogError> {
        read_after(&self.open()?, Head::GENESIS)
    }

    pub fn verify(&self) -> Result<Verified, LogError> {
        verify_journal(self.storage.shared(), &self.home.journal(), |_| {})
    }

    /// Where each frame is, in order.
    pub fn frames(&self) -> Vec<FrameAt> {
        let mut reader =
            JournalReader::oldest(self.storage.shared(), &self.home.journal(), Until::Live).expect("a log");
        let (mut frames, mut segment, mut offset) = (Vec::new(), PathBuf::new(), 0);
        while let Some(frame) = reader.next_frame().expect("whole") {
            let named = self.segment(frame.header.first_seq.0);
            if self.storage.exists(&named) && segment != named && frame.header.count > 0 {
                (segment, offset) = (named, 0);
            }
            frames.push(FrameAt { segment: segment.clone(), offset, header: frame.header });
            offset += frame.header.padded_bytes();
        }
        frames
    }
}

#[derive(Clone, Debug)]
pub struct FrameAt {
    pub segment: PathBuf,
    pub offset: usize,
    pub header: FrameHeader,
}

impl FrameAt {
    /// Bytes of header and body, without padding.
    pub fn whole_bytes(&self) -> usize {
        64 + self.header.body_bytes as usize
    }
}

/// Appends one command; its uid is the number that it gets.
pub fn append(log: &mut FileLog, body: &[u8]) -> Result<Head, LogError> {
    let head = log.head();
    log.append(head, batch(&head, body))
}

/// A batch of one command to follow a head.
pub fn batch<'a>(head: &Head, body: &'a [u8]) -> Append<'a> {
    Append { kind: FrameKind::Batch, commands: body, count: 1, time_ns: head.time_ns + 7, uid: head.next_seq().0 }
}

pub fn read_after(log: &FileLog, head: Head) -> Result<Vec<Body>, LogError> {
    let mut frames = log.read_after(head)?;
    let mut bodies = Vec::new();
    while let Some(frame) = frames.next_frame()? {
        bodies.push(frame.body.to_vec());
    }
    Ok(bodies)
}

/// Bodies of one command each, recognisable, of the given lengths.
pub fn bodies(lengths: &[usize]) -> Vec<Body> {
    lengths.iter().enumerate().map(|(index, length)| vec![index as u8 + 1; *length]).collect()
}
