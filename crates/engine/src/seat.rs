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
    /// The account's next seat, in no particular order.
    pub next: SeatId,
}

/// All seats of all accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seats {
    seats: Vec<Seat>,
}

impl Seats {
    /// An account's seat in an instrument; `first` is the head of the account's list.
    pub(crate) fn find(&self, first: SeatId, instrument: InstrumentId) -> Option<SeatId> {
        let mut id = first;
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

    /// Adds a seat, which becomes the head of its account's list.
    pub(crate) fn push(&mut self, seat: Seat) -> SeatId {
        let id = SeatId(u32::try_from(self.seats.len()).expect("Invariant: fewer than 2^32 seats"));
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
