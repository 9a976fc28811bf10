//! Trigger orders as bytes, and back: for snapshot and state hash.

use crate::Engine;
use crate::encode::Sink;
use crate::engine::market_index;
use crate::trigger::{PriceEvent, Trigger};
use crate::triggers::{Source, Task};
use crate::watch::Part;
use std::collections::BTreeSet;
use tickyard_types::{ClientId, Leg, OrderId, TriggerId, TriggerKind, TriggerState};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

/// One trigger order, and what of it is still waited for: one of two legs may be on the agenda already.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedTrigger {
    pub trigger: Trigger,
    /// The best price that it has seen while it follows; 0 when it does not.
    pub extreme: i64,
    /// One bit for each part that is waited for.
    pub waits: u64,
}

/// The trigger order that placed a live order.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedSource {
    pub order: OrderId,
    pub trigger_id: TriggerId,
    pub client_id: ClientId,
}

/// One thing that is still to be carried out.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedTask {
    /// Serial of the trigger order that fires; else the order that has ended.
    pub which: u64,
    /// The part that fires; [`RELEASE`] for an order that has ended.
    pub part: u64,
    /// The best price of a trailing one; else lots filled.
    pub number: i64,
    pub by: PriceEvent,
}

/// In [`SavedTask::part`]: attached trigger orders are released.
const RELEASE: u64 = 9;

impl Engine {
    pub(crate) fn encode_triggers(&self, sink: &mut impl Sink) {
        sink.put_count(self.triggers.all().len());
        for trigger in self.triggers.all() {
            sink.put_record(&self.saved_trigger(trigger));
        }
        sink.put_count(self.triggers.sources.len());
        for (order, source) in &self.triggers.sources {
            let Source { trigger_id, client_id } = *source;
            sink.put_record(&SavedSource { order: *order, trigger_id, client_id });
        }
        sink.put_count(self.triggers.agenda.len());
        for task in &self.triggers.agenda {
            sink.put_record(&match *task {
                Task::Fire { serial, part, extreme, by } => {
                    SavedTask { which: serial, part: part as u64, number: extreme, by }
                }
                Task::Release { parent, filled } => {
                    SavedTask { which: parent.0, part: RELEASE, number: filled, by: PriceEvent::default() }
                }
            });
        }
    }

    fn saved_trigger(&self, trigger: &Trigger) -> SavedTrigger {
        let watch = &self.markets[market_index(trigger.instrument)].watch;
        let is_waited_for = |&(price, from, part): &(i64, _, Part)| watch.waits(price, from, trigger.serial(), part);
        let waits = trigger.waits().filter(is_waited_for).fold(0, |bits, (.., part)| bits | 1 << part as u64);
        let follows = trigger.follows == 1;
        let extreme = follows.then(|| watch.extreme(trigger.side, trigger.distance(), trigger.serial())).flatten();
        SavedTrigger { trigger: *trigger, extreme: extreme.unwrap_or(0), waits }
    }

    /// Puts one back; false when it contradicts the rest.
    pub(crate) fn restore_trigger(&mut self, saved: &SavedTrigger) -> bool {
        let trigger = saved.trigger;
        let Ok(market) = self.market(trigger.instrument) else { return false };
        let listing = market.listing;
        let is_user = self.accounts.user(trigger.account).is_ok();
        let is_counted = trigger.id == TriggerId::new(trigger.serial()) && trigger.serial() <= self.serial;
        let is_new = self.triggers.get(trigger.serial()).is_none();
        let is_attached = trigger.state == TriggerState::Attached;
        let is_alive = is_attached && trigger.parent != OrderId(0) && trigger.size >= 0
            || trigger.state == TriggerState::Live && trigger.size > 0;
        let follows = trigger.follows == 1;
        let is_marked = trigger.rises <= 1 && trigger.follows <= 1 && trigger.reserved == [0; 5];
        let is_within = |price: i64| (listing.min_price..=listing.max_price).contains(&price);
        let prices = trigger.legs.iter().map(|leg| leg.trigger).chain([trigger.active_price, saved.extreme]);
        let is_priced = prices.into_iter().all(|price| price == 0 || is_within(price));
        let is_shaped = crate::shape::legs(trigger.kind, &trigger.legs).is_ok();
        let is_trailing = trigger.kind == TriggerKind::Trailing;
        let is_distant = is_trailing == (trigger.callback_ratio_ppb != 0 || trigger.callback_spread != 0)
            && (is_trailing || !follows);
        let is_free = self.triggers.is_free(trigger.account, &trigger.client_id);
        let is_sound = is_user && is_counted && is_new && is_alive && is_marked && is_priced && is_shaped;
        if !is_sound || !is_distant || !is_free || saved.extreme != 0 && !follows || is_attached && saved.waits != 0 {
            return false;
        }
        let watch = &mut self.markets[market_index(trigger.instrument)].watch;
        for (price, from, part) in trigger.waits() {
            if saved.waits & 1 << part as u64 != 0 {
                watch.wait(price, from, trigger.serial(), part);
            }
        }
        if saved.extreme != 0 {
            watch.follow(trigger.side, saved.extreme, trigger.distance(), trigger.serial());
        }
        self.triggers.put(trigger);
        true
    }

    /// Puts the source of a live order back; false when there is no such order.
    pub(crate) fn restore_source(&mut self, saved: &SavedSource) -> bool {
        let SavedSource { order, trigger_id, client_id } = *saved;
        self.triggers.sources.insert(order, Source { trigger_id, client_id }).is_none()
            && self.orders.find(order).is_some()
    }

    /// Puts a task back; false when there can be none like that.
    pub(crate) fn restore_task(&mut self, saved: &SavedTask) -> bool {
        let SavedTask { which, part, number, by } = *saved;
        let part = match part {
            RELEASE => {
                self.triggers.agenda.push_back(Task::Release { parent: OrderId(which), filled: number });
                return number >= 0;
            }
            0 => Part::First,
            1 => Part::Second,
            3 => Part::Trailing,
            _ => return false,
        };
        if let Some(trigger) = self.triggers.get(which) {
            let is_there = match part {
                Part::First | Part::Second => trigger.leg(part) != Leg::NONE,
                Part::Activation | Part::Trailing => trigger.follows == 1,
            };
            if !is_there || trigger.state != TriggerState::Live {
                return false;
            }
        }
        self.triggers.agenda.push_back(Task::Fire { serial: which, part, extreme: number, by });
        true
    }

    /// Every trigger order waits where it says, or is on the agenda; what follows from it is there.
    ///
    /// # Errors
    /// The first rule that is broken, and where.
    pub(crate) fn check_triggers(&self) -> Result<(), String> {
        let (mut firing, mut released) = (BTreeSet::new(), BTreeSet::new());
        for task in &self.triggers.agenda {
            match task {
                Task::Fire { serial, .. } => drop(firing.insert(*serial)),
                Task::Release { parent, .. } => drop(released.insert(*parent)),
            }
        }
        for trigger in self.triggers.all() {
            let watch = &self.markets[market_index(trigger.instrument)].watch;
            let is_in_place = match trigger.state {
                TriggerState::Attached => {
                    self.orders.find(trigger.parent).is_some() || released.contains(&trigger.parent)
                }
                _ => trigger.is_waiting(watch) != firing.contains(&trigger.serial()),
            };
            if !is_in_place {
                return Err(format!("trigger order {} neither waits nor fires, or both", trigger.serial()));
            }
        }
        match self.triggers.sources.keys().find(|order| self.orders.find(**order).is_none()) {
            Some(order) => Err(format!("the order {} of a trigger order has ended", order.serial())),
            None => Ok(()),
        }
    }
}
