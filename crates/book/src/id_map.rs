//! From ids that were given elsewhere, in any order, to slots.

use crate::Slot;
use tickyard_types::OrderId;

/// An entry that holds nothing. A slot never has this number.
const VACANT: u64 = u64::MAX;
/// How many entries the map begins with.
const ENTRIES: usize = 1 << 10;

/// An open-addressing map of live orders only: 8 bytes each, at most three quarters full.
///
/// It holds 32 bits of each id's hash and trusts nobody with the rest: whoever asks compares the id in the order
/// itself, whose line will be needed anyway. The hash's bits also say where an entry belongs, so that entries are
/// moved (by deletion and growth) without looking at their orders.
#[derive(Clone, Debug)]
pub struct IdMap {
    /// The hash above, the slot below.
    entries: Vec<u64>,
    len: usize,
    seed: u64,
}

impl IdMap {
    /// An empty map. The seed decides where ids go; it must come from the journal or a snapshot, not from chance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { entries: vec![VACANT; ENTRIES], len: 0, seed }
    }

    /// How many ids it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds no id.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot of an id, where `has_id` tells whether the order in a slot has it.
    #[must_use]
    pub fn get(&self, id: OrderId, has_id: impl Fn(Slot) -> bool) -> Option<Slot> {
        self.find(id, has_id).map(|at| slot_of(self.entries[at]))
    }

    /// Adds an id that is not there.
    pub fn insert(&mut self, id: OrderId, slot: Slot) {
        if (self.len + 1) * 4 > self.entries.len() * 3 {
            self.grow();
        }
        let hash = self.hash(id);
        self.put(u64::from(hash) << 32 | u64::from(slot));
        self.len += 1;
    }

    /// Takes an id out and returns its slot, where `has_id` tells whether the order in a slot has it.
    pub fn remove(&mut self, id: OrderId, has_id: impl Fn(Slot) -> bool) -> Option<Slot> {
        let mut hole = self.find(id, has_id)?;
        let slot = slot_of(self.entries[hole]);
        let mask = self.entries.len() - 1;
        let mut at = hole;
        // Entries behind the hole move up, unless that would put them before the place where they belong.
        loop {
            at = (at + 1) & mask;
            let entry = self.entries[at];
            if entry == VACANT {
                break;
            }
            let from_home = at.wrapping_sub(self.home(entry)) & mask;
            let from_hole = at.wrapping_sub(hole) & mask;
            if from_home >= from_hole {
                self.entries[hole] = entry;
                hole = at;
            }
        }
        self.entries[hole] = VACANT;
        self.len -= 1;
        Some(slot)
    }

    fn find(&self, id: OrderId, has_id: impl Fn(Slot) -> bool) -> Option<usize> {
        let hash = u64::from(self.hash(id));
        let mask = self.entries.len() - 1;
        let mut at = self.home(hash << 32);
        loop {
            let entry = self.entries[at & mask];
            if entry == VACANT {
                return None;
            }
            if entry >> 32 == hash && has_id(slot_of(entry)) {
                return Some(at & mask);
            }
            at += 1;
        }
    }

    fn put(&mut self, entry: u64) {
        let mask = self.entries.len() - 1;
        let mut at = self.home(entry);
        while self.entries[at] != VACANT {
            at = (at + 1) & mask;
        }
        self.entries[at] = entry;
    }

    fn grow(&mut self) {
        let doubled = vec![VACANT; self.entries.len() * 2];
        for entry in std::mem::replace(&mut self.entries, doubled) {
            if entry != VACANT {
                self.put(entry);
            }
        }
    }

    /// Where an entry belongs: the highest bits of its hash.
    fn home(&self, entry: u64) -> usize {
        (entry >> (64 - self.entries.len().ilog2())) as usize
    }

    fn hash(&self, id: OrderId) -> u32 {
        let product = u128::from(id.0 ^ self.seed) * 0x9E37_79B9_7F4A_7C15;
        ((product >> 64) as u64 ^ product as u64) as u32
    }
}

fn slot_of(entry: u64) -> Slot {
    entry as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn ids_lead_to_their_slots(steps in proptest::collection::vec((1_u64..400, any::<bool>()), 1..3_000)) {
            let mut ids = IdMap::new(7);
            let mut slots: BTreeMap<u64, Slot> = BTreeMap::new();
            let mut names: Vec<u64> = Vec::new();
            for (number, is_sparse) in steps {
                // Dense ids, and ids that differ in the high bits only.
                let id = if is_sparse { number << 55 } else { number };
                let has_id = |slot: Slot| names[slot as usize] == id;
                assert_eq!(ids.get(OrderId(id), has_id), slots.get(&id).copied());
                if let Some(slot) = slots.remove(&id) {
                    assert_eq!(ids.remove(OrderId(id), has_id), Some(slot));
                } else {
                    assert_eq!(ids.remove(OrderId(id), has_id), None);
                    slots.insert(id, names.len() as Slot);
                    ids.insert(OrderId(id), names.len() as Slot);
                    names.push(id);
                }
                assert_eq!(ids.len(), slots.len());
            }
        }
    }

    #[test]
    fn the_map_grows_with_live_orders_only() {
        let mut ids = IdMap::new(0);
        for id in 1..=1_000_000 {
            ids.insert(OrderId(id), id as Slot);
            if id > 700 {
                let slot = ids.remove(OrderId(id - 700), |slot| u64::from(slot) == id - 700);
                assert_eq!(slot, Some((id - 700) as Slot));
            }
        }
        assert_eq!(ids.entries.len(), ENTRIES);
        for id in 1_000_001..=1_000_100 {
            ids.insert(OrderId(id), id as Slot);
        }
        assert_eq!(ids.entries.len(), 2 * ENTRIES);
        assert_eq!(ids.get(OrderId(1_000_000), |slot| slot == 1_000_000), Some(1_000_000));
    }
}
