//! Judges every command: compares the engine with a twin, and with what a reader of its events believes.
//!
//! The invariants of the exchange, and where each is checked after each command:
//!
//! | | | where |
//! |---|---|---|
//! | I1 | money is never made or lost | `Reader` for the postings of the command, `Engine::check_invariants` for the whole |
//! | I2 | nobody but the house has less than nothing | `Engine::check_invariants` |
//! | I3 | what is held is what open orders need | `Engine::check_invariants`, and [`Judge::compare`] with the twin, who counts anew |
//! | I4 | no book is crossed, levels are sums | the same, and the reader's levels |
//! | I7 | orders only move forward | `Reader`, [`Judge::compare`] for those that live |
//! | I8 | trades keep the limits of both, orders the bounds | `Reader`, `Engine::check_invariants` |
//! | I9 | events are numbered without gaps | `Reader`, at the end of a day the segments |
//! | I10 | equal state everywhere | at every start and snapshot, at the end of a day by a replay, in clusters between cores |
//! | I11 | one outcome for each number of a sender | [`Judge::follow`] |
//! | I12 | nothing overflows | a panic, for arithmetic is checked in every build; issued money in `Engine::check_invariants` |
//!
//! I5 and I6 are about contracts and I13 about money on chains; there are none yet.

use crate::flaw::Flaw;
use crate::machine::Applied;
use crate::reader::{Event, Reader};
use crate::twin::{Answer, Order, Twin, translated, trigger};
use std::collections::BTreeMap;
use tickyard_engine::{Engine, OrderView};
use tickyard_types::{AccountId, Command, InstrumentId, OrderId, Origin, Refusal, Reply, Side, TriggerId, Wallet};

/// Knows what every command must come to.
#[derive(Debug, Default)]
pub struct Judge {
    /// Knows the rules.
    pub twin: Twin,
    /// Knows what was told.
    pub reader: Reader,
    /// The answer of each number of each run of a sender.
    answers: BTreeMap<(u64, u64), Reply>,
}

impl Judge {
    /// Judges an exchange before its first command; with a flaw the twin is wrong on purpose.
    #[must_use]
    pub fn new(flaw: Option<Flaw>) -> Self {
        Self { twin: Twin::new(flaw), ..Self::default() }
    }

    /// Judges what one command answered and told, and lets twin and reader follow.
    ///
    /// # Errors
    /// What differs.
    pub fn follow(&mut self, seq: u64, time_ns: u64, applied: &Applied) -> Result<(), String> {
        let Self { twin, reader, .. } = self;
        let command = Command::decode(&applied.command).ok();
        let answer = twin.apply(seq, time_ns, command.as_ref());
        let events = reader.read(seq, time_ns, &applied.events).map_err(|error| format!("{error}; {command:?}"))?;
        let counter = command.map_or(applied.reply.counter, |command| command.header().origin.counter);
        let expected = reply(counter, &answer, reader);
        if applied.reply != expected {
            return Err(format!("reply: was {:?}, must be {expected:?}; {command:?}", applied.reply));
        }
        let told: Vec<Event> = events.iter().filter_map(translated).collect();
        if told != twin.told() {
            let at = told.iter().zip(twin.told()).take_while(|(one, other)| one == other).count();
            let (was, must) = (told.get(at), twin.told().get(at));
            return Err(format!("events: number {at} was {was:?}, must be {must:?}; {command:?}"));
        }
        command.map_or(Ok(()), |command| self.answered_once(command.header().origin, applied.reply))
    }

    /// I11: a number is answered as it was the first time, or said to be forgotten.
    fn answered_once(&mut self, origin: Origin, reply: Reply) -> Result<(), String> {
        if origin.boot == 0 || reply.refusal == Refusal::OriginForgotten.number() {
            return Ok(());
        }
        match self.answers.insert((origin.boot, origin.counter), reply) {
            Some(first) if first != reply => Err(format!("I11: {origin:?} is answered {reply:?} after {first:?}")),
            _ => Ok(()),
        }
    }

    /// Judges the whole state.
    ///
    /// # Errors
    /// What differs, or the invariant that is broken.
    pub fn compare(&self, engine: &Engine) -> Result<(), String> {
        compare(engine, &self.twin, &self.reader)
    }
}

/// The answer as a record.
fn reply(counter: u64, answer: &Answer, reader: &Reader) -> Reply {
    // A trigger order has its id from its serial number; nothing else has a number without an order.
    let named = |serial: u64| if serial == 0 { OrderId(0) } else { OrderId(TriggerId::new(serial).0) };
    let base = Reply { counter, seq: tickyard_types::Seq(answer.seq), time_ns: answer.time_ns, ..Reply::default() };
    match answer.outcome {
        Ok((serial, value, client_id)) => {
            let order_id = reader.order(serial).unwrap_or_else(|| named(serial));
            Reply { order_id, value, client_id, ..base }
        }
        Err(refusal) => Reply { refusal: refusal.number(), ..base },
    }
}

fn compare(engine: &Engine, twin: &Twin, reader: &Reader) -> Result<(), String> {
    engine.check_invariants()?;
    if engine.next_deadline_ns() != twin.next_deadline_ns() {
        return Err("timers: the next deadline differs".to_owned());
    }
    for account in twin.accounts().chain([AccountId::EXTERNAL.0]) {
        let mut balances = engine.balances(AccountId(account)).peekable();
        for asset in twin.assets() {
            let of_engine = balances.next_if(|balance| balance.asset.0 == asset);
            let of_engine = of_engine.map_or((0, 0, 0), |b| (b.trading, b.hold, b.funding));
            let [trading, funding] =
                [Wallet::Trading, Wallet::Funding].map(|wallet| twin.balance(account, asset, wallet));
            let of_twin = (trading, twin.held(account, asset), funding);
            if of_engine != of_twin {
                let what = format!("account {account} has {of_engine:?} of asset {asset}, must be {of_twin:?}");
                return Err(format!("balances: {what}"));
            }
            let told = [Wallet::Trading, Wallet::Funding].map(|wallet| reader.balance(account, asset, wallet));
            if told != [trading, funding] {
                return Err(format!("balances: account {account} was told {told:?} of asset {asset}"));
            }
        }
    }
    let views = twin.accounts().flat_map(|account| engine.open_orders(AccountId(account), None));
    let mut views: Vec<OrderView> = views.collect();
    views.sort_unstable_by_key(|view| view.order_id);
    if !views.iter().map(order).eq(twin.orders().values().cloned()) {
        return Err("I7: the live orders differ".to_owned());
    }
    for account in twin.accounts() {
        let of_engine: Vec<Event> = engine.triggers(AccountId(account)).map(|row| trigger(&row)).collect();
        if of_engine != twin.triggers(account) {
            return Err(format!("I7: the trigger orders of account {account} differ"));
        }
    }
    for instrument in twin.instruments() {
        for side in [Side::Buy, Side::Sell] {
            let levels = twin.levels(instrument, side);
            let book =
                engine.book(InstrumentId(instrument), side).map(|level| (level.price, (level.size, level.orders)));
            let is_best_first = match side {
                Side::Buy => book.eq(levels.iter().rev().map(|(price, level)| (*price, *level))),
                Side::Sell => book.eq(levels.iter().map(|(price, level)| (*price, *level))),
            };
            if !is_best_first || reader.levels(instrument, side) != levels {
                return Err(format!("I4: the {side:?} side of instrument {instrument} differs"));
            }
        }
    }
    Ok(())
}

fn order(view: &OrderView) -> Order {
    Order {
        serial: view.order_id.serial(),
        account: view.account.0,
        instrument: view.instrument.0,
        side: view.side,
        kind: view.order_type,
        mode: view.trade_mode,
        flags: view.flags,
        stp: view.self_trade,
        price: view.price,
        size: view.size,
        filled: view.filled,
        cost: view.cost,
        fee_total: view.fee_total,
        rebate_total: view.rebate_total,
        client_id: view.client_id,
        tag: view.tag,
        created_ns: view.created_ns,
        updated_ns: view.updated_ns,
        last: (view.last_trade_id.0, view.last_price, view.last_size, view.last_time_ns),
        trigger: (view.trigger_id.0 != 0).then(|| (view.trigger_id.serial(), view.trigger_client_id)),
    }
}
