//! Private reads: what may be asked, and the answers, given by the core thread between two batches.

use crate::protocol::{FrameKind, write_frame};
use crate::queues::Queues;
use crate::rows::{AccountRow, AsOf, BalanceRow, BookHead, CountsRow, LevelRow, OrderRow, StatusRow};
use crate::tally::BOUNDS_US;
use tickyard_engine::{AccountView, BalanceView, Engine, LevelView, OrderView};
use tickyard_types::{AccountId, ClientId, InstrumentId, Key, OrderId, Side};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A question, as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Live orders in one instrument or (0) in all.
    OpenOrders(AccountId, InstrumentId),
    /// One live order, by id, else (0) by client id, in one instrument or (0) in any.
    Order {
        /// Whose.
        account: AccountId,
        /// Where, or 0.
        instrument: InstrumentId,
        /// Which, or 0.
        order_id: OrderId,
        /// Which, when there is no id.
        client_id: ClientId,
    },
    /// An account's trigger orders that have not ended.
    Triggers(AccountId),
    /// What an account has.
    Balances(AccountId),
    /// So many levels of each side.
    Book(InstrumentId, u32),
    /// Settings and counters of an account.
    Account(AccountId),
    /// Everything that is defined.
    Definitions,
    /// With the hash of the state, or without.
    Status {
        /// Whether the whole state is hashed.
        with_hash: bool,
    },
    /// Whether a movement with a key was made.
    HasKey(Key),
    /// What the host counts.
    Counts,
}

#[derive(FromBytes, Immutable, KnownLayout)]
#[repr(C)]
struct TwoNumbers(u32, u32);

#[derive(FromBytes, Immutable, KnownLayout)]
#[repr(C)]
struct OrderName {
    account: AccountId,
    instrument: InstrumentId,
    order_id: OrderId,
    client_id: ClientId,
}

impl Question {
    /// Reads a question; `None` when it is malformed, or no question.
    #[must_use]
    pub fn read(kind: FrameKind, payload: &[u8]) -> Option<Self> {
        let one = || u32::read_from_bytes(payload).ok();
        let two = || TwoNumbers::read_from_bytes(payload).ok();
        Some(match kind {
            FrameKind::OpenOrders => {
                let TwoNumbers(account, instrument) = two()?;
                Self::OpenOrders(AccountId(account), InstrumentId(instrument))
            }
            FrameKind::Order => {
                let OrderName { account, instrument, order_id, client_id } =
                    OrderName::read_from_bytes(payload).ok()?;
                Self::Order { account, instrument, order_id, client_id }
            }
            FrameKind::Triggers => Self::Triggers(AccountId(one()?)),
            FrameKind::Balances => Self::Balances(AccountId(one()?)),
            FrameKind::Book => {
                let TwoNumbers(instrument, depth) = two()?;
                Self::Book(InstrumentId(instrument), depth)
            }
            FrameKind::Account => Self::Account(AccountId(one()?)),
            FrameKind::Definitions if payload.is_empty() => Self::Definitions,
            FrameKind::Status => Self::Status { with_hash: one()? != 0 },
            FrameKind::Counts if payload.is_empty() => Self::Counts,
            FrameKind::HasKey => Self::HasKey(payload.try_into().ok()?),
            _ => return None,
        })
    }

    const fn kind(&self) -> FrameKind {
        match self {
            Self::OpenOrders(..) => FrameKind::OpenOrders,
            Self::Order { .. } => FrameKind::Order,
            Self::Triggers(_) => FrameKind::Triggers,
            Self::Balances(_) => FrameKind::Balances,
            Self::Book(..) => FrameKind::Book,
            Self::Account(_) => FrameKind::Account,
            Self::Definitions => FrameKind::Definitions,
            Self::Status { .. } => FrameKind::Status,
            Self::HasKey(_) => FrameKind::HasKey,
            Self::Counts => FrameKind::Counts,
        }
    }
}

/// Answers a question with one frame.
pub fn answer(engine: &Engine, queues: &Queues, question: &Question, request: u32) -> Vec<u8> {
    let mut frame = Vec::new();
    write_frame(&mut frame, question.kind(), request, |out| write_answer(engine, queues, question, out));
    frame
}

fn write_answer(engine: &Engine, queues: &Queues, question: &Question, out: &mut Vec<u8>) {
    match *question {
        Question::OpenOrders(account, instrument) => {
            write(out, &as_of(engine));
            let only = Some(instrument).filter(|instrument| instrument.0 != 0);
            engine.open_orders(account, only).for_each(|order| write(out, &order_row(&order)));
        }
        Question::Order { account, instrument, order_id, client_id } => {
            write(out, &as_of(engine));
            let found = if order_id.0 == 0 {
                engine.order_by_client_id(account, &client_id)
            } else {
                engine.order(account, order_id)
            };
            let found = found.filter(|order| instrument.0 == 0 || order.instrument == instrument);
            if let Some(order) = found {
                write(out, &order_row(&order));
            }
        }
        Question::Triggers(account) => {
            write(out, &as_of(engine));
            engine.triggers(account).for_each(|trigger| write(out, &trigger));
        }
        Question::Balances(account) => {
            write(out, &as_of(engine));
            if engine.account(account).is_some() {
                engine.balances(account).for_each(|balance| write(out, &balance_row(&balance)));
            }
        }
        Question::Book(instrument, depth) => write_book(engine, instrument, depth, out),
        Question::Account(account) => {
            if let Some(account) = engine.account(account) {
                write(out, &account_row(&account));
            }
        }
        Question::Definitions => {
            engine.assets().for_each(|asset| write(out, &asset));
            engine.instruments().for_each(|instrument| write(out, &instrument));
            engine.index_prices().for_each(|index| write(out, &index));
            engine.fee_levels().for_each(|level| write(out, &level));
            engine.accounts().for_each(|account| write(out, &account));
        }
        Question::Status { with_hash } => {
            let state_hash = if with_hash { engine.state_hash() } else { [0; 32] };
            write(out, &StatusRow { as_of: as_of(engine), state_hash });
        }
        Question::Counts => write(out, &counts_row(engine, queues)),
        Question::HasKey(key) => out.push(u8::from(engine.has_key(&key))),
    }
}

fn write_book(engine: &Engine, instrument: InstrumentId, depth: u32, out: &mut Vec<u8>) {
    let side = |side| engine.book(instrument, side).take(depth as usize).map(|level| level_row(&level));
    let (bids, asks): (Vec<LevelRow>, Vec<LevelRow>) = (side(Side::Buy).collect(), side(Side::Sell).collect());
    let count = |rows: &[LevelRow]| u32::try_from(rows.len()).expect("Invariant: depth bounds the rows");
    write(out, &BookHead { as_of: as_of(engine), bids: count(&bids), asks: count(&asks) });
    out.extend_from_slice(bids.as_bytes());
    out.extend_from_slice(asks.as_bytes());
}

fn write(out: &mut Vec<u8>, row: &(impl IntoBytes + Immutable)) {
    out.extend_from_slice(row.as_bytes());
}

const fn as_of(engine: &Engine) -> AsOf {
    AsOf { seq: engine.seq(), time_ns: engine.time_ns() }
}

fn counts_row(engine: &Engine, queues: &Queues) -> CountsRow {
    let population = engine.population();
    let counted = queues.tally.read();
    CountsRow {
        as_of: as_of(engine),
        accounts: population.accounts,
        instruments: population.instruments,
        open_orders: population.open_orders,
        triggers: population.triggers,
        waiting: queues.waiting(),
        reserved: [0; 4],
        appended: counted.appended,
        full: counted.full,
        late: counted.late,
        expired: counted.expired,
        commits: counted.commits,
        commit_ns: counted.commit_ns,
        bounds_us: BOUNDS_US,
        within: counted.within,
    }
}

const fn order_row(order: &OrderView) -> OrderRow {
    OrderRow {
        order_id: order.order_id,
        account: order.account,
        instrument: order.instrument,
        side: order.side,
        order_type: order.order_type,
        trade_mode: order.trade_mode,
        self_trade: order.self_trade,
        flags: order.flags,
        state: order.state,
        reserved: [0; 2],
        price: order.price,
        size: order.size,
        filled: order.filled,
        cost: order.cost,
        fee_total: order.fee_total,
        rebate_total: order.rebate_total,
        client_id: order.client_id,
        tag: order.tag,
        created_ns: order.created_ns,
        updated_ns: order.updated_ns,
        last_trade_id: order.last_trade_id,
        last_price: order.last_price,
        last_size: order.last_size,
        last_time_ns: order.last_time_ns,
        trigger_id: order.trigger_id,
        trigger_client_id: order.trigger_client_id,
        reserved2: [0; 8],
    }
}

const fn balance_row(balance: &BalanceView) -> BalanceRow {
    BalanceRow {
        asset: balance.asset,
        reserved: [0; 12],
        trading: balance.trading,
        hold: balance.hold,
        funding: balance.funding,
    }
}

const fn level_row(level: &LevelView) -> LevelRow {
    LevelRow { price: level.price, size: level.size, orders: level.orders, reserved: [0; 4] }
}

const fn account_row(account: &AccountView) -> AccountRow {
    AccountRow {
        account: account.account,
        master: account.master,
        fee_level: account.fee_level,
        self_trade: account.self_trade,
        reserved: [0; 2],
        open_orders: account.open_orders,
        last_seq: account.last_seq,
    }
}
