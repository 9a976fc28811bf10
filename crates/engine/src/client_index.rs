//! From a client's name for a live order to its slot.

use crate::Engine;
use crate::order::OrderRecord;
use crate::seat::Seats;
use tickyard_book::{Slot, SlotMap};
use tickyard_types::{AccountId, ClientId};

/// Slots by (account, client id). Holds live orders only, is never iterated, and grows with their number.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientIndex {
    slots: SlotMap,
}

impl ClientIndex {
    /// An index with room for so many names.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Self { slots: SlotMap::with_capacity(names) }
    }

    /// Where a name leads first, whatever is there: for fetching it ahead.
    pub(crate) fn line(&self, account: AccountId, client_id: &ClientId) -> Option<&u64> {
        self.slots.line(hash(account, client_id))
    }
}

/// The hash of a name that an order is given; none when it is given no name. Worked out once, used twice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name(Option<u64>);

impl Name {
    pub(crate) fn of(account: AccountId, client_id: &ClientId) -> Self {
        Self((*client_id != [0; 32]).then(|| hash(account, client_id)))
    }
}

impl Engine {
    /// The account's live order with this name.
    pub(crate) fn find_client_id(&self, account: AccountId, client_id: &ClientId) -> Option<Slot> {
        self.find_name(Name(Some(hash(account, client_id))), account, client_id)
    }

    /// The account's live order with this name, whose hash is known.
    #[inline]
    pub(crate) fn find_name(&self, name: Name, account: AccountId, client_id: &ClientId) -> Option<Slot> {
        self.clients.slots.get(name.0?, |slot| {
            let record = &self.records[slot as usize];
            record.client_id == *client_id && self.seats[record.seat].account == account
        })
    }

    /// Enters an order under the name that it was given.
    #[inline]
    pub(crate) fn enter_name(&mut self, name: Name, slot: Slot) {
        let (records, seats) = (&self.records, &self.seats);
        if let Some(hash) = name.0 {
            self.clients.slots.insert(hash, slot, |slot| hash_of(records, seats, slot));
        }
    }

    /// Frees the name of an order that ends.
    pub(crate) fn leave_client_id(&mut self, slot: Slot) {
        if self.records[slot as usize].client_id != [0; 32] {
            let hash = hash_of(&self.records, &self.seats, slot);
            let left = self.clients.slots.remove(hash, |entered| entered == slot);
            assert_eq!(left, Some(slot), "Invariant: a live order's name leads to it");
        }
    }

    /// How many live orders have a name.
    pub(crate) fn client_ids(&self) -> usize {
        self.clients.slots.len()
    }
}

fn hash_of(records: &[OrderRecord], seats: &Seats, slot: Slot) -> u64 {
    let record = &records[slot as usize];
    hash(seats[record.seat].account, &record.client_id)
}

/// A fixed hash: the table's memory is the same in every run.
///
/// Names are letters and digits, so no word of one can turn a factor into zero. An account that makes its names
/// collide all the same slows down its own few orders.
fn hash(account: AccountId, client_id: &ClientId) -> u64 {
    const ODD: [u64; 3] = [0x9e37_79b9_7f4a_7c15, 0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb];
    let word = |n: usize| {
        let bytes = &client_id[n * 8..n * 8 + 8];
        u64::from_le_bytes(bytes.try_into().expect("Invariant: a client id has four words"))
    };
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    };
    let account = u64::from(account.0).wrapping_mul(ODD[0]);
    let first = fold(word(0) ^ account ^ ODD[1], word(1) ^ ODD[0] ^ account.rotate_left(32));
    let second = fold(word(2) ^ ODD[2], word(3) ^ ODD[1] ^ first);
    fold(first ^ second.rotate_left(31) ^ ODD[0], ODD[2] ^ account)
}
