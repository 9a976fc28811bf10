//! Which level has which price, and which comes next.

use crate::level::LevelId;
use std::collections::BTreeMap;

/// The levels of both sides by price. One index serves both, because a book never crosses: all bids lie below all asks.
#[derive(Clone, Debug)]
pub(crate) struct LevelIndex {
    far: BTreeMap<u64, LevelId>,
}

impl LevelIndex {
    pub(crate) const fn new() -> Self {
        Self { far: BTreeMap::new() }
    }

    pub(crate) fn get(&self, price: u64) -> Option<LevelId> {
        self.far.get(&price).copied()
    }

    pub(crate) fn insert(&mut self, price: u64, id: LevelId) {
        self.far.insert(price, id);
    }

    pub(crate) fn remove(&mut self, price: u64) {
        self.far.remove(&price);
    }

    /// The nearest level below a price.
    pub(crate) fn below(&self, price: u64) -> Option<LevelId> {
        self.far.range(..price).next_back().map(|(_, &id)| id)
    }

    /// The nearest level above a price.
    pub(crate) fn above(&self, price: u64) -> Option<LevelId> {
        self.far.range(price + 1..).next().map(|(_, &id)| id)
    }
}
