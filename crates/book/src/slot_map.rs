//! From hashes to slots.

use crate::Slot;

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
/// It holds 8 bits of each hash and trusts nobody with the rest: whoever asks says which order is meant, and its line
/// will be needed anyway. A look-up compares a whole bucket at once and so nearly always goes the same way. Entries
/// one by one, of 8 bytes with linear probing, were tried: the processor guessed wrong more than once a message, which
/// made it 38 ns instead of 28 in the bench's `swing-40`. Buckets count who passed them, so that deletion moves
/// nothing.
#[derive(Clone, Debug)]
pub struct SlotMap {
    buckets: Vec<Bucket>,
    /// How far a hash is shifted so that only the number of its bucket is left.
    shift: u32,
    len: usize,
    /// How many slots it holds before it grows.
    len_max: usize,
}

impl Default for SlotMap {
    fn default() -> Self {
        Self::new()
    }
}

impl SlotMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::with_buckets(BUCKETS)
    }

    /// An empty map with room for so many slots.
    #[must_use]
    pub fn with_capacity(slots: usize) -> Self {
        let buckets = slots * 4 / 3 / LANES + 1;
        Self::with_buckets(buckets.next_power_of_two().max(BUCKETS))
    }

    fn with_buckets(count: usize) -> Self {
        let buckets = vec![Bucket::VACANT; count];
        Self { buckets, shift: 64 - count.ilog2(), len: 0, len_max: count * LANES * 3 / 4 }
    }

    /// How many slots it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds no slot.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot with this hash that is meant.
    #[must_use]
    #[inline]
    pub fn get(&self, hash: u64, is_meant: impl Fn(Slot) -> bool) -> Option<Slot> {
        self.find(hash, is_meant).map(|(_, _, slot)| slot)
    }

    /// Adds a slot that is not there, where `hash_of` tells the hashes of those that are.
    #[inline]
    pub fn insert(&mut self, hash: u64, slot: Slot, hash_of: impl Fn(Slot) -> u64) {
        if self.len == self.len_max {
            self.grow(hash_of);
        }
        self.put(hash, slot);
        self.len += 1;
    }

    /// Takes the slot with this hash that is meant out, and returns it.
    #[inline]
    pub fn remove(&mut self, hash: u64, is_meant: impl Fn(Slot) -> bool) -> Option<Slot> {
        let (place, lane, slot) = self.find(hash, is_meant)?;
        let mut at = self.home(hash);
        while at != place {
            self.buckets[at].count_back();
            at = self.after(at);
        }
        self.buckets[place].clear(lane);
        self.len -= 1;
        Some(slot)
    }

    /// Where a hash leads first, whatever is there: for fetching it ahead.
    #[must_use]
    pub fn line(&self, hash: u64) -> Option<&u64> {
        self.buckets.get(self.home(hash)).map(|bucket| &bucket.word)
    }

    /// Where a slot is: bucket and lane; and the slot.
    #[inline]
    fn find(&self, hash: u64, is_meant: impl Fn(Slot) -> bool) -> Option<(usize, u32, Slot)> {
        let mut at = self.home(hash);
        loop {
            let bucket = &self.buckets[at];
            let mut lanes = bucket.lanes(tag(hash));
            while lanes != 0 {
                let slot = bucket.slots[lane(lanes) as usize];
                if is_meant(slot) {
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
    fn put(&mut self, hash: u64, slot: Slot) {
        let mut at = self.home(hash);
        loop {
            let bucket = &mut self.buckets[at];
            let vacant = bucket.lanes(0);
            if vacant != 0 {
                return bucket.fill(lane(vacant), tag(hash), slot);
            }
            bucket.count();
            at = self.after(at);
        }
    }

    #[cold]
    fn grow(&mut self, hash_of: impl Fn(Slot) -> u64) {
        let doubled = Self { len: self.len, ..Self::with_buckets(self.buckets.len() * 2) };
        for bucket in std::mem::replace(self, doubled).buckets {
            for (lane, slot) in bucket.slots.into_iter().enumerate() {
                if bucket.word >> (8 * lane) & 0xFF != 0 {
                    self.put(hash_of(slot), slot);
                }
            }
        }
    }

    /// The bucket where a hash belongs: its highest bits.
    #[inline]
    const fn home(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline]
    const fn after(&self, bucket: usize) -> usize {
        (bucket + 1) & (self.buckets.len() - 1)
    }

    #[cfg(test)]
    pub(crate) fn is_clear(&self) -> bool {
        self.buckets.iter().all(|bucket| bucket.word == 0)
    }

    #[cfg(test)]
    pub(crate) const fn len_max(&self) -> usize {
        self.len_max
    }
}

/// The byte of a hash that stands in the bucket; never 0.
const fn tag(hash: u64) -> u8 {
    let byte = hash as u8;
    if byte == 0 { 1 } else { byte }
}
