//! What becomes of trigger orders.

use crate::record;
use crate::{
    AccountId, ClientId, EventHeader, InstrumentId, Leg, OrderId, OrderType, PriceType, RequestId, Seq, Side, Tag,
    TradeId, TradeMode, TriggerId, TriggerKind, TriggerState,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// A trigger order is now this: it was placed, changed, came to life, fired or ended.
    280 TriggerChanged {
        /// `kind` is [`crate::EventKind::TriggerChanged`].
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
