//! The fast book under external ids.

use crate::{Book, IdKey, IdMap, LimitOrder, Matching, Orders, Rejection, Report, Slot};
use tickyard_types::{AccountId, OrderId, Side};

/// One instrument: a book, its orders, and the way from ids to orders.
#[derive(Clone, Debug)]
pub struct Matcher {
    orders: Orders,
    book: Book,
    ids: IdMap,
}

impl Matcher {
    /// An empty matcher. For the seed see [`IdMap::new`].
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { orders: Orders::new(), book: Book::new(), ids: IdMap::new(seed) }
    }

    /// The book, to be looked at.
    #[must_use]
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// The orders, to be looked at.
    #[must_use]
    pub const fn orders(&self) -> &Orders {
        &self.orders
    }

    #[inline]
    fn find(&self, key: IdKey) -> Option<Slot> {
        self.ids.get(key, |slot| self.orders.at(slot).id)
    }

    #[inline]
    fn forget(&mut self, key: IdKey) -> Option<Slot> {
        self.ids.remove(key, |slot| self.orders.at(slot).id)
    }

    fn remember(&mut self, key: IdKey, slot: Slot) {
        self.ids.insert(key, slot, |slot| self.orders.at(slot).id);
    }

    /// Trades with the other side up to a price, and returns what is left.
    #[inline(never)]
    fn take(&mut self, taker: OrderId, side: Side, price: i64, size: i64, report: &mut impl FnMut(Report)) -> i64 {
        let mut left = size;
        while left > 0 && self.book.crosses(side, price) {
            let Some((price, slot)) = self.book.best(side.opposite()).zip(self.book.front(side.opposite())) else {
                break;
            };
            let (maker, resting) = (self.orders.at(slot).id, self.orders.at(slot).size);
            let size = left.min(resting);
            left -= size;
            report(Report::traded(taker, maker, price, size));
            if size < resting {
                self.book.reduce(&mut self.orders, slot, size);
            } else {
                self.forget(self.ids.key(maker));
                self.book.remove(&mut self.orders, slot);
                self.orders.free(slot);
            }
        }
        left
    }
}

impl Matching for Matcher {
    fn place(&mut self, order: LimitOrder, report: &mut impl FnMut(Report)) {
        let LimitOrder { id, side, is_immediate, price, size } = order;
        let key = self.ids.key(id);
        let reason = if price < 1 || size < 1 {
            Some(Rejection::NotPositive)
        } else if id.0 == 0 || self.find(key).is_some() {
            Some(Rejection::IdInUse)
        } else if self.orders.next_slot().is_none() {
            Some(Rejection::Full)
        } else {
            None
        };
        if let Some(reason) = reason {
            return report(Report::rejected(id, reason));
        }
        report(Report::accepted(&order));
        let mut left = size;
        if self.book.crosses(side, price) {
            left = self.take(id, side, price, size, report);
            if left == 0 {
                return;
            }
        }
        if is_immediate {
            return report(Report::canceled(id, left));
        }
        if let Some(slot) = self.orders.insert_named(id, AccountId(0), left) {
            self.remember(key, slot);
            self.book.rest(&mut self.orders, slot, side, price);
        }
    }

    fn cancel(&mut self, id: OrderId, report: &mut impl FnMut(Report)) {
        let Some(slot) = self.forget(self.ids.key(id)) else {
            return report(Report::rejected(id, Rejection::UnknownId));
        };
        let size = self.orders.at(slot).size;
        self.book.remove(&mut self.orders, slot);
        self.orders.free(slot);
        report(Report::canceled(id, size));
    }

    fn amend(&mut self, id: OrderId, price: i64, size: i64, report: &mut impl FnMut(Report)) {
        if price < 1 || size < 1 {
            return report(Report::rejected(id, Rejection::NotPositive));
        }
        let key = self.ids.key(id);
        let Some((slot, side)) = self.find(key).and_then(|slot| Some((slot, self.orders.at(slot).side()?))) else {
            return report(Report::rejected(id, Rejection::UnknownId));
        };
        report(Report::amended(id, price, size));
        let resting = self.orders.at(slot).size;
        if price == self.book.price(&self.orders, slot) && size <= resting {
            if size < resting {
                self.book.reduce(&mut self.orders, slot, resting - size);
            }
            return;
        }
        self.book.remove(&mut self.orders, slot);
        let left = self.take(id, side, price, size, report);
        if left > 0 {
            self.orders.resize(slot, left);
            self.book.rest(&mut self.orders, slot, side, price);
        } else {
            self.forget(key);
            self.orders.free(slot);
        }
    }
}
