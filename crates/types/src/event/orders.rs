//! What becomes of orders, and of the timer that cancels them.

use crate::record;
use crate::{
    AccountId, AmendResult, CancelSource, ClientId, EventHeader, InstrumentId, OrderId, OrderState, OrderType,
    RequestId, SelfTrade, Side, Tag, TradeMode, TriggerId,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// An order was accepted and has its id. What the book makes of it follows in further events.
    128 OrderAccepted {
        /// `kind` is [`crate::EventKind::OrderAccepted`].
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
    /// An order left the book (or never rested) without being filled by this event.
    96 OrderClosed {
        /// `kind` is [`crate::EventKind::OrderClosed`].
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
        /// `kind` is [`crate::EventKind::OrderAmended`].
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
    /// A cancel-all-after timer was armed, disarmed or has fired.
    64 TimerChanged {
        /// `kind` is [`crate::EventKind::TimerChanged`].
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
