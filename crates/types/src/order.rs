//! What an order is made of.

use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

/// A client's own name for an order: up to 32 ASCII letters and digits, padded with zeros; all zeros when absent.
pub type ClientId = [u8; 32];
/// A client's own name for an amendment, as [`ClientId`].
pub type RequestId = [u8; 32];
/// A client's or broker's mark on an order: up to 16 ASCII letters and digits, padded with zeros.
pub type Tag = [u8; 16];

macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $value:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $value),+ }

        impl $name {
            /// Every value, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}
pub(crate) use wire_enum;

wire_enum! {
    /// Which way an order trades.
    Side {
        /// Pays quote, receives base.
        Buy = 1,
        /// Pays base, receives quote.
        Sell = 2,
    }
}

impl Side {
    /// The other side of the book.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

wire_enum! {
    /// How an order meets the book. Source: OKX v5, POST /api/v5/trade/order, "ordType".
    OrderType {
        /// Trades at once at any price within the instrument's bounds; what is left is cancelled.
        Market = 1,
        /// Trades up to its price; what is left rests.
        Limit = 2,
        /// Rests, or is cancelled if it would trade.
        PostOnly = 3,
        /// Trades whole at once, or is cancelled whole.
        FillOrKill = 4,
        /// Trades up to its price; what is left is cancelled.
        ImmediateOrCancel = 5,
    }
}

wire_enum! {
    /// Where the money of an order comes from.
    TradeMode {
        /// Owned money only.
        Cash = 1,
        /// Shared collateral; in accounts without margin it means the same as cash.
        Cross = 2,
    }
}

wire_enum! {
    /// Which order gives way when a taker meets an order of its own master account. The taker's mode decides.
    SelfTrade {
        /// What the account has set.
        AccountDefault = 0,
        /// The resting order is cancelled, the taker goes on.
        CancelMaker = 1,
        /// The rest of the taker is cancelled.
        CancelTaker = 2,
        /// Both are cancelled.
        CancelBoth = 3,
    }
}

wire_enum! {
    /// What an instrument lets its users do.
    InstrumentState {
        /// Listed, not yet traded: nothing is accepted.
        Preopen = 1,
        /// Everything is accepted.
        Live = 2,
        /// New orders must be post-only; amendments that would take are refused.
        PostOnly = 3,
        /// Only cancellations are accepted.
        CancelOnly = 4,
        /// Only cancellations are accepted, until an operator resumes trading.
        Suspended = 5,
    }
}

wire_enum! {
    /// Where an order is in its life, which only moves forward.
    OrderState {
        /// Resting or about to match, nothing filled.
        Live = 1,
        /// Resting, partly filled.
        PartiallyFilled = 2,
        /// Filled whole. Terminal.
        Filled = 3,
        /// Cancelled, perhaps after fills. Terminal.
        Canceled = 4,
    }
}

wire_enum! {
    /// Why an order was cancelled, by OKX's numbers. Source: OKX v5, order object, "cancelSource".
    CancelSource {
        /// By the exchange.
        System = 0,
        /// By its user.
        User = 1,
        /// Fill-or-kill could not be filled whole.
        FillOrKill = 13,
        /// What an immediate-or-cancel or market order left.
        ImmediateOrCancel = 14,
        /// The timer of cancel-all-after.
        CancelAllAfter = 20,
        /// Post-only would have taken.
        PostOnly = 31,
        /// Self-trade prevention.
        SelfTrade = 32,
        /// More than 1,000 matches for one taker.
        TooManyMatches = 33,
    }
}

wire_enum! {
    /// What became of an amendment. Source: OKX v5, WebSocket orders channel, "amendResult".
    AmendResult {
        /// The order was amended.
        Amended = 0,
        /// It could not be amended and was cancelled, as its user had asked (`cxlOnFail`).
        Canceled = 1,
    }
}
