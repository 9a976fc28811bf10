//! Trigger orders.

use crate::record;
use crate::{
    ClientId, CommandHeader, InstrumentId, Leg, OrderType, PriceType, RequestId, SelfTrade, Side, Tag, TradeMode,
    TriggerId, TriggerKind,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Places a trigger order: an order that is placed when a price is reached.
    192 PlaceTrigger {
        /// Flags: [`crate::PlaceOrder::SIZE_IN_QUOTE`], for market orders.
        header: CommandHeader,
        /// Where.
        instrument: InstrumentId,
        /// What it waits for.
        kind: TriggerKind,
        /// Which way its order trades.
        side: Side,
        /// How a limit order of it meets the book: limit, fill-or-kill or immediate-or-cancel.
        order_type: OrderType,
        /// Where the money of its order comes from.
        trade_mode: TradeMode,
        /// Take-profit and stop-loss; a plain trigger has the first only, a trailing one none.
        legs: [Leg; 2],
        /// Lots; notional units with [`crate::PlaceOrder::SIZE_IN_QUOTE`].
        size: i64,
        /// Trailing: distance in parts per billion of the best price; 0 when it is given in ticks.
        callback_ratio_ppb: i64,
        /// Trailing: distance in ticks; 0 when it is given as a ratio.
        callback_spread: i64,
        /// Trailing: it follows from this price on, in ticks; 0 for at once.
        active_price: i64,
        /// The client's name for it.
        client_id: ClientId,
        /// The client's or broker's mark, also on its order.
        tag: Tag,
        /// Which price each leg is compared with; a trailing one uses the first.
        price_types: [PriceType; 2],
        /// Self-trade prevention of its order.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 45],
    }
}

record! {
    /// Cancels a trigger order that has not fired, by its id, else by client id.
    128 CancelTrigger {
        /// No flags.
        header: CommandHeader,
        /// Where; must be its own instrument.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// Which; 0 when named by client id.
        trigger_id: TriggerId,
        /// Which, when `trigger_id` is 0.
        client_id: ClientId,
        /// Reserved, zero.
        reserved2: [u8; 56],
    }
}

record! {
    /// Changes a trigger order that has not fired, or one that is still attached to its order.
    192 AmendTrigger {
        /// Flags: see the constants of [`AmendTrigger`].
        header: CommandHeader,
        /// Where; must be its own instrument.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// Which; 0 when named by client id.
        trigger_id: TriggerId,
        /// New size in its own unit; 0 leaves it.
        size: i64,
        /// New prices of each leg; 0 leaves them, [`AmendTrigger::DROP_LEG`] as a trigger takes the leg away.
        legs: [Leg; 2],
        /// Which, when `trigger_id` is 0.
        client_id: ClientId,
        /// The client's name for this amendment.
        request_id: RequestId,
        /// Reserved, zero.
        reserved2: [u8; 48],
    }
}

impl AmendTrigger {
    /// Cancel it when it cannot be amended.
    pub const CANCEL_ON_FAIL: u8 = 1;
    /// In the trigger of a leg: take it away.
    pub const DROP_LEG: i64 = -1;
}
