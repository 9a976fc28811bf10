//! The state, and the way of every command through it.

use crate::account::Accounts;
use crate::client_index::ClientIndex;
use crate::dedupe::{Dedupe, Recall};
use crate::definitions::FeeLevel;
use crate::market::Market;
use crate::order::OrderRecord;
use crate::seat::Seats;
use crate::timers::Timers;
use crate::touched::Touched;
use crate::triggers::Triggers;
use crate::{EventBuffer, shape};
use tickyard_book::Orders;
use tickyard_ledger::Ledger;
use tickyard_types::{
    AccountId, CancelOrder, ClientId, Command, CommandKind, DefineAsset, InstrumentId, OrderId, Origin, PlaceOrder,
    Refusal, Reply, Seq,
};
use zerocopy::TryFromBytes;

const PLACE_ORDER: u8 = CommandKind::PlaceOrder as u8;
const CANCEL_ORDER: u8 = CommandKind::CancelOrder as u8;

/// The whole state of the exchange.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) seq: Seq,
    pub(crate) time_ns: u64,
    /// The serial number of the newest order.
    pub(crate) serial: u64,
    /// By asset, from 1.
    pub(crate) assets: Vec<DefineAsset>,
    /// By instrument, from 1.
    pub(crate) markets: Vec<Market>,
    /// By level; a level without a row was never defined.
    pub(crate) fee_levels: Vec<Option<FeeLevel>>,
    pub(crate) accounts: Accounts,
    pub(crate) seats: Seats,
    pub(crate) ledger: Ledger,
    pub(crate) orders: Orders,
    /// By slot, beside `orders`. The record of a free slot is left over and means nothing.
    pub(crate) records: Vec<OrderRecord>,
    pub(crate) clients: ClientIndex,
    pub(crate) timers: Timers,
    pub(crate) triggers: Triggers,
    pub(crate) dedupe: Dedupe,
    /// Levels touched by the command at hand; empty between commands.
    pub(crate) touched: Touched,
}

/// What a command that was carried out answers with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Answer {
    pub order_id: OrderId,
    pub client_id: ClientId,
    pub value: u64,
}

impl Answer {
    pub(crate) const fn value(value: u64) -> Self {
        Self { order_id: OrderId(0), client_id: [0; 32], value }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// An exchange before its first command: the house's accounts, a fee level 0 that charges nothing, no more.
    #[must_use]
    pub fn new() -> Self {
        let mut fee_levels = vec![None; 256];
        fee_levels[0] = Some(FeeLevel { maker_ppb: 0, taker_ppb: 0 });
        Self {
            seq: Seq(0),
            time_ns: 0,
            serial: 0,
            assets: Vec::new(),
            markets: Vec::new(),
            fee_levels,
            accounts: Accounts::new(),
            seats: Seats::default(),
            ledger: Ledger::new(),
            orders: Orders::new(),
            records: Vec::new(),
            clients: ClientIndex::default(),
            timers: Timers::default(),
            triggers: Triggers::default(),
            dedupe: Dedupe::default(),
            touched: Touched::default(),
        }
    }

    /// The number of the newest command.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// Exchange time of the newest command.
    #[must_use]
    pub const fn time_ns(&self) -> u64 {
        self.time_ns
    }

    /// When the earliest timer fires, or now while trigger orders are still to be carried out. The host appends a
    /// command when exchange time reaches it.
    #[must_use]
    pub fn next_deadline_ns(&self) -> Option<u64> {
        if !self.triggers.agenda.is_empty() {
            return Some(self.time_ns);
        }
        self.timers.next_ms().map(|ms| ms.saturating_mul(1_000_000))
    }

    /// Applies one command of the journal, in whatever frame it came.
    ///
    /// `time_ns` is the frame's exchange time. Timers that are due by then fire before the command, and trigger orders
    /// that it or an earlier one set off after it, whatever becomes of it. Events are appended to `events`.
    ///
    /// # Panics
    /// When `seq` is not the number after the newest: the caller has lost or repeated a part of the journal.
    pub fn apply(&mut self, seq: Seq, time_ns: u64, command: &Command, events: &mut EventBuffer) -> Reply {
        self.run(command.header().origin, seq, time_ns, events, |engine, events| engine.carry_out(command, events))
    }

    /// Decodes and applies one command. Bytes that are no command are refused as [`Refusal::Malformed`].
    ///
    /// # Panics
    /// As [`Self::apply`].
    pub fn apply_bytes(&mut self, seq: Seq, time_ns: u64, bytes: &[u8], events: &mut EventBuffer) -> Reply {
        // Nearly all commands are of these two kinds: they are not put into the wide enum and dispatched again.
        match bytes.first() {
            Some(&PLACE_ORDER) => {
                if let Ok(order) = PlaceOrder::try_read_from_bytes(bytes) {
                    let place = |engine: &mut Self, events: &mut _| engine.place(&order, events);
                    return self.run(order.header.origin, seq, time_ns, events, place);
                }
            }
            Some(&CANCEL_ORDER) => {
                if let Ok(order) = CancelOrder::try_read_from_bytes(bytes) {
                    let cancel = |engine: &mut Self, events: &mut _| engine.cancel(&order, events);
                    return self.run(order.header.origin, seq, time_ns, events, cancel);
                }
            }
            _ => {
                if let Ok(command) = Command::decode(bytes) {
                    return self.apply(seq, time_ns, &command, events);
                }
            }
        }
        self.advance(seq);
        let refusal = self.pass_time(time_ns, events).err().unwrap_or(Refusal::Malformed);
        self.work_off(events);
        self.tell_levels(events);
        reply(shape::origin(bytes), seq, time_ns, &Err(refusal))
    }

    /// Brings a command in, and its verb to it: time, exactly-once, levels, reply.
    #[inline(always)]
    fn run(
        &mut self,
        origin: Origin,
        seq: Seq,
        time_ns: u64,
        events: &mut EventBuffer,
        verb: impl FnOnce(&mut Self, &mut EventBuffer) -> Result<Answer, Refusal>,
    ) -> Reply {
        self.advance(seq);
        if let Err(refusal) = self.pass_time(time_ns, events) {
            return reply(origin, seq, time_ns, &Err(refusal));
        }
        let recalled = self.dedupe.recall(origin, seq);
        let outcome = match recalled {
            Recall::New => verb(self, events),
            Recall::Forgotten => Err(Refusal::OriginForgotten),
            Recall::Known(_) => Ok(Answer::default()),
        };
        self.work_off(events);
        self.tell_levels(events);
        match recalled {
            Recall::New => self.dedupe.remember(origin, seq, time_ns, &outcome),
            Recall::Forgotten => {}
            Recall::Known(first) => return first,
        }
        reply(origin, seq, time_ns, &outcome)
    }

    /// Counts a command.
    fn advance(&mut self, seq: Seq) {
        assert_eq!(seq.0, self.seq.0 + 1, "Invariant: commands come in the order of the journal, without gaps");
        self.seq = seq;
    }

    /// What happens before every command: the clock goes on, and timers fire.
    fn pass_time(&mut self, time_ns: u64, events: &mut EventBuffer) -> Result<(), Refusal> {
        if time_ns < self.time_ns {
            return Err(Refusal::TimeBackwards);
        }
        self.time_ns = time_ns;
        events.begin(self.seq, time_ns);
        self.fire_due_timers(events);
        Ok(())
    }

    fn carry_out(&mut self, command: &Command, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        match command {
            Command::PlaceOrder(place) => self.place(place, events),
            Command::CancelOrder(cancel) => self.cancel(cancel, events),
            Command::AmendOrder(amend) => self.amend(amend, events),
            Command::MassCancel(cancel) => self.mass_cancel(cancel, events),
            Command::CancelAllAfter(timer) => self.cancel_all_after(timer, events),
            Command::AdvanceTime(advance) => {
                self.checked(&advance.header, |_| shape::advance_time(advance)).map(|()| Answer::default())
            }
            Command::Transfer(transfer) => self.transfer(transfer, events),
            Command::Credit(credit) => self.credit(credit, events),
            Command::Debit(debit) => self.debit(debit, events),
            Command::DefineAsset(asset) => self.define_asset(asset, events),
            Command::DefineInstrument(instrument) => self.define_instrument(instrument, events),
            Command::SetInstrumentState(state) => self.set_instrument_state(state, events),
            Command::DefineAccount(account) => self.define_account(account, events),
            Command::DefineFeeLevel(level) => self.define_fee_level(level, events),
            Command::SetIndexPrice(index) => self.set_index_price(index, events),
            Command::PlaceTrigger(place) => self.place_trigger(place, events),
            Command::CancelTrigger(cancel) => self.cancel_trigger(cancel, events),
            Command::AmendTrigger(amend) => self.amend_trigger(amend, events),
            Command::PlaceOrderAttached(place) => self.place_attached(place, events),
            Command::AmendOrderAttached(amend) => self.amend_attached(amend, events),
        }
    }

    /// An instrument that is listed.
    pub(crate) fn market(&self, instrument: InstrumentId) -> Result<&Market, Refusal> {
        let index = (instrument.0 as usize).checked_sub(1).ok_or(Refusal::UnknownInstrument)?;
        self.markets.get(index).ok_or(Refusal::UnknownInstrument)
    }

    /// Notes that an event about the account was made.
    pub(crate) fn touch_account(&mut self, account: AccountId) {
        self.accounts[account].last_seq = self.seq;
    }
}

/// The reply to a command that was not sent before.
pub(crate) const fn reply(origin: Origin, seq: Seq, time_ns: u64, outcome: &Result<Answer, Refusal>) -> Reply {
    let (order_id, client_id, value, refusal) = match outcome {
        Ok(answer) => (answer.order_id, answer.client_id, answer.value, 0),
        Err(refusal) => (OrderId(0), [0; 32], 0, refusal.number()),
    };
    Reply {
        counter: origin.counter,
        seq,
        time_ns,
        order_id,
        value,
        refusal,
        reserved: [0; 6],
        client_id,
        reserved2: [0; 16],
    }
}

/// Where an instrument that is known to be listed stands in `markets`.
pub(crate) const fn market_index(instrument: InstrumentId) -> usize {
    instrument.0 as usize - 1
}
