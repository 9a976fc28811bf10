//! Placing, cancelling and amending trigger orders.

use crate::engine::{Answer, market_index};
use crate::market::Market;
use crate::trigger::{PriceEvent, Trigger};
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{
    AmendTrigger, CancelTrigger, EventHeader, EventKind, Leg, OrderId, PlaceTrigger, Refusal, RequestId, Side, TradeId,
    TriggerChanged, TriggerId, TriggerKind, TriggerState,
};

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
    /// Places a trigger order. It freezes nothing and meets nobody until its price is reached.
    pub(crate) fn place_trigger(&mut self, place: &PlaceTrigger, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let trigger = self.checked(&place.header, |engine| engine.check_trigger(place))?;
        self.serial += 1;
        self.start_waiting(&trigger);
        self.triggers.put(trigger);
        self.tell_trigger(&trigger, TriggerState::Live, &End::default(), None, events);
        Ok(Answer { order_id: OrderId(trigger.id.0), client_id: trigger.client_id, value: 0 })
    }

    /// Whether a trigger order can be placed, and what it is.
    fn check_trigger(&self, place: &PlaceTrigger) -> Result<Trigger, Refusal> {
        shape::place_trigger(place)?;
        let account = place.header.account;
        self.accounts.user(account)?;
        let market = self.market(place.instrument)?;
        let last = market.last.price;
        let is_rise = place.legs[Leg::TAKE_PROFIT].trigger > last;
        let trigger = Trigger {
            id: TriggerId::new(self.serial + 1),
            account,
            instrument: place.instrument,
            parent: OrderId(0),
            size: place.size,
            legs: place.legs,
            callback_ratio_ppb: place.callback_ratio_ppb,
            callback_spread: place.callback_spread,
            active_price: place.active_price,
            created_ns: self.time_ns,
            updated_ns: self.time_ns,
            client_id: place.client_id,
            tag: place.tag,
            kind: place.kind,
            side: place.side,
            order_type: place.order_type,
            trade_mode: place.trade_mode,
            self_trade: place.self_trade,
            flags: place.header.flags,
            price_types: place.price_types,
            state: TriggerState::Live,
            rises: u8::from(place.kind == TriggerKind::Plain && is_rise),
            follows: u8::from(place.kind == TriggerKind::Trailing && place.active_price == 0),
            reserved: [0; 5],
        };
        self.accepts_trigger(market, &trigger)?;
        if !self.triggers.is_free(account, &place.client_id) {
            return Err(Refusal::TriggerIdInUse);
        }
        if !self.triggers.has_room(account, place.instrument, place.kind) {
            return Err(Refusal::TooManyTriggers);
        }
        is_ahead(market, &trigger)?;
        Ok(trigger)
    }

    /// Whether the instrument would take its orders now, and has such prices.
    pub(crate) fn accepts_trigger(&self, market: &Market, trigger: &Trigger) -> Result<(), Refusal> {
        market.is_open()?;
        for leg in trigger.legs.iter().filter(|leg| leg.is_there()) {
            market.accepts_trigger_price(leg.trigger)?;
        }
        if trigger.active_price != 0 {
            market.accepts_trigger_price(trigger.active_price)?;
        }
        let trailing = Leg { trigger: 0, price: Leg::MARKET };
        let is_trailing = trigger.kind == TriggerKind::Trailing;
        let legs = trigger.legs.iter().filter(|leg| leg.is_there()).chain(is_trailing.then_some(&trailing));
        for leg in legs {
            market.accepts(&trigger.order(*leg), self.time_ns)?;
        }
        Ok(())
    }

    /// Cancels a trigger order that has not fired.
    pub(crate) fn cancel_trigger(
        &mut self,
        cancel: &CancelTrigger,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let trigger = self.checked(&cancel.header, |engine| {
            shape::cancel_trigger(cancel)?;
            let account = cancel.header.account;
            engine.accounts.user(account)?;
            let market = engine.market(cancel.instrument)?;
            let found = engine.triggers.find(account, cancel.instrument, cancel.trigger_id, &cancel.client_id);
            let live = found.filter(|trigger| trigger.state == TriggerState::Live);
            let trigger = *live.ok_or(Refusal::TriggerNotFound)?;
            if trigger.is_waiting(&market.watch) { Ok(trigger) } else { Err(Refusal::TriggerFired) }
        })?;
        self.end_trigger(&trigger, TriggerState::Canceled, &End::default(), events);
        Ok(Answer { order_id: OrderId(trigger.id.0), client_id: trigger.client_id, value: 0 })
    }

    /// Changes a trigger order that has not fired, or one that still waits for its order.
    pub(crate) fn amend_trigger(&mut self, amend: &AmendTrigger, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let (old, new) = self.checked(&amend.header, |engine| engine.check_trigger_amend(amend))?;
        let answer = Answer { order_id: OrderId(old.id.0), client_id: old.client_id, value: 0 };
        let Some(new) = new else {
            self.end_trigger(&old, TriggerState::Canceled, &End::default(), events);
            return Ok(answer);
        };
        let new = Trigger { updated_ns: self.time_ns, ..new };
        if old.state == TriggerState::Live {
            self.stop_waiting(&old);
            self.start_waiting(&new);
        }
        self.triggers.put(new);
        self.tell_trigger(&new, new.state, &End::default(), Some(amend.request_id), events);
        Ok(answer)
    }

    /// Which one is meant, and what it becomes; `None` when it cannot and its user wants it cancelled then.
    fn check_trigger_amend(&self, amend: &AmendTrigger) -> Result<(Trigger, Option<Trigger>), Refusal> {
        shape::amend_trigger(amend)?;
        let account = amend.header.account;
        self.accounts.user(account)?;
        let market = self.market(amend.instrument)?;
        market.is_open()?;
        let found = self.triggers.find(account, amend.instrument, amend.trigger_id, &amend.client_id);
        let old = *found.ok_or(Refusal::TriggerNotFound)?;
        let is_live = old.state == TriggerState::Live;
        if is_live && !old.is_waiting(&market.watch) {
            return Err(Refusal::TriggerFired);
        }
        match self.changed(market, &old, amend.size, &amend.legs) {
            Ok(new) => Ok((old, Some(new))),
            Err(_) if is_live && amend.header.flags & AmendTrigger::CANCEL_ON_FAIL != 0 => Ok((old, None)),
            Err(refusal) => Err(refusal),
        }
    }

    /// What an amendment makes of a trigger order.
    pub(crate) fn changed(
        &self,
        market: &Market,
        old: &Trigger,
        size: i64,
        legs: &[Leg; 2],
    ) -> Result<Trigger, Refusal> {
        let mut new = *old;
        if size != 0 {
            new.size = size;
        }
        for (leg, change) in new.legs.iter_mut().zip(legs) {
            match change.trigger {
                AmendTrigger::DROP_LEG => *leg = Leg::NONE,
                _ => {
                    leg.trigger = if change.trigger == 0 { leg.trigger } else { change.trigger };
                    leg.price = if change.price == 0 { leg.price } else { change.price };
                }
            }
        }
        new.kind = match (old.kind, new.legs[0].is_there() && new.legs[1].is_there()) {
            (TriggerKind::Trailing, _) => return Err(Refusal::TriggerNotAmendable),
            (TriggerKind::Plain, _) => TriggerKind::Plain,
            (_, true) => TriggerKind::OneCancelsOther,
            (_, false) => TriggerKind::Conditional,
        };
        shape::legs(new.kind, &new.legs)?;
        if new.state == TriggerState::Attached {
            for leg in new.legs.iter().filter(|leg| leg.is_there()) {
                market.accepts_trigger_price(leg.trigger)?;
                if leg.price != Leg::MARKET {
                    market.accepts_trigger_price(leg.price)?;
                }
            }
            return Ok(new);
        }
        if new.kind == TriggerKind::Plain {
            new.rises = u8::from(new.legs[Leg::TAKE_PROFIT].trigger > market.last.price);
        }
        self.accepts_trigger(market, &new)?;
        is_ahead(market, &new)?;
        Ok(new)
    }

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

/// Whether the prices of a trigger order are still to be reached. Where nothing was traded yet, a take-profit and a
/// stop-loss wait for the first trade, and nothing else can be placed.
fn is_ahead(market: &Market, trigger: &Trigger) -> Result<(), Refusal> {
    if market.last.trade == TradeId(0) {
        let needs_a_price = matches!(trigger.kind, TriggerKind::Plain | TriggerKind::Trailing);
        return if needs_a_price { Err(Refusal::NoLastPrice) } else { Ok(()) };
    }
    let last = market.last.price;
    // Seen from a sell; a buy is its mirror image.
    let above = |price: i64| if trigger.side == Side::Sell { price > last } else { price < last };
    let below = |price: i64| if trigger.side == Side::Sell { price < last } else { price > last };
    let [first, second] = trigger.legs;
    match trigger.kind {
        TriggerKind::Plain => Ok(()),
        TriggerKind::Trailing if trigger.active_price != 0 && !above(trigger.active_price) => {
            Err(Refusal::ActivationReached)
        }
        TriggerKind::Trailing => Ok(()),
        _ if first.is_there() && !above(first.trigger) => Err(Refusal::TakeProfitReached),
        _ if second.is_there() && !below(second.trigger) => Err(Refusal::StopLossReached),
        _ => Ok(()),
    }
}
