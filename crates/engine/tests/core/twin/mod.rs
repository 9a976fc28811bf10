//! The fast engine equals the naive one on random streams, and itself after replay and restore.

mod naive;
pub mod stream;

use crate::support::events::{Event, decode};
use crate::support::exchange::{Engine, START_NS, bytes};
use naive::{Naive, Told};
use proptest::prelude::*;
use proptest::test_runner::Config;
use stream::{ACCOUNTS, Step};
use tickyard_engine::EventBuffer;
use tickyard_types::*;

/// Makes commands of steps, and remembers them to send them again.
#[derive(Default)]
pub struct Commands {
    sent: Vec<Command>,
    counter: u64,
}

impl Commands {
    /// Turns a step into a command, with an origin of its own unless it was sent before.
    pub fn command(&mut self, step: &Step, engine: &Engine) -> Option<Command> {
        let mut command = match step {
            Step::Plain(command) => *command,
            Step::OfLiveOrder(command, which) => named(*command, *which, engine),
            Step::Again(before) => return self.sent.get(self.sent.len().checked_sub(*before)?).copied(),
        };
        self.counter += 1;
        let origin = Origin { boot: 1 + self.counter % 3, counter: self.counter };
        match &mut command {
            Command::PlaceOrder(c) => c.header.origin = origin,
            Command::CancelOrder(c) => c.header.origin = origin,
            Command::AmendOrder(c) => c.header.origin = origin,
            Command::Transfer(c) => c.header.origin = origin,
            _ => {}
        }
        Some(command)
    }

    /// Remembers what was sent.
    pub fn sent(&mut self, command: Command) {
        self.sent.push(command);
    }
}

/// The command with the id of one of its account's live orders, if there is one.
fn named(command: Command, which: usize, engine: &Engine) -> Command {
    let account = command.header().account;
    let orders: Vec<_> = engine.open_orders(account, None).collect();
    let Some(order) = orders.get(which.checked_rem(orders.len()).unwrap_or(0)) else { return command };
    let (order_id, instrument) = (order.order_id, order.instrument);
    match command {
        Command::CancelOrder(c) => Command::CancelOrder(CancelOrder { order_id, instrument, ..c }),
        Command::AmendOrder(c) => {
            // Often one of both stays as it is, which decides about priority.
            let price = if which.is_multiple_of(5) { order.price } else { c.price };
            let size = if which.is_multiple_of(7) { order.size } else { c.size };
            Command::AmendOrder(AmendOrder { order_id, instrument, price, size, ..c })
        }
        other => other,
    }
}

/// Both exchanges, and the journal that made them.
struct Pair {
    fast: Engine,
    slow: Naive,
    now_ns: u64,
    journal: Vec<(u64, Command)>,
    commands: Commands,
}

impl Pair {
    fn new() -> Self {
        let mut pair = Self {
            fast: Engine::new(),
            slow: Naive::new(),
            now_ns: START_NS,
            journal: Vec::new(),
            commands: Commands::default(),
        };
        for command in stream::founding() {
            pair.apply(command).expect("founding is accepted");
        }
        pair
    }

    /// Carries a step out on both.
    fn step(&mut self, ms: u64, step: &Step) -> Result<(), TestCaseError> {
        self.now_ns += ms * 1_000_000;
        match self.commands.command(step, &self.fast) {
            Some(command) => self.apply(command),
            None => Ok(()),
        }
    }

    /// Applies a command to both and compares everything.
    fn apply(&mut self, command: Command) -> Result<(), TestCaseError> {
        let seq = Seq(self.fast.seq().0 + 1);
        let before = self.fast.state_hash();
        let mut buffer = EventBuffer::new();
        let reply = self.fast.apply_bytes(seq, self.now_ns, &bytes(&command), &mut buffer);
        let outcome = self.slow.apply(self.now_ns, &command);
        self.journal.push((self.now_ns, command));
        self.commands.sent(command);

        let expected = outcome.map_or_else(|r| (r.number(), 0, 0, [0; 32]), |(o, v, c)| (0, o, v, c));
        prop_assert_eq!(
            (reply.refusal, reply.order_id.serial(), reply.value, reply.client_id),
            expected,
            "{:?}",
            command
        );
        let told: Vec<Told> = decode(buffer.as_bytes()).iter().filter_map(|(_, event)| translated(event)).collect();
        prop_assert_eq!(&told, &self.slow.told, "{:?}", command);
        if outcome.is_err() && told.is_empty() {
            prop_assert_eq!(self.fast.state_hash(), before);
        }
        self.compare()
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        self.fast.check_invariants().map_err(TestCaseError::fail)?;
        for id in (2..=2).chain(16..16 + ACCOUNTS) {
            for asset in 1..=3 {
                let fast = self.fast.balances(AccountId(id)).find(|balance| balance.asset == AssetId(asset));
                let fast = fast.map_or((0, 0, 0), |b| (b.trading, b.hold, b.funding));
                let money = |wallet| self.slow.balance(id, asset, wallet);
                let slow = (money(Wallet::Trading), self.slow.held(id, asset), money(Wallet::Funding));
                prop_assert_eq!(fast, slow, "account {}, asset {}", id, asset);
            }
            let mut orders: Vec<&naive::Order> = self.slow.orders.iter().filter(|o| o.account == id).collect();
            orders.sort_by_key(|order| order.serial);
            let fast: Vec<naive::Order> = self
                .fast
                .open_orders(AccountId(id), None)
                .map(|view| naive::Order {
                    serial: view.order_id.serial(),
                    account: view.account.0,
                    instrument: view.instrument.0,
                    side: view.side,
                    post_only: view.order_type == OrderType::PostOnly,
                    stp: view.self_trade,
                    price: view.price,
                    size: view.size,
                    filled: view.filled,
                    cost: view.cost,
                    fee_total: view.fee_total,
                    rebate_total: view.rebate_total,
                    client_id: view.client_id,
                    tag: view.tag,
                })
                .collect();
            prop_assert_eq!(fast.iter().collect::<Vec<_>>(), orders);
        }
        prop_assert_eq!(
            self.fast.next_deadline_ns(),
            self.slow.timers.first_key_value().map(|((deadline_ms, ..), ())| deadline_ms * 1_000_000)
        );
        Ok(())
    }
}

/// An event of the fast engine as the naive one tells it.
fn translated(event: &Event) -> Option<Told> {
    match *event {
        Event::OrderAccepted(e) => Some(Told::Accepted { serial: e.order_id.serial(), price: e.price, size: e.size }),
        Event::Traded(e) => Some(Told::Traded {
            taker: e.taker_order.serial(),
            maker: e.maker_order.serial(),
            price: e.price,
            size: e.size,
            taker_fee: e.taker_fee,
            maker_fee: e.maker_fee,
            states: (e.taker_state, e.maker_state),
        }),
        Event::OrderClosed(e) => Some(Told::Closed {
            serial: e.order_id.serial(),
            filled: e.filled,
            size: e.size,
            state: e.state,
            source: e.source,
        }),
        Event::OrderAmended(e) => Some(Told::Amended {
            serial: e.order_id.serial(),
            price: e.price,
            size: e.size,
            filled: e.filled,
            state: e.state,
            result: e.result,
        }),
        Event::TimerChanged(e) => Some(Told::Timer {
            account: e.account.0,
            tag: e.tag,
            trigger_ms: e.trigger_ms,
            canceled: e.canceled,
            fired: e.has_fired == 1,
        }),
        _ => None,
    }
}

/// How many streams are tried; the long form sets more.
pub fn streams(fewest: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(fewest);
    Config { cases, max_shrink_iters: 20_000, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(streams(150))]

    #[test]
    fn fast_engine_equals_naive_engine(steps in prop::collection::vec(stream::step(), 1..250)) {
        let mut pair = Pair::new();
        for (ms, step) in &steps {
            pair.step(*ms, step)?;
        }
    }

    #[test]
    fn snapshot_and_tail_equal_full_replay(
        steps in prop::collection::vec(stream::step(), 1..200),
        cuts in prop::collection::vec(0_usize..200, 3),
    ) {
        let mut pair = Pair::new();
        for (ms, step) in &steps {
            pair.step(*ms, step)?;
        }
        let mut replayed = Engine::new();
        let (mut all, mut some) = (EventBuffer::new(), EventBuffer::new());
        let mut interrupted = Engine::new();
        for (seq, (time_ns, command)) in (1..).zip(&pair.journal) {
            let reply = replayed.apply(Seq(seq), *time_ns, command, &mut all);
            if cuts.contains(&(seq as usize)) {
                let saved = interrupted.snapshot();
                interrupted = Engine::restore(&saved).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(interrupted.snapshot(), saved);
            }
            prop_assert_eq!(interrupted.apply(Seq(seq), *time_ns, command, &mut some), reply);
        }
        prop_assert_eq!(all.as_bytes(), some.as_bytes());
        prop_assert_eq!(replayed.state_hash(), pair.fast.state_hash());
        prop_assert_eq!(replayed.snapshot(), pair.fast.snapshot());
        prop_assert_eq!(interrupted.snapshot(), pair.fast.snapshot());
    }
}
