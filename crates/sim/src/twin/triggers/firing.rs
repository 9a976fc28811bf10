//! Trades are heard by every trigger order; those that are reached place their orders.

use super::{Fired, Last, told};
use crate::reader::Event;
use crate::twin::{Twin, shape};
use tickyard_types::{Leg, OrderType, PlaceOrder, Refusal, Side, TriggerKind, TriggerState};

/// How many things that were set off are carried out after a command.
const JOBS: usize = 8;

/// What was set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Fire { serial: u64, leg: usize, by: Last },
    Release { parent: u64, filled: i64 },
}

impl Twin {
    /// Every trigger order of the instrument hears of a trade.
    pub(in crate::twin) fn hear(&mut self, instrument: u32) {
        let by = self.last(instrument);
        let price = by.price;
        let hearing = self.triggers.values_mut().filter(|trigger| {
            trigger.instrument == instrument && trigger.state == TriggerState::Live && !trigger.is_due
        });
        for trigger in hearing {
            let sells = trigger.side == Side::Sell;
            if trigger.kind == TriggerKind::Trailing {
                let is_better = |than: i64| if sells { price > than } else { price < than };
                let begins = trigger.extreme == 0 && (is_better(trigger.active) || price == trigger.active);
                if begins || trigger.extreme != 0 && is_better(trigger.extreme) {
                    trigger.extreme = price;
                    continue;
                }
            }
            if let Some(leg) = trigger.reached(price) {
                trigger.is_due = true;
                self.jobs.push_back(Job::Fire { serial: trigger.serial, leg, by });
            }
        }
    }

    /// Carries out what was set off, as far as one command goes.
    pub(in crate::twin) fn do_jobs(&mut self) {
        for _ in 0..JOBS {
            match self.jobs.pop_front() {
                None => return,
                Some(Job::Fire { serial, leg, by }) => self.fire(serial, leg, by),
                Some(Job::Release { parent, filled }) => self.release(parent, filled),
            }
        }
    }

    fn fire(&mut self, serial: u64, leg: usize, by: Last) {
        let trigger = self.triggers.remove(&serial).expect("what fires is there");
        let at = self.told.len();
        let Leg { mut price, .. } = trigger.leg(leg);
        let mut order = trigger.order(trigger.leg(leg));
        if order.order_type != OrderType::Market {
            let (lowest, highest) = self.bounds(&self.listings[&trigger.instrument], order.side);
            price = price.clamp(lowest, highest);
            order.price = price;
        }
        let mut fired = Fired { size: order.size, price, leg: leg as u8 + 1, by, ..Fired::default() };
        let shape = shape::place(&order);
        order.header.flags |= PlaceOrder::TRIGGERED
            | match trigger.kind {
                TriggerKind::Conditional | TriggerKind::OneCancelsOther => PlaceOrder::BY_LEG,
                TriggerKind::Trailing => PlaceOrder::BY_TRAILING,
                TriggerKind::Plain => 0,
            };
        let source = Some((trigger.serial, trigger.client_id));
        let mut outcome = shape.and_then(|()| self.place_with(&order, &[], source));
        if outcome == Err(Refusal::InsufficientBalance) && order.order_type != OrderType::Market {
            let listing = self.listings[&trigger.instrument];
            let (asset, lot) = match order.side {
                Side::Buy => (listing.quote.0, i128::from(price) * self.unit(&listing)),
                Side::Sell => (listing.base.0, listing.lot),
            };
            let affordable = i64::try_from(self.free(trigger.account, asset, 0) / lot).unwrap_or(0);
            if affordable > 0 {
                order.size = affordable;
                outcome = self.place_with(&order, &[], source);
            }
        }
        match outcome {
            Ok((serial, ..)) => {
                let Some(Event::OrderAccepted(accepted)) = self.told.get(at) else { panic!("it was accepted") };
                (fired.order, fired.size) = (serial, accepted.size);
                self.told.insert(at, told(&trigger, TriggerState::Effective, fired, None));
            }
            Err(refusal) => {
                fired.failure = refusal.number();
                self.told.push(told(&trigger, TriggerState::Failed, fired, None));
            }
        }
    }
}
