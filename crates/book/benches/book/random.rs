//! Seeded numbers, in integers alone, so that a scenario is the same on every machine.

/// Splitmix64.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number in `0..bound`.
    pub const fn below(&mut self, bound: u64) -> u64 {
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }

    /// Whether something with this chance happens.
    pub const fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// Roughly exponential with this median, by a piecewise linear logarithm.
    pub const fn exponential(&mut self, median: u64) -> u64 {
        let bits = self.next() | 1;
        let zeros = bits.leading_zeros() as u64;
        let fraction = (!(bits << zeros) >> 47) & 0xFFFF;
        (median * (zeros << 16 | fraction)) >> 16
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// Distances from the middle of the market, in ticks from 1: a power law with exponent 9/4 and a hump at 9 ticks.
pub struct Depth {
    /// Sums of the weights so far.
    sums: Vec<u64>,
}

impl Depth {
    pub fn new() -> Self {
        const LEVELS: u64 = 800;
        /// exp(-z²/2) in ten-thousandths, for z from 0.
        const HUMP: [u64; 4] = [10_000, 6_065, 1_353, 111];
        const HUMP_AT: u64 = 9;
        let mut sum = 0;
        let weights = (1..=LEVELS).map(|ticks: u64| {
            let power = (1 << 48) / (ticks * ticks * (ticks << 32).isqrt().isqrt());
            let hump = HUMP.get(ticks.abs_diff(HUMP_AT) as usize).map_or(0, |&part| 5 * (1 << 40) / 10_000 * part);
            power + hump
        });
        let sums = weights.map(|weight| {
            sum += weight;
            sum
        });
        Self { sums: sums.collect() }
    }

    pub fn sample(&self, random: &mut Random) -> i64 {
        let all = self.sums[self.sums.len() - 1];
        let at = random.below(all);
        1 + self.sums.partition_point(|&sum| sum <= at) as i64
    }
}
