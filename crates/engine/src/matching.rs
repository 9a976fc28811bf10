//! Matching: a taker meets the other side of the book, best price first, oldest first.

use crate::engine::market_index;
use crate::taker::{MAX_MATCHES, Stop, Taker};
use crate::{Engine, EventBuffer};
use tickyard_types::{CancelSource, SelfTrade};

impl Engine {
    /// Trades until the taker has what it wants or may take no more.
    ///
    /// Orders of the taker's own owner are never traded with. They count as met, so that the work is bounded.
    pub(crate) fn match_taker(&mut self, taker: &mut Taker, events: &mut EventBuffer) -> Stop {
        let market = market_index(taker.instrument);
        let side = taker.side.opposite();
        let mut met = 0;
        while taker.left.number() != 0 {
            let book = &self.markets[market].book;
            let (Some(price), Some(slot)) = (book.best(side), book.front(side)) else { return Stop::Exhausted };
            if !taker.takes(price) {
                return Stop::Exhausted;
            }
            let wanted = taker.left.lots_at(price);
            if wanted == 0 {
                return Stop::LessThanLot;
            }
            if met == MAX_MATCHES {
                return Stop::TooManyMatches;
            }
            met += 1;
            let maker = &self.orders[slot];
            if maker.owner() != taker.owner {
                let size = wanted.min(maker.size());
                self.fill(taker, slot, price, size, events);
                continue;
            }
            if taker.self_trade != SelfTrade::CancelTaker {
                self.close(slot, CancelSource::SelfTrade, events);
            }
            if taker.self_trade != SelfTrade::CancelMaker {
                return Stop::OwnOrder;
            }
        }
        Stop::Filled
    }
}
