//! From ids that were given elsewhere, in any order, to slots.

use crate::{Slot, SlotMap};
use tickyard_types::OrderId;

/// The slots of live orders by their ids. Whoever asks says which id the order in a slot has.
#[derive(Clone, Debug)]
pub struct IdMap {
    slots: SlotMap,
    seed: u64,
}

/// An id together with its hash, which is then computed once for several uses.
#[derive(Clone, Copy, Debug)]
pub struct IdKey {
    id: OrderId,
    hash: u64,
}

impl IdMap {
    /// An empty map. The seed decides where ids go; it must come from the journal or a snapshot, not from chance.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { slots: SlotMap::new(), seed }
    }

    /// How many ids it holds.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds no id.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Prepares an id for the methods below.
    #[must_use]
    #[inline]
    pub fn key(&self, id: OrderId) -> IdKey {
        IdKey { id, hash: hash(id, self.seed) }
    }

    /// The slot of an id, where `id_of` tells the id of the order in a slot.
    #[must_use]
    #[inline]
    pub fn get(&self, key: IdKey, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        self.slots.get(key.hash, |slot| id_of(slot) == key.id)
    }

    /// Adds an id that is not there, where `id_of` tells the ids of those that are.
    #[inline]
    pub fn insert(&mut self, key: IdKey, slot: Slot, id_of: impl Fn(Slot) -> OrderId) {
        let seed = self.seed;
        self.slots.insert(key.hash, slot, |slot| hash(id_of(slot), seed));
    }

    /// Takes an id out and returns its slot, where `id_of` tells the id of the order in a slot.
    #[inline]
    pub fn remove(&mut self, key: IdKey, id_of: impl Fn(Slot) -> OrderId) -> Option<Slot> {
        self.slots.remove(key.hash, |slot| id_of(slot) == key.id)
    }
}

#[inline]
fn hash(id: OrderId, seed: u64) -> u64 {
    let product = u128::from(id.0 ^ seed) * 0x9E37_79B9_7F4A_7C15;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn ids_lead_to_their_slots(steps in proptest::collection::vec((1_u64..4_000, any::<bool>()), 1..8_000)) {
            let mut ids = IdMap::new(7);
            let mut slots: BTreeMap<u64, Slot> = BTreeMap::new();
            let mut names: Vec<OrderId> = Vec::new();
            for (number, is_sparse) in steps {
                // Dense ids, and ids that differ in the high bits only.
                let id = OrderId(if is_sparse { number << 52 } else { number });
                let known = slots.remove(&id.0);
                assert_eq!(ids.get(ids.key(id), |slot| names[slot as usize]), known);
                assert_eq!(ids.remove(ids.key(id), |slot| names[slot as usize]), known);
                if known.is_none() {
                    let slot = names.len() as Slot;
                    names.push(id);
                    slots.insert(id.0, slot);
                    ids.insert(ids.key(id), slot, |slot| names[slot as usize]);
                }
                assert_eq!(ids.len(), slots.len());
            }
            for (id, slot) in slots {
                assert_eq!(ids.remove(ids.key(OrderId(id)), |slot| names[slot as usize]), Some(slot));
            }
            assert!(ids.slots.is_clear());
        }
    }

    #[test]
    fn the_map_grows_with_live_orders_only() {
        let id_of = |slot: Slot| OrderId(u64::from(slot));
        let mut ids = IdMap::new(0);
        let most = ids.slots.len_max();
        let live = most as u64;
        for id in 1..=1_000_000 {
            if id > live {
                assert_eq!(ids.remove(ids.key(OrderId(id - live)), id_of), Some((id - live) as Slot));
            }
            ids.insert(ids.key(OrderId(id)), id as Slot, id_of);
        }
        assert_eq!(ids.slots.len_max(), most);
        ids.insert(ids.key(OrderId(1_000_001)), 1_000_001, id_of);
        assert_eq!(ids.slots.len_max(), 2 * most);
        assert_eq!(ids.get(ids.key(OrderId(1_000_000)), id_of), Some(1_000_000));
    }
}
