//! Looking ahead: the memory that the next commands will need is fetched while the current one is carried out.
//!
//! A core with a hundred thousand accounts finds nearly nothing of an order's account in the processor's cache, and
//! a command visits half a dozen such places one after the other. Whoever has the bytes of later commands already
//! (a batch, a replay) shows them here. Nothing depends on it but time.

use crate::Engine;
use std::mem::offset_of;
use tickyard_book::{HotOrder, Slot};
use tickyard_types::{
    AccountId, AmendOrder, CancelOrder, ClientId, CommandKind, InstrumentId, OrderId, Origin, PlaceOrder, Side,
};
use zerocopy::FromBytes;

/// Most commands are as long as this one; what stands elsewhere is read wrongly, which only fetches in vain.
const STEP: usize = size_of::<PlaceOrder>();

/// How many commands ahead each stage looks. A later stage reads what an earlier one has fetched.
const STAGES: [usize; 3] = [9, 6, 3];

/// How many commands ahead the bytes themselves are fetched.
const BYTES_AHEAD: usize = 24;

/// The first fields that orders, cancellations and amendments have in common.
#[derive(FromBytes)]
#[repr(C)]
struct Sketch {
    kind: u8,
    _flags: [u8; 3],
    account: AccountId,
    origin: Origin,
    instrument: InstrumentId,
    /// Of orders; 0 in cancellations and amendments.
    side: u8,
    _unused: [u8; 3],
    /// The order's id, or the price of a new one.
    id_or_price: u64,
    _unused2: [u8; 16],
    /// Of orders.
    client_id: ClientId,
}

impl Engine {
    /// Fetches what the commands to come will need. `upcoming` is what follows the command that is applied next.
    pub fn look_ahead(&self, upcoming: &[u8]) {
        fetch(upcoming.get(BYTES_AHEAD * STEP));
        fetch(upcoming.get(BYTES_AHEAD * STEP + STEP / 2));
        let sketch = |stage: usize| {
            let bytes = upcoming.get((STAGES[stage] - 1) * STEP..)?;
            Some(Sketch::read_from_prefix(bytes).ok()?.0)
        };
        if let Some(sketch) = sketch(0) {
            self.fetch_first(&sketch);
        }
        if let Some(sketch) = sketch(1) {
            self.fetch_second(&sketch);
        }
        if let Some(sketch) = sketch(2) {
            self.fetch_third(&sketch);
        }
    }

    /// What the bytes alone lead to.
    fn fetch_first(&self, sketch: &Sketch) {
        fetch(self.accounts.get(sketch.account));
        fetch(self.dedupe.line(sketch.origin));
        match named(sketch) {
            None => fetch(self.clients.line(sketch.account, &sketch.client_id)),
            Some(slot) => {
                fetch(self.orders.line(slot));
                let record = self.records.get(slot as usize);
                fetch(record);
                fetch(record.map(|record| &record.client_id));
            }
        }
    }

    /// What the account and the order lead to.
    fn fetch_second(&self, sketch: &Sketch) {
        let Some(account) = self.accounts.get(sketch.account) else { return };
        match named(sketch).and_then(|slot| self.records.get(slot as usize)) {
            None => {
                fetch(self.records.get(account.newest_order as usize));
                match account.seats.at_hand(sketch.instrument) {
                    None => fetch(self.ledger.first_line(sketch.account)),
                    Some(seat) => fetch(self.seats.get(seat)),
                }
            }
            Some(record) => {
                let slot = OrderId(sketch.id_or_price).slot();
                for neighbour in self.orders.neighbour_lines(slot) {
                    fetch(neighbour);
                }
                fetch(self.seats.get(record.seat));
                fetch(self.clients.line(sketch.account, &record.client_id));
                let side = self.orders.line(slot).and_then(HotOrder::side);
                fetch(side.and_then(|side| self.ledger.line(record.hold_row(side))));
                fetch(self.records.get(record.newer as usize));
                fetch(self.records.get(record.older as usize));
            }
        }
    }

    /// What a seat and a price lead to.
    fn fetch_third(&self, sketch: &Sketch) {
        if sketch.kind != CommandKind::PlaceOrder as u8 {
            return;
        }
        if let Ok(market) = self.market(sketch.instrument) {
            fetch(market.book.tail_line(&self.orders, sketch.id_or_price as i64));
        }
        let seat = self.accounts.get(sketch.account).and_then(|account| account.seats.at_hand(sketch.instrument));
        if let Some(seat) = seat.and_then(|seat| self.seats.get(seat)) {
            let buys = sketch.side == Side::Buy as u8;
            fetch(self.ledger.line(if buys { seat.quote_row } else { seat.base_row }));
        }
    }
}

/// What a command says is read at the places of these fields.
const _: () = assert!(
    offset_of!(Sketch, client_id) == offset_of!(PlaceOrder, client_id)
        && offset_of!(Sketch, instrument) == offset_of!(PlaceOrder, instrument)
        && offset_of!(Sketch, side) == offset_of!(PlaceOrder, side)
        && offset_of!(Sketch, id_or_price) == offset_of!(PlaceOrder, price)
        && offset_of!(Sketch, id_or_price) == offset_of!(CancelOrder, order_id)
        && offset_of!(Sketch, id_or_price) == offset_of!(AmendOrder, order_id)
);

/// The slot of the order that a command names.
fn named(sketch: &Sketch) -> Option<Slot> {
    let names = [CommandKind::CancelOrder as u8, CommandKind::AmendOrder as u8].contains(&sketch.kind);
    (names && sketch.id_or_price != 0).then(|| OrderId(sketch.id_or_price).slot())
}

/// Asks for the cache line at which something begins, and does not wait for it.
#[inline]
fn fetch<T>(place: Option<&T>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(place) = place {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // A prefetch has no effect but on time, wherever it points; this one points at a live reference. Without it
        // the bench's `core_commands` takes nearly twice as long.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
