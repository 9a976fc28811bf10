//! A snapshot: the whole state after one frame, as one file that proves itself.
//!
//! Header of 128 bytes, one CRC-32 for each block of the body, body. The checksums say where damage is, the digest
//! over everything says that there is none.

use crate::Head;
use std::panic::resume_unwind;
use std::thread;
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// How many bytes of the body one checksum covers.
pub const BLOCK_BYTES: usize = 1 << 20;

const MAGIC: [u8; 8] = *b"TYSNAP\r\n";
pub(crate) const HEADER_BYTES: usize = 128;
const CRC_BYTES: usize = size_of::<u32>();

/// What a snapshot is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotMark {
    /// Where the log stood: the frame whose state it is was the newest one.
    pub head: Head,
    /// The engine's hash of the state.
    pub state_hash: [u8; 32],
}

/// A snapshot that was read and is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What it is of.
    pub mark: SnapshotMark,
    /// The state, as the engine wrote it.
    pub body: Vec<u8>,
}

/// Why a file is not a usable snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotFault {
    /// It is shorter or longer than it says.
    #[error("its length is wrong")]
    Length,
    /// It does not begin like a snapshot.
    #[error("it does not begin as it must")]
    Magic,
    /// The header's checksum is wrong.
    #[error("the checksum of its header is wrong")]
    HeaderChecksum,
    /// It was written by other versions.
    #[error(
        "it was written by record version {record} and core version {core}; this is record version {RECORD_VERSION} and core version {CORE_VERSION}"
    )]
    OtherVersion {
        /// The record version in it.
        record: u16,
        /// The core version in it.
        core: u16,
    },
    /// A block's checksum is wrong.
    #[error("the checksum of block {0} is wrong")]
    Block(usize),
    /// The digest over everything is wrong.
    #[error("its digest is wrong")]
    Digest,
    /// Its name says another sequence than its header.
    #[error("its name says another sequence")]
    Name,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
}

#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Header {
    magic: [u8; 8],
    seq: Seq,
    time_ns: u64,
    chain: u64,
    body_bytes: u64,
    state_hash: [u8; 32],
    /// BLAKE3 over this header with zeros here and in the checksum, the checksums of the blocks, and the body.
    digest: [u8; 32],
    epoch: u32,
    record_version: u16,
    core_version: u16,
    reserved: [u8; 12],
    header_crc: u32,
}

const _: () = assert!(size_of::<Header>() == HEADER_BYTES);

impl Header {
    fn crc(&self) -> u32 {
        crc32fast::hash(&self.as_bytes()[..HEADER_BYTES - CRC_BYTES])
    }

    fn digest_with(mut self, rest: &[&[u8]]) -> [u8; 32] {
        self.digest = [0; 32];
        self.header_crc = 0;
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.as_bytes());
        for part in rest {
            hasher.update(part);
        }
        *hasher.finalize().as_bytes()
    }
}

/// What stands in the file before the body.
pub(crate) fn encode_front(mark: &SnapshotMark, body: &[u8]) -> Vec<u8> {
    let checksums: Vec<u32> = body.chunks(BLOCK_BYTES).map(crc32fast::hash).collect();
    let mut header = Header {
        magic: MAGIC,
        seq: mark.head.seq,
        time_ns: mark.head.time_ns,
        chain: mark.head.chain,
        body_bytes: body.len() as u64,
        state_hash: mark.state_hash,
        digest: [0; 32],
        epoch: mark.head.epoch,
        record_version: RECORD_VERSION,
        core_version: CORE_VERSION,
        reserved: [0; 12],
        header_crc: 0,
    };
    header.digest = header.digest_with(&[checksums.as_bytes(), body]);
    header.header_crc = header.crc();
    [header.as_bytes(), checksums.as_bytes()].concat()
}

/// How many bytes of a file stand before the body, as its first bytes tell; as many as there are, if they tell wrong.
pub(crate) fn front_bytes(beginning: &[u8], size: usize) -> usize {
    let told = Header::read_from_prefix(beginning).ok().and_then(|(header, _)| usize::try_from(header.body_bytes).ok());
    told.map_or(size, |body| (HEADER_BYTES + checksums_bytes(body)).min(size))
}

const fn checksums_bytes(body_bytes: usize) -> usize {
    body_bytes.div_ceil(BLOCK_BYTES) * CRC_BYTES
}

/// Judges a file that was read in two parts: what stands before the body, and the body.
pub(crate) fn decode(front: &[u8], body: Vec<u8>) -> Result<Snapshot, SnapshotFault> {
    let (header, checksums) = Header::read_from_prefix(front).map_err(|_| SnapshotFault::Length)?;
    if header.magic != MAGIC {
        return Err(SnapshotFault::Magic);
    }
    if header.header_crc != header.crc() {
        return Err(SnapshotFault::HeaderChecksum);
    }
    let (record, core) = (header.record_version, header.core_version);
    if (record, core) != (RECORD_VERSION, CORE_VERSION) {
        return Err(SnapshotFault::OtherVersion { record, core });
    }
    if body.len() as u64 != header.body_bytes || checksums.len() != checksums_bytes(body.len()) {
        return Err(SnapshotFault::Length);
    }
    // A start waits for both, and for nothing else meanwhile.
    let (damaged, digest) = thread::scope(|scope| {
        let digest = scope.spawn(|| header.digest_with(&[checksums, &body]));
        let mut blocks = body.chunks(BLOCK_BYTES).zip(checksums.chunks_exact(CRC_BYTES));
        let damaged = blocks.position(|(block, stored)| crc32fast::hash(block).as_bytes() != stored);
        (damaged, digest.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    if let Some(block) = damaged {
        return Err(SnapshotFault::Block(block));
    }
    if digest != header.digest {
        return Err(SnapshotFault::Digest);
    }
    let head = Head { seq: header.seq, epoch: header.epoch, chain: header.chain, time_ns: header.time_ns };
    Ok(Snapshot { mark: SnapshotMark { head, state_hash: header.state_hash }, body })
}
