//! Walks over a book, best level first, that change nothing.

use crate::level::LevelId;
use crate::{Book, Level, NONE, Orders, Slot};
use tickyard_types::{AccountId, Side};

/// The levels of one side, best first.
#[derive(Clone, Debug)]
pub struct Levels<'a> {
    pub(crate) book: &'a Book,
    pub(crate) side: Side,
    pub(crate) level: LevelId,
}

impl Iterator for Levels<'_> {
    type Item = (i64, Level);

    fn next(&mut self) -> Option<Self::Item> {
        if self.level == NONE {
            return None;
        }
        let record = self.book.record(self.level);
        self.level = self.book.behind(self.side, record.price);
        Some((record.price as i64, Level { size: record.size, orders: record.orders }))
    }
}

/// A resting order, seen by a taker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maker {
    /// Ticks.
    pub price: i64,
    /// Where the order lives.
    pub slot: Slot,
    /// What is left of it, in lots.
    pub size: i64,
    /// Its master account.
    pub owner: AccountId,
}

/// The orders of one side in the order in which a taker meets them.
#[derive(Clone, Debug)]
pub struct Makers<'a> {
    pub(crate) book: &'a Book,
    pub(crate) orders: &'a Orders,
    pub(crate) side: Side,
    pub(crate) level: LevelId,
    pub(crate) slot: Slot,
}

impl Iterator for Makers<'_> {
    type Item = Maker;

    fn next(&mut self) -> Option<Maker> {
        if self.level == NONE {
            return None;
        }
        let price = self.book.record(self.level).price;
        let slot = self.slot;
        let order = self.orders.at(slot);
        self.slot = order.next;
        if self.slot == NONE {
            self.level = self.book.behind(self.side, price);
            self.slot = self.book.head(self.level);
        }
        Some(Maker { price: price as i64, slot, size: order.size, owner: order.owner })
    }
}
