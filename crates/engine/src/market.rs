//! An instrument with its book.

use crate::index_price::IndexPrice;
use crate::trigger::PriceEvent;
use crate::watch::Watch;
use tickyard_book::Book;
use tickyard_types::{AmendOrder, DefineInstrument, InstrumentState, OrderType, PlaceOrder, Refusal, Side};

/// One instrument: what was listed, what it allows now, and the orders that rest in it.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    /// As listed.
    pub listing: DefineInstrument,
    /// What it allows now.
    pub state: InstrumentState,
    /// Quote units per notional unit (one tick times one lot): exact, by the listing rules.
    pub unit: i128,
    /// What it is worth outside.
    pub index: IndexPrice,
    /// Its newest trade.
    pub last: PriceEvent,
    /// What trigger orders wait for.
    pub watch: Watch,
    /// Lots that rest on each side; kept within an i64, so that no level overflows.
    resting: [i64; 2],
    /// The orders in priority.
    pub book: Book,
}

impl Market {
    pub(crate) fn new(listing: DefineInstrument, unit: i128) -> Self {
        let index = IndexPrice { price: 0, highest_buy: 0, lowest_sell: 0 };
        let (last, watch) = (PriceEvent::default(), Watch::default());
        Self { listing, state: listing.state, unit, index, last, watch, resting: [0; 2], book: Book::new() }
    }

    /// Lots that rest on a side.
    pub(crate) const fn resting(&mut self, side: Side) -> &mut i64 {
        &mut self.resting[side as usize - 1]
    }

    /// The same, to be read.
    pub(crate) const fn resting_on(&self, side: Side) -> i64 {
        self.resting[side as usize - 1]
    }

    /// Whether so many more lots may rest on a side.
    pub(crate) fn has_room(&self, side: Side, size: i64) -> Result<(), Refusal> {
        self.resting_on(side).checked_add(size).map(drop).ok_or(Refusal::Overflow)
    }

    /// Quote units of so many notional units.
    pub(crate) const fn amount(&self, notional: i128) -> i128 {
        product(notional, self.unit)
    }

    /// Base units of so many lots.
    pub(crate) const fn quantity(&self, lots: i64) -> i128 {
        product(lots as i128, self.listing.lot)
    }

    /// What an order at rest holds: quote when it buys, base when it sells.
    pub(crate) const fn held(&self, side: Side, price: i64, size: i64) -> i128 {
        match side {
            Side::Buy => self.amount(notional(price, size)),
            Side::Sell => self.quantity(size),
        }
    }

    /// Whether the instrument takes new orders or changes at all; post-only is the caller's to judge.
    pub(crate) const fn is_open(&self) -> Result<(), Refusal> {
        match self.state {
            InstrumentState::Preopen => Err(Refusal::InstrumentPreopen),
            InstrumentState::Suspended => Err(Refusal::InstrumentSuspended),
            InstrumentState::CancelOnly => Err(Refusal::InstrumentCancelOnly),
            InstrumentState::Live | InstrumentState::PostOnly => Ok(()),
        }
    }

    /// Whether the instrument takes this order now; returns its limit in ticks, for a market order the bound.
    pub(crate) fn accepts(&self, order: &PlaceOrder, time_ns: u64) -> Result<i64, Refusal> {
        self.is_open()?;
        if self.state == InstrumentState::PostOnly && order.order_type != OrderType::PostOnly {
            return Err(Refusal::InstrumentPostOnly);
        }
        has_not_expired(order.expires_at_ms, time_ns)?;
        if order.order_type != OrderType::Market {
            self.accepts_size(order.size)?;
            return self.accepts_price(order.side, order.price, order.header.flags & PlaceOrder::CLAMP_PRICE != 0);
        }
        let listing = &self.listing;
        let (least, most) = match order.header.flags & PlaceOrder::SIZE_IN_QUOTE {
            0 => (i128::from(listing.min_size), listing.max_market_size),
            // What the smallest order would cost at the lowest price.
            _ => (notional(listing.min_price, listing.min_size), listing.max_market_amount),
        };
        if i128::from(order.size) < least {
            return Err(Refusal::SizeBelowMinimum);
        }
        if order.size > most {
            return Err(Refusal::MarketSizeAboveMaximum);
        }
        Ok(self.bound(order.side, order.slippage_ppb))
    }

    /// Whether a limit order may have this size.
    pub(crate) const fn accepts_size(&self, size: i64) -> Result<(), Refusal> {
        if size < self.listing.min_size {
            return Err(Refusal::SizeBelowMinimum);
        }
        if size > self.listing.max_limit_size {
            return Err(Refusal::LimitSizeAboveMaximum);
        }
        Ok(())
    }

    /// A price that fires a trigger order, or that its order will have: within the bounds of the listing, whatever the index says today.
    pub(crate) fn accepts_trigger_price(&self, price: i64) -> Result<(), Refusal> {
        let is_within = (self.listing.min_price..=self.listing.max_price).contains(&price);
        if is_within { Ok(()) } else { Err(Refusal::PriceOutOfBounds) }
    }

    /// A price within the bounds, moved there when the order asks for it.
    pub(crate) fn accepts_price(&self, side: Side, price: i64, is_clamped: bool) -> Result<i64, Refusal> {
        let within = self.within_bounds(side, price);
        if within == price || is_clamped { Ok(within) } else { Err(Refusal::PriceOutOfBounds) }
    }

    /// A price moved within the bounds. The index bounds buyers above and sellers below.
    pub(crate) fn within_bounds(&self, side: Side, price: i64) -> i64 {
        let (mut lowest, mut highest) = (self.listing.min_price, self.listing.max_price);
        match side {
            Side::Buy if self.index.highest_buy != 0 => highest = self.index.highest_buy,
            Side::Sell if self.index.lowest_sell != 0 => lowest = self.index.lowest_sell,
            Side::Buy | Side::Sell => {}
        }
        price.clamp(lowest, highest)
    }

    /// The worst price at which a market order of this side may trade: it walks the book, whatever the index says, but
    /// no further from the best price than its limit of slippage, if it has one.
    fn bound(&self, side: Side, slippage_ppb: i64) -> i64 {
        let (lowest, highest) = (self.listing.min_price, self.listing.max_price);
        match (side, self.book.best(side.opposite())) {
            (Side::Buy, Some(best)) if slippage_ppb != 0 => highest.min(best + slippage_down(best, slippage_ppb)),
            (Side::Sell, Some(best)) if slippage_ppb != 0 => lowest.max(best - slippage_down(best, slippage_ppb)),
            (Side::Buy, _) => highest,
            (Side::Sell, _) => lowest,
        }
    }
}

/// A share of a price in ticks, rounded down: never further away than was said.
const fn slippage_down(price: i64, slippage_ppb: i64) -> i64 {
    (product(price as i128, slippage_ppb as i128) / 1_000_000_000) as i64
}

/// Price times size, in notional units: exact.
pub(crate) const fn notional(price: i64, size: i64) -> i128 {
    product(price as i128, size as i128)
}

/// A product. Two 64-bit factors are the usual case, and always fit.
const fn product(a: i128, b: i128) -> i128 {
    if a as i64 as i128 == a && b as i64 as i128 == b { a.wrapping_mul(b) } else { a * b }
}

/// A command is refused when exchange time has passed what its sender allowed.
pub(crate) const fn has_not_expired(expires_at_ms: u64, time_ns: u64) -> Result<(), Refusal> {
    if expires_at_ms != 0 && time_ns > expires_at_ms.saturating_mul(1_000_000) {
        return Err(Refusal::Expired);
    }
    Ok(())
}

/// Whether an amendment asks for its price to be moved within the bounds.
pub(crate) const fn is_clamped(amend: &AmendOrder) -> bool {
    amend.header.flags & AmendOrder::CLAMP_PRICE != 0
}
