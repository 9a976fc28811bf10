//! Coins and dice.

/// A small generator (splitmix64), so that a seed says everything.
#[derive(Clone, Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Throws a coin.
    pub(super) fn coin(&mut self) -> bool {
        self.bits() & 1 == 0
    }

    /// Whether something happens that happens once in `times`; 0 for never.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        times > 0 && self.bits().is_multiple_of(times)
    }
}
