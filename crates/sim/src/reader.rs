//! What a reader of the events believes, who knows nothing else: balances, books, the lives of orders.

use crate::twin::translated;
use std::collections::BTreeMap;
use tickyard_types::*;
use zerocopy::TryFromBytes;

/// A decoded event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each variant holds the record of its own name
#[allow(clippy::large_enum_variant)] // lives on the stack of one call
pub enum Event {
    OrderAccepted(OrderAccepted),
    Traded(Traded),
    OrderClosed(OrderClosed),
    OrderAmended(OrderAmended),
    Posted(Posted),
    LevelChanged(LevelChanged),
    TimerChanged(TimerChanged),
    TriggerChanged(TriggerChanged),
    AssetDefined(AssetDefined),
    InstrumentDefined(InstrumentDefined),
    AccountDefined(AccountDefined),
    FeeLevelDefined(FeeLevelDefined),
    IndexPriceSet(IndexPriceSet),
    TransferNamed(TransferNamed),
}

/// Decodes the next event off the front of some.
fn decode(bytes: &mut &[u8]) -> Option<(EventHeader, Event)> {
    let (header, _) = EventHeader::try_read_from_prefix(bytes).ok()?;
    let (record, rest) = bytes.split_at_checked(usize::from(header.size))?;
    *bytes = rest;
    macro_rules! read {
        ($name:ident) => {
            Event::$name($name::try_read_from_bytes(record).ok()?)
        };
    }
    let event = match header.kind {
        EventKind::OrderAccepted => read!(OrderAccepted),
        EventKind::Traded => read!(Traded),
        EventKind::OrderClosed => read!(OrderClosed),
        EventKind::OrderAmended => read!(OrderAmended),
        EventKind::Posted => read!(Posted),
        EventKind::LevelChanged => read!(LevelChanged),
        EventKind::TimerChanged => read!(TimerChanged),
        EventKind::TriggerChanged => read!(TriggerChanged),
        EventKind::AssetDefined => read!(AssetDefined),
        EventKind::InstrumentDefined => read!(InstrumentDefined),
        EventKind::AccountDefined => read!(AccountDefined),
        EventKind::FeeLevelDefined => read!(FeeLevelDefined),
        EventKind::IndexPriceSet => read!(IndexPriceSet),
        EventKind::TransferNamed => read!(TransferNamed),
    };
    Some((header, event))
}

/// The life of an order as it was told.
#[derive(Clone, Copy, Debug)]
struct Life {
    id: OrderId,
    side: Side,
    /// 0 for market orders.
    price: i64,
    /// Notional units when `in_quote`.
    size: i64,
    in_quote: bool,
    filled: i64,
    is_over: bool,
}

/// A level: instrument, side, price.
type Level = (u32, Side, i64);

/// All that events say.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    lives: BTreeMap<u64, Life>,
    balances: BTreeMap<(u32, u32, Wallet), i128>,
    levels: BTreeMap<Level, (i64, u32)>,
    triggers: BTreeMap<u64, TriggerState>,
    /// By kind and number; an index that says nothing is none.
    definitions: BTreeMap<(EventKind, u32), Event>,
    /// The newest command that told of each account.
    last_seqs: BTreeMap<u32, u64>,
}

impl Reader {
    /// Reads the events of one command.
    ///
    /// # Errors
    /// The invariant that they break.
    pub fn read(&mut self, seq: u64, time_ns: u64, mut bytes: &[u8]) -> Result<Vec<Event>, String> {
        let mut events = Vec::new();
        let mut sums: BTreeMap<u32, i128> = BTreeMap::new();
        while !bytes.is_empty() {
            let (header, event) = decode(&mut bytes).ok_or("I9: an event cannot be decoded")?;
            let place = (header.seq.0, header.index as usize, header.time_ns);
            if place != (seq, events.len(), time_ns) {
                return Err(format!("I9: event {place:?} comes where ({seq}, {}, {time_ns}) must", events.len()));
            }
            if let Event::Posted(posted) = &event {
                *sums.entry(posted.asset.0).or_default() += posted.amount;
            }
            self.believe(&event)?;
            for account in concerned(&event).into_iter().flatten() {
                self.last_seqs.insert(account.0, seq);
            }
            events.push(event);
        }
        match sums.iter().find(|(_, sum)| **sum != 0) {
            Some((asset, sum)) => Err(format!("I1: the postings of a command leave {sum} of asset {asset}")),
            None => Ok(events),
        }
    }

    /// The id of the order that was accepted so many orders before the newest.
    #[must_use]
    pub fn order_before(&self, back: u64) -> Option<OrderId> {
        self.lives.values().rev().nth(back as usize).map(|life| life.id)
    }

    /// The id of the trigger order that was told first so many before the newest.
    #[must_use]
    pub fn trigger_before(&self, back: u64) -> Option<TriggerId> {
        self.triggers.keys().rev().nth(back as usize).map(|serial| TriggerId::new(*serial))
    }

    /// The id of an order.
    #[must_use]
    pub fn order(&self, serial: u64) -> Option<OrderId> {
        self.lives.get(&serial).map(|life| life.id)
    }

    /// How many orders were accepted.
    #[must_use]
    pub fn orders(&self) -> u64 {
        self.lives.len() as u64
    }

    /// A balance as it was told.
    #[must_use]
    pub fn balance(&self, account: u32, asset: u32, wallet: Wallet) -> i128 {
        self.balances.get(&(account, asset, wallet)).copied().unwrap_or(0)
    }

    /// A book's side as it was told.
    #[must_use]
    pub fn levels(&self, instrument: u32, side: Side) -> BTreeMap<i64, (i64, u32)> {
        let range = (instrument, side, i64::MIN)..=(instrument, side, i64::MAX);
        self.levels.range(range).map(|((.., price), level)| (*price, *level)).collect()
    }

    /// What the operator has defined as it was told last, by kind and number.
    pub fn definitions(&self) -> impl Iterator<Item = Event> + '_ {
        self.definitions.values().copied()
    }

    /// A row of the fee table as it was told last.
    #[must_use]
    pub fn fee_level(&self, level: u8) -> Option<Event> {
        self.definitions.get(&(EventKind::FeeLevelDefined, level.into())).copied()
    }

    /// The newest command that told of an account; 0 for none.
    #[must_use]
    pub fn last_seq(&self, account: u32) -> u64 {
        self.last_seqs.get(&account).copied().unwrap_or(0)
    }

    fn define(&mut self, kind: EventKind, number: u32, event: &Event) {
        let event = translated(event).expect("Invariant: the twin tells definitions");
        self.definitions.insert((kind, number), event);
    }

    fn believe(&mut self, event: &Event) -> Result<(), String> {
        match *event {
            Event::OrderAccepted(e) => {
                let newest = self.lives.last_key_value().map_or(0, |(serial, _)| *serial);
                if e.order_id.serial() <= newest {
                    return Err(format!("I7: order {} comes after {newest}", e.order_id.serial()));
                }
                let in_quote = e.flags & PlaceOrder::SIZE_IN_QUOTE != 0;
                let life = Life {
                    id: e.order_id,
                    side: e.side,
                    price: e.price,
                    size: e.size,
                    in_quote,
                    filled: 0,
                    is_over: false,
                };
                self.lives.insert(e.order_id.serial(), life);
            }
            Event::Traded(e) => {
                self.fill(e.taker_order, &e, e.taker_filled, e.taker_state)?;
                self.fill(e.maker_order, &e, e.maker_filled, e.maker_state)?;
            }
            Event::OrderClosed(e) => {
                let life = self.living(e.order_id)?;
                if life.filled != e.filled {
                    return Err(format!("I7: order {} forgets what was filled", e.order_id.serial()));
                }
                life.is_over = true;
            }
            Event::OrderAmended(e) => {
                let life = self.living(e.order_id)?;
                if life.filled != e.filled || e.size < e.filled {
                    return Err(format!("I7: order {} is amended below what was filled", e.order_id.serial()));
                }
                (life.price, life.size) = (e.price, e.size);
                // One that was cancelled instead is closed by an event of its own.
                life.is_over = e.state == OrderState::Filled;
            }
            Event::Posted(e) => {
                let balance = self.balances.entry((e.account.0, e.asset.0, e.wallet)).or_default();
                *balance += e.amount;
                if *balance != e.balance {
                    return Err(format!("I1: account {} is told a balance that is no sum", e.account.0));
                }
            }
            Event::LevelChanged(e) => {
                let level = (e.instrument.0, e.side, e.price);
                if e.size == 0 {
                    self.levels.remove(&level);
                } else {
                    self.levels.insert(level, (e.size, e.orders));
                }
            }
            Event::TriggerChanged(e) => {
                let before = self.triggers.insert(e.trigger_id.serial(), e.state);
                let is_forward = match before {
                    None => matches!(e.state, TriggerState::Attached | TriggerState::Live),
                    Some(before) => before <= TriggerState::Live && before <= e.state,
                };
                if !is_forward {
                    return Err(format!(
                        "I7: trigger order {} is {:?} after {before:?}",
                        e.trigger_id.serial(),
                        e.state
                    ));
                }
            }
            Event::TimerChanged(_) | Event::TransferNamed(_) => {}
            Event::AssetDefined(e) => self.define(EventKind::AssetDefined, e.asset.0, event),
            Event::InstrumentDefined(e) => self.define(EventKind::InstrumentDefined, e.instrument.0, event),
            Event::AccountDefined(e) => self.define(EventKind::AccountDefined, e.account.0, event),
            Event::FeeLevelDefined(e) => self.define(EventKind::FeeLevelDefined, e.level.into(), event),
            Event::IndexPriceSet(e) => {
                self.define(EventKind::IndexPriceSet, e.instrument.0, event);
                if (e.price, e.highest_buy, e.lowest_sell) == (0, 0, 0) {
                    self.definitions.remove(&(EventKind::IndexPriceSet, e.instrument.0));
                }
            }
        }
        Ok(())
    }

    fn living(&mut self, id: OrderId) -> Result<&mut Life, String> {
        let life = self.lives.get_mut(&id.serial()).filter(|life| life.id == id && !life.is_over);
        life.ok_or_else(|| format!("I7: order {} is not live", id.serial()))
    }

    fn fill(&mut self, id: OrderId, trade: &Traded, filled: i64, state: OrderState) -> Result<(), String> {
        let life = self.living(id)?;
        let is_within = match life.side {
            _ if life.price == 0 => true,
            Side::Buy => trade.price <= life.price,
            Side::Sell => trade.price >= life.price,
        };
        if !is_within {
            return Err(format!("I8: order {} trades at {}", id.serial(), trade.price));
        }
        life.filled += trade.size;
        if trade.size <= 0 || life.filled != filled || !life.in_quote && life.filled > life.size {
            return Err(format!("I7: order {} has filled {filled} of {}", id.serial(), life.size));
        }
        life.is_over = state == OrderState::Filled;
        Ok(())
    }
}

/// Whom an event tells something about.
const fn concerned(event: &Event) -> [Option<AccountId>; 2] {
    match event {
        Event::OrderAccepted(e) => [Some(e.account), None],
        Event::Traded(e) => [Some(e.taker_account), Some(e.maker_account)],
        Event::OrderClosed(e) => [Some(e.account), None],
        Event::OrderAmended(e) => [Some(e.account), None],
        Event::Posted(e) => [Some(e.account), None],
        Event::TimerChanged(e) => [Some(e.account), None],
        Event::TriggerChanged(e) => [Some(e.account), None],
        // No more than a name of what is posted.
        Event::TransferNamed(_) => [None, None],
        Event::AccountDefined(e) => [Some(e.account), None],
        Event::LevelChanged(_)
        | Event::AssetDefined(_)
        | Event::InstrumentDefined(_)
        | Event::FeeLevelDefined(_)
        | Event::IndexPriceSet(_) => [None, None],
    }
}
