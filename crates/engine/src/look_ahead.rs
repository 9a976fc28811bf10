//! Looking ahead: the memory that the next commands will need is fetched while the current one is carried out.
//!
//! A core with a hundred thousand accounts finds nearly nothing of an order's account in the processor's cache, and
//! a command visits half a dozen such places one after the other. Whoever has the bytes of later commands already
//! (a batch, a replay) shows them here. Nothing depends on it but time.

use crate::Engine;
use crate::order::OrderRecord;
use std::mem::offset_of;
use tickyard_book::{HotOrder, Slot};
use tickyard_types::{
    AccountId, AmendOrder, CancelOrder, ClientId, CommandKind, InstrumentId, OrderId, Origin, PlaceOrder, Side,
};
use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// Most commands are as long as this one; what stands elsewhere is read wrongly, which only fetches in vain.
const STEP: usize = size_of::<PlaceOrder>();

/// How many commands ahead each stage looks. A later stage reads what an earlier one has fetched.
const STAGES: [usize; 3] = [9, 6, 3];

/// How many commands ahead the bytes themselves are fetched.
const BYTES_AHEAD: usize = 24;

/// The first fields that orders, cancellations and amendments have in common.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Sketch {
    kind: u8,
    _flags: [u8; 3],
    account: U32,
    boot: U64,
    counter: U64,
    instrument: U32,
    /// Of orders; 0 in cancellations and amendments.
    side: u8,
    _unused: [u8; 3],
    /// The order's id, or the price of a new one.
    id_or_price: U64,
    _unused2: [u8; 16],
    /// Of orders.
    client_id: ClientId,
}

impl Sketch {
    const fn account(&self) -> AccountId {
        AccountId(self.account.get())
    }

    const fn origin(&self) -> Origin {
        Origin { boot: self.boot.get(), counter: self.counter.get() }
    }

    const fn instrument(&self) -> InstrumentId {
        InstrumentId(self.instrument.get())
    }

    /// The order that it names, if it does.
    fn order(&self) -> Option<Slot> {
        let names = self.kind == CommandKind::CancelOrder as u8 || self.kind == CommandKind::AmendOrder as u8;
        (names && self.id_or_price.get() != 0).then(|| OrderId(self.id_or_price.get()).slot())
    }
}

impl Engine {
    /// Fetches what the commands to come will need. `upcoming` is what follows the command that is applied next.
    pub fn look_ahead(&self, upcoming: &[u8]) {
        fetch(upcoming.get(BYTES_AHEAD * STEP));
        fetch(upcoming.get(BYTES_AHEAD * STEP + STEP / 2));
        if let Some(sketch) = sketch(upcoming, STAGES[0] - 1) {
            self.fetch_first(sketch);
        }
        if let Some(sketch) = sketch(upcoming, STAGES[1] - 1) {
            self.fetch_second(sketch);
        }
        if let Some(sketch) = sketch(upcoming, STAGES[2] - 1) {
            self.fetch_third(sketch);
        }
    }

    /// Fetches what the first commands of a batch will need, for which nobody could look ahead: all of them at once
    /// wait no longer than one.
    pub fn look_at(&self, batch: &[u8]) {
        (0..STAGES[0]).map_while(|at| sketch(batch, at)).for_each(|sketch| self.fetch_first(sketch));
        (0..STAGES[1]).map_while(|at| sketch(batch, at)).for_each(|sketch| self.fetch_second(sketch));
        (0..STAGES[2]).map_while(|at| sketch(batch, at)).for_each(|sketch| self.fetch_third(sketch));
    }

    /// What the bytes alone lead to.
    fn fetch_first(&self, sketch: &Sketch) {
        fetch(self.accounts.get(sketch.account()));
        fetch(self.dedupe.line(sketch.origin()));
        match sketch.order() {
            None => {
                fetch(self.clients.line(sketch.account(), &sketch.client_id));
                if let Some(maker) = self.maker_met_by(sketch) {
                    self.fetch_order(maker);
                    fetch(self.records.get(maker as usize).map(|record| &record.last));
                }
            }
            Some(slot) => self.fetch_order(slot),
        }
    }

    /// An order's lines that every change of it touches.
    fn fetch_order(&self, slot: Slot) {
        fetch(self.orders.line(slot));
        let record = self.records.get(slot as usize);
        fetch(record);
        fetch(record.map(|record| &record.client_id));
    }

    /// The first order that a new one will trade with, as the book stands now.
    fn maker_met_by(&self, sketch: &Sketch) -> Option<Slot> {
        if sketch.kind != CommandKind::PlaceOrder as u8 {
            return None;
        }
        let book = &self.market(sketch.instrument()).ok()?.book;
        let side = if sketch.side == Side::Buy as u8 { Side::Buy } else { Side::Sell };
        let price = sketch.id_or_price.get() as i64;
        // A market order has no price.
        if price == 0 || book.crosses(side, price) { book.front(side.opposite()) } else { None }
    }

    /// What the account and the order lead to.
    fn fetch_second(&self, sketch: &Sketch) {
        let Some(account) = self.accounts.get(sketch.account()) else { return };
        let with_record = |slot: Slot| Some((slot, self.records.get(slot as usize)?));
        match sketch.order().and_then(with_record) {
            None => {
                fetch(self.records.get(account.newest_order as usize));
                match account.seats.at_hand(sketch.instrument()) {
                    None => self.ledger.lines(sketch.account()).for_each(fetch),
                    Some(seat) => fetch(self.seats.get(seat)),
                }
                if let Some((slot, record)) = self.maker_met_by(sketch).and_then(with_record) {
                    self.fetch_around(slot, record);
                    fetch(self.ledger.line(record.base_row));
                    fetch(self.ledger.line(record.quote_row));
                }
            }
            Some((slot, record)) => {
                self.fetch_around(slot, record);
                fetch(self.clients.line(sketch.account(), &record.client_id));
                let side = self.orders.line(slot).and_then(HotOrder::side);
                fetch(side.and_then(|side| self.ledger.line(record.hold_row(side))));
            }
        }
    }

    /// What an order that ends is linked with.
    fn fetch_around(&self, slot: Slot, record: &OrderRecord) {
        for neighbour in self.orders.neighbour_lines(slot) {
            fetch(neighbour);
        }
        fetch(self.seats.get(record.seat));
        fetch(self.records.get(record.newer as usize));
        fetch(self.records.get(record.older as usize));
    }

    /// What a seat and a price lead to.
    fn fetch_third(&self, sketch: &Sketch) {
        if sketch.kind != CommandKind::PlaceOrder as u8 {
            return;
        }
        if let Ok(market) = self.market(sketch.instrument()) {
            fetch(market.book.tail_line(&self.orders, sketch.id_or_price.get() as i64));
        }
        let seat = self.accounts.get(sketch.account()).and_then(|account| account.seats.at_hand(sketch.instrument()));
        if let Some(seat) = seat.and_then(|seat| self.seats.get(seat)) {
            let buys = sketch.side == Side::Buy as u8;
            fetch(self.ledger.line(if buys { seat.quote_row } else { seat.base_row }));
        }
        if let Some(maker) = self.maker_met_by(sketch).and_then(|slot| self.records.get(slot as usize)) {
            let seat = self.seats.get(maker.seat);
            fetch(seat.and_then(|seat| self.accounts.get(seat.account)));
            fetch(seat.and_then(|seat| self.clients.line(seat.account, &maker.client_id)));
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

/// What the command so many places further on says.
fn sketch(commands: &[u8], at: usize) -> Option<&Sketch> {
    Some(Sketch::ref_from_prefix(commands.get(at * STEP..)?).ok()?.0)
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
