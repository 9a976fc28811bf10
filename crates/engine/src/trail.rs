//! Trailing stops of one side of an instrument, which follow the best price since their activation.
//!
//! Those that have seen the same best price stand in one group, so that a new best moves a group and not its members:
//! groups that it overtakes are poured together, the smaller into the larger, and every member is poured O(log n)
//! times in its life. In a group the shortest distance fires first, so one look at each group's nearest decides.

use std::collections::{BTreeMap, BTreeSet};
use tickyard_types::Side;

/// How far a trailing stop is behind the best price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Distance {
    /// Parts per billion of the best price.
    Ratio(i64),
    /// Ticks.
    Spread(i64),
}

/// Parts of a whole in a ratio.
const PPB: i128 = 1_000_000_000;

impl Distance {
    /// The price that fires, in ticks: a sell falls back to it, a buy rises to it. Never nearer than the distance.
    pub(crate) const fn trigger(self, side: Side, extreme: i64) -> i64 {
        let best = extreme as i128;
        let trigger = match (self, side) {
            (Self::Ratio(ppb), Side::Sell) => best * (PPB - ppb as i128) / PPB,
            (Self::Ratio(ppb), Side::Buy) => (best * (PPB + ppb as i128) + PPB - 1) / PPB,
            (Self::Spread(ticks), Side::Sell) => best - ticks as i128,
            (Self::Spread(ticks), Side::Buy) => best + ticks as i128,
        };
        // Beyond every price: it never fires.
        if trigger > i64::MAX as i128 { i64::MAX } else { trigger as i64 }
    }
}

/// Trailing stops with one best price: (distance, serial).
#[derive(Clone, Debug, Default)]
struct Group {
    ratios: BTreeSet<(i64, u64)>,
    spreads: BTreeSet<(i64, u64)>,
}

impl Group {
    fn members(&mut self, distance: Distance, serial: u64) -> (&mut BTreeSet<(i64, u64)>, (i64, u64)) {
        match distance {
            Distance::Ratio(ppb) => (&mut self.ratios, (ppb, serial)),
            Distance::Spread(ticks) => (&mut self.spreads, (ticks, serial)),
        }
    }

    fn has(&self, distance: Distance, serial: u64) -> bool {
        match distance {
            Distance::Ratio(ppb) => self.ratios.contains(&(ppb, serial)),
            Distance::Spread(ticks) => self.spreads.contains(&(ticks, serial)),
        }
    }

    /// The first price that fires one of them; `None` when it is empty.
    fn nearest(&self, side: Side, extreme: i64) -> Option<i64> {
        let ratio = self.ratios.first().map(|(ppb, _)| Distance::Ratio(*ppb).trigger(side, extreme));
        let spread = self.spreads.first().map(|(ticks, _)| Distance::Spread(*ticks).trigger(side, extreme));
        match side {
            Side::Sell => ratio.max(spread),
            Side::Buy => ratio.into_iter().chain(spread).min(),
        }
    }
}

/// Pours the smaller into the larger.
fn pour(mut one: BTreeSet<(i64, u64)>, mut other: BTreeSet<(i64, u64)>) -> BTreeSet<(i64, u64)> {
    if one.len() < other.len() {
        std::mem::swap(&mut one, &mut other);
    }
    one.extend(other);
    one
}

/// All active trailing stops of one side.
#[derive(Clone, Debug)]
pub(crate) struct Trail {
    side: Side,
    /// By best price.
    groups: BTreeMap<i64, Group>,
    /// (price that fires, best price) of each group's nearest.
    nearest: BTreeSet<(i64, i64)>,
}

impl Trail {
    pub(crate) const fn new(side: Side) -> Self {
        Self { side, groups: BTreeMap::new(), nearest: BTreeSet::new() }
    }

    /// The first price, coming from the other trades, that is a new best for one of them: a sell follows upwards.
    pub(crate) fn first_followed(&self) -> Option<i64> {
        match self.side {
            Side::Sell => self.groups.first_key_value().map(|(extreme, _)| extreme.saturating_add(1)),
            Side::Buy => self.groups.last_key_value().map(|(extreme, _)| extreme.saturating_sub(1)),
        }
    }

    /// The first price that fires one of them.
    pub(crate) fn first_fired(&self) -> Option<i64> {
        let first = match self.side {
            Side::Sell => self.nearest.last(),
            Side::Buy => self.nearest.first(),
        };
        first.map(|(trigger, _)| *trigger)
    }

    /// Adds one that has seen this best price.
    pub(crate) fn add(&mut self, extreme: i64, distance: Distance, serial: u64) {
        let mut group = self.lift(extreme).unwrap_or_default();
        let (members, member) = group.members(distance, serial);
        members.insert(member);
        self.put(extreme, group);
    }

    /// The best price that one has seen; `None` when it is not here.
    pub(crate) fn extreme(&self, distance: Distance, serial: u64) -> Option<i64> {
        self.groups.iter().find(|(_, group)| group.has(distance, serial)).map(|(extreme, _)| *extreme)
    }

    /// Takes one away; returns the best price that it had seen.
    pub(crate) fn remove(&mut self, distance: Distance, serial: u64) -> Option<i64> {
        let extreme = self.extreme(distance, serial)?;
        let mut group = self.lift(extreme)?;
        let (members, member) = group.members(distance, serial);
        members.remove(&member);
        self.put(extreme, group);
        Some(extreme)
    }

    /// Follows a price where it is a new best, and takes away those that it fires: (serial, best price).
    pub(crate) fn hear(&mut self, price: i64, fired: &mut Vec<(u64, i64)>) {
        let mut best = Group::default();
        let mut has_followed = false;
        while let Some(extreme) = self.overtaken(price) {
            let Some(group) = self.lift(extreme) else { break };
            best = Group { ratios: pour(best.ratios, group.ratios), spreads: pour(best.spreads, group.spreads) };
            has_followed = true;
        }
        if has_followed {
            let there = self.lift(price).unwrap_or_default();
            let ratios = pour(best.ratios, there.ratios);
            self.put(price, Group { ratios, spreads: pour(best.spreads, there.spreads) });
        }
        while let Some((_, extreme)) = self.reached(price) {
            let Some(mut group) = self.lift(extreme) else { break };
            let is_reached = |distance: Distance| match (self.side, distance.trigger(self.side, extreme)) {
                (Side::Sell, trigger) => price <= trigger,
                (Side::Buy, trigger) => price >= trigger,
            };
            while group.ratios.first().is_some_and(|(ppb, _)| is_reached(Distance::Ratio(*ppb))) {
                fired.extend(group.ratios.pop_first().map(|(_, serial)| (serial, extreme)));
            }
            while group.spreads.first().is_some_and(|(ticks, _)| is_reached(Distance::Spread(*ticks))) {
                fired.extend(group.spreads.pop_first().map(|(_, serial)| (serial, extreme)));
            }
            self.put(extreme, group);
        }
    }

    /// A group for which a price is a new best.
    fn overtaken(&self, price: i64) -> Option<i64> {
        match self.side {
            Side::Sell => self.groups.keys().next().copied().filter(|extreme| *extreme < price),
            Side::Buy => self.groups.keys().next_back().copied().filter(|extreme| *extreme > price),
        }
    }

    /// A group whose nearest a price fires.
    fn reached(&self, price: i64) -> Option<(i64, i64)> {
        match self.side {
            Side::Sell => self.nearest.last().copied().filter(|(trigger, _)| price <= *trigger),
            Side::Buy => self.nearest.first().copied().filter(|(trigger, _)| price >= *trigger),
        }
    }

    fn lift(&mut self, extreme: i64) -> Option<Group> {
        let group = self.groups.remove(&extreme)?;
        if let Some(trigger) = group.nearest(self.side, extreme) {
            self.nearest.remove(&(trigger, extreme));
        }
        Some(group)
    }

    fn put(&mut self, extreme: i64, group: Group) {
        if let Some(trigger) = group.nearest(self.side, extreme) {
            self.nearest.insert((trigger, extreme));
            self.groups.insert(extreme, group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_never_shortened_by_rounding() {
        let ratio = Distance::Ratio(1_000_000); // 0.1 %
        assert_eq!(ratio.trigger(Side::Sell, 1_001), 999);
        assert_eq!(ratio.trigger(Side::Buy, 1_001), 1_003);
        assert_eq!(Distance::Spread(5).trigger(Side::Sell, 100), 95);
        assert_eq!(Distance::Spread(i64::MAX).trigger(Side::Buy, 100), i64::MAX);
    }

    #[test]
    fn a_new_best_gathers_those_that_it_overtakes_and_leaves_the_others() {
        let mut trail = Trail::new(Side::Sell);
        trail.add(120, Distance::Spread(30), 1);
        trail.add(100, Distance::Spread(20), 2);
        trail.add(105, Distance::Spread(5), 3);
        let mut fired = Vec::new();
        trail.hear(110, &mut fired);
        assert_eq!(fired, []);
        assert_eq!(trail.extreme(Distance::Spread(20), 2), Some(110));
        assert_eq!(trail.extreme(Distance::Spread(30), 1), Some(120));
        assert_eq!((trail.first_followed(), trail.first_fired()), (Some(111), Some(105)));
        trail.hear(90, &mut fired);
        assert_eq!(fired, [(3, 110), (2, 110), (1, 120)]);
        assert_eq!((trail.first_followed(), trail.first_fired()), (None, None));
    }

    #[test]
    fn a_buy_follows_downwards() {
        let mut trail = Trail::new(Side::Buy);
        trail.add(100, Distance::Spread(5), 1);
        let mut fired = Vec::new();
        trail.hear(90, &mut fired);
        trail.hear(94, &mut fired);
        assert_eq!(fired, []);
        trail.hear(95, &mut fired);
        assert_eq!(fired, [(1, 90)]);
    }
}
