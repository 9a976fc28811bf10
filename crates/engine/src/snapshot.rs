//! Snapshots: everything an engine needs to go on as if it had never stopped.
//!
//! Layout, little-endian: header of 32 bytes, the state as [`crate::encode`] writes it, newest sequence of each
//! account, deduplication, BLAKE3 of all of it. Equal engines write equal bytes.

use crate::Engine;
use crate::encode::Sink;
use tickyard_types::{AccountId, CORE_VERSION, Seq};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

/// How a snapshot begins.
pub(crate) const MAGIC: [u8; 8] = *b"TICKSNAP";

/// Version of the layout.
pub(crate) const SNAPSHOT_VERSION: u16 = 3;

/// Size of the hash at the end.
pub(crate) const SEAL: usize = 32;

/// What a snapshot begins with.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SnapshotHeader {
    pub magic: [u8; 8],
    pub snapshot_version: u16,
    pub core_version: u16,
    pub reserved: [u8; 4],
    pub seq: Seq,
    pub time_ns: u64,
}

/// What precedes the replies of one boot.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedBoot {
    pub id: u64,
    pub last_used: Seq,
    pub newest: u64,
    pub replies: u64,
}

impl Engine {
    /// The whole engine as bytes, for [`Self::restore`].
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.put_record(&SnapshotHeader {
            magic: MAGIC,
            snapshot_version: SNAPSHOT_VERSION,
            core_version: CORE_VERSION,
            reserved: [0; 4],
            seq: self.seq,
            time_ns: self.time_ns,
        });
        self.encode_state(&mut bytes);
        for id in 0..self.accounts.len() {
            bytes.put_record(&self.accounts[AccountId(id)].last_seq);
        }
        self.encode_dedupe(&mut bytes);
        let seal = blake3::hash(&bytes);
        bytes.put(seal.as_bytes());
        bytes
    }

    fn encode_dedupe(&self, bytes: &mut Vec<u8>) {
        let boots = self.dedupe.boots();
        bytes.put_count(boots.len());
        for boot in boots {
            let replies = boot.replies();
            let (id, last_used, newest) = (boot.id, boot.last_used, boot.newest);
            bytes.put_record(&SavedBoot { id, last_used, newest, replies: replies.len() as u64 });
            for reply in replies {
                bytes.put_record(&reply);
            }
        }
    }
}
