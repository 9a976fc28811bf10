//! What owners do with trigger orders: place, cancel, amend.

use super::{Fired, Last, Trigger, told};
use crate::twin::{Outcome, Twin, orders, shape};
use tickyard_types::{
    AmendTrigger, CancelTrigger, Leg, PlaceOrder, PlaceTrigger, Refusal, Side, TriggerKind, TriggerState,
};

impl Twin {
    pub(in crate::twin) fn place_trigger(&mut self, place: &PlaceTrigger) -> Outcome {
        let id = place.header.account.0;
        self.user(id)?;
        self.listing(place.instrument.0)?;
        let last = self.last(place.instrument.0);
        let follows = place.kind == TriggerKind::Trailing && place.active_price == 0;
        let trigger = Trigger {
            serial: self.serial + 1,
            account: id,
            instrument: place.instrument.0,
            parent: 0,
            state: TriggerState::Live,
            kind: place.kind,
            side: place.side,
            order_type: place.order_type,
            mode: place.trade_mode,
            stp: place.self_trade,
            flags: place.header.flags,
            size: place.size,
            legs: place.legs,
            ratio: place.callback_ratio_ppb,
            spread: place.callback_spread,
            active: place.active_price,
            rises: place.legs[0].trigger > last.price,
            extreme: if follows { last.price } else { 0 },
            is_due: false,
            client_id: place.client_id,
            tag: place.tag,
            created_ns: self.now_ns,
            updated_ns: self.now_ns,
        };
        self.would_be_taken(&trigger)?;
        self.is_name_free(id, &place.client_id)?;
        let class = |kind| match kind {
            TriggerKind::Conditional | TriggerKind::OneCancelsOther => 100,
            TriggerKind::Plain => 500,
            TriggerKind::Trailing => 50,
        };
        let alike = self.triggers.values().filter(|other| {
            (other.account, other.instrument, other.state) == (id, place.instrument.0, TriggerState::Live)
                && class(other.kind) == class(place.kind)
        });
        if alike.count() >= class(place.kind) {
            return Err(Refusal::TooManyTriggers);
        }
        is_ahead(&trigger, last)?;
        self.serial += 1;
        self.told.push(told(&trigger, TriggerState::Live, Fired::default(), None));
        let answer = Ok((trigger.serial, 0, trigger.client_id));
        self.triggers.insert(trigger.serial, trigger);
        answer
    }

    pub(in crate::twin) fn cancel_trigger(&mut self, cancel: &CancelTrigger) -> Outcome {
        let id = cancel.header.account.0;
        self.user(id)?;
        self.listing(cancel.instrument.0)?;
        let found = self.find_trigger(id, cancel.instrument.0, cancel.trigger_id.serial(), &cancel.client_id);
        let trigger = found.filter(|trigger| trigger.state == TriggerState::Live).ok_or(Refusal::TriggerNotFound)?;
        if trigger.is_due {
            return Err(Refusal::TriggerFired);
        }
        self.end_trigger(&trigger, TriggerState::Canceled, Fired::default());
        Ok((trigger.serial, 0, trigger.client_id))
    }

    pub(in crate::twin) fn amend_trigger(&mut self, amend: &AmendTrigger) -> Outcome {
        let id = amend.header.account.0;
        self.user(id)?;
        orders::is_open(&self.listing(amend.instrument.0)?)?;
        let found = self.find_trigger(id, amend.instrument.0, amend.trigger_id.serial(), &amend.client_id);
        let old = found.ok_or(Refusal::TriggerNotFound)?;
        let is_live = old.state == TriggerState::Live;
        if is_live && old.is_due {
            return Err(Refusal::TriggerFired);
        }
        match self.changed(&old, amend.size, &amend.legs) {
            Ok(new) => {
                self.told.push(told(&new, new.state, Fired::default(), Some(amend.request_id)));
                self.triggers.insert(new.serial, new);
            }
            Err(_) if is_live && amend.header.flags & AmendTrigger::CANCEL_ON_FAIL != 0 => {
                self.end_trigger(&old, TriggerState::Canceled, Fired::default());
            }
            Err(refusal) => return Err(refusal),
        }
        Ok((old.serial, 0, old.client_id))
    }

    pub(super) fn changed(&self, old: &Trigger, size: i64, legs: &[Leg; 2]) -> Result<Trigger, Refusal> {
        let mut new = Trigger { updated_ns: self.now_ns, ..old.clone() };
        if size != 0 {
            new.size = size;
        }
        for (at, change) in legs.iter().enumerate() {
            if change.trigger == AmendTrigger::DROP_LEG {
                new.legs[at] = Leg::NONE;
                continue;
            }
            if change.trigger != 0 {
                new.legs[at].trigger = change.trigger;
            }
            if change.price != 0 {
                new.legs[at].price = change.price;
            }
        }
        if old.kind == TriggerKind::Trailing {
            return Err(Refusal::TriggerNotAmendable);
        }
        if old.kind != TriggerKind::Plain {
            let both = new.legs[0].trigger != 0 && new.legs[1].trigger != 0;
            new.kind = if both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional };
        }
        shape::legs(new.kind, new.legs)?;
        if new.state == TriggerState::Attached {
            self.accepts_legs(new.instrument, &new.legs)?;
            return Ok(new);
        }
        let last = self.last(new.instrument);
        new.rises = new.legs[0].trigger > last.price;
        self.would_be_taken(&new)?;
        is_ahead(&new, last)?;
        Ok(new)
    }

    /// Whether the instrument would take its orders.
    fn would_be_taken(&self, trigger: &Trigger) -> Result<(), Refusal> {
        let listing = self.listing(trigger.instrument)?;
        orders::is_open(&listing)?;
        self.accepts_legs(trigger.instrument, &trigger.legs)?;
        if trigger.active != 0 {
            orders::accepts_price((listing.min_price, listing.max_price), trigger.active, false)?;
        }
        for leg in 0..2 {
            if trigger.leg(leg).price != 0 {
                let mut order = trigger.order(trigger.leg(leg));
                order.header.flags |= PlaceOrder::CLAMP_PRICE;
                self.price_of(&listing, &order)?;
            }
        }
        Ok(())
    }
}

fn is_ahead(trigger: &Trigger, last: Last) -> Result<(), Refusal> {
    let is_simple = matches!(trigger.kind, TriggerKind::Conditional | TriggerKind::OneCancelsOther);
    if last.trade == 0 {
        return if is_simple { Ok(()) } else { Err(Refusal::NoLastPrice) };
    }
    let sells = trigger.side == Side::Sell;
    let is_above = |price: i64| price > last.price;
    let is_below = |price: i64| price < last.price;
    let is_better = |price: i64| if sells { is_above(price) } else { is_below(price) };
    let is_worse = |price: i64| if sells { is_below(price) } else { is_above(price) };
    match trigger.kind {
        TriggerKind::Plain => Ok(()),
        TriggerKind::Trailing if trigger.active != 0 && !is_better(trigger.active) => Err(Refusal::ActivationReached),
        TriggerKind::Trailing => Ok(()),
        _ if trigger.legs[0].trigger != 0 && !is_better(trigger.legs[0].trigger) => Err(Refusal::TakeProfitReached),
        _ if trigger.legs[1].trigger != 0 && !is_worse(trigger.legs[1].trigger) => Err(Refusal::StopLossReached),
        _ => Ok(()),
    }
}
