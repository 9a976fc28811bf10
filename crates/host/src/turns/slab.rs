//! Values in numbered slots, which are used again.

use std::ops::{Index, IndexMut};

const FILLED: &str = "Invariant: a slot that is named is filled";

/// Values that keep their numbers until they are taken.
pub struct Slab<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    pub const fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub fn put(&mut self, value: T) -> u32 {
        if let Some(at) = self.free.pop() {
            self.slots[at as usize] = Some(value);
            return at;
        }
        self.slots.push(Some(value));
        u32::try_from(self.slots.len() - 1).expect("Invariant: the queues are bounded")
    }

    pub fn take(&mut self, at: u32) -> T {
        self.free.push(at);
        self.slots[at as usize].take().expect(FILLED)
    }

    pub fn into_values(self) -> impl Iterator<Item = T> {
        self.slots.into_iter().flatten()
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    fn index(&self, at: u32) -> &T {
        self.slots[at as usize].as_ref().expect(FILLED)
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    fn index_mut(&mut self, at: u32) -> &mut T {
        self.slots[at as usize].as_mut().expect(FILLED)
    }
}
