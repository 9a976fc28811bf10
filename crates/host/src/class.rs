//! Which commands go first when there are more than fit.

use tickyard_types::{Command, OrderType};

/// The classes of admission, first to go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// Whatever takes orders out of books.
    Cancel = 0,
    /// Definitions, states, money.
    Admin = 1,
    /// Orders that cannot take.
    PostOnly = 2,
    /// Orders that may rest, and amendments.
    Limit = 3,
    /// Orders that only take.
    Taker = 4,
}

/// How many classes there are.
pub const CLASSES: usize = 5;

impl Class {
    /// How long a command may wait while more waits than fits; after that it is refused, and does not go stale.
    ///
    /// What takes goes first: a market order that is late meets another market than its sender saw. Whoever cancels
    /// has no better place to be than in the queue; a worker answers by itself after five seconds.
    pub const fn patience_ns(self) -> u64 {
        match self {
            Self::Cancel | Self::Admin => 5_000_000_000,
            Self::PostOnly => 1_000_000_000,
            Self::Limit => 100_000_000,
            Self::Taker => 50_000_000,
        }
    }

    /// The class of a worker's command; `None` for one that only the host may write.
    pub const fn of(command: &Command) -> Option<Self> {
        match command {
            Command::CancelOrder(_)
            | Command::MassCancel(_)
            | Command::CancelAllAfter(_)
            | Command::CancelTrigger(_) => Some(Self::Cancel),
            Command::Transfer(_)
            | Command::Credit(_)
            | Command::Debit(_)
            | Command::DefineAsset(_)
            | Command::DefineInstrument(_)
            | Command::SetInstrumentState(_)
            | Command::DefineAccount(_)
            | Command::DefineFeeLevel(_)
            | Command::SetIndexPrice(_) => Some(Self::Admin),
            Command::AmendOrder(_)
            | Command::AmendOrderAttached(_)
            | Command::PlaceTrigger(_)
            | Command::AmendTrigger(_) => Some(Self::Limit),
            Command::PlaceOrder(place) => Some(Self::of_order(place.order_type)),
            Command::PlaceOrderAttached(place) => Some(Self::of_order(place.order.order_type)),
            Command::AdvanceTime(_) => None,
        }
    }
    const fn of_order(order_type: OrderType) -> Self {
        match order_type {
            OrderType::PostOnly => Self::PostOnly,
            OrderType::Limit => Self::Limit,
            OrderType::Market | OrderType::FillOrKill | OrderType::ImmediateOrCancel => Self::Taker,
        }
    }
}
