//! One instrument's book.

use crate::level::{LevelId, LevelRecord, LevelSlab};
use crate::level_index::LevelIndex;
use crate::orders::{LOOSE, MARKS};
use crate::{HotOrder, Level, Levels, Maker, Makers, NONE, Orders, Slot};
use std::hint::select_unpredictable;
use tickyard_types::Side;

/// Resting orders of one instrument in price-time priority. Prices are ticks from 1, sizes are lots from 1.
///
/// The book never crosses: whoever calls [`Self::rest`] has matched the order before. Each price has one queue, an
/// intrusive list through the slots of [`Orders`], which every method receives because all books share it.
#[derive(Clone, Debug)]
pub struct Book {
    levels: LevelSlab,
    index: LevelIndex,
    /// The best level of each side.
    best: [LevelId; 2],
    /// The rank of its price, or 0 when the side is empty.
    best_rank: [u64; 2],
}

/// When the best prices are no further apart, the window shows both sides.
const MIDDLE_TICKS_MAX: u64 = 1 << 12;

const fn number(side: Side) -> usize {
    side as usize - Side::Buy as usize
}

/// A number that is higher for a better price: the price of a bid, the complement of the price of an ask. Both sides
/// then compare alike, which spares the processor a guess. 0 is worse than any price.
const fn rank(side: Side, price: u64) -> u64 {
    price ^ (number(side) as u64).wrapping_neg()
}

impl Default for Book {
    fn default() -> Self {
        Self::new()
    }
}

impl Book {
    /// An empty book, which owns no memory yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: LevelSlab::new(), index: LevelIndex::new(), best: [NONE, NONE], best_rank: [0, 0] }
    }

    /// The best price of a side.
    #[must_use]
    pub fn best(&self, side: Side) -> Option<i64> {
        self.best_price(side).map(|price| price as i64)
    }

    /// The oldest order at the best price of a side: the next to trade.
    #[must_use]
    pub fn front(&self, side: Side) -> Option<Slot> {
        let slot = self.head(self.best[number(side)]);
        (slot != NONE).then_some(slot)
    }

    /// Whether an order of this side and price would trade.
    #[must_use]
    pub const fn crosses(&self, side: Side, price: i64) -> bool {
        rank(side.opposite(), price as u64) <= self.best_rank[number(side.opposite())]
    }

    /// Appends a live order at the tail of its level. The sizes at one price must add up to an `i64`.
    #[inline]
    pub fn rest(&mut self, orders: &mut Orders, slot: Slot, side: Side, price: i64) {
        assert!(price >= 1 && !self.crosses(side, price), "Invariant: an order rests at a price that does not trade");
        let price = price as u64;
        if !self.index.is_near(price) {
            self.index.approach(self.touch(side).unwrap_or(price));
        }
        let order = orders.at_mut(slot);
        assert!(order.place == LOOSE, "Invariant: an order rests once");
        let id = self.index.get(price);
        if id == NONE {
            let id = self.open_level(side, price, slot, order.size);
            order.place = id << 1 | number(side) as u32;
            return;
        }
        let level = self.levels.at_mut(id);
        let last = level.tail;
        order.place = id << 1 | number(side) as u32;
        order.prev = last;
        level.size += order.size;
        level.orders += 1;
        level.tail = slot;
        orders.at_mut(last).next = slot;
    }

    /// Takes an order out of its queue. It stays live until [`Orders::free`].
    #[inline]
    pub fn remove(&mut self, orders: &mut Orders, slot: Slot) {
        let order = orders.at_mut(slot);
        let (place, size, prev, next) = (order.place, order.size, order.prev, order.next);
        assert!(place < MARKS, "Invariant: only an order in a queue is removed");
        order.place = LOOSE;
        order.prev = NONE;
        order.next = NONE;
        // Without a neighbour the write goes to the slab's spare record, and only the level's end moves.
        orders.at_mut(prev).next = next;
        orders.at_mut(next).prev = prev;
        let id = place >> 1;
        let level = self.levels.at_mut(id);
        level.size -= size;
        level.orders -= 1;
        level.head = select_unpredictable(prev == NONE, next, level.head);
        level.tail = select_unpredictable(next == NONE, prev, level.tail);
        if level.orders == 0 {
            self.close_level(if place & 1 == 0 { Side::Buy } else { Side::Sell }, id);
        }
    }

    /// Makes an order smaller without moving it, because it was filled or amended. Something must be left.
    #[inline]
    pub fn reduce(&mut self, orders: &mut Orders, slot: Slot, by: i64) {
        let order = orders.at_mut(slot);
        assert!(order.place < MARKS && by > 0 && by < order.size, "Invariant: a reduced order keeps some of its size");
        order.size -= by;
        self.levels.at_mut(order.place >> 1).size -= by;
    }

    /// The price at which an order rests.
    #[must_use]
    pub fn price(&self, orders: &Orders, slot: Slot) -> i64 {
        let place = orders.at(slot).place;
        assert!(place < MARKS, "Invariant: only an order in a queue has a price");
        self.record(place >> 1).price as i64
    }

    /// What rests at a price.
    #[must_use]
    pub fn level(&self, side: Side, price: i64) -> Option<Level> {
        let price = u64::try_from(price).ok()?;
        let is_of_side = rank(side, price) <= self.best_rank[number(side)];
        let id = if is_of_side { self.index.get(price) } else { NONE };
        (id != NONE).then(|| Level { size: self.record(id).size, orders: self.record(id).orders })
    }

    /// The levels of a side, best first.
    #[must_use]
    pub fn levels(&self, side: Side) -> Levels<'_> {
        Levels { book: self, side, level: self.best[number(side)] }
    }

    /// The orders of a side as a taker meets them: best level first, oldest first.
    #[must_use]
    pub fn makers<'a>(&'a self, orders: &'a Orders, side: Side) -> Makers<'a> {
        let level = self.best[number(side)];
        Makers { book: self, orders, side, level, slot: self.head(level) }
    }

    /// The slots of a side in priority order; resting them again in this order gives an equal book.
    pub fn queue<'a>(&'a self, orders: &'a Orders, side: Side) -> impl Iterator<Item = Slot> + 'a {
        self.makers(orders, side).map(|Maker { slot, .. }| slot)
    }

    /// Where the youngest order at a price lies: for fetching it ahead.
    #[must_use]
    pub fn tail_line<'a>(&self, orders: &'a Orders, price: i64) -> Option<&'a HotOrder> {
        let level = self.index.get(u64::try_from(price).ok()?);
        if level == NONE { None } else { orders.line(self.record(level).tail) }
    }

    pub(crate) fn record(&self, level: LevelId) -> &LevelRecord {
        self.levels.at(level)
    }

    /// The oldest order of a level, if there is a level.
    pub(crate) fn head(&self, level: LevelId) -> Slot {
        if level == NONE { NONE } else { self.record(level).head }
    }

    /// The next level behind a price of this side.
    pub(crate) fn behind(&self, side: Side, price: u64) -> LevelId {
        match side {
            Side::Buy => self.index.below(price),
            Side::Sell => self.index.above(price),
        }
        .unwrap_or(NONE)
    }

    fn best_price(&self, side: Side) -> Option<u64> {
        match self.best_rank[number(side)] {
            0 => None,
            best => Some(rank(side, best)),
        }
    }

    /// Where the window should stand: between the best prices, or at that of this side when they are far apart.
    fn touch(&self, side: Side) -> Option<u64> {
        match (self.best_price(Side::Buy), self.best_price(Side::Sell)) {
            (Some(bid), Some(ask)) if ask - bid <= MIDDLE_TICKS_MAX => Some(bid + (ask - bid) / 2),
            (Some(_), Some(_)) => self.best_price(side),
            (bid, ask) => bid.or(ask),
        }
    }

    /// Makes a level with its first order.
    #[inline(never)]
    fn open_level(&mut self, side: Side, price: u64, slot: Slot, size: i64) -> LevelId {
        let id = self.levels.insert(price, slot, size);
        self.index.insert(price, id);
        if rank(side, price) > self.best_rank[number(side)] {
            self.best[number(side)] = id;
            self.best_rank[number(side)] = rank(side, price);
        }
        id
    }

    #[inline(never)]
    fn close_level(&mut self, side: Side, id: LevelId) {
        let price = self.record(id).price;
        self.index.remove(price);
        self.levels.free(id);
        if self.best[number(side)] == id {
            let next = self.behind(side, price);
            self.best[number(side)] = next;
            self.best_rank[number(side)] = if next == NONE { 0 } else { rank(side, self.record(next).price) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickyard_types::AccountId;

    /// A book with orders of 1 to n lots, in this order.
    fn book(resting: &[(Side, i64)]) -> (Orders, Book) {
        let (mut orders, mut book) = (Orders::new(), Book::new());
        for (serial, &(side, price)) in (1..).zip(resting) {
            let id = orders.insert(serial, AccountId(16), serial as i64).unwrap();
            book.rest(&mut orders, id.slot(), side, price);
        }
        (orders, book)
    }

    /// One side as text: `price: size size ...`, best first.
    fn drawn(orders: &Orders, book: &Book, side: Side) -> String {
        let mut text = String::new();
        let mut last = 0;
        for maker in book.makers(orders, side) {
            let separator = if last == 0 { "" } else { ", " };
            if maker.price != last {
                text += &format!("{separator}{}:", maker.price);
            }
            last = maker.price;
            text += &format!(" {}", maker.size);
        }
        text
    }

    #[test]
    fn orders_stand_by_price_then_by_time() {
        let (orders, book) = book(&[
            (Side::Buy, 99),
            (Side::Buy, 100),
            (Side::Buy, 99),
            (Side::Sell, 103),
            (Side::Sell, 102),
            (Side::Sell, 103),
        ]);
        assert_eq!(drawn(&orders, &book, Side::Sell), "102: 5, 103: 4 6");
        assert_eq!(drawn(&orders, &book, Side::Buy), "100: 2, 99: 1 3");
        assert_eq!((book.best(Side::Buy), book.best(Side::Sell)), (Some(100), Some(102)));
        assert_eq!(book.level(Side::Buy, 99), Some(Level { size: 4, orders: 2 }));
        assert_eq!(book.level(Side::Sell, 99), None);
        assert_eq!(book.levels(Side::Sell).map(|(price, _)| price).collect::<Vec<_>>(), [102, 103]);
    }

    #[test]
    fn a_reduced_order_keeps_its_place() {
        let (mut orders, mut book) = book(&[(Side::Buy, 99), (Side::Buy, 99), (Side::Buy, 99)]);
        book.reduce(&mut orders, 1, 1);
        assert_eq!(drawn(&orders, &book, Side::Buy), "99: 1 1 3");
        assert_eq!(book.level(Side::Buy, 99), Some(Level { size: 5, orders: 3 }));
    }

    #[test]
    fn an_order_leaves_from_anywhere_in_its_queue() {
        for (slot, left) in [(0, "99: 2 3"), (1, "99: 1 3"), (2, "99: 1 2")] {
            let (mut orders, mut book) = book(&[(Side::Buy, 99), (Side::Buy, 99), (Side::Buy, 99)]);
            book.remove(&mut orders, slot);
            assert_eq!(drawn(&orders, &book, Side::Buy), left);
            assert_eq!(orders[slot].side(), None);
        }
    }

    #[test]
    fn the_next_level_is_best_when_the_best_is_gone() {
        let (mut orders, mut book) = book(&[(Side::Sell, i64::MAX), (Side::Sell, 7), (Side::Buy, 1)]);
        book.remove(&mut orders, 1);
        assert_eq!(book.best(Side::Sell), Some(i64::MAX));
        assert_eq!(book.price(&orders, 0), i64::MAX);
        book.remove(&mut orders, 0);
        assert_eq!(book.best(Side::Sell), None);
        assert_eq!(book.front(Side::Sell), None);
        book.remove(&mut orders, 2);
        assert_eq!(book.best(Side::Buy), None);
    }

    #[test]
    fn a_taker_meets_makers_up_to_its_price() {
        let (_, book) = book(&[(Side::Sell, 102), (Side::Buy, 100)]);
        assert!(!book.crosses(Side::Buy, 101) && book.crosses(Side::Buy, 102) && book.crosses(Side::Buy, 103));
        assert!(!book.crosses(Side::Sell, 101) && book.crosses(Side::Sell, 100) && book.crosses(Side::Sell, 99));
        let empty = Book::new();
        assert!(!empty.crosses(Side::Buy, i64::MAX) && !empty.crosses(Side::Sell, 1));
    }

    #[test]
    fn resting_a_snapshot_in_priority_order_gives_an_equal_book() {
        let (mut orders, mut book) = book(&[
            (Side::Buy, 99),
            (Side::Buy, 1),
            (Side::Sell, i64::MAX),
            (Side::Buy, 99),
            (Side::Sell, 100),
            (Side::Buy, 99),
        ]);
        book.remove(&mut orders, 0);
        orders.free(0);
        let free: Vec<Slot> = orders.free_slots().collect();
        let (mut orders2, mut book2) = (Orders::restore(orders.slots(), &free).unwrap(), Book::new());
        for side in [Side::Buy, Side::Sell] {
            for Maker { slot, price, size, owner } in book.makers(&orders, side) {
                orders2.restore_order(slot, orders[slot].id(), owner, size).unwrap();
                book2.rest(&mut orders2, slot, side, price);
            }
        }
        assert!(orders2.is_whole());
        for side in [Side::Buy, Side::Sell] {
            let queue: Vec<Slot> = book.queue(&orders, side).collect();
            assert_eq!(queue, book2.queue(&orders2, side).collect::<Vec<_>>());
            assert_eq!(drawn(&orders, &book, side), drawn(&orders2, &book2, side));
        }
        assert_eq!(orders.next_slot(), orders2.next_slot());
    }

    #[test]
    #[should_panic(expected = "Invariant")]
    fn a_book_never_crosses() {
        book(&[(Side::Sell, 100), (Side::Buy, 100)]);
    }
}
