//! Which level has which price, and which comes next.

use crate::far_levels::FarLevels;
use crate::level::LevelId;
use crate::window::{TICKS, WORD, Window};

/// The levels of both sides by price. One index serves both, because a book never crosses: all bids lie below all asks.
///
/// Levels inside the window are in its flat table and nowhere else, all others are far. The window follows the touch
/// in small steps: whoever comes by a far price pays for one, so that no command waits for a move of the whole table.
#[derive(Clone, Debug)]
pub(crate) struct LevelIndex {
    window: Window,
    far: FarLevels,
}

/// The window stays where it is while its middle is no further than this from the touch.
const SLACK: u64 = TICKS / 8;
/// How many words with levels move in one step, at each edge.
const STEP: usize = 2;

impl LevelIndex {
    pub(crate) const fn new() -> Self {
        Self { window: Window::new(), far: FarLevels::new() }
    }

    pub(crate) const fn is_near(&self, price: u64) -> bool {
        self.window.contains(price)
    }

    /// The level at a price, or [`crate::NONE`].
    pub(crate) fn get(&self, price: u64) -> LevelId {
        if self.window.contains(price) { self.window.get(price) } else { self.far.get(price) }
    }

    pub(crate) fn insert(&mut self, price: u64, id: LevelId) {
        if self.window.contains(price) {
            self.window.insert(price, id);
        } else {
            self.far.insert(price, id);
        }
    }

    pub(crate) fn remove(&mut self, price: u64) {
        if self.window.contains(price) {
            self.window.remove(price);
        } else {
            self.far.remove(price);
        }
    }

    /// The nearest level below a price.
    pub(crate) fn below(&self, price: u64) -> Option<LevelId> {
        if price > self.window.hi() {
            match self.far.below(price) {
                Some((found, id)) if found >= self.window.hi() => return Some(id),
                _ => {}
            }
        }
        self.window.below(price).or_else(|| self.far.below(price).map(|(_, id)| id))
    }

    /// The nearest level above a price.
    pub(crate) fn above(&self, price: u64) -> Option<LevelId> {
        let from = price + 1;
        if from < self.window.lo() {
            match self.far.from(from) {
                Some((found, id)) if found < self.window.lo() => return Some(id),
                _ => {}
            }
        }
        self.window.from(from).or_else(|| self.far.from(from).map(|(_, id)| id))
    }

    /// Moves the window a step towards a price, if that is far from its middle.
    pub(crate) fn approach(&mut self, price: u64) {
        let (lo, hi) = (self.window.lo(), self.window.hi());
        if hi - lo == TICKS && price.abs_diff(lo + TICKS / 2) <= SLACK {
            return;
        }
        let lo = price.saturating_sub(TICKS / 2) / WORD * WORD;
        self.leave_below(lo);
        self.leave_above(lo + TICKS);
        if self.window.lo() == self.window.hi() {
            let middle = price / WORD * WORD;
            self.window.span(middle, middle);
        }
        if self.window.lo() >= lo && self.window.hi() <= lo + TICKS {
            self.enter_above(lo + TICKS);
            self.enter_below(lo);
        }
    }

    /// Raises the lower edge towards `lo`.
    fn leave_below(&mut self, lo: u64) {
        for _ in 0..STEP {
            let (edge, hi) = (self.window.lo(), self.window.hi());
            let target = lo.min(hi);
            if edge >= target {
                return;
            }
            let edge = match self.window.first_word(edge, target) {
                Some(word) => {
                    self.make_far(word);
                    (word + 1) * WORD
                }
                None => target,
            };
            self.window.span(edge, hi);
        }
    }

    /// Lowers the upper edge towards `hi`.
    fn leave_above(&mut self, hi: u64) {
        for _ in 0..STEP {
            let (lo, edge) = (self.window.lo(), self.window.hi());
            let target = hi.max(lo);
            if edge <= target {
                return;
            }
            let edge = match self.window.last_word(target, edge) {
                Some(word) => {
                    self.make_far(word);
                    word * WORD
                }
                None => target,
            };
            self.window.span(lo, edge);
        }
    }

    /// Raises the upper edge towards `hi`.
    fn enter_above(&mut self, hi: u64) {
        for _ in 0..STEP {
            let (lo, edge) = (self.window.lo(), self.window.hi());
            if edge >= hi {
                return;
            }
            let first = self.far.from(edge).map(|(price, _)| price / WORD * WORD).filter(|&price| price < hi);
            let edge = first.map_or(hi, |price| price + WORD);
            self.window.span(lo, edge);
            if first.is_some() {
                self.make_near(edge - WORD);
            }
        }
    }

    /// Lowers the lower edge towards `lo`.
    fn enter_below(&mut self, lo: u64) {
        for _ in 0..STEP {
            let (edge, hi) = (self.window.lo(), self.window.hi());
            if edge <= lo {
                return;
            }
            let last = self.far.below(edge).map(|(price, _)| price / WORD * WORD).filter(|&price| price >= lo);
            let edge = last.unwrap_or(lo);
            self.window.span(edge, hi);
            if last.is_some() {
                self.make_near(edge);
            }
        }
    }

    /// Moves the levels of a word out of the window.
    fn make_far(&mut self, word: u64) {
        for tick in self.window.ticks(word) {
            self.far.insert(tick, self.window.get(tick));
            self.window.remove(tick);
        }
    }

    /// Moves the levels of a word into the window, which has just been opened for it.
    fn make_near(&mut self, first: u64) {
        while let Some((price, id)) = self.far.from(first).filter(|&(price, _)| price < first + WORD) {
            self.far.remove(price);
            self.window.insert(price, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NONE;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Prices in clusters that lie within one window, a few windows and half the number range apart.
    fn price() -> impl Strategy<Value = u64> {
        let clusters = prop_oneof![Just(1_u64), Just(5_000), Just(60_000), Just(1 << 40), Just((1 << 63) - 20_000)];
        (clusters, 0_u64..19_999).prop_map(|(cluster, offset)| cluster + offset)
    }

    proptest! {
        #[test]
        fn the_index_is_an_ordered_map_wherever_the_window_stands(
            steps in proptest::collection::vec((price(), price(), any::<bool>()), 1..600),
        ) {
            let (mut index, mut map) = (LevelIndex::new(), BTreeMap::new());
            for (id, (price, touch, is_approach)) in (0..).zip(steps) {
                if is_approach {
                    index.approach(touch);
                }
                if map.remove(&price).is_some() {
                    index.remove(price);
                } else {
                    map.insert(price, id);
                    index.insert(price, id);
                }
                for probe in [price, touch, price + 1, 1] {
                    assert_eq!(index.get(probe), map.get(&probe).copied().unwrap_or(NONE));
                    assert_eq!(index.below(probe), map.range(..probe).next_back().map(|(_, &id)| id));
                    assert_eq!(index.above(probe), map.range(probe + 1..).next().map(|(_, &id)| id));
                }
            }
        }
    }

    #[test]
    fn the_window_arrives_at_the_touch_however_far_it_jumped() {
        let mut index = LevelIndex::new();
        for (id, price) in (0..).zip(1..=6_000) {
            index.approach(3_000);
            index.insert(price, id);
        }
        assert!(index.is_near(1) && index.is_near(6_000));
        let touch = 1 << 50;
        for _ in 0..TICKS / WORD {
            index.approach(touch);
        }
        assert!(index.is_near(touch) && index.is_near(touch - 6_000) && index.is_near(touch + 6_000));
        assert_eq!((index.get(1), index.get(6_000)), (0, 5_999));
        for _ in 0..TICKS / WORD {
            index.approach(3_000);
        }
        assert!(index.is_near(1) && index.is_near(6_000));
        assert_eq!((index.get(1), index.get(6_000)), (0, 5_999));
    }
}
