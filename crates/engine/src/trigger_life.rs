//! What every trigger order goes through: it waits for its prices, ends, and is told.

use crate::engine::market_index;
use crate::trigger::{PriceEvent, Trigger};
use crate::{Engine, EventBuffer};
use tickyard_types::{EventHeader, EventKind, OrderId, RequestId, TriggerChanged, TriggerState};

/// What a trigger order does when it ends, or none of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct End {
    pub order_id: OrderId,
    pub order_size: i64,
    pub order_price: i64,
    /// Which leg fired, from 1.
    pub leg: u8,
    pub by: PriceEvent,
    pub failure: u16,
    pub extreme: i64,
}

impl Engine {
    /// Lets a live trigger order wait for its prices.
    pub(crate) fn start_waiting(&mut self, trigger: &Trigger) {
        let market = &mut self.markets[market_index(trigger.instrument)];
        for (price, from, part) in trigger.waits() {
            market.watch.wait(price, from, trigger.serial(), part);
        }
        if trigger.follows == 1 {
            market.watch.follow(trigger.side, market.last.price, trigger.distance(), trigger.serial());
        }
    }

    /// Lets it wait for nothing any more.
    pub(crate) fn stop_waiting(&mut self, trigger: &Trigger) {
        let market = &mut self.markets[market_index(trigger.instrument)];
        for (price, from, part) in trigger.waits() {
            market.watch.forget(price, from, trigger.serial(), part);
        }
        if trigger.follows == 1 {
            market.watch.leave(trigger.side, trigger.distance(), trigger.serial());
        }
    }

    /// Ends a trigger order.
    pub(crate) fn end_trigger(&mut self, trigger: &Trigger, state: TriggerState, end: &End, events: &mut EventBuffer) {
        let end = End { extreme: self.extreme(trigger).unwrap_or(end.extreme), ..*end };
        if trigger.state == TriggerState::Live {
            self.stop_waiting(trigger);
        }
        self.triggers.take(trigger.serial());
        self.tell_trigger(trigger, state, &end, None, events);
    }

    /// The best price that a trailing one has seen, while it follows.
    fn extreme(&self, trigger: &Trigger) -> Option<i64> {
        let watch = &self.markets[market_index(trigger.instrument)].watch;
        (trigger.follows == 1).then(|| watch.extreme(trigger.side, trigger.distance(), trigger.serial())).flatten()
    }

    /// Tells what a trigger order is now.
    pub(crate) fn tell_trigger(
        &mut self,
        trigger: &Trigger,
        state: TriggerState,
        end: &End,
        request: Option<RequestId>,
        events: &mut EventBuffer,
    ) {
        self.touch_account(trigger.account);
        let header = events.header(EventKind::TriggerChanged);
        events.push(&self.trigger_changed(header, trigger, state, end, request));
    }

    /// A trigger order as its event tells it.
    pub(crate) fn trigger_changed(
        &self,
        header: EventHeader,
        trigger: &Trigger,
        state: TriggerState,
        end: &End,
        request: Option<RequestId>,
    ) -> TriggerChanged {
        TriggerChanged {
            header,
            trigger_id: trigger.id,
            account: trigger.account,
            instrument: trigger.instrument,
            parent: trigger.parent,
            size: trigger.size,
            legs: trigger.legs,
            callback_ratio_ppb: trigger.callback_ratio_ppb,
            callback_spread: trigger.callback_spread,
            active_price: trigger.active_price,
            extreme: if end.extreme == 0 { self.extreme(trigger).unwrap_or(0) } else { end.extreme },
            order_id: end.order_id,
            order_size: end.order_size,
            order_price: end.order_price,
            fired_trade: end.by.trade,
            fired_price: end.by.price,
            fired_seq: end.by.seq,
            fired_ns: end.by.time_ns,
            created_ns: trigger.created_ns,
            client_id: trigger.client_id,
            tag: trigger.tag,
            request_id: request.unwrap_or([0; 32]),
            failure: end.failure,
            kind: trigger.kind,
            side: trigger.side,
            order_type: trigger.order_type,
            trade_mode: trigger.trade_mode,
            state,
            fired_leg: end.leg,
            flags: trigger.flags,
            price_types: trigger.price_types,
            is_amendment: u8::from(request.is_some()),
            reserved: [0; 4],
        }
    }
}
