//! What everybody sees of a market: trades, levels of the book, index prices.

use crate::record;
use crate::{AccountId, AssetId, EventHeader, InstrumentId, OrderId, OrderState, Side, TradeId};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Two orders met. The taker is the one whose command this is.
    256 Traded {
        /// `kind` is [`crate::EventKind::Traded`].
        header: EventHeader,
        /// Counts from 1 in the instrument.
        trade_id: TradeId,
        /// Ticks: the maker's price.
        price: i64,
        /// Lots.
        size: i64,
        /// Where.
        instrument: InstrumentId,
        /// Which way the taker trades.
        taker_side: Side,
        /// The taker's state after this trade.
        taker_state: OrderState,
        /// The maker's state after this trade.
        maker_state: OrderState,
        /// Reserved, zero.
        reserved: u8,
        /// The taker.
        taker_order: OrderId,
        /// The maker.
        maker_order: OrderId,
        /// Whose taker.
        taker_account: AccountId,
        /// Whose maker.
        maker_account: AccountId,
        /// Lots the taker has filled so far.
        taker_filled: i64,
        /// Lots the maker has filled so far.
        maker_filled: i64,
        /// In which asset `taker_fee` is.
        taker_fee_asset: AssetId,
        /// In which asset `maker_fee` is.
        maker_fee_asset: AssetId,
        /// The taker's rate, parts per billion: positive charged.
        taker_rate_ppb: i64,
        /// Notional units the taker has traded so far.
        taker_cost: i128,
        /// Notional units the maker has traded so far.
        maker_cost: i128,
        /// This trade's fee, ledger units: negative charged, positive rebate.
        taker_fee: i128,
        /// The same of the maker.
        maker_fee: i128,
        /// All fees (not rebates) of the taker order so far, zero or negative, in the asset it receives.
        taker_fee_total: i128,
        /// All fees (not rebates) of the maker order so far, zero or negative, in the asset it receives.
        maker_fee_total: i128,
        /// All rebates of the maker order so far, zero or positive, in the asset it pays.
        maker_rebate_total: i128,
        /// The maker's rate, parts per billion: positive charged, negative for a rebate.
        maker_rate_ppb: i64,
        /// What the instrument was worth outside, in ticks; 0 when nobody had said.
        index_price: i64,
        /// Reserved, zero.
        reserved2: [u8; 16],
    }
}

record! {
    /// A price level of a book is now this. One event per touched level and command, after all matching.
    56 LevelChanged {
        /// `kind` is [`crate::EventKind::LevelChanged`].
        header: EventHeader,
        /// Ticks.
        price: i64,
        /// Lots that rest there now; 0 when the level is gone.
        size: i64,
        /// Where.
        instrument: InstrumentId,
        /// Orders that rest there now.
        orders: u32,
        /// Which side of the book.
        side: Side,
        /// Reserved, zero.
        reserved: [u8; 7],
    }
}

record! {
    /// The index price of an instrument has changed, or the bounds of its orders.
    56 IndexPriceSet {
        /// `kind` is [`crate::EventKind::IndexPriceSet`].
        header: EventHeader,
        /// Which.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// The index price, in ticks; 0 when there is none.
        price: i64,
        /// Highest price of a buy order, in ticks; 0 for that of the listing.
        highest_buy: i64,
        /// Lowest price of a sell order, in ticks; 0 for that of the listing.
        lowest_sell: i64,
    }
}
