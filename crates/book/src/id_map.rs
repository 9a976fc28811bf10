//! From ids that were given elsewhere, in any order, to slots.

use crate::Slot;
use tickyard_types::OrderId;

/// Entries per bucket.
const LANES: usize = 6;
/// How many buckets the map begins with.
const BUCKETS: usize = 1 << 8;

/// Six entries in half a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
struct Bucket {
    /// Six bytes, each a byte of an id's hash, or 0 for a vacant lane. Above them, in 16 bits, the number of entries
    /// that would belong here or before and stand behind, because this bucket was full when they came.
    word: u64,
    slots: [Slot; LANES],
}

const _: () = assert!(size_of::<Bucket>() == 32);

/// Where the count begins in a bucket's word.
const PASSED: u32 = 48;
const PASSED_MAX: u64 = 0xFFFF;
/// A 1 in each lane.
const ONES: u64 = 0x0101_0101_0101;

impl Bucket {
    const VACANT: Self = Self { word: 0, slots: [0; LANES] };

    /// The lanes with this tag, as a bit at the top of each.
    const fn lanes(&self, tag: u8) -> u64 {
        const LOW: u64 = ONES * 0x7F;
        let difference = self.word ^ ONES * tag as u64;
        !((difference & LOW) + LOW | difference) & ONES << 7
    }

    const fn set(&mut self, lane: u32, tag: u8, slot: Slot) {
        self.word = self.word & !(0xFF << (8 * lane)) | (tag as u64) << (8 * lane);
        self.slots[lane as usize] = slot;
    }

    const fn is_passed(&self) -> bool {
        self.word >> PASSED != 0
    }

    const fn count(&mut self) {
        if self.word >> PASSED != PASSED_MAX {
            self.word += 1 << PASSED;
        }
    }

    /// A count that once reached its end has lost its number and stays there.
    const fn count_back(&mut self) {
        if self.word >> PASSED != PASSED_MAX {
            self.word -= 1 << PASSED;
        }
    }
}

const fn lane(lanes: u64) -> u32 {
    lanes.trailing_zeros() / 8
}

/// An open-addressing map of live orders only: little more than 5 bytes each, at most three quarters full.
///
/// It holds 8 bits of each id's hash and trusts nobody with the rest: whoever asks says which id the order in a slot
/// has, and its line will be needed anyway. A look-up compares a whole bucket at once, so that it goes one way: with
/// entry by entry in a line, as probing is usually done, the processor guesses wrong at nearly every message, and the
/// book alone took 36 ns a message instead of NEW. Buckets count who passed them, so that deletion moves nothing.
#[derive(Clone, Debug)]
pub struct IdMap {
    buckets: Vec<Bucket>,
    len: usize,
    seed: u64,
}

/// Where an id is, or may be put as long as nothing else changes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    bucket: usize,
    lane: u32,
}

impl IdMap {
    /// An empty map. The seed decides where ids go; it must come from the journal or a snapshot, not from chance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { buckets: vec![Bucket::VACANT; BUCKETS], len: 0, seed }
    }

    /// How many ids it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds no id.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot of an id, where `id_of` tells the id of the order in a slot.
    #[must_use]
    #[inline]
    pub fn get(&self, id: OrderId, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        self.find(id, id_of).map(|place| self.buckets[place.bucket].slots[place.lane as usize])
    }

    /// Adds an id that is not there, where `id_of` tells the ids of those that are.
    #[inline]
    pub fn insert(&mut self, id: OrderId, slot: Slot, id_of: impl Fn(Slot) -> OrderId) {
        if (self.len + 1) * 4 > self.buckets.len() * LANES * 3 {
            self.grow(id_of);
        }
        self.put(id, slot);
        self.len += 1;
    }

    /// Takes an id out and returns its slot, where `id_of` tells the id of the order in a slot.
    #[inline]
    pub fn remove(&mut self, id: OrderId, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        let place = self.find(id, id_of)?;
        let mut at = self.home(self.hash(id));
        while at != place.bucket {
            self.buckets[at].count_back();
            at = self.after(at);
        }
        let bucket = &mut self.buckets[at];
        let slot = bucket.slots[place.lane as usize];
        bucket.set(place.lane, 0, 0);
        self.len -= 1;
        Some(slot)
    }

    #[inline]
    fn find(&self, id: OrderId, id_of: impl Fn(Slot) -> OrderId) -> Option<Place> {
        let hash = self.hash(id);
        let mut at = self.home(hash);
        loop {
            let bucket = &self.buckets[at];
            let mut lanes = bucket.lanes(tag(hash));
            while lanes != 0 {
                if id_of(bucket.slots[lane(lanes) as usize]) == id {
                    return Some(Place { bucket: at, lane: lane(lanes) });
                }
                lanes &= lanes - 1;
            }
            if !bucket.is_passed() {
                return None;
            }
            at = self.after(at);
        }
    }

    #[inline]
    fn put(&mut self, id: OrderId, slot: Slot) {
        let hash = self.hash(id);
        let mut at = self.home(hash);
        loop {
            let bucket = &mut self.buckets[at];
            let vacant = bucket.lanes(0);
            if vacant != 0 {
                return bucket.set(lane(vacant), tag(hash), slot);
            }
            bucket.count();
            at = self.after(at);
        }
    }

    #[cold]
    fn grow(&mut self, id_of: impl Fn(Slot) -> OrderId) {
        let doubled = vec![Bucket::VACANT; self.buckets.len() * 2];
        for bucket in std::mem::replace(&mut self.buckets, doubled) {
            for (lane, slot) in bucket.slots.into_iter().enumerate() {
                if bucket.word >> (8 * lane) & 0xFF != 0 {
                    self.put(id_of(slot), slot);
                }
            }
        }
    }

    /// The bucket where an id belongs: the highest bits of its hash.
    #[inline]
    fn home(&self, hash: u64) -> usize {
        (hash >> (64 - self.buckets.len().ilog2())) as usize
    }

    #[inline]
    fn after(&self, bucket: usize) -> usize {
        (bucket + 1) & (self.buckets.len() - 1)
    }

    #[inline]
    fn hash(&self, id: OrderId) -> u64 {
        let product = u128::from(id.0 ^ self.seed) * 0x9E37_79B9_7F4A_7C15;
        (product >> 64) as u64 ^ product as u64
    }
}

/// The byte of a hash that stands in the bucket; never 0.
const fn tag(hash: u64) -> u8 {
    let byte = hash as u8;
    if byte == 0 { 1 } else { byte }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn ids_lead_to_their_slots(steps in proptest::collection::vec((1_u64..4_000, any::<bool>()), 1..8_000)) {
            let mut ids = IdMap::new(7);
            let mut slots: BTreeMap<u64, Slot> = BTreeMap::new();
            let mut names: Vec<OrderId> = Vec::new();
            for (number, is_sparse) in steps {
                // Dense ids, and ids that differ in the high bits only.
                let id = OrderId(if is_sparse { number << 52 } else { number });
                let known = slots.remove(&id.0);
                assert_eq!(ids.get(id, |slot| names[slot as usize]), known);
                assert_eq!(ids.remove(id, |slot| names[slot as usize]), known);
                if known.is_none() {
                    let slot = names.len() as Slot;
                    names.push(id);
                    slots.insert(id.0, slot);
                    ids.insert(id, slot, |slot| names[slot as usize]);
                }
                assert_eq!(ids.len(), slots.len());
            }
            for (id, slot) in slots {
                assert_eq!(ids.remove(OrderId(id), |slot| names[slot as usize]), Some(slot));
            }
            assert!(ids.buckets.iter().all(|bucket| bucket.word == 0));
        }
    }

    #[test]
    fn the_map_grows_with_live_orders_only() {
        const LIVE: u64 = (BUCKETS * LANES * 3 / 4) as u64;
        let id_of = |slot: Slot| OrderId(u64::from(slot));
        let mut ids = IdMap::new(0);
        for id in 1..=1_000_000 {
            if id > LIVE {
                assert_eq!(ids.remove(OrderId(id - LIVE), id_of), Some((id - LIVE) as Slot));
            }
            ids.insert(OrderId(id), id as Slot, id_of);
        }
        assert_eq!(ids.buckets.len(), BUCKETS);
        ids.insert(OrderId(1_000_001), 1_000_001, id_of);
        assert_eq!(ids.buckets.len(), 2 * BUCKETS);
        assert_eq!(ids.get(OrderId(1_000_000), id_of), Some(1_000_000));
    }
}
