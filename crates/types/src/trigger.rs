//! What a trigger order is made of. Source: OKX v5, POST /api/v5/trade/order-algo.

use crate::order::wire_enum;
use crate::{ClientId, TriggerId};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

wire_enum! {
    /// What a trigger order waits for. Source: OKX v5, POST /api/v5/trade/order-algo, "ordType".
    TriggerKind {
        /// One leg: take-profit or stop-loss.
        Conditional = 1,
        /// Both legs; the first that fires ends the other.
        OneCancelsOther = 2,
        /// One price, reached from whichever side the last trade is on when it is placed.
        Plain = 3,
        /// A price that follows the best one since its activation at a distance.
        Trailing = 4,
    }
}

wire_enum! {
    /// Which price is compared. Source: OKX v5, POST /api/v5/trade/order-algo, "triggerPxType".
    PriceType {
        /// The price of the instrument's trades.
        Last = 1,
        /// The index price.
        Index = 2,
        /// The mark price.
        Mark = 3,
    }
}

wire_enum! {
    /// Where a trigger order is in its life, which only moves forward.
    TriggerState {
        /// It belongs to an order that is not filled yet.
        Attached = 1,
        /// It waits for its price.
        Live = 2,
        /// It fired, and its order was accepted. Terminal.
        Effective = 3,
        /// It was cancelled. Terminal.
        Canceled = 4,
        /// It fired, and its order was refused. Terminal.
        Failed = 5,
    }
}

/// One price that fires, and the order that is placed then: 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Leg {
    /// Fires when this is reached, in ticks; 0 when there is no such leg.
    pub trigger: i64,
    /// Price of the order that is placed, in ticks; [`Leg::MARKET`] for a market order, 0 when there is no such leg.
    pub price: i64,
}

impl Leg {
    /// In `price`: a market order.
    pub const MARKET: i64 = -1;
    /// There is no such leg.
    pub const NONE: Self = Self { trigger: 0, price: 0 };
    /// Place of the take-profit, or of a plain trigger's only leg.
    pub const TAKE_PROFIT: usize = 0;
    /// Place of the stop-loss.
    pub const STOP_LOSS: usize = 1;

    /// Whether there is one.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.trigger != 0
    }
}

/// A take-profit, a stop-loss or both that come to life when their order is filled: 88 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Attachment {
    /// Take-profit and stop-loss; both absent in entries that are not used.
    pub legs: [Leg; 2],
    /// Lots, when the order's size is split; 0 for all of it.
    pub size: i64,
    /// The client's name for it.
    pub client_id: ClientId,
    /// Reserved, zero.
    pub reserved: [u8; 16],
}

impl Attachment {
    /// How many an order may have. Source: OKX v5, POST /api/v5/trade/order, "attachAlgoOrds": ten take-profits and
    /// one stop-loss.
    pub const MAX: usize = 11;
    /// An entry that is not used.
    pub const NONE: Self = Self { legs: [Leg::NONE; 2], size: 0, client_id: [0; 32], reserved: [0; 16] };

    /// Whether the entry is used.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.legs[0].is_there() || self.legs[1].is_there()
    }
}

/// What an amendment changes of one that is attached to its order: 48 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct AttachmentChange {
    /// Which; 0 in entries that are not used.
    pub trigger_id: TriggerId,
    /// New size in lots; 0 leaves it.
    pub size: i64,
    /// New prices of each leg, as in an [`crate::AmendTrigger`].
    pub legs: [Leg; 2],
}

impl AttachmentChange {
    /// An entry that is not used.
    pub const NONE: Self = Self { trigger_id: TriggerId(0), size: 0, legs: [Leg::NONE; 2] };

    /// Whether the entry is used.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.trigger_id.0 != 0
    }
}
