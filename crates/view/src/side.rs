//! The levels of one side of a book.

use crate::level::Level;
use std::collections::BTreeMap;
use tickyard_types::Side;

/// Price levels, best first.
///
/// A tree, because books differ: most have hundreds of levels and change near the touch, but in one of 100,000 levels
/// a sorted array would move megabytes for a level far from it.
#[derive(Clone, Debug)]
pub struct SideLevels {
    side: Side,
    levels: BTreeMap<i64, (i64, u32)>,
}

impl SideLevels {
    /// A side where nothing rests.
    #[must_use]
    pub const fn new(side: Side) -> Self {
        Self { side, levels: BTreeMap::new() }
    }

    /// How many levels there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// Whether nothing rests here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// Takes over what rests at a price; a size of 0 removes the level.
    pub fn set(&mut self, level: Level) {
        let rank = rank(self.side, level.price);
        if level.size == 0 {
            self.levels.remove(&rank);
        } else {
            self.levels.insert(rank, (level.size, level.orders));
        }
    }

    /// The level nearest to the other side.
    #[must_use]
    pub fn best(&self) -> Option<Level> {
        self.iter().next()
    }

    /// All levels, best first.
    pub fn iter(&self) -> impl Iterator<Item = Level> + '_ {
        let side = self.side;
        self.levels.iter().map(move |(&rank, &(size, orders))| Level { price: self::rank(side, rank), size, orders })
    }
}

/// Grows with the distance from the best price on both sides. Its own inverse, and never overflows.
pub const fn rank(side: Side, price: i64) -> i64 {
    match side {
        Side::Buy => !price,
        Side::Sell => price,
    }
}
