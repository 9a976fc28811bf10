//! The levels far from the touch: an ordered map in memory of its own.

use crate::NONE;
use crate::level::LevelId;

/// How many levels a run holds.
const RUN: usize = 64;
/// Neighbours that together hold no more than this become one run.
const MERGED: usize = RUN / 2;

/// A stretch of the map, sorted by price.
#[derive(Clone, Debug)]
struct Run {
    len: usize,
    prices: [u64; RUN],
    ids: [LevelId; RUN],
}

impl Run {
    const EMPTY: Self = Self { len: 0, prices: [0; RUN], ids: [NONE; RUN] };

    fn prices(&self) -> &[u64] {
        &self.prices[..self.len]
    }

    fn insert(&mut self, at: usize, price: u64, id: LevelId) {
        self.prices.copy_within(at..self.len, at + 1);
        self.ids.copy_within(at..self.len, at + 1);
        self.prices[at] = price;
        self.ids[at] = id;
        self.len += 1;
    }

    fn remove(&mut self, at: usize) {
        self.prices.copy_within(at + 1..self.len, at);
        self.ids.copy_within(at + 1..self.len, at);
        self.len -= 1;
    }

    /// Moves the entries of `other` from `from` on to the end of this run.
    fn take(&mut self, other: &mut Self, from: usize) {
        let moved = other.len - from;
        self.prices[self.len..self.len + moved].copy_from_slice(&other.prices[from..other.len]);
        self.ids[self.len..self.len + moved].copy_from_slice(&other.ids[from..other.len]);
        self.len += moved;
        other.len = from;
    }
}

/// Levels by price, in sorted runs below a sorted directory.
///
/// A B-tree of two storeys. The one in the standard library would do, but it allocates and frees nodes while levels
/// come and go; this one keeps its runs, so that a book that is warm never allocates.
#[derive(Clone, Debug, Default)]
pub(crate) struct FarLevels {
    /// The lowest price of each run, and the run.
    directory: Vec<(u64, u32)>,
    runs: Vec<Run>,
    free: Vec<u32>,
}

impl FarLevels {
    pub(crate) const fn new() -> Self {
        Self { directory: Vec::new(), runs: Vec::new(), free: Vec::new() }
    }

    /// The level at a price, or [`NONE`].
    pub(crate) fn get(&self, price: u64) -> LevelId {
        match self.find(price) {
            Ok((at, place)) => self.run(at).ids[place],
            Err(_) => NONE,
        }
    }

    /// The highest level below a price.
    pub(crate) fn below(&self, price: u64) -> Option<(u64, LevelId)> {
        let (at, place) = self.find(price).unwrap_or_else(|vacant| vacant);
        let (at, place) = if place == 0 {
            let at = at.checked_sub(1)?;
            (at, self.run(at).len - 1)
        } else {
            (at, place - 1)
        };
        let run = self.run(at);
        Some((run.prices[place], run.ids[place]))
    }

    /// The lowest level at or above a price.
    pub(crate) fn from(&self, price: u64) -> Option<(u64, LevelId)> {
        let (mut at, mut place) = self.find(price).unwrap_or_else(|vacant| vacant);
        if self.directory.get(at).is_some_and(|_| place == self.run(at).len) {
            (at, place) = (at + 1, 0);
        }
        self.directory.get(at)?;
        let run = self.run(at);
        Some((run.prices[place], run.ids[place]))
    }

    /// Adds a level at a price that has none.
    pub(crate) fn insert(&mut self, price: u64, id: LevelId) {
        let Err((mut at, mut place)) = self.find(price) else {
            panic!("Invariant: a price has one level");
        };
        if self.directory.is_empty() {
            let run = self.take_run();
            self.directory.push((price, run));
        }
        if self.run(at).len == RUN {
            self.split(at);
            if place > RUN / 2 {
                (at, place) = (at + 1, place - RUN / 2);
            }
        }
        self.run_mut(at).insert(place, price, id);
        self.directory[at].0 = self.run(at).prices[0];
    }

    /// Takes out the level at a price that has one.
    pub(crate) fn remove(&mut self, price: u64) {
        let Ok((at, place)) = self.find(price) else {
            panic!("Invariant: only a level that exists is removed");
        };
        self.run_mut(at).remove(place);
        match self.run(at).prices().first() {
            None => self.drop_run(at),
            Some(&first) => {
                self.directory[at].0 = first;
                self.merge(at);
                if at > 0 {
                    self.merge(at - 1);
                }
            }
        }
    }

    /// Where a price is, or would be: place in the directory and in the run.
    fn find(&self, price: u64) -> Result<(usize, usize), (usize, usize)> {
        let at = self.directory.partition_point(|&(first, _)| first <= price).saturating_sub(1);
        if self.directory.is_empty() {
            return Err((0, 0));
        }
        match self.run(at).prices().binary_search(&price) {
            Ok(place) => Ok((at, place)),
            Err(place) => Err((at, place)),
        }
    }

    fn split(&mut self, at: usize) {
        let run = self.take_run();
        let mut upper = std::mem::replace(&mut self.runs[run as usize], Run::EMPTY);
        upper.take(self.run_mut(at), RUN / 2);
        self.directory.insert(at + 1, (upper.prices[0], run));
        self.runs[run as usize] = upper;
    }

    /// Joins a run with the next one when both are short, so that runs do not outnumber what they hold.
    fn merge(&mut self, at: usize) {
        if at + 1 >= self.directory.len() || self.run(at).len + self.run(at + 1).len > MERGED {
            return;
        }
        let mut next = self.run(at + 1).clone();
        self.run_mut(at).take(&mut next, 0);
        self.drop_run(at + 1);
    }

    fn take_run(&mut self) -> u32 {
        match self.free.pop() {
            Some(run) => {
                self.runs[run as usize].len = 0;
                run
            }
            None => {
                self.runs.push(Run::EMPTY);
                self.runs.len() as u32 - 1
            }
        }
    }

    fn drop_run(&mut self, at: usize) {
        let (_, run) = self.directory.remove(at);
        self.free.push(run);
    }

    fn run(&self, at: usize) -> &Run {
        &self.runs[self.directory[at].1 as usize]
    }

    fn run_mut(&mut self, at: usize) -> &mut Run {
        &mut self.runs[self.directory[at].1 as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn equal(far: &FarLevels, map: &BTreeMap<u64, LevelId>, price: u64) {
        assert_eq!(far.get(price), map.get(&price).copied().unwrap_or(NONE));
        assert_eq!(far.below(price), map.range(..price).next_back().map(|(&price, &id)| (price, id)));
        assert_eq!(far.from(price), map.range(price..).next().map(|(&price, &id)| (price, id)));
    }

    proptest! {
        #[test]
        fn far_levels_are_an_ordered_map(prices in proptest::collection::vec(0_u64..600, 1..2_000)) {
            let (mut far, mut map) = (FarLevels::new(), BTreeMap::new());
            equal(&far, &map, 300);
            for (id, price) in (0..).zip(prices) {
                if map.remove(&price).is_some() {
                    far.remove(price);
                } else {
                    map.insert(price, id);
                    far.insert(price, id);
                }
                for probe in [price.saturating_sub(1), price, price + 1, 0, 600] {
                    equal(&far, &map, probe);
                }
            }
        }
    }

    #[test]
    fn memory_is_used_again() {
        let mut far = FarLevels::new();
        for _ in 0..3 {
            for price in 1..=1_000 {
                far.insert(price, price as LevelId);
            }
            for price in 1..=1_000 {
                far.remove(price);
            }
            assert!(far.directory.is_empty());
        }
        assert!(far.runs.len() <= 1_000 / (RUN / 2));
    }
}
