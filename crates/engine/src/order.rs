//! The record of a live order, beside its hot half in the book's slab.

use crate::account::NO_ORDER;
use crate::seat::SeatId;
use tickyard_book::Slot;
use tickyard_ledger::RowId;
use tickyard_types::{ClientId, OrderState, OrderType, SelfTrade, Side, Tag, TradeId, TradeMode};

/// What a live order is besides its place in the book: three cache lines, the first of which is enough to link it.
///
/// Its id, its size left, its side and its owner are in [`tickyard_book::HotOrder`], whose and where it is in its seat.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct OrderRecord {
    /// Ticks.
    pub price: i64,
    /// Total lots.
    pub size: i64,
    /// Lots filled.
    pub filled: i64,
    /// The account's balances of base and quote.
    pub base_row: RowId,
    /// See `base_row`.
    pub quote_row: RowId,
    /// Whose and where.
    pub seat: SeatId,
    /// The account's next older live order.
    pub older: Slot,
    /// The account's next newer live order.
    pub newer: Slot,
    /// How it met the book when it came.
    pub order_type: OrderType,
    /// Where its money comes from.
    pub trade_mode: TradeMode,
    /// Self-trade prevention when it takes; never the account's default.
    pub self_trade: SelfTrade,
    /// Flags of the command that placed it.
    pub flags: u8,
    /// The client's or broker's mark.
    pub tag: Tag,

    /// The client's name for it.
    pub client_id: ClientId,
    /// Exchange time of its placement.
    pub created_ns: u64,
    /// Exchange time of its last change.
    pub updated_ns: u64,
    /// Rebates so far, zero or positive, in the asset the order pays.
    pub rebate_total: i128,

    /// Notional units traded so far.
    pub cost: i128,
    /// Fees so far, zero or negative, in the asset the order receives.
    pub fee_total: i128,
    /// Its last trade; all zeros before the first.
    pub last: LastTrade,
}

const _: () = assert!(size_of::<OrderRecord>() == 192);

impl OrderRecord {
    /// What stands in the record of a slot that was never taken.
    pub(crate) const VACANT: Self = Self {
        price: 0,
        size: 0,
        filled: 0,
        base_row: RowId(0),
        quote_row: RowId(0),
        seat: SeatId::NONE,
        older: NO_ORDER,
        newer: NO_ORDER,
        order_type: OrderType::Limit,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::CancelMaker,
        flags: 0,
        tag: [0; 16],
        client_id: [0; 32],
        created_ns: 0,
        updated_ns: 0,
        rebate_total: 0,
        cost: 0,
        fee_total: 0,
        last: LastTrade { id: TradeId(0), price: 0, size: 0, time_ns: 0 },
    };

    /// Where it is in its life, while it lives.
    pub(crate) const fn state(&self) -> OrderState {
        if self.filled == 0 { OrderState::Live } else { OrderState::PartiallyFilled }
    }

    /// The balance that an order of this side holds.
    pub(crate) const fn hold_row(&self, side: Side) -> RowId {
        match side {
            Side::Buy => self.quote_row,
            Side::Sell => self.base_row,
        }
    }
}

/// The last trade of an order.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub(crate) struct LastTrade {
    /// Which.
    pub id: TradeId,
    /// Ticks.
    pub price: i64,
    /// Lots.
    pub size: i64,
    /// When.
    pub time_ns: u64,
}
