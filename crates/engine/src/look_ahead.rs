//! Looking ahead: the memory that the next commands will need is fetched while the current one is carried out.
//!
//! A core with a hundred thousand accounts finds nearly nothing of an order's account in the processor's cache, and
//! a command visits half a dozen such places one after the other. Whoever has the bytes of later commands already
//! (a batch, a replay) shows them here. Nothing depends on it but time.

use crate::Engine;
use tickyard_book::Slot;
use tickyard_types::{AccountId, CommandKind, OrderId, Origin, PlaceOrder};
use zerocopy::FromBytes;

/// Most commands are as long as this one; what stands elsewhere is read wrongly, which only fetches in vain.
const STEP: usize = size_of::<PlaceOrder>();

/// How many commands ahead each stage looks. A later stage reads what an earlier one has fetched.
const STAGES: [usize; 3] = [9, 6, 3];

/// The first fields that orders, cancellations and amendments have in common.
#[derive(FromBytes)]
#[repr(C)]
struct Sketch {
    kind: u8,
    _flags: [u8; 3],
    account: AccountId,
    origin: Origin,
    instrument: u32,
    _unused: [u8; 4],
    /// Of cancellations and amendments.
    order_id: OrderId,
}

impl Engine {
    /// Fetches what the commands to come will need. `upcoming` is what follows the command that is applied next.
    pub fn look_ahead(&self, upcoming: &[u8]) {
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
        fetch(self.dedupe.place_of(sketch.origin));
        if let Some(slot) = named(sketch) {
            fetch(self.orders.line(slot));
            fetch(self.records.get(slot as usize));
        }
    }

    /// What the account and the order lead to.
    fn fetch_second(&self, sketch: &Sketch) {
        let Some(account) = self.accounts.get(sketch.account) else { return };
        fetch(self.seats.get(account.first_seat));
        match named(sketch).and_then(|slot| self.records.get(slot as usize)) {
            None => fetch(self.records.get(account.newest_order as usize)),
            Some(record) => {
                fetch(self.seats.get(record.seat));
                fetch(self.ledger.line(record.quote_row));
                fetch(self.ledger.line(record.base_row));
                fetch(self.records.get(record.newer as usize));
                fetch(self.records.get(record.older as usize));
            }
        }
    }

    /// What a seat leads to.
    fn fetch_third(&self, sketch: &Sketch) {
        if sketch.kind != CommandKind::PlaceOrder as u8 {
            return;
        }
        let Some(account) = self.accounts.get(sketch.account) else { return };
        let mut id = account.first_seat;
        if let Some(seat) = self.seats.get(id).filter(|seat| seat.instrument.0 != sketch.instrument) {
            id = seat.next;
        }
        let Some(seat) = self.seats.get(id) else { return };
        fetch(self.ledger.line(seat.quote_row));
        fetch(self.ledger.line(seat.base_row));
    }
}

/// The slot of the order that a command names.
fn named(sketch: &Sketch) -> Option<Slot> {
    let names = [CommandKind::CancelOrder as u8, CommandKind::AmendOrder as u8].contains(&sketch.kind);
    (names && sketch.order_id != OrderId(0)).then(|| sketch.order_id.slot())
}

/// Asks for the cache line at which something begins, and does not wait for it.
#[inline]
fn fetch<T>(place: Option<&T>) {
    #[cfg(target_arch = "x86_64")]
    if let Some(place) = place {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // A prefetch has no effect but on time, wherever it points; this one points at a live reference. Without it
        // the bench's `core_commands` takes half as long again.
        #[allow(unsafe_code)]
        unsafe {
            _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(place).cast());
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
