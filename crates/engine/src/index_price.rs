//! What an instrument is worth outside, and the prices that its orders may have for it.

use crate::engine::{Answer, market_index};
use crate::market::Market;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{DefineInstrument, EventHeader, EventKind, IndexPriceSet, Refusal, SetIndexPrice};

/// The index of an instrument, in ticks; 0 where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct IndexPrice {
    /// What several venues say that it is worth.
    pub price: i64,
    /// The highest price of a buy order.
    pub highest_buy: i64,
    /// The lowest price of a sell order.
    pub lowest_sell: i64,
}

impl IndexPrice {
    /// Prices are those that the listing accepts, and some price is open to both sides.
    pub(crate) fn is_sound(self, listing: &DefineInstrument) -> bool {
        let is_within = |price| price == 0 || (listing.min_price..=listing.max_price).contains(&price);
        let is_open = self.highest_buy == 0 || self.lowest_sell <= self.highest_buy;
        is_within(self.price) && is_within(self.highest_buy) && is_within(self.lowest_sell) && is_open
    }
}

impl Engine {
    /// Takes an index price over. Orders that rest are left alone, whatever their price.
    pub(crate) fn set_index_price(&mut self, set: &SetIndexPrice, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let SetIndexPrice { instrument, price, highest_buy, lowest_sell, .. } = *set;
        let index = IndexPrice { price, highest_buy, lowest_sell };
        let old = self.checked(&set.header, |engine| {
            shape::set_index_price(set)?;
            let market = engine.market(instrument)?;
            if index.is_sound(&market.listing) { Ok(market.index) } else { Err(Refusal::PriceOutOfBounds) }
        })?;
        if old == index {
            return Ok(Answer::default());
        }

        self.markets[market_index(instrument)].index = index;
        let header = events.header(EventKind::IndexPriceSet);
        events.push(&index_price_set(header, &self.markets[market_index(instrument)]));
        Ok(Answer::default())
    }
}

/// An index price as it is told.
pub(crate) const fn index_price_set(header: EventHeader, market: &Market) -> IndexPriceSet {
    let IndexPrice { price, highest_buy, lowest_sell } = market.index;
    IndexPriceSet { header, instrument: market.listing.instrument, reserved: [0; 4], price, highest_buy, lowest_sell }
}
