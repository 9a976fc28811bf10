//! How an order begins to live, comes to rest, and ends.

use crate::account::NO_ORDER;
use crate::client_index::Name;
use crate::engine::market_index;
use crate::order::OrderRecord;
use crate::seat::{Seat, SeatId};
use crate::{Engine, EventBuffer};
use tickyard_book::Slot;
use tickyard_types::{
    AccountId, CancelSource, ClientId, EventKind, InstrumentId, OrderClosed, OrderId, OrderState, PlaceOrder, Side,
};

impl Engine {
    /// The account's seat in the instrument, taken now if it had none.
    pub(crate) fn take_seat(&mut self, account: AccountId, instrument: InstrumentId) -> SeatId {
        if let Some(seat) = self.seats.find(&self.accounts[account].seats, instrument) {
            return seat;
        }
        let listing = &self.markets[market_index(instrument)].listing;
        let (base, quote) = (listing.base, listing.quote);
        let base_row = self.ledger.open(account, base);
        let quote_row = self.ledger.open(account, quote);
        let seat = Seat { account, instrument, base_row, quote_row, orders: 0, next: SeatId::NONE };
        self.seats.add(&mut self.accounts[account].seats, seat)
    }

    /// Makes an order whose record stands in its slot one of the account's live orders, as the newest.
    #[inline]
    pub(crate) fn admit(&mut self, slot: Slot, name: Name) {
        let record = &mut self.records[slot as usize];
        let seat = &mut self.seats[record.seat];
        seat.orders += 1;
        let account = &mut self.accounts[seat.account];
        account.orders += 1;
        let before = std::mem::replace(&mut account.newest_order, slot);
        (record.older, record.newer) = (before, NO_ORDER);
        if before == NO_ORDER {
            account.oldest_order = slot;
        } else {
            self.records[before as usize].newer = slot;
        }
        self.enter_name(name, slot);
    }

    /// Puts what is left of a live order into the book, and holds what it needs.
    pub(crate) fn rest(&mut self, slot: Slot, side: Side) {
        let record = &self.records[slot as usize];
        let (price, left) = (record.price, record.size - record.filled);
        let instrument = self.seats[record.seat].instrument;
        let row = record.hold_row(side);
        let market = &mut self.markets[market_index(instrument)];
        *market.resting(side) += left;
        market.book.rest(&mut self.orders, slot, side, price);
        self.ledger.hold(row, market.held(side, price, left));
        self.touched.note(instrument, side, price);
    }

    /// Takes a live order out of the book, and releases what it holds. Returns its side.
    pub(crate) fn lift(&mut self, slot: Slot) -> Side {
        let side = self.side_at_rest(slot);
        let record = &self.records[slot as usize];
        let (price, left) = (record.price, self.orders[slot].size());
        let instrument = self.seats[record.seat].instrument;
        let row = record.hold_row(side);
        let market = &mut self.markets[market_index(instrument)];
        *market.resting(side) -= left;
        market.book.remove(&mut self.orders, slot);
        self.ledger.release(row, market.held(side, price, left));
        self.touched.note(instrument, side, price);
        side
    }

    /// Ends a live order that is in no book any more, and frees its slot and its name.
    pub(crate) fn retire(&mut self, slot: Slot) {
        self.leave_client_id(slot);
        let OrderRecord { seat, older, newer, flags, .. } = self.records[slot as usize];
        if flags & (PlaceOrder::ATTACHED | PlaceOrder::TRIGGERED) != 0 {
            self.unlink(slot);
        }
        let seat = &mut self.seats[seat];
        seat.orders -= 1;
        let account = &mut self.accounts[seat.account];
        account.orders -= 1;
        if older == NO_ORDER {
            account.oldest_order = newer;
        } else {
            self.records[older as usize].newer = newer;
        }
        if newer == NO_ORDER {
            account.newest_order = older;
        } else {
            self.records[newer as usize].older = older;
        }
        self.orders.free(slot);
    }

    /// Cancels an order at rest.
    pub(crate) fn close(&mut self, slot: Slot, source: CancelSource, events: &mut EventBuffer) {
        self.lift(slot);
        let record = &self.records[slot as usize];
        let Seat { account, instrument, .. } = self.seats[record.seat];
        let (order_id, filled, size) = (self.orders[slot].id(), record.filled, record.size);
        self.retire(slot);
        self.touch_account(account);
        let header = events.header(EventKind::OrderClosed);
        events.push(&OrderClosed {
            header,
            order_id,
            account,
            instrument,
            filled,
            size,
            state: OrderState::Canceled,
            source,
            reserved: [0; 38],
        });
    }

    /// The side on which a live order rests.
    pub(crate) fn side_at_rest(&self, slot: Slot) -> Side {
        self.orders[slot].side().expect("Invariant: between commands every live order rests")
    }

    /// The account's live order in the instrument, by id, else by client id.
    pub(crate) fn find_order(
        &self,
        account: AccountId,
        instrument: InstrumentId,
        order_id: OrderId,
        client_id: &ClientId,
    ) -> Option<Slot> {
        let slot = match order_id {
            OrderId(0) => self.find_client_id(account, client_id),
            _ => self.orders.find(order_id),
        };
        slot.filter(|&slot| {
            let seat = &self.seats[self.records[slot as usize].seat];
            seat.account == account && seat.instrument == instrument
        })
    }

    /// The account's live orders, oldest first.
    pub(crate) fn live_orders(&self, account: AccountId) -> impl Iterator<Item = Slot> + '_ {
        let link = |slot: Slot| (slot != NO_ORDER).then_some(slot);
        let oldest = link(self.accounts[account].oldest_order);
        std::iter::successors(oldest, move |&slot| link(self.records[slot as usize].newer))
    }
}
