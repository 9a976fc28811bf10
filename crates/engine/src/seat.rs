//! An account's seat in one instrument: what an order of this account there needs besides the order itself.

use tickyard_ledger::RowId;
use tickyard_types::{AccountId, InstrumentId};

/// Where a seat lives. Seats never move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeatId(pub u32);

impl SeatId {
    pub(crate) const NONE: Self = Self(u32::MAX);
}

/// One account in one instrument. Taken with the account's first order there, kept for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    /// Who.
    pub account: AccountId,
    /// Where.
    pub instrument: InstrumentId,
    /// The account's balance of the instrument's base asset.
    pub base_row: RowId,
    /// The account's balance of the instrument's quote asset.
    pub quote_row: RowId,
    /// Live orders of the account in the instrument.
    pub orders: u32,
    /// The account's next seat of those that are not at hand, in no particular order.
    pub next: SeatId,
}

/// All seats of all accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats {
    seats: Vec<Seat>,
}

/// The seats of one account: the first few at hand, further ones in a list.
///
/// Most accounts trade in few instruments, and their seats are found without a walk from line to line; who trades in
/// many trades often, and finds the lines in the cache.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeatList {
    at_hand: [(InstrumentId, SeatId); 4],
    further: SeatId,
}

impl SeatList {
    pub(crate) const EMPTY: Self = Self { at_hand: [(InstrumentId(0), SeatId::NONE); 4], further: SeatId::NONE };

    /// The seat in an instrument, if it is at hand.
    pub(crate) fn at_hand(&self, instrument: InstrumentId) -> Option<SeatId> {
        self.at_hand.iter().find(|(at, _)| *at == instrument).map(|(_, seat)| *seat)
    }
}

impl Seats {
    /// An account's seat in an instrument.
    pub(crate) fn find(&self, list: &SeatList, instrument: InstrumentId) -> Option<SeatId> {
        if let Some(seat) = list.at_hand(instrument) {
            return Some(seat);
        }
        let mut id = list.further;
        while id != SeatId::NONE {
            let seat = self[id];
            if seat.instrument == instrument {
                return Some(id);
            }
            id = seat.next;
        }
        None
    }

    /// The seat with this number, if there is one.
    pub(crate) fn get(&self, id: SeatId) -> Option<&Seat> {
        self.seats.get(id.0 as usize)
    }

    /// Adds a seat to its account's list.
    pub(crate) fn add(&mut self, list: &mut SeatList, mut seat: Seat) -> SeatId {
        let id = SeatId(u32::try_from(self.seats.len()).expect("Invariant: fewer than 2^32 seats"));
        match list.at_hand.iter_mut().find(|(_, seat)| *seat == SeatId::NONE) {
            Some(vacant) => *vacant = (seat.instrument, id),
            None => seat.next = std::mem::replace(&mut list.further, id),
        }
        self.seats.push(seat);
        id
    }
}

impl std::ops::Index<SeatId> for Seats {
    type Output = Seat;

    fn index(&self, id: SeatId) -> &Seat {
        &self.seats[id.0 as usize]
    }
}

impl std::ops::IndexMut<SeatId> for Seats {
    fn index_mut(&mut self, id: SeatId) -> &mut Seat {
        &mut self.seats[id.0 as usize]
    }
}
