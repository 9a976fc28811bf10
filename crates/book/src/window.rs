//! The levels around the touch: a flat table by tick, and a bitmap over it.

use crate::NONE;
use crate::level::LevelId;

/// How many ticks the window spans at most.
pub(crate) const TICKS: u64 = 1 << 14;
/// Ticks per word of the bitmap; the edges of the window lie between words.
pub(crate) const WORD: u64 = 64;

const WORDS: u64 = TICKS / WORD;
const GROUPS: u64 = WORDS / 64;

/// The levels of all ticks in `[lo, hi)`.
///
/// The table is a ring: a tick keeps its place while the window moves over it. The bitmap has a bit for each tick
/// with a level, and above it a bit for each word that is not zero. Outside of `[lo, hi)` all bits are zero.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    lo: u64,
    hi: u64,
    ids: Vec<LevelId>,
    words: Vec<u64>,
    groups: [u64; GROUPS as usize],
}

/// The bits from `first` to `last`, both included.
const fn mask(first: u64, last: u64) -> u64 {
    u64::MAX << (first % 64) & u64::MAX >> (63 - last % 64)
}

impl Window {
    /// A window over nothing, without memory.
    pub(crate) const fn new() -> Self {
        Self { lo: 0, hi: 0, ids: Vec::new(), words: Vec::new(), groups: [0; GROUPS as usize] }
    }

    pub(crate) const fn lo(&self) -> u64 {
        self.lo
    }

    pub(crate) const fn hi(&self) -> u64 {
        self.hi
    }

    pub(crate) const fn contains(&self, price: u64) -> bool {
        price.wrapping_sub(self.lo) < self.hi - self.lo
    }

    /// The level at a price inside the window, or [`NONE`].
    pub(crate) fn get(&self, price: u64) -> LevelId {
        debug_assert!(self.contains(price), "Invariant: the price lies in the window");
        self.ids[(price % TICKS) as usize]
    }

    /// Adds a level at a price inside the window.
    pub(crate) fn insert(&mut self, price: u64, id: LevelId) {
        debug_assert!(self.contains(price), "Invariant: the price lies in the window");
        let word = price / WORD;
        self.ids[(price % TICKS) as usize] = id;
        self.words[(word % WORDS) as usize] |= 1 << (price % WORD);
        self.groups[(word / 64 % GROUPS) as usize] |= 1 << (word % 64);
    }

    /// Takes out the level at a price inside the window.
    pub(crate) fn remove(&mut self, price: u64) {
        debug_assert!(self.contains(price), "Invariant: the price lies in the window");
        let word = price / WORD;
        self.ids[(price % TICKS) as usize] = NONE;
        let bits = &mut self.words[(word % WORDS) as usize];
        *bits &= !(1 << (price % WORD));
        if *bits == 0 {
            self.groups[(word / 64 % GROUPS) as usize] &= !(1 << (word % 64));
        }
    }

    /// The highest level in the window below a price.
    pub(crate) fn below(&self, price: u64) -> Option<LevelId> {
        let end = price.min(self.hi);
        if end <= self.lo {
            return None;
        }
        let last = end - 1;
        let word = last / WORD;
        let bits = self.words[(word % WORDS) as usize] & mask(0, last);
        let (word, bits) = match bits {
            0 => {
                let word = self.last_word(self.lo, word * WORD)?;
                (word, self.words[(word % WORDS) as usize])
            }
            bits => (word, bits),
        };
        Some(self.get(word * WORD + u64::from(bits.ilog2())))
    }

    /// The lowest level in the window at or above a price.
    pub(crate) fn from(&self, price: u64) -> Option<LevelId> {
        let first = price.max(self.lo);
        if first >= self.hi {
            return None;
        }
        let word = first / WORD;
        let bits = self.words[(word % WORDS) as usize] & mask(first, 63);
        let (word, bits) = match bits {
            0 => {
                let word = self.first_word((word + 1) * WORD, self.hi)?;
                (word, self.words[(word % WORDS) as usize])
            }
            bits => (word, bits),
        };
        Some(self.get(word * WORD + u64::from(bits.trailing_zeros())))
    }

    /// Moves the edges. Levels must neither come in nor go out by it.
    pub(crate) fn span(&mut self, lo: u64, hi: u64) {
        debug_assert!(lo.is_multiple_of(WORD) && hi.is_multiple_of(WORD), "Invariant: edges lie between words");
        debug_assert!(lo <= hi && hi - lo <= TICKS, "Invariant: the window spans {TICKS} ticks");
        if self.ids.is_empty() {
            self.ids = vec![NONE; TICKS as usize];
            self.words = vec![0; WORDS as usize];
        }
        self.lo = lo;
        self.hi = hi;
    }

    /// The number of the highest word with a level between two edges inside the window.
    pub(crate) fn last_word(&self, lo: u64, hi: u64) -> Option<u64> {
        let (first, mut end) = (lo / WORD, hi / WORD);
        while end > first {
            let last = end - 1;
            let start = first.max(last / 64 * 64);
            let bits = self.groups[(last / 64 % GROUPS) as usize] & mask(start, last);
            if bits != 0 {
                return Some(last / 64 * 64 + u64::from(bits.ilog2()));
            }
            end = start;
        }
        None
    }

    /// The number of the lowest word with a level between two edges inside the window.
    pub(crate) fn first_word(&self, lo: u64, hi: u64) -> Option<u64> {
        let (mut first, end) = (lo / WORD, hi / WORD);
        while first < end {
            let last = (end - 1).min(first / 64 * 64 + 63);
            let bits = self.groups[(first / 64 % GROUPS) as usize] & mask(first, last);
            if bits != 0 {
                return Some(first / 64 * 64 + u64::from(bits.trailing_zeros()));
            }
            first = last + 1;
        }
        None
    }

    /// The ticks with a level in a word.
    pub(crate) fn ticks(&self, word: u64) -> impl Iterator<Item = u64> + use<> {
        let mut bits = self.words[(word % WORDS) as usize];
        std::iter::from_fn(move || {
            let tick = (bits != 0).then(|| word * WORD + u64::from(bits.trailing_zeros()))?;
            bits &= bits - 1;
            Some(tick)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_finds_its_neighbours_across_words_groups_and_the_seam_of_the_ring() {
        for lo in [0, 64, 4_096, TICKS - 64, 1_000_000 * 64, (1 << 63) - TICKS] {
            let mut window = Window::new();
            window.span(lo, lo + TICKS);
            let ticks = [0, 1, 63, 64, 700, 4_095, 4_096, 9_000, TICKS - 65, TICKS - 1].map(|tick| lo + tick);
            for (id, &tick) in (0..).zip(&ticks) {
                window.insert(tick, id);
            }
            for (id, pair) in (0..).zip(ticks.windows(2)) {
                assert_eq!(window.from(pair[0] + 1), Some(id + 1));
                assert_eq!(window.below(pair[1]), Some(id));
            }
            assert_eq!(window.below(u64::MAX), Some(9));
            assert_eq!(window.below(lo), None);
            assert_eq!(window.from(0), Some(0));
            assert_eq!(window.from(lo + TICKS), None);
            for tick in ticks {
                window.remove(tick);
            }
            assert_eq!(window.below(u64::MAX), None);
            assert_eq!(window.from(0), None);
        }
    }
}
