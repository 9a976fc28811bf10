//! What the trigger orders of an instrument wait for.
//!
//! Between two prices nothing happens, so a trade is compared with those two and costs no more. Outside of them, each
//! price that is reached is found in O(log n).

use crate::trail::{Distance, Trail};
use std::collections::BTreeSet;
use tickyard_types::Side;

/// What of a trigger order is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Part {
    /// Its take-profit, or the price of a plain trigger.
    First = 0,
    /// Its stop-loss.
    Second = 1,
    /// The price from which a trailing one follows.
    Activation = 2,
    /// The price behind the best one.
    Trailing = 3,
}

/// From where a price is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// A trade at it or above.
    Below,
    /// A trade at it or below.
    Above,
}

/// A price that is waited for.
type Wait = (i64, u64, Part);

/// Everything that is waited for in one instrument.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    rises: BTreeSet<Wait>,
    falls: BTreeSet<Wait>,
    sells: Trail,
    buys: Trail,
    /// Nothing happens at prices between these two.
    quiet: (i64, i64),
}

/// What was reached by one price: (serial, part, best price of a trailing one).
pub(crate) type Reached = Vec<(u64, Part, i64)>;

const ALL_QUIET: (i64, i64) = (i64::MIN, i64::MAX);

impl Default for Watch {
    fn default() -> Self {
        let (sells, buys) = (Trail::new(Side::Sell), Trail::new(Side::Buy));
        Self { rises: BTreeSet::new(), falls: BTreeSet::new(), sells, buys, quiet: ALL_QUIET }
    }
}

impl Watch {
    /// Whether anything happens at a price.
    #[inline(always)]
    pub(crate) const fn concerns(&self, price: i64) -> bool {
        price <= self.quiet.0 || price >= self.quiet.1
    }

    /// Waits for a price.
    pub(crate) fn wait(&mut self, price: i64, from: From, serial: u64, part: Part) {
        self.side(from).insert((price, serial, part));
        self.listen();
    }

    /// Waits no more; false when it did not.
    pub(crate) fn forget(&mut self, price: i64, from: From, serial: u64, part: Part) -> bool {
        let was_there = self.side(from).remove(&(price, serial, part));
        self.listen();
        was_there
    }

    /// Whether a price is waited for.
    pub(crate) fn waits(&self, price: i64, from: From, serial: u64, part: Part) -> bool {
        let side = if from == From::Below { &self.rises } else { &self.falls };
        side.contains(&(price, serial, part))
    }

    /// Lets a trailing stop follow.
    pub(crate) fn follow(&mut self, side: Side, extreme: i64, distance: Distance, serial: u64) {
        self.trail_mut(side).add(extreme, distance, serial);
        self.listen();
    }

    /// A trailing stop follows no more; false when it did not.
    pub(crate) fn leave(&mut self, side: Side, distance: Distance, serial: u64) -> bool {
        let was_there = self.trail_mut(side).remove(distance, serial).is_some();
        self.listen();
        was_there
    }

    /// The best price that a trailing stop has seen, while it follows.
    pub(crate) fn extreme(&self, side: Side, distance: Distance, serial: u64) -> Option<i64> {
        let trail = if side == Side::Sell { &self.sells } else { &self.buys };
        trail.extreme(distance, serial)
    }

    /// Takes away what a price reaches, and tells it, oldest trigger order first.
    pub(crate) fn hear(&mut self, price: i64) -> Reached {
        let mut trailing = Vec::new();
        self.sells.hear(price, &mut trailing);
        self.buys.hear(price, &mut trailing);
        let mut reached: Reached =
            trailing.into_iter().map(|(serial, extreme)| (serial, Part::Trailing, extreme)).collect();
        if self.rises.first().is_some_and(|wait| wait.0 <= price) {
            let later = self.rises.split_off(&(price.saturating_add(1), 0, Part::First));
            let now = std::mem::replace(&mut self.rises, later);
            reached.extend(now.into_iter().map(|(_, serial, part)| (serial, part, 0)));
        }
        if self.falls.last().is_some_and(|wait| wait.0 >= price) {
            let now = self.falls.split_off(&(price, 0, Part::First));
            reached.extend(now.into_iter().map(|(_, serial, part)| (serial, part, 0)));
        }
        reached.sort_unstable();
        self.listen();
        reached
    }

    fn side(&mut self, from: From) -> &mut BTreeSet<Wait> {
        if from == From::Below { &mut self.rises } else { &mut self.falls }
    }

    const fn trail_mut(&mut self, side: Side) -> &mut Trail {
        match side {
            Side::Sell => &mut self.sells,
            Side::Buy => &mut self.buys,
        }
    }

    /// Works out between which prices nothing happens.
    fn listen(&mut self) {
        let highest = [self.falls.last().map(|wait| wait.0), self.buys.first_followed(), self.sells.first_fired()];
        let lowest = [self.rises.first().map(|wait| wait.0), self.sells.first_followed(), self.buys.first_fired()];
        self.quiet = (
            highest.into_iter().flatten().max().unwrap_or(ALL_QUIET.0),
            lowest.into_iter().flatten().min().unwrap_or(ALL_QUIET.1),
        );
    }
}
