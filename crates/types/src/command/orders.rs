//! Orders: placed, changed and cancelled, by their owners and by the timer.

use crate::record;
use crate::{
    Attachment, AttachmentChange, ClientId, CommandHeader, InstrumentId, OrderId, OrderType, RequestId, SelfTrade,
    Side, Tag, TradeMode,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

record! {
    /// Places an order.
    128 PlaceOrder {
        /// Flags: see the constants of [`PlaceOrder`].
        header: CommandHeader,
        /// Where.
        instrument: InstrumentId,
        /// Which way.
        side: Side,
        /// How it meets the book.
        order_type: OrderType,
        /// Where its money comes from.
        trade_mode: TradeMode,
        /// Self-trade prevention.
        self_trade: SelfTrade,
        /// Ticks; 0 for market orders.
        price: i64,
        /// Lots; notional units with [`PlaceOrder::SIZE_IN_QUOTE`].
        size: i64,
        /// Refused when exchange time has passed this, in ms; 0 for never.
        expires_at_ms: u64,
        /// The client's name for it.
        client_id: ClientId,
        /// The client's or broker's mark.
        tag: Tag,
        /// How far from the best price of the other side a market order may trade, in parts per billion of that
        /// price; 0 for as far as the book reaches.
        slippage_ppb: i64,
        /// Reserved, zero.
        reserved: [u8; 16],
    }
}

impl PlaceOrder {
    /// The widest limit of slippage. Source: OKX v5, POST /api/v5/trade/order, "slippagePct".
    pub const SLIPPAGE_PPB_MAX: i64 = 50_000_000;
    /// The size of a market order is quote money to spend or to receive.
    pub const SIZE_IN_QUOTE: u8 = 1;
    /// A market order is refused rather than shrunk to the money that is there.
    pub const BAN_AMEND: u8 = 2;
    /// A price beyond the bounds is moved to the bound instead of being refused.
    pub const CLAMP_PRICE: u8 = 4;
    /// Trigger orders wait for its fill: [`PlaceOrderAttached`] only.
    pub const ATTACHED: u8 = 8;
    /// A trigger order placed it. No command has this; orders and their events do.
    pub const TRIGGERED: u8 = 16;
    /// Beside [`PlaceOrder::TRIGGERED`]: it is a take-profit or a stop-loss.
    pub const BY_LEG: u8 = 32;
    /// Beside [`PlaceOrder::TRIGGERED`]: it is a trailing stop.
    pub const BY_TRAILING: u8 = 64;
}

record! {
    /// Places an order together with the trigger orders that come to life when it is filled.
    1096 PlaceOrderAttached {
        /// The order, with [`PlaceOrder::ATTACHED`] and a header of this command's kind.
        order: PlaceOrder,
        /// What is attached: at least one, and nothing after the first that is not used.
        attachments: [Attachment; Attachment::MAX],
    }
}

record! {
    /// Cancels one order, by order id, else by client id.
    128 CancelOrder {
        /// No flags.
        header: CommandHeader,
        /// Where; must be the order's own instrument.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// Which; 0 when named by client id.
        order_id: OrderId,
        /// Which, when `order_id` is 0.
        client_id: ClientId,
        /// Reserved, zero.
        reserved2: [u8; 56],
    }
}

record! {
    /// Changes price or total size of a resting order, keeping its id.
    128 AmendOrder {
        /// Flags: see the constants of [`AmendOrder`].
        header: CommandHeader,
        /// Where; must be the order's own instrument.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 4],
        /// Which; 0 when named by client id.
        order_id: OrderId,
        /// New price in ticks; 0 leaves it.
        price: i64,
        /// New total size in lots, filled part included; 0 leaves it.
        size: i64,
        /// Which, when `order_id` is 0.
        client_id: ClientId,
        /// The client's name for this amendment.
        request_id: RequestId,
        /// Refused when exchange time has passed this, in ms; 0 for never.
        expires_at_ms: u64,
    }
}

impl AmendOrder {
    /// Cancel the order when it cannot be amended.
    pub const CANCEL_ON_FAIL: u8 = 1;
    /// A price beyond the bounds is moved to the bound instead of being refused.
    pub const CLAMP_PRICE: u8 = 4;
}

record! {
    /// Changes a resting order together with what is attached to it: all of it, or nothing.
    656 AmendOrderAttached {
        /// The order, with a header of this command's kind; without price and size only what is attached changes.
        order: AmendOrder,
        /// What changes of what is attached: at least one, and nothing after the first that is not used.
        changes: [AttachmentChange; Attachment::MAX],
    }
}

record! {
    /// Cancels every live order of the account, in one instrument or in all.
    128 MassCancel {
        /// No flags.
        header: CommandHeader,
        /// Where; 0 for everywhere.
        instrument: InstrumentId,
        /// Reserved, zero.
        reserved: [u8; 100],
    }
}

record! {
    /// Arms, re-arms or disarms the timer that cancels the account's orders (those with the tag, if one is given).
    128 CancelAllAfter {
        /// No flags.
        header: CommandHeader,
        /// Milliseconds from the frame's time: 0 disarms, else 10,000 to 120,000.
        timeout_ms: u64,
        /// Only orders with this tag; all zeros for all orders.
        tag: Tag,
        /// Reserved, zero.
        reserved: [u8; 80],
    }
}
