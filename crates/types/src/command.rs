//! Commands: everything that may change the state. 128 bytes each, but for a few wide and rare ones.
//!
//! Sizes are in lots of the instrument, prices in ticks. An amount of quote money inside an order is in *notional
//! units* (one tick times one lot), so that `price × size` is exact without knowing the asset. Ledger amounts are
//! i128 in the asset's unit (10^-18, or 10^-8 for fiat).

mod definitions;
mod inputs;
mod money;
mod orders;
mod triggers;

pub use definitions::{DefineAccount, DefineAsset, DefineFeeLevel, DefineInstrument, SetInstrumentState};
pub use inputs::{AdvanceTime, SetIndexPrice};
pub use money::{Credit, Debit, Transfer};
pub use orders::{
    AmendOrder, AmendOrderAttached, CancelAllAfter, CancelOrder, MassCancel, PlaceOrder, PlaceOrderAttached,
};
pub use triggers::{AmendTrigger, CancelTrigger, PlaceTrigger};

use crate::order::wire_enum;
use crate::{AccountId, Origin};
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
        /// [`AmendOrderAttached`]
        AmendOrderAttached = 20,
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
    AmendOrderAttached(AmendOrderAttached),
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
        20 => Some(size_of::<AmendOrderAttached>()),
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
            20 => read!(AmendOrderAttached),
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
            Self::AmendOrderAttached(c) => &c.order.header,
        }
    }
}
