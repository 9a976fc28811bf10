//! Events: what a command did. Fixed-size records, numbered `(seq, index)` without gaps inside a command.
//!
//! Orders carry their cumulative figures in every event, so that a reader stores values and never adds up.

use crate::command::record;
use crate::order::wire_enum;
use crate::{
    AccountId, AmendResult, AssetId, CancelSource, ClientId, InstrumentId, InstrumentState, Key, Leg, OrderId,
    OrderState, OrderType, PostingReason, PriceType, RequestId, SelfTrade, Seq, Side, Tag, TradeId, TradeMode,
    TriggerId, TriggerKind, TriggerState, Wallet,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

wire_enum! {
    /// Which event follows.
    EventKind {
        /// [`OrderAccepted`]
        OrderAccepted = 1,
        /// [`Traded`]
        Traded = 2,
        /// [`OrderClosed`]
        OrderClosed = 3,
        /// [`OrderAmended`]
        OrderAmended = 4,
        /// [`Posted`]
        Posted = 5,
        /// [`LevelChanged`]
        LevelChanged = 6,
        /// [`TimerChanged`]
        TimerChanged = 7,
        /// [`AssetDefined`]
        AssetDefined = 8,
        /// [`InstrumentDefined`]
        InstrumentDefined = 9,
        /// [`AccountDefined`]
        AccountDefined = 10,
        /// [`FeeLevelDefined`]
        FeeLevelDefined = 11,
        /// [`IndexPriceSet`]
        IndexPriceSet = 12,
        /// [`TriggerChanged`]
        TriggerChanged = 13,
    }
}

/// What every event begins with: 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct EventHeader {
    /// Which event.
    pub kind: EventKind,
    /// Reserved, zero.
    pub reserved: u8,
    /// Size of the whole event in bytes.
    pub size: u16,
    /// Place among the events of its command, from 0.
    pub index: u32,
    /// The command that caused it.
    pub seq: Seq,
    /// Exchange time of its frame, in ns.
    pub time_ns: u64,
}

record! {
    /// An order was accepted and has its id. What the book makes of it follows in further events.
    128 OrderAccepted {
        /// `kind` is [`EventKind::OrderAccepted`].
        header: EventHeader,
        /// Its id.
        order_id: OrderId,
        /// Whose.
        account: AccountId,
        /// Where.
        instrument: InstrumentId,
        /// Ticks, after clamping; 0 for market orders.
        price: i64,
        /// Lots as accepted; notional units with [`crate::PlaceOrder::SIZE_IN_QUOTE`] in `flags`.
        size: i64,
        /// Which way.
        side: Side,
        /// How it meets the book.
        order_type: OrderType,
        /// Where its money comes from.
        trade_mode: TradeMode,
        /// Self-trade prevention, as in the command or the account's own.
        self_trade: SelfTrade,
        /// Flags of the command.
        flags: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// The client's name for it.
        client_id: ClientId,
        /// The client's or broker's mark.
        tag: Tag,
        /// The trigger order that placed it; 0 for none.
        trigger_id: TriggerId,
        /// Reserved, zero.
        reserved2: [u8; 8],
    }
}

record! {
    /// Two orders met. The taker is the one whose command this is.
    256 Traded {
        /// `kind` is [`EventKind::Traded`].
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
        /// Reserved, zero.
        reserved2: [u8; 24],
    }
}

record! {
    /// An order left the book (or never rested) without being filled by this event.
    96 OrderClosed {
        /// `kind` is [`EventKind::OrderClosed`].
        header: EventHeader,
        /// Which.
        order_id: OrderId,
        /// Whose.
        account: AccountId,
        /// Where.
        instrument: InstrumentId,
        /// Lots it had filled.
        filled: i64,
        /// Its size at the end in lots (or notional units, as in [`OrderAccepted`]).
        size: i64,
        /// `Canceled`; `Filled` for a market order by quote whose rest buys no further lot.
        state: OrderState,
        /// Why, when cancelled.
        source: CancelSource,
        /// Reserved, zero.
        reserved: [u8; 38],
    }
}

record! {
    /// A resting order changed its price or size, or failed to and was cancelled.
    128 OrderAmended {
        /// `kind` is [`EventKind::OrderAmended`].
        header: EventHeader,
        /// Which.
        order_id: OrderId,
        /// Whose.
        account: AccountId,
        /// Where.
        instrument: InstrumentId,
        /// Ticks now.
        price: i64,
        /// Total lots now.
        size: i64,
        /// Lots filled so far.
        filled: i64,
        /// State now: `Filled` when the new size is not above what was filled.
        state: OrderState,
        /// What became of it.
        result: AmendResult,
        /// Reserved, zero.
        reserved: [u8; 6],
        /// The client's name for the amendment.
        request_id: RequestId,
        /// Reserved, zero.
        reserved2: [u8; 24],
    }
}

record! {
    /// Money moved: one leg of a set that sums to zero per asset.
    144 Posted {
        /// `kind` is [`EventKind::Posted`].
        header: EventHeader,
        /// Whose.
        account: AccountId,
        /// Of what.
        asset: AssetId,
        /// How much, ledger units, signed, fee included.
        amount: i128,
        /// The wallet's balance afterwards, holds included.
        balance: i128,
        /// The part of `amount` that is fee (negative) or rebate (positive).
        fee: i128,
        /// Lots traded, for legs of trades; 0 otherwise.
        size: i64,
        /// Ticks, for legs of trades; 0 otherwise.
        price: i64,
        /// The account's own order, for legs of trades; 0 otherwise.
        order_id: OrderId,
        /// The trade, for legs of trades; 0 otherwise.
        trade_id: TradeId,
        /// Where it was traded; 0 otherwise.
        instrument: InstrumentId,
        /// Which wallet.
        wallet: Wallet,
        /// Why.
        reason: PostingReason,
        /// The account's own side of a trade; 0 otherwise.
        side: u8,
        /// 1 when the account was the taker.
        is_taker: u8,
        /// The other wallet of a transfer; 0 otherwise.
        counter_wallet: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// The other account of a transfer; 0 otherwise.
        counter_account: AccountId,
        /// The movement's key; zeros for trades.
        key: Key,
    }
}

record! {
    /// A price level of a book is now this. One event per touched level and command, after all matching.
    56 LevelChanged {
        /// `kind` is [`EventKind::LevelChanged`].
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
    /// A cancel-all-after timer was armed, disarmed or has fired.
    64 TimerChanged {
        /// `kind` is [`EventKind::TimerChanged`].
        header: EventHeader,
        /// When it fires, exchange time in ms; 0 when disarmed or fired.
        trigger_ms: u64,
        /// Its tag.
        tag: Tag,
        /// Whose.
        account: AccountId,
        /// Orders it cancelled, when it has fired.
        canceled: u32,
        /// 1 when it has fired.
        has_fired: u8,
        /// Reserved, zero.
        reserved: [u8; 7],
    }
}

record! {
    /// An asset was listed.
    64 AssetDefined {
        /// `kind` is [`EventKind::AssetDefined`].
        header: EventHeader,
        /// Its id.
        asset: AssetId,
        /// Decimal digits of the ledger unit.
        unit_digits: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Its name on the wire.
        symbol: [u8; 16],
        /// Reserved, zero.
        reserved2: [u8; 16],
    }
}

record! {
    /// An instrument was listed or changed its state.
    192 InstrumentDefined {
        /// `kind` is [`EventKind::InstrumentDefined`].
        header: EventHeader,
        /// Its id.
        instrument: InstrumentId,
        /// What is traded.
        base: AssetId,
        /// One tick, as in [`crate::DefineInstrument`].
        tick: i128,
        /// One lot, as in [`crate::DefineInstrument`].
        lot: i128,
        /// What is paid.
        quote: AssetId,
        /// State now.
        state: InstrumentState,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Smallest order, in lots.
        min_size: i64,
        /// Largest limit order, in lots.
        max_limit_size: i64,
        /// Largest market order by base, in lots.
        max_market_size: i64,
        /// Largest market order by quote, in notional units.
        max_market_amount: i64,
        /// Lowest price accepted, in ticks.
        min_price: i64,
        /// Highest price accepted, in ticks.
        max_price: i64,
        /// Its name on the wire.
        symbol: [u8; 32],
        /// Reserved, zero.
        reserved2: [u8; 40],
    }
}

record! {
    /// An account was opened or its settings changed.
    40 AccountDefined {
        /// `kind` is [`EventKind::AccountDefined`].
        header: EventHeader,
        /// Its id.
        account: AccountId,
        /// Its master.
        master: AccountId,
        /// Row of the fee table.
        fee_level: u8,
        /// Its own self-trade mode.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 6],
    }
}

record! {
    /// A row of the fee table was set.
    48 FeeLevelDefined {
        /// `kind` is [`EventKind::FeeLevelDefined`].
        header: EventHeader,
        /// Maker rate in parts per billion.
        maker_ppb: i64,
        /// Taker rate in parts per billion.
        taker_ppb: i64,
        /// Which row.
        level: u8,
        /// Reserved, zero.
        reserved: [u8; 7],
    }
}

record! {
    /// The index price of an instrument has changed, or the bounds of its orders.
    56 IndexPriceSet {
        /// `kind` is [`EventKind::IndexPriceSet`].
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

record! {
    /// A trigger order is now this: it was placed, changed, came to life, fired or ended.
    280 TriggerChanged {
        /// `kind` is [`EventKind::TriggerChanged`].
        header: EventHeader,
        /// Its id.
        trigger_id: TriggerId,
        /// Whose.
        account: AccountId,
        /// Where.
        instrument: InstrumentId,
        /// The order to which it is or was attached; 0 for none.
        parent: OrderId,
        /// Lots, or notional units as in [`crate::PlaceTrigger`]; 0 while it is attached to all of its order, and when
        /// it was cancelled with its order and never lived.
        size: i64,
        /// As in [`crate::PlaceTrigger`], as they are now.
        legs: [Leg; 2],
        /// As in [`crate::PlaceTrigger`].
        callback_ratio_ppb: i64,
        /// As in [`crate::PlaceTrigger`].
        callback_spread: i64,
        /// As in [`crate::PlaceTrigger`].
        active_price: i64,
        /// Trailing: the best price since its activation, in ticks; 0 before.
        extreme: i64,
        /// The order that it placed; 0 when it placed none.
        order_id: OrderId,
        /// Lots or notional units of that order, as it was accepted or refused.
        order_size: i64,
        /// Price of that order in ticks; [`Leg::MARKET`] for a market order.
        order_price: i64,
        /// The trade that fired it; 0 while none has.
        fired_trade: TradeId,
        /// Price of that trade, in ticks.
        fired_price: i64,
        /// The command that made that trade.
        fired_seq: Seq,
        /// Exchange time of that command, in ns.
        fired_ns: u64,
        /// Exchange time of its placement.
        created_ns: u64,
        /// The client's name for it.
        client_id: ClientId,
        /// The client's or broker's mark.
        tag: Tag,
        /// The client's name for the amendment that this is; zeros otherwise.
        request_id: RequestId,
        /// Why its order was refused: number of a [`crate::Refusal`]; 0 otherwise.
        failure: u16,
        /// What it waits for.
        kind: TriggerKind,
        /// Which way its order trades.
        side: Side,
        /// How its limit order meets the book.
        order_type: OrderType,
        /// Where its money comes from.
        trade_mode: TradeMode,
        /// State now.
        state: TriggerState,
        /// Which leg fired, from 1; 0 while none has.
        fired_leg: u8,
        /// Flags of the command.
        flags: u8,
        /// Which price each leg is compared with.
        price_types: [PriceType; 2],
        /// 1 when this is an amendment.
        is_amendment: u8,
        /// Reserved, zero.
        reserved: [u8; 4],
    }
}

/// Size in bytes of an event of this kind.
#[must_use]
pub const fn event_size(kind: EventKind) -> usize {
    match kind {
        EventKind::OrderAccepted => size_of::<OrderAccepted>(),
        EventKind::Traded => size_of::<Traded>(),
        EventKind::OrderClosed => size_of::<OrderClosed>(),
        EventKind::OrderAmended => size_of::<OrderAmended>(),
        EventKind::Posted => size_of::<Posted>(),
        EventKind::LevelChanged => size_of::<LevelChanged>(),
        EventKind::TimerChanged => size_of::<TimerChanged>(),
        EventKind::AssetDefined => size_of::<AssetDefined>(),
        EventKind::InstrumentDefined => size_of::<InstrumentDefined>(),
        EventKind::AccountDefined => size_of::<AccountDefined>(),
        EventKind::FeeLevelDefined => size_of::<FeeLevelDefined>(),
        EventKind::IndexPriceSet => size_of::<IndexPriceSet>(),
        EventKind::TriggerChanged => size_of::<TriggerChanged>(),
    }
}
