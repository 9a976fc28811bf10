//! Events: what a command did. Fixed-size records, numbered `(seq, index)` without gaps inside a command.
//!
//! Orders carry their cumulative figures in every event, so that a reader stores values and never adds up.

mod definitions;
mod market;
mod money;
mod orders;
mod triggers;

pub use definitions::{AccountDefined, AssetDefined, FeeLevelDefined, InstrumentDefined};
pub use market::{IndexPriceSet, LevelChanged, Traded};
pub use money::{Posted, TransferNamed};
pub use orders::{OrderAccepted, OrderAmended, OrderClosed, TimerChanged};
pub use triggers::TriggerChanged;

use crate::Seq;
use crate::order::wire_enum;
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

wire_enum! {
    /// Which event follows.
    EventKind {
        /// [`OrderAccepted`]
        OrderAccepted = 1,
        /// [`Traded`]
        Traded = 2,
        /// [`OrderClosed`]
        OrderClosed = 3,
        /// [`OrderAmended`]
        OrderAmended = 4,
        /// [`Posted`]
        Posted = 5,
        /// [`LevelChanged`]
        LevelChanged = 6,
        /// [`TimerChanged`]
        TimerChanged = 7,
        /// [`AssetDefined`]
        AssetDefined = 8,
        /// [`InstrumentDefined`]
        InstrumentDefined = 9,
        /// [`AccountDefined`]
        AccountDefined = 10,
        /// [`FeeLevelDefined`]
        FeeLevelDefined = 11,
        /// [`IndexPriceSet`]
        IndexPriceSet = 12,
        /// [`TriggerChanged`]
        TriggerChanged = 13,
        /// [`TransferNamed`]
        TransferNamed = 14,
    }
}

/// What every event begins with: 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct EventHeader {
    /// Which event.
    pub kind: EventKind,
    /// Reserved, zero.
    pub reserved: u8,
    /// Size of the whole event in bytes.
    pub size: u16,
    /// Place among the events of its command, from 0.
    pub index: u32,
    /// The command that caused it.
    pub seq: Seq,
    /// Exchange time of its frame, in ns.
    pub time_ns: u64,
}

/// Size in bytes of an event of this kind.
#[must_use]
pub const fn event_size(kind: EventKind) -> usize {
    match kind {
        EventKind::OrderAccepted => size_of::<OrderAccepted>(),
        EventKind::Traded => size_of::<Traded>(),
        EventKind::OrderClosed => size_of::<OrderClosed>(),
        EventKind::OrderAmended => size_of::<OrderAmended>(),
        EventKind::Posted => size_of::<Posted>(),
        EventKind::LevelChanged => size_of::<LevelChanged>(),
        EventKind::TimerChanged => size_of::<TimerChanged>(),
        EventKind::AssetDefined => size_of::<AssetDefined>(),
        EventKind::InstrumentDefined => size_of::<InstrumentDefined>(),
        EventKind::AccountDefined => size_of::<AccountDefined>(),
        EventKind::FeeLevelDefined => size_of::<FeeLevelDefined>(),
        EventKind::IndexPriceSet => size_of::<IndexPriceSet>(),
        EventKind::TriggerChanged => size_of::<TriggerChanged>(),
        EventKind::TransferNamed => size_of::<TransferNamed>(),
    }
}
