//! The twin: the rules of the exchange in the most obvious code, which judges the engine.
//!
//! Books are maps of prices to queues, holds are counted anew whenever somebody asks, and what an order would get is
//! found lot by lot.

mod definitions;
mod matching;
mod money;
mod orders;
mod shape;
mod timers;
mod told;
mod triggers;

pub use told::{translated, trigger};

use crate::flaw::Flaw;
use crate::reader::Event;
use std::collections::{BTreeMap, VecDeque};
use tickyard_types::{
    ClientId, Command, DefineAsset, DefineInstrument, Key, OrderType, Origin, Refusal, SelfTrade, Side, Tag, TradeMode,
    Wallet,
};

/// How many boots are remembered, and how many counters of each.
const BOOTS: usize = 64;
const COUNTERS: u64 = 1 << 16;

/// What a command answers with: order, value, client id.
pub type Outcome = Result<(u64, u64, ClientId), Refusal>;

pub(crate) const NOTHING: (u64, u64, ClientId) = (0, 0, [0; 32]);

/// An outcome, and the command's place in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Where the command was first.
    pub seq: u64,
    /// The frame's time then.
    pub time_ns: u64,
    /// What it came to.
    pub outcome: Outcome,
}

/// What the index says, and how far it lets orders go; 0 where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Index {
    price: i64,
    highest_buy: i64,
    lowest_sell: i64,
}

/// A live order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are those of the order
pub struct Order {
    pub serial: u64,
    pub account: u32,
    pub instrument: u32,
    pub side: Side,
    pub kind: OrderType,
    pub mode: TradeMode,
    pub flags: u8,
    pub stp: SelfTrade,
    pub price: i64,
    pub size: i64,
    pub filled: i64,
    pub cost: i128,
    pub fee_total: i128,
    pub rebate_total: i128,
    pub client_id: ClientId,
    pub tag: Tag,
    pub created_ns: u64,
    pub updated_ns: u64,
    /// Its last trade: number, price, lots, time; zeros before the first.
    pub last: (u64, i64, i64, u64),
    /// The trigger order that placed it, and that one's name.
    pub trigger: Option<(u64, ClientId)>,
}

impl Order {
    /// Lots that are not filled.
    #[must_use]
    pub const fn left(&self) -> i64 {
        self.size - self.filled
    }
}

/// Settings of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub master: u32,
    pub fee_level: u8,
    pub stp: SelfTrade,
}

/// What is remembered of one run of a worker.
#[derive(Clone, Debug, Default)]
struct Boot {
    last_used: u64,
    newest: u64,
    answers: BTreeMap<u64, Answer>,
}

/// Where money stands: account, asset, wallet.
pub type Purse = (u32, u32, Wallet);

/// Serial numbers, oldest first, by price.
pub type Queues = BTreeMap<i64, VecDeque<u64>>;

/// The exchange.
#[derive(Clone, Debug, Default)]
pub struct Twin {
    flaw: Option<Flaw>,
    now_ns: u64,
    seq: u64,
    serial: u64,
    assets: BTreeMap<u32, DefineAsset>,
    listings: BTreeMap<u32, DefineInstrument>,
    indices: BTreeMap<u32, Index>,
    levels: BTreeMap<u8, (i64, i64)>,
    accounts: BTreeMap<u32, Account>,
    money: BTreeMap<Purse, i128>,
    orders: BTreeMap<u64, Order>,
    books: BTreeMap<(u32, Side), Queues>,
    trades: BTreeMap<u32, u64>,
    timers: BTreeMap<(u64, u32, Tag), ()>,
    triggers: BTreeMap<u64, triggers::Trigger>,
    jobs: VecDeque<triggers::Job>,
    last: BTreeMap<u32, triggers::Last>,
    keys: BTreeMap<Key, money::Movement>,
    boots: BTreeMap<u64, Boot>,
    told: Vec<Event>,
}

impl Twin {
    /// An exchange before its first command; with a flaw it is wrong on purpose.
    #[must_use]
    pub fn new(flaw: Option<Flaw>) -> Self {
        let house = |id| (id, Account { master: id, fee_level: 0, stp: SelfTrade::CancelMaker });
        Self { flaw, levels: BTreeMap::from([(0, (0, 0))]), accounts: (2..16).map(house).collect(), ..Self::default() }
    }

    /// Applies a command, or bytes that are none. What it tells is in [`Self::told`] until the next.
    pub fn apply(&mut self, seq: u64, now_ns: u64, command: Option<&Command>) -> Answer {
        self.told.clear();
        (self.seq, self.now_ns) = (seq, now_ns);
        self.fire_timers();
        let answer = self.answer(seq, command);
        self.do_jobs();
        answer
    }

    fn answer(&mut self, seq: u64, command: Option<&Command>) -> Answer {
        let time_ns = self.now_ns;
        let answer = |outcome| Answer { seq, time_ns, outcome };
        let Some(command) = command else { return answer(Err(Refusal::Malformed)) };
        let origin = command.header().origin;
        if self.flaw != Some(Flaw::CarriesOutTwice)
            && let Some(known) = self.recall(origin, seq)
        {
            return known.unwrap_or(answer(Err(Refusal::OriginForgotten)));
        }
        let answer = answer(shape::check(command).and_then(|()| self.carry_out(command)));
        self.remember(origin, answer);
        answer
    }

    /// What the newest command told.
    #[must_use]
    pub fn told(&self) -> &[Event] {
        &self.told
    }

    /// Live orders, by serial.
    #[must_use]
    pub const fn orders(&self) -> &BTreeMap<u64, Order> {
        &self.orders
    }

    /// The accounts that there are.
    pub fn accounts(&self) -> impl Iterator<Item = u32> + '_ {
        self.accounts.keys().copied()
    }

    /// The assets that there are.
    pub fn assets(&self) -> impl Iterator<Item = u32> + '_ {
        self.assets.keys().copied()
    }

    /// The instruments that there are.
    pub fn instruments(&self) -> impl Iterator<Item = u32> + '_ {
        self.listings.keys().copied()
    }

    /// One side of a book: price to lots and orders.
    #[must_use]
    pub fn levels(&self, instrument: u32, side: Side) -> BTreeMap<i64, (i64, u32)> {
        let queues = self.books.get(&(instrument, side)).into_iter().flatten();
        queues
            .map(|(price, queue)| {
                (*price, (queue.iter().map(|serial| self.orders[serial].left()).sum(), queue.len() as u32))
            })
            .collect()
    }

    /// What is known of an origin: nothing, that it is forgotten, or its answer.
    fn recall(&mut self, origin: Origin, seq: u64) -> Option<Option<Answer>> {
        let boot = self.boots.get_mut(&origin.boot)?;
        boot.last_used = seq;
        if origin.counter > boot.newest {
            return None;
        }
        if boot.newest - origin.counter >= COUNTERS {
            return Some(None);
        }
        boot.answers.get(&origin.counter).map(|answer| Some(*answer))
    }

    fn remember(&mut self, origin: Origin, answer: Answer) {
        if origin.boot == 0 || origin.counter == 0 || origin.counter >= 1 << 48 {
            return;
        }
        if !self.boots.contains_key(&origin.boot) {
            if self.boots.len() == BOOTS {
                let idle = self.boots.iter().min_by_key(|(_, boot)| boot.last_used).map(|(id, _)| *id);
                self.boots.remove(&idle.expect("there are boots"));
            }
            self.boots.insert(origin.boot, Boot { last_used: answer.seq, ..Boot::default() });
        }
        let boot = self.boots.entry(origin.boot).or_default();
        boot.newest = boot.newest.max(origin.counter);
        boot.answers.insert(origin.counter, answer);
    }

    fn carry_out(&mut self, command: &Command) -> Outcome {
        match command {
            Command::PlaceOrder(order) => self.place(order),
            Command::CancelOrder(cancel) => self.cancel(cancel),
            Command::AmendOrder(amend) => self.amend(amend),
            Command::MassCancel(cancel) => self.mass_cancel(cancel),
            Command::CancelAllAfter(timer) => self.cancel_all_after(timer),
            Command::AdvanceTime(_) => Ok(NOTHING),
            Command::Transfer(transfer) => self.transfer(transfer),
            Command::Credit(credit) => self.credit(credit),
            Command::Debit(debit) => self.debit(debit),
            Command::DefineAsset(asset) => self.define_asset(asset),
            Command::DefineInstrument(listing) => self.define_instrument(listing),
            Command::SetInstrumentState(set) => self.set_state(set),
            Command::DefineAccount(define) => self.define_account(define),
            Command::DefineFeeLevel(define) => self.define_fee_level(define),
            Command::SetIndexPrice(set) => self.set_index_price(set),
            Command::PlaceTrigger(place) => self.place_trigger(place),
            Command::CancelTrigger(cancel) => self.cancel_trigger(cancel),
            Command::AmendTrigger(amend) => self.amend_trigger(amend),
            Command::PlaceOrderAttached(place) => self.place_attached(place),
            Command::AmendOrderAttached(amend) => self.amend_attached(amend),
        }
    }
}
