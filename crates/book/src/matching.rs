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

/// What became of a message. One message makes several, in the order in which things happened.
///
/// Flat on purpose: a record of scalars goes straight to where it is published, while an enum with fields is built on
/// the stack first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub kind: ReportKind,
    /// The order that the message is about; the one that came in, in a trade.
    pub id: OrderId,
    /// The order that rested, in a trade; else 0.
    pub maker: OrderId,
    /// The maker's in a trade, the order's when it was accepted or amended; else 0.
    pub price: i64,
    /// What traded, or what is left of the order, in lots; 0 when nothing was changed.
    pub size: i64,
}

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportKind {
    /// It was taken on.
    Accepted,
    /// It traded with one that rested.
    Traded,
    /// It was cancelled by its sender, or because it was immediate.
    Canceled,
    /// It has a new price or size, and may trade now.
    Amended,
    /// The message changed nothing.
    Rejected(Rejection),
}

impl Report {
    pub(crate) const fn accepted(order: &LimitOrder) -> Self {
        let LimitOrder { id, price, size, .. } = *order;
        Self { kind: ReportKind::Accepted, id, maker: OrderId(0), price, size }
    }

    pub(crate) const fn traded(id: OrderId, maker: OrderId, price: i64, size: i64) -> Self {
        Self { kind: ReportKind::Traded, id, maker, price, size }
    }

    pub(crate) const fn canceled(id: OrderId, size: i64) -> Self {
        Self { kind: ReportKind::Canceled, id, maker: OrderId(0), price: 0, size }
    }

    pub(crate) const fn amended(id: OrderId, price: i64, size: i64) -> Self {
        Self { kind: ReportKind::Amended, id, maker: OrderId(0), price, size }
    }

    pub(crate) const fn rejected(id: OrderId, reason: Rejection) -> Self {
        Self { kind: ReportKind::Rejected(reason), id, maker: OrderId(0), price: 0, size: 0 }
    }
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
