//! The same book written for the eye: an ordered map of queues, and a hash map. It judges the fast one.

use crate::{Level, LimitOrder, Matching, Rejection, Report};
use hashbrown::HashMap;
use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use tickyard_types::{OrderId, Side};

/// An order in its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Resting {
    id: OrderId,
    size: i64,
}

type Ladder = BTreeMap<i64, VecDeque<Resting>>;

/// One instrument, obvious at first sight.
#[derive(Clone, Debug, Default)]
pub struct NaiveMatcher {
    bids: Ladder,
    asks: Ladder,
    /// Where each live order rests. Never iterated.
    places: HashMap<OrderId, (Side, i64), BuildHasherDefault<IdHasher>>,
}

impl NaiveMatcher {
    /// An empty matcher.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The best price of a side.
    #[must_use]
    pub fn best(&self, side: Side) -> Option<i64> {
        match side {
            Side::Buy => self.bids.last_key_value(),
            Side::Sell => self.asks.first_key_value(),
        }
        .map(|(&price, _)| price)
    }

    /// What rests at a price.
    #[must_use]
    pub fn level(&self, side: Side, price: i64) -> Option<Level> {
        self.ladder(side).get(&price).map(level)
    }

    /// The levels of a side, best first.
    #[must_use]
    pub fn levels(&self, side: Side) -> Vec<(i64, Level)> {
        let mut levels: Vec<_> = self.ladder(side).iter().map(|(&price, queue)| (price, level(queue))).collect();
        if side == Side::Buy {
            levels.reverse();
        }
        levels
    }

    /// The orders of a side, as price, id and size, in the order in which a taker meets them.
    #[must_use]
    pub fn queue(&self, side: Side) -> Vec<(i64, OrderId, i64)> {
        let mut queues: Vec<_> = self.ladder(side).iter().collect();
        if side == Side::Buy {
            queues.reverse();
        }
        let orders = |(&price, queue): (&i64, &VecDeque<Resting>)| {
            queue.iter().map(|order| (price, order.id, order.size)).collect::<Vec<_>>()
        };
        queues.into_iter().flat_map(orders).collect()
    }

    fn ladder(&self, side: Side) -> &Ladder {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }

    fn ladder_mut(&mut self, side: Side) -> &mut Ladder {
        match side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        }
    }

    fn rest(&mut self, id: OrderId, side: Side, price: i64, size: i64) {
        self.places.insert(id, (side, price));
        self.ladder_mut(side).entry(price).or_default().push_back(Resting { id, size });
    }

    fn remove(&mut self, id: OrderId) -> Option<Resting> {
        let (side, price) = self.places.remove(&id)?;
        let queue = self.ladder_mut(side).get_mut(&price)?;
        let at = queue.iter().position(|order| order.id == id)?;
        let order = queue.remove(at);
        if queue.is_empty() {
            self.ladder_mut(side).remove(&price);
        }
        order
    }

    /// Trades with the other side up to a price, and returns what is left.
    fn take(&mut self, taker: OrderId, side: Side, limit: i64, size: i64, report: &mut impl FnMut(Report)) -> i64 {
        let mut left = size;
        while left > 0 {
            let best = match side {
                Side::Buy => self.asks.first_entry().filter(|level| *level.key() <= limit),
                Side::Sell => self.bids.last_entry().filter(|level| *level.key() >= limit),
            };
            let Some(mut level) = best else { break };
            let price = *level.key();
            let Some(maker) = level.get_mut().front_mut() else { break };
            let size = left.min(maker.size);
            left -= size;
            maker.size -= size;
            report(Report::traded(taker, maker.id, price, size));
            if maker.size == 0 {
                self.places.remove(&maker.id);
                level.get_mut().pop_front();
                if level.get().is_empty() {
                    level.remove();
                }
            }
        }
        left
    }
}

impl Matching for NaiveMatcher {
    fn place(&mut self, order: LimitOrder, report: &mut impl FnMut(Report)) {
        let LimitOrder { id, side, is_immediate, price, size } = order;
        if price < 1 || size < 1 {
            return report(Report::rejected(id, Rejection::NotPositive));
        }
        if id.0 == 0 || self.places.contains_key(&id) {
            return report(Report::rejected(id, Rejection::IdInUse));
        }
        report(Report::accepted(&order));
        let left = self.take(id, side, price, size, report);
        if left > 0 && is_immediate {
            report(Report::canceled(id, left));
        } else if left > 0 {
            self.rest(id, side, price, left);
        }
    }

    fn cancel(&mut self, id: OrderId, report: &mut impl FnMut(Report)) {
        match self.remove(id) {
            Some(order) => report(Report::canceled(id, order.size)),
            None => report(Report::rejected(id, Rejection::UnknownId)),
        }
    }

    fn amend(&mut self, id: OrderId, price: i64, size: i64, report: &mut impl FnMut(Report)) {
        if price < 1 || size < 1 {
            return report(Report::rejected(id, Rejection::NotPositive));
        }
        let Some(&(side, resting_price)) = self.places.get(&id) else {
            return report(Report::rejected(id, Rejection::UnknownId));
        };
        report(Report::amended(id, price, size));
        if price == resting_price {
            let queue = self.ladder_mut(side).entry(price).or_default();
            if let Some(order) = queue.iter_mut().find(|order| order.id == id && size <= order.size) {
                order.size = size;
                return;
            }
        }
        self.remove(id);
        let left = self.take(id, side, price, size, report);
        if left > 0 {
            self.rest(id, side, price, left);
        }
    }
}

fn level(queue: &VecDeque<Resting>) -> Level {
    Level { size: queue.iter().map(|order| order.size).sum(), orders: queue.len() as u32 }
}

/// A quick fixed hash, so that the naive book is not slow for a reason that has nothing to do with books.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
