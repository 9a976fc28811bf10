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
        let difference = self.word ^ (ONES * tag as u64);
        !(((difference & LOW) + LOW) | difference) & (ONES << 7)
    }

    /// Fills a vacant lane.
    const fn fill(&mut self, lane: u32, tag: u8, slot: Slot) {
        self.word |= (tag as u64) << (8 * lane);
        self.slots[lane as usize] = slot;
    }

    const fn clear(&mut self, lane: u32) {
        self.word &= !(0xFF << (8 * lane));
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

/// An open-addressing map of live orders only: little more than 5 bytes an entry, at most three quarters full.
///
/// It holds 8 bits of each id's hash and trusts nobody with the rest: whoever asks says which id the order in a slot
/// has, and its line will be needed anyway. A look-up compares a whole bucket at once and so nearly always goes the
/// same way. Entries one by one, of 8 bytes with linear probing, were tried: the processor guessed wrong more than
/// once a message, which made it 38 ns instead of 28 in the bench's `swing-40`. Buckets count who passed them, so that
/// deletion moves nothing.
#[derive(Clone, Debug)]
pub struct IdMap {
    buckets: Vec<Bucket>,
    /// How far a hash is shifted so that only the number of its bucket is left.
    shift: u32,
    len: usize,
    /// How many ids it holds before it grows.
    len_max: usize,
    seed: u64,
}

/// An id together with its hash, which is then computed once for several uses.
#[derive(Clone, Copy, Debug)]
pub struct IdKey {
    id: OrderId,
    hash: u64,
}

impl IdMap {
    /// An empty map. The seed decides where ids go; it must come from the journal or a snapshot, not from chance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { len: 0, seed, ..Self::with_buckets(BUCKETS) }
    }

    fn with_buckets(count: usize) -> Self {
        let buckets = vec![Bucket::VACANT; count];
        Self { buckets, shift: 64 - count.ilog2(), len: 0, len_max: count * LANES * 3 / 4, seed: 0 }
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

    /// Prepares an id for the methods below.
    #[must_use]
    #[inline]
    pub fn key(&self, id: OrderId) -> IdKey {
        let product = u128::from(id.0 ^ self.seed) * 0x9E37_79B9_7F4A_7C15;
        IdKey { id, hash: (product >> 64) as u64 ^ product as u64 }
    }

    /// The slot of an id, where `id_of` tells the id of the order in a slot.
    #[must_use]
    #[inline]
    pub fn get(&self, key: IdKey, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        self.find(key, id_of).map(|(_, _, slot)| slot)
    }

    /// Adds an id that is not there, where `id_of` tells the ids of those that are.
    #[inline]
    pub fn insert(&mut self, key: IdKey, slot: Slot, id_of: impl Fn(Slot) -> OrderId) {
        if self.len == self.len_max {
            self.grow(id_of);
        }
        self.put(key, slot);
        self.len += 1;
    }

    /// Takes an id out and returns its slot, where `id_of` tells the id of the order in a slot.
    #[inline]
    pub fn remove(&mut self, key: IdKey, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        let (place, lane, slot) = self.find(key, id_of)?;
        let mut at = self.home(key);
        while at != place {
            self.buckets[at].count_back();
            at = self.after(at);
        }
        self.buckets[place].clear(lane);
        self.len -= 1;
        Some(slot)
    }

    /// Where an id is: bucket and lane; and its slot.
    #[inline]
    fn find(&self, key: IdKey, id_of: impl Fn(Slot) -> OrderId) -> Option<(usize, u32, Slot)> {
        let mut at = self.home(key);
        loop {
            let bucket = &self.buckets[at];
            let mut lanes = bucket.lanes(tag(key.hash));
            while lanes != 0 {
                let slot = bucket.slots[lane(lanes) as usize];
                if id_of(slot) == key.id {
                    return Some((at, lane(lanes), slot));
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
    fn put(&mut self, key: IdKey, slot: Slot) {
        let mut at = self.home(key);
        loop {
            let bucket = &mut self.buckets[at];
            let vacant = bucket.lanes(0);
            if vacant != 0 {
                return bucket.fill(lane(vacant), tag(key.hash), slot);
            }
            bucket.count();
            at = self.after(at);
        }
    }

    #[cold]
    fn grow(&mut self, id_of: impl Fn(Slot) -> OrderId) {
        let doubled = Self { len: self.len, seed: self.seed, ..Self::with_buckets(self.buckets.len() * 2) };
        for bucket in std::mem::replace(self, doubled).buckets {
            for (lane, slot) in bucket.slots.into_iter().enumerate() {
                if bucket.word >> (8 * lane) & 0xFF != 0 {
                    self.put(self.key(id_of(slot)), slot);
                }
            }
        }
    }

    /// The bucket where an id belongs: the highest bits of its hash.
    #[inline]
    const fn home(&self, key: IdKey) -> usize {
        (key.hash >> self.shift) as usize
    }

    #[inline]
    const fn after(&self, bucket: usize) -> usize {
        (bucket + 1) & (self.buckets.len() - 1)
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
                assert_eq!(ids.get(ids.key(id), |slot| names[slot as usize]), known);
                assert_eq!(ids.remove(ids.key(id), |slot| names[slot as usize]), known);
                if known.is_none() {
                    let slot = names.len() as Slot;
                    names.push(id);
                    slots.insert(id.0, slot);
                    ids.insert(ids.key(id), slot, |slot| names[slot as usize]);
                }
                assert_eq!(ids.len(), slots.len());
            }
            for (id, slot) in slots {
                assert_eq!(ids.remove(ids.key(OrderId(id)), |slot| names[slot as usize]), Some(slot));
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
                assert_eq!(ids.remove(ids.key(OrderId(id - LIVE)), id_of), Some((id - LIVE) as Slot));
            }
            ids.insert(ids.key(OrderId(id)), id as Slot, id_of);
        }
        assert_eq!(ids.buckets.len(), BUCKETS);
        ids.insert(ids.key(OrderId(1_000_001)), 1_000_001, id_of);
        assert_eq!(ids.buckets.len(), 2 * BUCKETS);
        assert_eq!(ids.get(ids.key(OrderId(1_000_000)), id_of), Some(1_000_000));
    }
}
