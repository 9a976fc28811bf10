//! The dry walk: what an order would get from the book, while nothing changes.
//!
//! It decides what depends on the book before the book is touched: fill-or-kill, and what the money of a market
//! order reaches for. It stops where [`Engine::match_taker`] stops, by the same rules in the same order.

use crate::Engine;
use crate::market::Market;
use crate::taker::{MAX_MATCHES, Quantity, Stop, takes};
use tickyard_types::{AccountId, SelfTrade, Side};

/// What is asked of the book.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Survey {
    pub side: Side,
    /// The worst price, in ticks.
    pub limit: i64,
    pub owner: AccountId,
    pub self_trade: SelfTrade,
    /// How much is wanted.
    pub wanted: Quantity,
    /// How much the money allows.
    pub means: Quantity,
}

/// What the book would give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Why the walk ended, unless it ran out of money.
    pub stop: Stop,
    /// Whether the money ended before the wish and the book.
    pub is_out_of_means: bool,
    /// Lots found.
    pub lots: i64,
    /// What is still wanted.
    pub left: Quantity,
}

impl Engine {
    /// Walks the book as a taker would, and changes nothing.
    pub(crate) fn survey(&self, market: &Market, survey: Survey) -> Found {
        let Survey { side, limit, owner, self_trade, wanted: mut left, mut means } = survey;
        let mut lots = 0;
        let end = |stop, is_out_of_means, lots, left| Found { stop, is_out_of_means, lots, left };
        for (met, maker) in (0..).zip(market.book.makers(&self.orders, side.opposite())) {
            if left.number() == 0 {
                break;
            }
            if !takes(side, limit, maker.price) {
                break;
            }
            let wanted = left.lots_at(maker.price);
            if wanted == 0 {
                return end(Stop::LessThanLot, false, lots, left);
            }
            if met == MAX_MATCHES {
                return end(Stop::TooManyMatches, false, lots, left);
            }
            if maker.owner == owner {
                if self_trade == SelfTrade::CancelMaker {
                    continue;
                }
                return end(Stop::OwnOrder, false, lots, left);
            }
            let size = wanted.min(maker.size);
            let affordable = means.lots_at(maker.price).min(size);
            lots += affordable;
            left = left.after(maker.price, affordable);
            means = means.after(maker.price, affordable);
            if affordable < size {
                return end(Stop::Exhausted, true, lots, left);
            }
        }
        end(if left.number() == 0 { Stop::Filled } else { Stop::Exhausted }, false, lots, left)
    }
}
