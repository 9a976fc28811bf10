//! All trigger orders that have not ended, and what is still to be carried out of what trades have set off.

use crate::trigger::{PriceEvent, Trigger};
use crate::watch::Part;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tickyard_types::{AccountId, ClientId, InstrumentId, OrderId, TriggerId, TriggerKind, TriggerState};

/// Something that a command set off and that is carried out after it, in the order in which it was set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// A trigger order fires.
    Fire {
        serial: u64,
        part: Part,
        /// Of a trailing one; 0 of others.
        extreme: i64,
        by: PriceEvent,
    },
    /// An order with attached trigger orders has ended with so many lots filled.
    Release { parent: OrderId, filled: i64 },
}

/// The trigger order that placed an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub trigger_id: TriggerId,
    pub client_id: ClientId,
}

/// Trigger orders by serial, and what leads to them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Triggers {
    all: BTreeMap<u64, Trigger>,
    of_account: BTreeSet<(AccountId, u64)>,
    names: BTreeMap<(AccountId, ClientId), u64>,
    /// Live ones.
    counts: BTreeMap<(AccountId, InstrumentId, u8), u32>,
    /// Those that wait for their order, by its serial.
    attached: BTreeMap<u64, Vec<u64>>,
    /// By the live order that one of them placed.
    pub sources: BTreeMap<OrderId, Source>,
    pub agenda: VecDeque<Task>,
}

/// Which kinds share a limit, and the limit. Source: OKX v5, POST /api/v5/trade/order-algo, limits on pending orders.
const fn class(kind: TriggerKind) -> (u8, u32) {
    match kind {
        TriggerKind::Conditional | TriggerKind::OneCancelsOther => (0, 100),
        TriggerKind::Plain => (1, 500),
        TriggerKind::Trailing => (2, 50),
    }
}

impl Triggers {
    /// All of them, by serial.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = &Trigger> {
        self.all.values()
    }

    pub(crate) fn get(&self, serial: u64) -> Option<&Trigger> {
        self.all.get(&serial)
    }

    /// An account's, oldest first.
    pub(crate) fn of_account(&self, account: AccountId) -> impl Iterator<Item = &Trigger> {
        let range = self.of_account.range((account, 0)..=(account, u64::MAX));
        range.filter_map(|(_, serial)| self.all.get(serial))
    }

    /// The account's trigger order in the instrument, by id, else by client id.
    pub(crate) fn find(
        &self,
        account: AccountId,
        instrument: InstrumentId,
        id: TriggerId,
        client_id: &ClientId,
    ) -> Option<&Trigger> {
        let found = match id {
            TriggerId(0) => self.all.get(self.names.get(&(account, *client_id))?),
            _ => self.all.get(&id.serial()).filter(|trigger| trigger.id == id),
        };
        found.filter(|trigger| trigger.account == account && trigger.instrument == instrument)
    }

    /// Whether a name is free.
    pub(crate) fn is_free(&self, account: AccountId, client_id: &ClientId) -> bool {
        *client_id == [0; 32] || !self.names.contains_key(&(account, *client_id))
    }

    /// Whether the account may have one more live one of a kind in an instrument.
    pub(crate) fn has_room(&self, account: AccountId, instrument: InstrumentId, kind: TriggerKind) -> bool {
        let (class, most) = class(kind);
        self.counts.get(&(account, instrument, class)).is_none_or(|count| *count < most)
    }

    /// Enters one, or what one has become.
    pub(crate) fn put(&mut self, trigger: Trigger) {
        self.take(trigger.serial());
        let serial = trigger.serial();
        self.of_account.insert((trigger.account, serial));
        if trigger.client_id != [0; 32] {
            self.names.insert((trigger.account, trigger.client_id), serial);
        }
        if trigger.state == TriggerState::Live {
            *self.counts.entry((trigger.account, trigger.instrument, class(trigger.kind).0)).or_default() += 1;
        }
        if trigger.state == TriggerState::Attached {
            let siblings = self.attached.entry(trigger.parent.serial()).or_default();
            let at = siblings.partition_point(|sibling| *sibling < serial);
            siblings.insert(at, serial);
        }
        self.all.insert(serial, trigger);
    }

    /// Takes one away.
    pub(crate) fn take(&mut self, serial: u64) -> Option<Trigger> {
        let trigger = self.all.remove(&serial)?;
        self.of_account.remove(&(trigger.account, serial));
        if trigger.client_id != [0; 32] {
            self.names.remove(&(trigger.account, trigger.client_id));
        }
        if trigger.state == TriggerState::Live {
            let key = (trigger.account, trigger.instrument, class(trigger.kind).0);
            match self.counts.get_mut(&key) {
                Some(count) if *count > 1 => *count -= 1,
                _ => drop(self.counts.remove(&key)),
            }
        }
        if trigger.state == TriggerState::Attached {
            let parent = trigger.parent.serial();
            let siblings = self.attached.entry(parent).or_default();
            siblings.retain(|sibling| *sibling != serial);
            if siblings.is_empty() {
                self.attached.remove(&parent);
            }
        }
        Some(trigger)
    }

    /// Those that wait for an order, oldest first.
    pub(crate) fn attached_to(&self, parent: OrderId) -> Vec<Trigger> {
        let serials = self.attached.get(&parent.serial()).map_or(&[][..], Vec::as_slice);
        serials.iter().filter_map(|serial| self.all.get(serial).copied()).collect()
    }

    /// What is to be carried out next. A trigger order whose other leg came first is passed over.
    pub(crate) fn next_task(&mut self) -> Option<Task> {
        while let Some(task) = self.agenda.front() {
            match task {
                Task::Fire { serial, .. } if !self.all.contains_key(serial) => drop(self.agenda.pop_front()),
                task => return Some(*task),
            }
        }
        None
    }
}
