//! Amending a trigger order.

use crate::attach::accepts_legs;
use crate::engine::Answer;
use crate::market::Market;
use crate::place_trigger::is_ahead;
use crate::trigger::Trigger;
use crate::trigger_life::End;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{AmendTrigger, Leg, OrderId, Refusal, TriggerKind, TriggerState};

impl Engine {
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
            accepts_legs(market, &new.legs)?;
            return Ok(new);
        }
        if new.kind == TriggerKind::Plain {
            new.rises = u8::from(new.legs[Leg::TAKE_PROFIT].trigger > market.last.price);
        }
        self.accepts_trigger(market, &new)?;
        is_ahead(market, &new)?;
        Ok(new)
    }
}
