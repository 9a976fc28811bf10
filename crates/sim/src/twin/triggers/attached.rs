//! Trigger orders attached to an order: they wait with it, and live when it is over.

use super::{Fired, Job, Trigger, told};
use crate::twin::{Order, Outcome, Twin};
use tickyard_types::{
    AmendOrder, AmendOrderAttached, Attachment, OrderType, PlaceOrder, PlaceOrderAttached, Refusal, Side, TriggerKind,
    TriggerState,
};

impl Twin {
    /// An order with others that wait for its fill.
    pub(in crate::twin) fn place_attached(&mut self, place: &PlaceOrderAttached) -> Outcome {
        let mut rehearsal = self.clone();
        rehearsal.place(&place.order)?;
        let used: Vec<&Attachment> = place.attachments.iter().filter(|attachment| attachment.is_there()).collect();
        for attachment in &used {
            self.accepts_legs(place.order.instrument.0, &attachment.legs)?;
            let namesakes = used.iter().filter(|other| other.client_id == attachment.client_id).count();
            if attachment.client_id != [0; 32] && namesakes > 1 {
                return Err(Refusal::TriggerIdInUse);
            }
            self.is_name_free(place.order.header.account.0, &attachment.client_id)?;
        }
        let best = self.best(place.order.instrument.0, place.order.side.opposite());
        if let Some(best) = best.filter(|_| place.order.order_type == OrderType::Market) {
            let buys = place.order.side == Side::Buy;
            let is_beyond = |price: i64| price == 0 || if buys { price > best } else { price < best };
            let is_behind = |price: i64| price == 0 || if buys { price < best } else { price > best };
            for attachment in &used {
                if !is_beyond(attachment.legs[0].trigger) {
                    return Err(Refusal::TakeProfitReached);
                }
                if !is_behind(attachment.legs[1].trigger) {
                    return Err(Refusal::StopLossReached);
                }
            }
        }
        self.place_with(&place.order, &place.attachments, None)
    }

    /// An order and what waits for its fill, changed together.
    pub(in crate::twin) fn amend_attached(&mut self, amend: &AmendOrderAttached) -> Outcome {
        let order = &amend.order;
        let answer = self.clone().amend(order)?;
        let mut changed = Vec::new();
        for change in amend.changes.iter().filter(|change| change.is_there()) {
            let (account, instrument) = (order.header.account.0, order.instrument.0);
            let found = self.find_trigger(account, instrument, change.trigger_id.serial(), &[0; 32]);
            let waits = found.filter(|old| old.parent == answer.0 && old.state == TriggerState::Attached);
            let old = waits.ok_or(Refusal::TriggerNotFound)?;
            changed.push(self.changed(&old, change.size, &change.legs)?);
        }
        let mut insisting = *order;
        insisting.header.flags &= !AmendOrder::CANCEL_ON_FAIL;
        if self.clone().amend(&insisting).is_ok() {
            for new in changed {
                self.told.push(told(&new, new.state, Fired::default(), Some(order.request_id)));
                self.triggers.insert(new.serial, new);
            }
        }
        if order.price == 0 && order.size == 0 { Ok(answer) } else { self.amend(order) }
    }

    /// What is attached to an order that was accepted.
    pub(in crate::twin) fn attach(&mut self, order: &PlaceOrder, parent: u64, attachments: &[Attachment]) {
        for attachment in attachments.iter().filter(|attachment| attachment.is_there()) {
            self.serial += 1;
            let both = attachment.legs[0].trigger != 0 && attachment.legs[1].trigger != 0;
            let trigger = Trigger {
                serial: self.serial,
                account: order.header.account.0,
                instrument: order.instrument.0,
                parent,
                state: TriggerState::Attached,
                kind: if both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional },
                side: order.side.opposite(),
                order_type: OrderType::Limit,
                mode: order.trade_mode,
                stp: order.self_trade,
                flags: 0,
                size: attachment.size,
                legs: attachment.legs,
                ratio: 0,
                spread: 0,
                active: 0,
                rises: false,
                extreme: 0,
                is_due: false,
                client_id: attachment.client_id,
                tag: order.tag,
                created_ns: self.now_ns,
                updated_ns: self.now_ns,
            };
            self.told.push(told(&trigger, TriggerState::Attached, Fired::default(), None));
            self.triggers.insert(trigger.serial, trigger);
        }
    }

    /// An order has ended.
    pub(in crate::twin) fn is_over(&mut self, order: &Order) {
        if self
            .triggers
            .values()
            .any(|trigger| trigger.parent == order.serial && trigger.state == TriggerState::Attached)
        {
            self.jobs.push_back(Job::Release { parent: order.serial, filled: order.filled });
        }
    }

    pub(super) fn release(&mut self, parent: u64, filled: i64) {
        let mut left = filled;
        let of_parent = |trigger: &&Trigger| trigger.parent == parent && trigger.state == TriggerState::Attached;
        let attached: Vec<Trigger> = self.triggers.values().filter(of_parent).cloned().collect();
        for mut trigger in attached {
            let is_part = trigger.size != 0 && trigger.legs[0].trigger != 0;
            let size = match trigger.size {
                0 => filled,
                size if is_part => size.min(left),
                size => size.min(filled),
            };
            if size == 0 {
                trigger.size = 0;
                self.end_trigger(&trigger, TriggerState::Canceled, Fired::default());
                continue;
            }
            if is_part {
                left -= size;
            }
            (trigger.state, trigger.size, trigger.updated_ns) = (TriggerState::Live, size, self.now_ns);
            self.told.push(told(&trigger, TriggerState::Live, Fired::default(), None));
            let by = self.last(trigger.instrument);
            if let Some(leg) = trigger.reached(by.price).filter(|_| by.trade != 0) {
                trigger.is_due = true;
                self.jobs.push_back(Job::Fire { serial: trigger.serial, leg, by });
            }
            self.triggers.insert(trigger.serial, trigger);
        }
    }
}
