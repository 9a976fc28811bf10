//! Why an item never reaches the core.

use crate::member::Member;

macro_rules! rejections {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// Why an item was rejected. Codes and texts of the wire belong to the trading slice, which knows these words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rejection {
            /// A parameter that must be there is not.
            Missing(Member),
            /// The value of a parameter is none of those it can have.
            Invalid(Member),
            $($(#[$doc])* $name),+
        }

        impl Rejection {
            /// All words, but for `missing` and `invalid`, which go with a parameter.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word, and the parameter that it goes with, if any.
            #[must_use]
            pub const fn word(self) -> (&'static str, &'static str) {
                match self {
                    Self::Missing(member) => ("missing", member.name()),
                    Self::Invalid(member) => ("invalid", member.name()),
                    $(Self::$name => ($word, "")),+
                }
            }
        }
    };
}

rejections! {
    /// There is no such instrument.
    UnknownInstrument = "unknown_instrument",
    /// A mode of margin; only owned money is traded.
    MarginMode = "margin_mode",
    /// Only a position can be reduced.
    ReduceOnly = "reduce_only",
    /// The type of the order needs a price.
    PriceMissing = "price_missing",
    /// A type for market makers of options.
    QuoteMakerType = "quote_maker_type",
    /// A price in another unit, of options.
    OptionPrice = "option_price",
    /// Take-profit and stop-loss beside the order instead of attached to it.
    FlatTriggers = "flat_triggers",
    /// Attached take-profit or stop-loss.
    AttachedTriggers = "attached_triggers",
    /// An amendment of take-profit or stop-loss that is not there.
    NoAttachedTriggers = "no_attached_triggers",
    /// A limit of slippage where there is none: of an order with a price.
    Slippage = "slippage",
    /// A limit of slippage that is no share from 0 to 0.05.
    SlippageInvalid = "slippage_invalid",
    /// Fill-or-kill cannot cancel both orders.
    FokCancelBoth = "fok_cancel_both",
    /// Below the smallest order.
    SizeTooSmall = "size_too_small",
    /// Between two lots.
    SizeOffLot = "size_off_lot",
    /// Above every limit order.
    LimitTooLarge = "limit_too_large",
    /// Above every market order, by size.
    MarketTooLarge = "market_too_large",
    /// Above the largest market order, by value.
    MarketValueTooLarge = "market_value_too_large",
    /// Above every price.
    PriceOutOfBounds = "price_out_of_bounds",
    /// A price of too many characters.
    PriceTooLong = "price_too_long",
    /// A cancellation of no order.
    CancelNeedsId = "cancel_needs_id",
    /// An amendment of no order.
    AmendNeedsId = "amend_needs_id",
    /// An amendment of nothing.
    NothingToAmend = "nothing_to_amend",
    /// A lock of market-maker protection that is too long.
    LockOutOfRange = "lock_out_of_range",
    /// One more than a limit of requests allows.
    TooManyRequests = "too_many_requests",
    /// One more than all new orders and amendments of an account may be.
    TooManyOfAccount = "too_many_of_account",
}
