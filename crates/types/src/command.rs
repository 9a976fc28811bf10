//! Commands: everything that may change the state. 128 bytes each, but for a few wide and rare ones.
//!
//! Sizes are in lots of the instrument, prices in ticks. An amount of quote money inside an order is in *notional
//! units* (one tick times one lot), so that `price × size` is exact without knowing the asset. Ledger amounts are
//! i128 in the asset's unit (10^-18, or 10^-8 for fiat).

use crate::order::wire_enum;
use crate::{
    AccountId, AssetId, Attachment, ClientId, InstrumentId, InstrumentState, Key, Leg, OrderId, OrderType, Origin,
    PostingReason, PriceType, RequestId, SelfTrade, Side, Tag, TradeMode, TriggerId, TriggerKind, Wallet,
};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

wire_enum! {
    /// The first byte of a command.
    CommandKind {
        /// [`PlaceOrder`]
        PlaceOrder = 1,
        /// [`CancelOrder`]
        CancelOrder = 2,
        /// [`AmendOrder`]
        AmendOrder = 3,
        /// [`MassCancel`]
        MassCancel = 4,
        /// [`CancelAllAfter`]
        CancelAllAfter = 5,
        /// [`AdvanceTime`]
        AdvanceTime = 6,
        /// [`Transfer`]
        Transfer = 7,
        /// [`Credit`]
        Credit = 8,
        /// [`Debit`]
        Debit = 9,
        /// [`DefineAsset`]
        DefineAsset = 10,
        /// [`DefineInstrument`]
        DefineInstrument = 11,
        /// [`SetInstrumentState`]
        SetInstrumentState = 12,
        /// [`DefineAccount`]
        DefineAccount = 13,
        /// [`DefineFeeLevel`]
        DefineFeeLevel = 14,
        /// [`SetIndexPrice`]
        SetIndexPrice = 15,
        /// [`PlaceTrigger`]
        PlaceTrigger = 16,
        /// [`CancelTrigger`]
        CancelTrigger = 17,
        /// [`AmendTrigger`]
        AmendTrigger = 18,
        /// [`PlaceOrderAttached`]
        PlaceOrderAttached = 19,
    }
}

/// What every command begins with: 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct CommandHeader {
    /// Which command follows.
    pub kind: CommandKind,
    /// Bits of the command itself; unknown bits are malformed.
    pub flags: u8,
    /// Reserved, zero.
    pub reserved: [u8; 2],
    /// The account that acts; 0 for commands of the host and the operator.
    pub account: AccountId,
    /// Who sent it, for exactly-once.
    pub origin: Origin,
}

macro_rules! record {
    ($(#[$doc:meta])* $size:literal $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(C)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),+ }
        const _: () = assert!(size_of::<$name>() == $size);
    };
}
pub(crate) use record;

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
        /// Reserved, zero.
        reserved: [u8; 24],
    }
}

impl PlaceOrder {
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

record! {
    /// Tells the core that exchange time has reached a deadline. Appended by the host only.
    128 AdvanceTime {
        /// No flags.
        header: CommandHeader,
        /// Reserved, zero; the time is that of the frame.
        reserved: [u8; 104],
    }
}

record! {
    /// Moves money between wallets of one account, or between accounts of one master.
    128 Transfer {
        /// `account` in the header is the one that acts.
        header: CommandHeader,
        /// From whom.
        from: AccountId,
        /// To whom.
        to: AccountId,
        /// How much, in the asset's unit.
        amount: i128,
        /// Of what.
        asset: AssetId,
        /// Out of which wallet.
        from_wallet: Wallet,
        /// Into which wallet.
        to_wallet: Wallet,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// Moves once per key.
        key: Key,
        /// Reserved, zero.
        reserved2: [u8; 56],
    }
}

record! {
    /// Brings money in from outside.
    128 Credit {
        /// `account` receives.
        header: CommandHeader,
        /// Of what.
        asset: AssetId,
        /// Into which wallet.
        wallet: Wallet,
        /// Written on the posting.
        reason: PostingReason,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// How much, in the asset's unit.
        amount: i128,
        /// Moves once per key.
        key: Key,
        /// Reserved, zero.
        reserved2: [u8; 64],
    }
}

record! {
    /// Takes money out.
    128 Debit {
        /// `account` pays.
        header: CommandHeader,
        /// Of what.
        asset: AssetId,
        /// Out of which wallet.
        wallet: Wallet,
        /// Written on the posting.
        reason: PostingReason,
        /// Reserved, zero.
        reserved: [u8; 2],
        /// How much, in the asset's unit.
        amount: i128,
        /// Moves once per key.
        key: Key,
        /// Reserved, zero.
        reserved2: [u8; 64],
    }
}

record! {
    /// Lists an asset. Ids are dense; the same definition again changes nothing, another one is refused.
    128 DefineAsset {
        /// No account.
        header: CommandHeader,
        /// Its id.
        asset: AssetId,
        /// Decimal digits of the ledger unit: 18, or 8 for fiat.
        unit_digits: u8,
        /// Reserved, zero.
        reserved: [u8; 3],
        /// Its name on the wire, ASCII, padded with zeros.
        symbol: [u8; 16],
        /// Reserved, zero.
        reserved2: [u8; 80],
    }
}

record! {
    /// Lists a spot instrument. Ids are dense; the same definition again changes nothing, another one is refused.
    256 DefineInstrument {
        /// No account.
        header: CommandHeader,
        /// Its id.
        instrument: InstrumentId,
        /// What is traded.
        base: AssetId,
        /// One tick of price: quote units (10^-18) per whole base coin.
        tick: i128,
        /// One lot of size, in the base asset's unit.
        lot: i128,
        /// What is paid.
        quote: AssetId,
        /// State at listing.
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
        /// Its name on the wire, ASCII, padded with zeros.
        symbol: [u8; 32],
        /// Reserved, zero.
        reserved2: [u8; 104],
    }
}

record! {
    /// Opens, halts or resumes an instrument.
    128 SetInstrumentState {
        /// No account.
        header: CommandHeader,
        /// Which.
        instrument: InstrumentId,
        /// Into which state.
        state: InstrumentState,
        /// Reserved, zero.
        reserved: [u8; 99],
    }
}

record! {
    /// Opens an account (`header.account`) or changes its settings. Ids are dense from [`AccountId::FIRST_USER`].
    128 DefineAccount {
        /// The account.
        header: CommandHeader,
        /// Its master; itself for a master account. Fixed once set.
        master: AccountId,
        /// Row of the fee table.
        fee_level: u8,
        /// What [`SelfTrade::AccountDefault`] means for it; never itself `AccountDefault`.
        self_trade: SelfTrade,
        /// Reserved, zero.
        reserved: [u8; 98],
    }
}

record! {
    /// Sets a row of the fee table. Negative rates are rebates.
    128 DefineFeeLevel {
        /// No account.
        header: CommandHeader,
        /// Maker rate in parts per billion of the trade's value.
        maker_ppb: i64,
        /// Taker rate, the same; never negative, and never less than the maker's rebate.
        taker_ppb: i64,
        /// Which row.
        level: u8,
        /// Reserved, zero.
        reserved: [u8; 87],
    }
}

record! {
    /// Says what an instrument is worth outside, as the index of several venues, and which prices orders may have for it.
    128 SetIndexPrice {
        /// No account.
        header: CommandHeader,
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
        /// Reserved, zero.
        reserved2: [u8; 72],
    }
}

record! {
    /// Places a trigger order: an order that is placed when a price is reached.
    192 PlaceTrigger {
        /// Flags: [`PlaceOrder::SIZE_IN_QUOTE`], for market orders.
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
        /// Lots; notional units with [`PlaceOrder::SIZE_IN_QUOTE`].
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

record! {
    /// Places an order together with the trigger orders that come to life when it is filled.
    1096 PlaceOrderAttached {
        /// The order, with [`PlaceOrder::ATTACHED`] and a header of this command's kind.
        order: PlaceOrder,
        /// What is attached: at least one, and nothing after the first that is not used.
        attachments: [Attachment; Attachment::MAX],
    }
}

/// A decoded command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each variant holds the record of its own name
#[allow(clippy::large_enum_variant)] // lives on the stack of one call
pub enum Command {
    PlaceOrder(PlaceOrder),
    CancelOrder(CancelOrder),
    AmendOrder(AmendOrder),
    MassCancel(MassCancel),
    CancelAllAfter(CancelAllAfter),
    AdvanceTime(AdvanceTime),
    Transfer(Transfer),
    Credit(Credit),
    Debit(Debit),
    DefineAsset(DefineAsset),
    DefineInstrument(DefineInstrument),
    SetInstrumentState(SetInstrumentState),
    DefineAccount(DefineAccount),
    DefineFeeLevel(DefineFeeLevel),
    SetIndexPrice(SetIndexPrice),
    PlaceTrigger(PlaceTrigger),
    CancelTrigger(CancelTrigger),
    AmendTrigger(AmendTrigger),
    PlaceOrderAttached(PlaceOrderAttached),
}

/// The bytes are no command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError;

/// Size in bytes of a command whose first byte is `kind`, or `None` for an unknown kind.
#[must_use]
pub const fn command_size(kind: u8) -> Option<usize> {
    match kind {
        11 => Some(size_of::<DefineInstrument>()),
        16 => Some(size_of::<PlaceTrigger>()),
        18 => Some(size_of::<AmendTrigger>()),
        19 => Some(size_of::<PlaceOrderAttached>()),
        1..=17 => Some(size_of::<PlaceOrder>()),
        _ => None,
    }
}

impl Command {
    /// Decodes exactly one command from exactly its bytes, aligned or not.
    ///
    /// # Errors
    /// Unknown kind, wrong length, or a value outside its enum.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        macro_rules! read {
            ($name:ident) => {
                $name::try_read_from_bytes(bytes).map(Self::$name).map_err(|_| DecodeError)
            };
        }
        match *bytes.first().ok_or(DecodeError)? {
            1 => read!(PlaceOrder),
            2 => read!(CancelOrder),
            3 => read!(AmendOrder),
            4 => read!(MassCancel),
            5 => read!(CancelAllAfter),
            6 => read!(AdvanceTime),
            7 => read!(Transfer),
            8 => read!(Credit),
            9 => read!(Debit),
            10 => read!(DefineAsset),
            11 => read!(DefineInstrument),
            12 => read!(SetInstrumentState),
            13 => read!(DefineAccount),
            14 => read!(DefineFeeLevel),
            15 => read!(SetIndexPrice),
            16 => read!(PlaceTrigger),
            17 => read!(CancelTrigger),
            18 => read!(AmendTrigger),
            19 => read!(PlaceOrderAttached),
            _ => Err(DecodeError),
        }
    }

    /// What the command begins with.
    #[must_use]
    pub const fn header(&self) -> &CommandHeader {
        match self {
            Self::PlaceOrder(c) => &c.header,
            Self::CancelOrder(c) => &c.header,
            Self::AmendOrder(c) => &c.header,
            Self::MassCancel(c) => &c.header,
            Self::CancelAllAfter(c) => &c.header,
            Self::AdvanceTime(c) => &c.header,
            Self::Transfer(c) => &c.header,
            Self::Credit(c) => &c.header,
            Self::Debit(c) => &c.header,
            Self::DefineAsset(c) => &c.header,
            Self::DefineInstrument(c) => &c.header,
            Self::SetInstrumentState(c) => &c.header,
            Self::DefineAccount(c) => &c.header,
            Self::DefineFeeLevel(c) => &c.header,
            Self::SetIndexPrice(c) => &c.header,
            Self::PlaceTrigger(c) => &c.header,
            Self::CancelTrigger(c) => &c.header,
            Self::AmendTrigger(c) => &c.header,
            Self::PlaceOrderAttached(c) => &c.order.header,
        }
    }
}
