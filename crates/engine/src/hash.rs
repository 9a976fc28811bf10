//! The state hash: two engines that agree on it agree on everything that trading depends on.

use crate::Engine;
use crate::encode::Sink;

/// Gathers small records, because BLAKE3 is fast on large pieces only.
struct Hashing {
    hasher: blake3::Hasher,
    pending: Vec<u8>,
}

const PIECE: usize = 1 << 16;

impl Sink for Hashing {
    fn put(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE {
            self.hasher.update(&self.pending);
            self.pending.clear();
        }
    }
}

impl Engine {
    /// BLAKE3 of accounts, balances, orders in their priority, timers, parameters, counters and keys.
    ///
    /// Not of sequence, clock, deduplication or `last_seq`, so that a refused command leaves it as it was
    /// (decision 11).
    #[must_use]
    pub fn state_hash(&self) -> [u8; 32] {
        let mut hashing = Hashing { hasher: blake3::Hasher::new(), pending: Vec::with_capacity(PIECE) };
        self.encode_state(&mut hashing);
        hashing.hasher.update(&hashing.pending);
        *hashing.hasher.finalize().as_bytes()
    }
}
