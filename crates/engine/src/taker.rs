//! The order at hand while it meets the book.

use crate::order::LastTrade;
use tickyard_ledger::RowId;
use tickyard_types::{AccountId, InstrumentId, OrderId, OrderState, SelfTrade, Side};

/// Most orders that one taker may meet. Source: OKX v5, order object, "cancelSource" 33.
pub(crate) const MAX_MATCHES: u32 = 1_000;

/// How much an order wants, or may use: lots, or what lots cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// So many lots.
    Lots(i64),
    /// As many lots as so many notional units buy.
    Notional(i64),
}

impl Quantity {
    pub(crate) const UNLIMITED: Self = Self::Lots(i64::MAX);

    /// How many lots that is at a price, rounded down.
    pub(crate) const fn lots_at(self, price: i64) -> i64 {
        match self {
            Self::Lots(lots) => lots,
            Self::Notional(notional) => notional / price,
        }
    }

    /// What is left after a trade of no more than [`Self::lots_at`] this price.
    pub(crate) const fn after(self, price: i64, size: i64) -> Self {
        match self {
            Self::Lots(lots) => Self::Lots(lots - size),
            Self::Notional(notional) => Self::Notional(notional - price * size),
        }
    }

    /// The bare number, in its own unit.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Lots(number) | Self::Notional(number) => number,
        }
    }
}

/// Why a taker takes no further order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It has all it wanted.
    Filled,
    /// What is left of its quote money buys no further lot.
    LessThanLot,
    /// Nothing more rests within its limit.
    Exhausted,
    /// It met an order of its own owner and gives way.
    OwnOrder,
    /// It met [`MAX_MATCHES`] orders.
    TooManyMatches,
}

/// An order that takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taker {
    pub id: OrderId,
    pub account: AccountId,
    /// The master of its account.
    pub owner: AccountId,
    pub instrument: InstrumentId,
    pub side: Side,
    /// The worst price it takes, in ticks.
    pub limit: i64,
    pub self_trade: SelfTrade,
    pub base_row: RowId,
    pub quote_row: RowId,
    pub rate_ppb: i64,
    /// What it still wants.
    pub left: Quantity,
    /// Lots filled so far, over its whole life; so with the totals below.
    pub filled: i64,
    /// Notional units traded.
    pub cost: i128,
    /// Fees, zero or negative.
    pub fee_total: i128,
    pub last: LastTrade,
}

impl Taker {
    /// Whether it trades at a price.
    pub(crate) const fn takes(&self, price: i64) -> bool {
        takes(self.side, self.limit, price)
    }

    /// Its state after a trade, as far as the trade alone decides it.
    pub(crate) const fn state(&self) -> OrderState {
        if self.left.number() == 0 { OrderState::Filled } else { OrderState::PartiallyFilled }
    }
}

/// Whether an order with this limit trades at a price.
pub(crate) const fn takes(side: Side, limit: i64, price: i64) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}
