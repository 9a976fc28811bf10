//! What the twin tells: the events of the engine, but for what it does not know, which the reader checks.

use super::{Order, Twin};
use crate::reader::Event;
use tickyard_types::{
    AccountId, AmendResult, CancelSource, EventHeader, EventKind, InstrumentId, OrderAccepted, OrderAmended,
    OrderClosed, OrderId, OrderState, OrderType, Posted, RequestId, Seq, Traded, TriggerChanged, TriggerId, event_size,
};

/// An event as the twin tells it: without its place, orders by their serial numbers alone, balances left out. `None`
/// for levels, which are compared as a whole.
#[must_use]
pub fn translated(event: &Event) -> Option<Event> {
    Some(match *event {
        Event::OrderAccepted(e) => Event::OrderAccepted(OrderAccepted {
            header: header(e.header.kind),
            order_id: order_id(e.order_id.serial()),
            ..e
        }),
        Event::Traded(e) => Event::Traded(Traded {
            header: header(e.header.kind),
            taker_order: order_id(e.taker_order.serial()),
            maker_order: order_id(e.maker_order.serial()),
            ..e
        }),
        Event::OrderClosed(e) => Event::OrderClosed(OrderClosed {
            header: header(e.header.kind),
            order_id: order_id(e.order_id.serial()),
            ..e
        }),
        Event::OrderAmended(e) => Event::OrderAmended(OrderAmended {
            header: header(e.header.kind),
            order_id: order_id(e.order_id.serial()),
            ..e
        }),
        Event::Posted(e) => Event::Posted(Posted {
            header: header(e.header.kind),
            order_id: order_id(e.order_id.serial()),
            balance: 0,
            ..e
        }),
        Event::TriggerChanged(e) => trigger(&e),
        Event::LevelChanged(_) => return None,
        Event::TimerChanged(mut e) => {
            e.header = header(e.header.kind);
            Event::TimerChanged(e)
        }
        Event::AssetDefined(mut e) => {
            e.header = header(e.header.kind);
            Event::AssetDefined(e)
        }
        Event::InstrumentDefined(mut e) => {
            e.header = header(e.header.kind);
            Event::InstrumentDefined(e)
        }
        Event::AccountDefined(mut e) => {
            e.header = header(e.header.kind);
            Event::AccountDefined(e)
        }
        Event::FeeLevelDefined(mut e) => {
            e.header = header(e.header.kind);
            Event::FeeLevelDefined(e)
        }
        Event::TransferNamed(mut e) => {
            e.header = header(e.header.kind);
            Event::TransferNamed(e)
        }
        Event::IndexPriceSet(mut e) => {
            e.header = header(e.header.kind);
            Event::IndexPriceSet(e)
        }
    })
}

/// A trigger order as the twin tells it.
#[must_use]
pub fn trigger(e: &TriggerChanged) -> Event {
    Event::TriggerChanged(TriggerChanged {
        header: header(e.header.kind),
        parent: order_id(e.parent.serial()),
        order_id: order_id(e.order_id.serial()),
        ..*e
    })
}

/// The header of an event whose place is not said.
pub(super) const fn header(kind: EventKind) -> EventHeader {
    EventHeader { kind, reserved: 0, size: event_size(kind) as u16, index: 0, seq: Seq(0), time_ns: 0 }
}

/// An order by its serial number alone.
pub(super) const fn order_id(serial: u64) -> OrderId {
    OrderId::new(serial, 0)
}

impl Twin {
    /// An order has its number. `price` is that of market orders, too, which tell none.
    pub(super) fn tell_accepted(&mut self, order: &Order) {
        self.told.push(Event::OrderAccepted(OrderAccepted {
            header: header(EventKind::OrderAccepted),
            order_id: order_id(order.serial),
            account: AccountId(order.account),
            instrument: InstrumentId(order.instrument),
            price: if order.kind == OrderType::Market { 0 } else { order.price },
            size: order.size,
            side: order.side,
            order_type: order.kind,
            trade_mode: order.mode,
            self_trade: order.stp,
            flags: order.flags,
            reserved: [0; 3],
            client_id: order.client_id,
            tag: order.tag,
            trigger_id: order.trigger.map_or(TriggerId(0), |(serial, _)| TriggerId::new(serial)),
            reserved2: [0; 8],
        }));
    }

    pub(super) fn tell_closed(&mut self, order: &Order, state: OrderState, source: CancelSource) {
        self.told.push(Event::OrderClosed(OrderClosed {
            header: header(EventKind::OrderClosed),
            order_id: order_id(order.serial),
            account: AccountId(order.account),
            instrument: InstrumentId(order.instrument),
            filled: order.filled,
            size: order.size,
            state,
            source,
            reserved: [0; 38],
        }));
    }

    pub(super) fn tell_amended(&mut self, order: &Order, state: OrderState, result: AmendResult, request: RequestId) {
        self.told.push(Event::OrderAmended(OrderAmended {
            header: header(EventKind::OrderAmended),
            order_id: order_id(order.serial),
            account: AccountId(order.account),
            instrument: InstrumentId(order.instrument),
            price: order.price,
            size: order.size,
            filled: order.filled,
            state,
            result,
            reserved: [0; 6],
            request_id: request,
            reserved2: [0; 24],
        }));
    }
}
