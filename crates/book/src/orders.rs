//! The slab of live orders.

use crate::{NONE, Slot};
use tickyard_types::{AccountId, OrderId, Side};

/// What matching needs of a resting order: half a cache line.
#[derive(Clone, Copy, Debug)]
pub struct HotOrder {
    pub(crate) id: OrderId,
    pub(crate) size: i64,
    pub(crate) owner: AccountId,
    /// The level's number in its book, shifted left, and the side in the lowest bit; or one of the marks below.
    pub(crate) place: u32,
    /// The older neighbour in the queue.
    pub(crate) prev: Slot,
    /// The younger neighbour in the queue; in a free slot, the slot to be used after this one.
    pub(crate) next: Slot,
}

const _: () = assert!(size_of::<HotOrder>() == 32);

/// The slot is on the free list.
const FREE: u32 = u32::MAX;
/// The order is live and stands in no queue.
pub(crate) const LOOSE: u32 = u32::MAX - 1;
/// The slot of a snapshot that is still to be filled.
const AWAITED: u32 = u32::MAX - 2;
/// Places at or above this are marks.
pub(crate) const MARKS: u32 = AWAITED;

impl HotOrder {
    const VACANT: Self = Self { id: OrderId(0), size: 0, owner: AccountId(0), place: FREE, prev: NONE, next: NONE };

    /// Live, and in no queue.
    const ALONE: Self = Self { place: LOOSE, ..Self::VACANT };

    /// The order's id.
    #[must_use]
    pub const fn id(&self) -> OrderId {
        self.id
    }

    /// What is left of it, in lots.
    #[must_use]
    pub const fn size(&self) -> i64 {
        self.size
    }

    /// The master account of its account: orders of one owner never trade with each other.
    #[must_use]
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// The side on which it rests, or `None` while it stands in no queue.
    #[must_use]
    pub const fn side(&self) -> Option<Side> {
        match self.place {
            MARKS.. => None,
            place if place & 1 == 0 => Some(Side::Buy),
            _ => Some(Side::Sell),
        }
    }
}

/// A snapshot's slots contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoreError;

/// All live orders of an engine, in slots that do not move.
///
/// A slot that became free last is used first, while its line is still in the cache.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The order in a slot stands one place further on. The first place is spare: it is where [`NONE`] leads, so that
    /// an order without a neighbour can be unlinked like any other.
    places: Vec<HotOrder>,
    free: Slot,
    live: u32,
}

impl Default for Orders {
    fn default() -> Self {
        Self::new()
    }
}

impl Orders {
    /// How many orders may live at once: as many as an [`OrderId`] has slots.
    pub const CAPACITY: u32 = 1 << OrderId::SLOT_BITS;

    /// A slab without orders.
    #[must_use]
    pub const fn new() -> Self {
        Self { places: Vec::new(), free: NONE, live: 0 }
    }

    /// A slab that grows only beyond `orders` live orders.
    #[must_use]
    pub fn with_capacity(orders: usize) -> Self {
        Self { places: Vec::with_capacity(orders + 1), ..Self::new() }
    }

    /// Live orders.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.live
    }

    /// Whether no order lives.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Slots that were ever used; tables beside the slab have this length.
    #[must_use]
    pub fn slots(&self) -> u32 {
        self.places.len().saturating_sub(1) as u32
    }

    /// The slot that the next order will take, or `None` when all are taken.
    #[must_use]
    pub fn next_slot(&self) -> Option<Slot> {
        match self.free {
            NONE => Some(self.slots()).filter(|&slot| slot < Self::CAPACITY),
            slot => Some(slot),
        }
    }

    /// Takes a slot for the order with this serial number (from 1), or returns `None` when all are taken.
    ///
    /// The order stands in no queue until [`crate::Book::rest`].
    pub fn insert(&mut self, serial: u64, owner: AccountId, size: i64) -> Option<OrderId> {
        let id = OrderId::new(serial, self.next_slot()?);
        self.insert_named(id, owner, size).map(|_| id)
    }

    /// Takes a slot for an order whose id was given elsewhere, or returns `None` when all are taken.
    ///
    /// Id 0 is reserved. [`Self::find`] does not apply to such orders.
    pub fn insert_named(&mut self, id: OrderId, owner: AccountId, size: i64) -> Option<Slot> {
        debug_assert!(id.0 != 0 && size > 0, "Invariant: an order has an id and a size");
        let slot = self.free;
        if slot == NONE {
            return self.insert_last(HotOrder { id, size, owner, ..HotOrder::ALONE });
        }
        let order = self.at_mut(slot);
        let next = order.next;
        // Field by field: a whole record would be built on the stack first, and the processor stalls when it loads it
        // back in wider pieces than it was stored in.
        order.id = id;
        order.size = size;
        order.owner = owner;
        order.place = LOOSE;
        order.prev = NONE;
        order.next = NONE;
        self.free = next;
        self.live += 1;
        Some(slot)
    }

    #[cold]
    fn insert_last(&mut self, order: HotOrder) -> Option<Slot> {
        let slot = self.next_slot()?;
        if self.places.is_empty() {
            self.places.push(HotOrder::VACANT);
        }
        self.places.push(order);
        self.live += 1;
        Some(slot)
    }

    /// Gives an order that stands in no queue another size: it was filled on arrival, or amended.
    pub fn resize(&mut self, slot: Slot, size: i64) {
        let order = self.at_mut(slot);
        assert!(order.place == LOOSE && size > 0, "Invariant: only an order outside every queue is resized");
        order.size = size;
    }

    /// Frees the slot of an order that stands in no queue.
    pub fn free(&mut self, slot: Slot) {
        let next = self.free;
        let order = self.at_mut(slot);
        assert!(order.place == LOOSE, "Invariant: only an order outside every queue is freed");
        order.id = OrderId(0);
        order.place = FREE;
        order.next = next;
        self.free = slot;
        self.live -= 1;
    }

    /// The live order with this id.
    #[must_use]
    pub fn find(&self, id: OrderId) -> Option<Slot> {
        let slot = id.slot();
        (self.get(slot)?.id == id).then_some(slot)
    }

    /// The live order in this slot.
    #[must_use]
    pub fn get(&self, slot: Slot) -> Option<&HotOrder> {
        self.places.get(index(slot)).filter(|order| order.id.0 != 0)
    }

    /// Where a slot lies, whatever is in it: for fetching it ahead.
    #[must_use]
    pub fn line(&self, slot: Slot) -> Option<&HotOrder> {
        self.places.get(index(slot))
    }

    /// Where the neighbours of the order in a slot lie in its queue: for fetching them ahead.
    #[must_use]
    pub fn neighbour_lines(&self, slot: Slot) -> [Option<&HotOrder>; 2] {
        let order = self.line(slot);
        [order.and_then(|order| self.line(order.prev)), order.and_then(|order| self.line(order.next))]
    }

    /// The free slots, in the order in which they will be taken.
    pub fn free_slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let link = |slot: Slot| (slot != NONE).then_some(slot);
        std::iter::successors(link(self.free), move |&slot| link(self.at(slot).next))
    }

    /// Begins a slab out of a snapshot: so many slots, of which these are free, the next to be taken first.
    ///
    /// All other slots await [`Self::restore_order`].
    ///
    /// # Errors
    /// A free slot does not exist or is named twice.
    pub fn restore(slots: u32, free: &[Slot]) -> Result<Self, RestoreError> {
        if slots > Self::CAPACITY {
            return Err(RestoreError);
        }
        let awaited = HotOrder { place: AWAITED, ..HotOrder::VACANT };
        let mut restored = Self { places: vec![awaited; slots as usize + 1], ..Self::new() };
        restored.places[0] = HotOrder::VACANT;
        for &slot in free.iter().rev() {
            let order = restored.places.get_mut(index(slot)).ok_or(RestoreError)?;
            if order.place != AWAITED {
                return Err(RestoreError);
            }
            *order = HotOrder { next: restored.free, ..HotOrder::VACANT };
            restored.free = slot;
        }
        Ok(restored)
    }

    /// Puts an order of a snapshot back into its slot. It stands in no queue until [`crate::Book::rest`].
    ///
    /// # Errors
    /// The slot is free or taken, or the order has no id or no size.
    pub fn restore_order(&mut self, slot: Slot, id: OrderId, owner: AccountId, size: i64) -> Result<(), RestoreError> {
        let order = self.places.get_mut(index(slot)).ok_or(RestoreError)?;
        if order.place != AWAITED || id.0 == 0 || size <= 0 {
            return Err(RestoreError);
        }
        *order = HotOrder { id, size, owner, ..HotOrder::ALONE };
        self.live += 1;
        Ok(())
    }

    /// Whether every slot is either free or taken; false while orders of a snapshot are missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.places.iter().all(|order| order.place != AWAITED)
    }

    pub(crate) fn at(&self, slot: Slot) -> &HotOrder {
        &self.places[index(slot)]
    }

    pub(crate) fn at_mut(&mut self, slot: Slot) -> &mut HotOrder {
        &mut self.places[index(slot)]
    }
}

/// Where the order in a slot stands; the spare place for [`NONE`].
const fn index(slot: Slot) -> usize {
    slot.wrapping_add(1) as usize
}

impl std::ops::Index<Slot> for Orders {
    type Output = HotOrder;

    fn index(&self, slot: Slot) -> &HotOrder {
        let order = self.at(slot);
        debug_assert!(order.id.0 != 0, "Invariant: slot {slot} holds an order");
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(orders: u64) -> Orders {
        let mut slab = Orders::new();
        for serial in 1..=orders {
            slab.insert(serial, AccountId(16), 1).unwrap();
        }
        slab
    }

    #[test]
    fn the_slot_freed_last_is_taken_first() {
        let mut slab = filled(4);
        slab.free(1);
        slab.free(3);
        assert_eq!(slab.free_slots().collect::<Vec<_>>(), [3, 1]);
        assert_eq!(slab.insert(5, AccountId(16), 1), Some(OrderId::new(5, 3)));
        assert_eq!(slab.insert(6, AccountId(16), 1), Some(OrderId::new(6, 1)));
        assert_eq!(slab.insert(7, AccountId(16), 1), Some(OrderId::new(7, 4)));
    }

    #[test]
    fn an_id_leads_to_its_order_only_while_it_lives() {
        let mut slab = filled(2);
        let id = OrderId::new(2, 1);
        assert_eq!(slab.find(id), Some(1));
        slab.free(1);
        assert_eq!(slab.find(id), None);
        slab.insert(3, AccountId(16), 1).unwrap();
        assert_eq!(slab.find(id), None);
        assert_eq!(slab.find(OrderId::new(3, 1)), Some(1));
        assert_eq!(slab.find(OrderId::new(1, 9)), None);
        assert_eq!(slab.find(OrderId(0)), None);
    }

    #[test]
    fn a_restored_slab_takes_the_same_slots_as_the_original() {
        let mut slab = filled(6);
        for slot in [4, 0, 2] {
            slab.free(slot);
        }
        let free: Vec<Slot> = slab.free_slots().collect();
        let mut restored = Orders::restore(slab.slots(), &free).unwrap();
        assert!(!restored.is_whole());
        for slot in (0..6).filter(|&slot| slab.get(slot).is_some()) {
            let order = slab[slot];
            restored.restore_order(slot, order.id(), order.owner(), order.size()).unwrap();
        }
        assert!(restored.is_whole());
        assert_eq!(restored.len(), slab.len());
        for serial in 7..12 {
            assert_eq!(restored.insert(serial, AccountId(16), 1), slab.insert(serial, AccountId(16), 1));
        }
    }

    #[test]
    fn a_contradictory_snapshot_is_refused() {
        assert!(Orders::restore(2, &[2]).is_err());
        assert!(Orders::restore(2, &[1, 1]).is_err());
        assert!(Orders::restore(Orders::CAPACITY + 1, &[]).is_err());
        let mut slab = Orders::restore(2, &[1]).unwrap();
        assert!(slab.restore_order(1, OrderId::new(1, 1), AccountId(16), 1).is_err());
        assert!(slab.restore_order(0, OrderId::new(1, 0), AccountId(16), 0).is_err());
        assert!(slab.restore_order(0, OrderId::new(1, 0), AccountId(16), 1).is_ok());
        assert!(slab.restore_order(0, OrderId::new(2, 0), AccountId(16), 1).is_err());
    }
}
