//! Why a command was refused. A refusal leaves no trace in the state.

/// A refusal: what the sender of a command can act on. Numbers are fixed for ever; never renumber.
///
/// In order of precedence: shape, permission, instrument, risk. The first that applies is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Refusal {
    // Shape: wrong whatever the state is.
    /// The record cannot be decoded.
    Malformed = 1,
    /// A size is zero or negative.
    SizeNotPositive = 2,
    /// A price is zero or negative where one is needed, or given where none may be.
    PriceInvalid = 3,
    /// An amount is zero or negative.
    AmountNotPositive = 4,
    /// The order type cannot carry this flag, mode or size unit.
    NotForOrderType = 5,
    /// Fill-or-kill cannot cancel both in self-trade prevention.
    FillOrKillCancelBoth = 6,
    /// The amendment changes nothing.
    NothingToAmend = 7,
    /// A timer is neither zero nor within its range.
    TimeoutOutOfRange = 8,
    /// Source and destination of a transfer are the same.
    SameWallet = 9,
    /// Neither an order id nor a client order id was given.
    NoOrderId = 10,
    /// A number does not fit the ledger or the book.
    Overflow = 11,
    /// The legs, distances or price types are not those of a trigger order of this kind.
    TriggerIncomplete = 12,
    /// A trailing distance is outside its range.
    CallbackOutOfRange = 13,
    /// The attached trigger orders contradict each other or their order.
    AttachmentsInvalid = 14,

    // Who: accounts and permission.
    /// No such account.
    UnknownAccount = 20,
    /// The two accounts do not belong together.
    NotRelated = 21,

    // What: instruments, assets, orders.
    /// No such instrument.
    UnknownInstrument = 30,
    /// No such asset.
    UnknownAsset = 31,
    /// The instrument is listed but does not trade yet.
    InstrumentPreopen = 32,
    /// The instrument is suspended.
    InstrumentSuspended = 33,
    /// The instrument accepts cancellations only.
    InstrumentCancelOnly = 34,
    /// The instrument accepts post-only orders only.
    InstrumentPostOnly = 35,
    /// The command reached the engine after its own expiry.
    Expired = 36,
    /// Below the instrument's smallest order.
    SizeBelowMinimum = 37,
    /// Above the instrument's largest limit order.
    LimitSizeAboveMaximum = 38,
    /// Above the instrument's largest market order.
    MarketSizeAboveMaximum = 39,
    /// The price lies outside the instrument's bounds.
    PriceOutOfBounds = 40,
    /// The client order id belongs to a live order of this account.
    ClientIdInUse = 41,
    /// No such live order of this account.
    OrderNotFound = 42,
    /// Orders of this type cannot be amended.
    NotAmendable = 43,
    /// The amendment would make a post-only order take.
    AmendWouldTake = 44,
    /// The account has too many live orders.
    TooManyOrders = 45,
    /// The account has too many live orders in this instrument.
    TooManyOrdersInInstrument = 46,
    /// The account has too many timers.
    TooManyTimers = 47,
    /// The definition contradicts what is defined, leaves a gap or breaks a listing rule.
    DefinitionInvalid = 48,
    /// The key was used for a different movement.
    KeyReused = 49,
    /// Exchange time does not run backwards.
    TimeBackwards = 50,
    /// No such trigger order of this account that has not ended.
    TriggerNotFound = 51,
    /// The trigger order has fired already.
    TriggerFired = 52,
    /// The client id belongs to a trigger order of this account that has not ended.
    TriggerIdInUse = 53,
    /// The account has too many trigger orders of this kind in this instrument.
    TooManyTriggers = 54,
    /// The price of the take-profit is reached already.
    TakeProfitReached = 55,
    /// The price of the stop-loss is reached already.
    StopLossReached = 56,
    /// The activation price is reached already.
    ActivationReached = 57,
    /// The instrument has had no trade that a trigger price could be compared with.
    NoLastPrice = 58,
    /// Trigger orders of this kind cannot be amended.
    TriggerNotAmendable = 59,

    // Risk.
    /// The free balance does not cover what is needed.
    InsufficientBalance = 60,

    // The core itself.
    /// A check has a defect. The command changed nothing.
    Internal = 70,

    // The host, before the journal.
    /// Queues are full; nothing was journalled.
    Busy = 80,
    /// The host is stopping or its disk failed; nothing was journalled.
    Unavailable = 81,
    /// The origin is older than what is remembered; its outcome is unknown.
    OriginForgotten = 82,
}

impl Refusal {
    /// Every refusal, in the order of the numbers.
    pub const ALL: &'static [Self] = &[
        Self::Malformed,
        Self::SizeNotPositive,
        Self::PriceInvalid,
        Self::AmountNotPositive,
        Self::NotForOrderType,
        Self::FillOrKillCancelBoth,
        Self::NothingToAmend,
        Self::TimeoutOutOfRange,
        Self::SameWallet,
        Self::NoOrderId,
        Self::Overflow,
        Self::TriggerIncomplete,
        Self::CallbackOutOfRange,
        Self::AttachmentsInvalid,
        Self::UnknownAccount,
        Self::NotRelated,
        Self::UnknownInstrument,
        Self::UnknownAsset,
        Self::InstrumentPreopen,
        Self::InstrumentSuspended,
        Self::InstrumentCancelOnly,
        Self::InstrumentPostOnly,
        Self::Expired,
        Self::SizeBelowMinimum,
        Self::LimitSizeAboveMaximum,
        Self::MarketSizeAboveMaximum,
        Self::PriceOutOfBounds,
        Self::ClientIdInUse,
        Self::OrderNotFound,
        Self::NotAmendable,
        Self::AmendWouldTake,
        Self::TooManyOrders,
        Self::TooManyOrdersInInstrument,
        Self::TooManyTimers,
        Self::DefinitionInvalid,
        Self::KeyReused,
        Self::TimeBackwards,
        Self::TriggerNotFound,
        Self::TriggerFired,
        Self::TriggerIdInUse,
        Self::TooManyTriggers,
        Self::TakeProfitReached,
        Self::StopLossReached,
        Self::ActivationReached,
        Self::NoLastPrice,
        Self::TriggerNotAmendable,
        Self::InsufficientBalance,
        Self::Internal,
        Self::Busy,
        Self::Unavailable,
        Self::OriginForgotten,
    ];

    /// The fixed number.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }
}
