//! Seeded numbers, in integers alone, so that a day is the same on every machine.

/// Splitmix64.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..bound`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }

    /// Roughly exponential with this median: half of the numbers are below it, a quarter above twice of it.
    pub const fn exponential(&mut self, median: u64) -> u64 {
        let bits = self.next() | 1;
        let zeros = bits.leading_zeros() as u64;
        let fraction = (!(bits << zeros) >> 47) & 0xffff;
        (median * ((zeros << 16) | fraction)) >> 16
    }
}
