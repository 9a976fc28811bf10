//! Limit orders against limit orders, without money: what a book does for whoever has no engine around it.

use tickyard_types::{OrderId, Side};

/// A limit order under an id of its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitOrder {
    /// Any number but 0, unique among the live orders.
    pub id: OrderId,
    /// Which way.
    pub side: Side,
    /// Whether what does not trade at once is cancelled.
    pub is_immediate: bool,
    /// Ticks, from 1.
    pub price: i64,
    /// Lots, from 1.
    pub size: i64,
}

/// What became of a message, in the order in which it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// The order was taken on.
    Accepted {
        /// Which order.
        id: OrderId,
    },
    /// Two orders traded.
    Traded {
        /// The order that came in.
        taker: OrderId,
        /// The order that rested.
        maker: OrderId,
        /// The maker's price.
        price: i64,
        /// Lots.
        size: i64,
    },
    /// The order was cancelled by its sender, or because it was immediate.
    Canceled {
        /// Which order.
        id: OrderId,
        /// What was left of it, in lots.
        size: i64,
    },
    /// The order has a new price or size, and may trade now.
    Amended {
        /// Which order.
        id: OrderId,
        /// Its price.
        price: i64,
        /// What is left of it, in lots.
        size: i64,
    },
    /// The message changed nothing.
    Rejected {
        /// Which order it named.
        id: OrderId,
        /// Why.
        reason: Rejection,
    },
}

/// Why a message changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A live order has this id, or the id is 0.
    IdInUse,
    /// No live order has this id.
    UnknownId,
    /// A price or a size is below 1.
    NotPositive,
    /// As many orders live as can.
    Full,
}

/// Matches one instrument. The fast and the naive book do it alike, which is how the one judges the other.
pub trait Matching {
    /// Takes on an order: it trades up to its price, and rests with what is left.
    fn place(&mut self, order: LimitOrder, report: &mut impl FnMut(Report));

    /// Cancels a resting order.
    fn cancel(&mut self, id: OrderId, report: &mut impl FnMut(Report));

    /// Gives a resting order another price and another size (of what is left). A smaller size at the same price keeps
    /// the order's place in the queue; anything else is as if it were cancelled and came in again under its id.
    fn amend(&mut self, id: OrderId, price: i64, size: i64, report: &mut impl FnMut(Report));
}
