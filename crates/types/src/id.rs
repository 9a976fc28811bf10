//! Ids. All of them depend on the journal alone, so that a replay gives the same.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(transparent)]
        pub struct $name(pub $inner);
    };
}

id! {
    /// An account: dense, from 1. Numbers below [`AccountId::FIRST_USER`] belong to the house.
    AccountId, u32
}
id! {
    /// An asset: dense, from 1.
    AssetId, u32
}
id! {
    /// An instrument: dense, from 1. This is `instIdCode` on the wire.
    InstrumentId, u32
}
id! {
    /// An order: a serial number of the engine in the high bits, the order's slot in the low [`OrderId::SLOT_BITS`].
    ///
    /// It grows with every accepted order, so clients may use it as a cursor, and it leads to its order without a map.
    OrderId, u64
}
id! {
    /// A trigger order: a serial number of the engine, shared with the orders', in the high bits, and all ones in the
    /// low ones, where no order has its slot. So it grows as order ids do and is never one of them.
    TriggerId, u64
}
id! {
    /// A trade: counts from 1 in each instrument.
    TradeId, u64
}
id! {
    /// The number of a command in the journal, from 1, without gaps.
    Seq, u64
}

impl AccountId {
    /// The world outside: what was paid in stands here with a minus.
    pub const EXTERNAL: Self = Self(1);
    /// Takes fees, pays rebates. The only account whose balance may be negative, apart from [`Self::EXTERNAL`].
    pub const FEES: Self = Self(2);
    /// Owns what roundings leave over.
    pub const ROUNDING: Self = Self(3);
    /// The first number that a user's account may have.
    pub const FIRST_USER: Self = Self(16);
}

impl OrderId {
    /// How many low bits hold the slot: 16.7 million live orders, 5·10^11 orders in all within an `i64`.
    pub const SLOT_BITS: u32 = 24;

    /// Joins a serial number and a slot.
    #[must_use]
    pub const fn new(serial: u64, slot: u32) -> Self {
        Self(serial << Self::SLOT_BITS | slot as u64)
    }

    /// The slot in which the order lives while it is live.
    #[must_use]
    pub const fn slot(self) -> u32 {
        (self.0 & ((1 << Self::SLOT_BITS) - 1)) as u32
    }

    /// The serial number, from 1.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.0 >> Self::SLOT_BITS
    }
}

impl TriggerId {
    /// The trigger order with a serial number.
    #[must_use]
    pub const fn new(serial: u64) -> Self {
        Self(serial << OrderId::SLOT_BITS | ((1 << OrderId::SLOT_BITS) - 1))
    }

    /// The serial number, from 1.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.0 >> OrderId::SLOT_BITS
    }
}

/// Names a transfer, credit or debit once and for all: the second use of a key moves nothing.
pub type Key = [u8; 16];

/// Where a command came from: one run of one worker, and that run's own count.
///
/// The engine remembers the outcome of recent origins, so a command sent twice is carried out once.
/// `boot` 0 marks commands of the host itself, which are never sent twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Origin {
    /// Random number of one run of a worker, never 0 for a worker.
    pub boot: u64,
    /// Counts that run's commands from 1.
    pub counter: u64,
}
