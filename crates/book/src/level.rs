//! Price levels: the record, and the slab in which a book keeps them.

use crate::{NONE, Slot};

/// What rests at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Lots.
    pub size: i64,
    /// Orders.
    pub orders: u32,
}

/// The number of a level's place in [`LevelSlab`]. It stays the same while the level is not empty, wherever its
/// price is found, so that orders need not be touched when the window moves.
pub(crate) type LevelId = u32;

/// A queue of orders, and its sums: half a cache line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LevelRecord {
    pub(crate) price: u64,
    pub(crate) size: i64,
    pub(crate) head: Slot,
    pub(crate) tail: Slot,
    pub(crate) orders: u32,
    /// The level to be used after this one, once this one is free.
    next_free: LevelId,
}

const _: () = assert!(size_of::<LevelRecord>() == 32);

/// The levels of one book that are not empty.
#[derive(Clone, Debug)]
pub(crate) struct LevelSlab {
    records: Vec<LevelRecord>,
    free: LevelId,
}

impl LevelSlab {
    pub(crate) const fn new() -> Self {
        Self { records: Vec::new(), free: NONE }
    }

    /// Takes a place for a level with one order.
    pub(crate) fn insert(&mut self, price: u64, slot: Slot, size: i64) -> LevelId {
        let record = LevelRecord { price, size, head: slot, tail: slot, orders: 1, next_free: NONE };
        let id = self.free;
        if id == NONE {
            self.records.push(record);
            return self.records.len() as LevelId - 1;
        }
        self.free = self.records[id as usize].next_free;
        self.records[id as usize] = record;
        id
    }

    pub(crate) fn free(&mut self, id: LevelId) {
        self.records[id as usize].next_free = self.free;
        self.free = id;
    }

    pub(crate) fn at(&self, id: LevelId) -> &LevelRecord {
        &self.records[id as usize]
    }

    pub(crate) fn at_mut(&mut self, id: LevelId) -> &mut LevelRecord {
        &mut self.records[id as usize]
    }
}
