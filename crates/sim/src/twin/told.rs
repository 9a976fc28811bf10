//! What the twin tells; the events of the engine are translated to it.

use crate::reader::Event;
use tickyard_types::{
    AmendResult, CancelSource, Leg, OrderState, Side, Tag, TriggerChanged, TriggerKind, TriggerState,
};

/// One thing that happened. Orders are named by their serial numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are those of the events
pub enum Told {
    Accepted {
        serial: u64,
        price: i64,
        size: i64,
    },
    Traded(Trade),
    Closed {
        serial: u64,
        filled: i64,
        size: i64,
        state: OrderState,
        source: CancelSource,
    },
    Amended {
        serial: u64,
        price: i64,
        size: i64,
        filled: i64,
        state: OrderState,
        result: AmendResult,
    },
    Timer {
        account: u32,
        tag: Tag,
        trigger_ms: u64,
        canceled: u32,
        fired: bool,
    },
    Trigger {
        serial: u64,
        parent: u64,
        state: TriggerState,
        kind: TriggerKind,
        size: i64,
        legs: [Leg; 2],
        extreme: i64,
        order: u64,
        order_size: i64,
        order_price: i64,
        leg: u8,
        by: (u64, i64),
        failure: u16,
        is_amendment: bool,
    },
}

/// Two orders that met.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are those of the event
pub struct Trade {
    pub instrument: u32,
    pub id: u64,
    pub taker: u64,
    pub maker: u64,
    pub taker_side: Side,
    pub price: i64,
    pub size: i64,
    pub fees: (i128, i128),
    pub fee_assets: (u32, u32),
    pub filled: (i64, i64),
    pub states: (OrderState, OrderState),
}

/// An event of the engine as the twin tells it; `None` for those that follow from others.
#[must_use]
pub fn translated(event: &Event) -> Option<Told> {
    match *event {
        Event::OrderAccepted(e) => Some(Told::Accepted { serial: e.order_id.serial(), price: e.price, size: e.size }),
        Event::Traded(e) => Some(Told::Traded(Trade {
            instrument: e.instrument.0,
            id: e.trade_id.0,
            taker: e.taker_order.serial(),
            maker: e.maker_order.serial(),
            taker_side: e.taker_side,
            price: e.price,
            size: e.size,
            fees: (e.taker_fee, e.maker_fee),
            fee_assets: (e.taker_fee_asset.0, e.maker_fee_asset.0),
            filled: (e.taker_filled, e.maker_filled),
            states: (e.taker_state, e.maker_state),
        })),
        Event::OrderClosed(e) => Some(Told::Closed {
            serial: e.order_id.serial(),
            filled: e.filled,
            size: e.size,
            state: e.state,
            source: e.source,
        }),
        Event::OrderAmended(e) => Some(Told::Amended {
            serial: e.order_id.serial(),
            price: e.price,
            size: e.size,
            filled: e.filled,
            state: e.state,
            result: e.result,
        }),
        Event::TimerChanged(e) => Some(Told::Timer {
            account: e.account.0,
            tag: e.tag,
            trigger_ms: e.trigger_ms,
            canceled: e.canceled,
            fired: e.has_fired == 1,
        }),
        Event::TriggerChanged(e) => Some(trigger(&e)),
        _ => None,
    }
}

/// A trigger order as the twin tells it.
#[must_use]
pub fn trigger(e: &TriggerChanged) -> Told {
    Told::Trigger {
        serial: e.trigger_id.serial(),
        parent: e.parent.serial(),
        state: e.state,
        kind: e.kind,
        size: e.size,
        legs: e.legs,
        extreme: e.extreme,
        order: e.order_id.serial(),
        order_size: e.order_size,
        order_price: e.order_price,
        leg: e.fired_leg,
        by: (e.fired_trade.0, e.fired_price),
        failure: e.failure,
        is_amendment: e.is_amendment == 1,
    }
}
