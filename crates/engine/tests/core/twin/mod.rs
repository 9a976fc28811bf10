//! The engine does what the twin of `crates/sim` does on random streams, and the same after replay and restore.

pub mod stream;

use crate::support::exchange::{Engine, START_NS, bytes};
use proptest::prelude::*;
use proptest::test_runner::Config;
use stream::Step;
use tickyard_engine::EventBuffer;
use tickyard_sim::judge::Judge;
use tickyard_sim::machine::Applied;
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
            Command::PlaceTrigger(c) => c.header.origin = origin,
            Command::AmendTrigger(c) => c.header.origin = origin,
            Command::PlaceOrderAttached(c) => c.order.header.origin = origin,
            Command::AmendOrderAttached(c) => c.order.header.origin = origin,
            _ => {}
        }
        Some(command)
    }

    /// Remembers what was sent.
    pub fn sent(&mut self, command: Command) {
        self.sent.push(command);
    }
}

/// The command with the id of one of its account's live orders or trigger orders, if there is one.
fn named(command: Command, which: usize, engine: &Engine) -> Command {
    let account = command.header().account;
    let triggers: Vec<_> = engine.triggers(account).collect();
    if let Some(trigger) = triggers.get(which.checked_rem(triggers.len()).unwrap_or(0)) {
        let (trigger_id, instrument) = (trigger.trigger_id, trigger.instrument);
        match command {
            Command::CancelTrigger(c) => return Command::CancelTrigger(CancelTrigger { trigger_id, instrument, ..c }),
            Command::AmendTrigger(c) => return Command::AmendTrigger(AmendTrigger { trigger_id, instrument, ..c }),
            Command::AmendOrderAttached(mut c) => {
                (c.order.order_id, c.order.instrument) = (trigger.parent, instrument);
                c.changes[0].trigger_id = trigger_id;
                return Command::AmendOrderAttached(c);
            }
            _ => {}
        }
    }
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

/// The engine, who judges it, and the journal.
struct Judged {
    engine: Engine,
    judge: Judge,
    now_ns: u64,
    journal: Vec<(u64, Command)>,
    commands: Commands,
}

impl Judged {
    fn new() -> Self {
        let mut judged = Self {
            engine: Engine::new(),
            judge: Judge::new(None),
            now_ns: START_NS,
            journal: Vec::new(),
            commands: Commands::default(),
        };
        for command in stream::founding() {
            judged.apply(command).expect("founding is accepted");
        }
        judged
    }

    /// Carries a step out.
    fn step(&mut self, ms: u64, step: &Step) -> Result<(), TestCaseError> {
        self.now_ns += ms * 1_000_000;
        match self.commands.command(step, &self.engine) {
            Some(command) => self.apply(command),
            None => Ok(()),
        }
    }

    /// Applies a command, and has everything judged.
    fn apply(&mut self, command: Command) -> Result<(), TestCaseError> {
        let seq = Seq(self.engine.seq().0 + 1);
        let before = self.engine.state_hash();
        let mut buffer = EventBuffer::new();
        let command_bytes = bytes(&command);
        let reply = self.engine.apply_bytes(seq, self.now_ns, &command_bytes, &mut buffer);
        self.journal.push((self.now_ns, command));
        self.commands.sent(command);
        if reply.refusal != 0 && buffer.as_bytes().is_empty() {
            prop_assert_eq!(self.engine.state_hash(), before);
        }
        let applied = Applied { command: command_bytes, reply, events: buffer.as_bytes().to_vec() };
        self.judge.follow(seq.0, self.now_ns, &applied).map_err(TestCaseError::fail)?;
        self.judge.compare(&self.engine).map_err(TestCaseError::fail)
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
    fn the_engine_equals_its_twin(steps in prop::collection::vec(stream::step(), 1..250)) {
        let mut judged = Judged::new();
        for (ms, step) in &steps {
            judged.step(*ms, step)?;
        }
    }

    #[test]
    fn snapshot_and_tail_equal_full_replay(
        steps in prop::collection::vec(stream::step(), 1..200),
        cuts in prop::collection::vec(0_usize..200, 3),
    ) {
        let mut judged = Judged::new();
        for (ms, step) in &steps {
            judged.step(*ms, step)?;
        }
        let mut replayed = Engine::new();
        let (mut all, mut some) = (EventBuffer::new(), EventBuffer::new());
        let mut interrupted = Engine::new();
        for (seq, (time_ns, command)) in (1..).zip(&judged.journal) {
            let reply = replayed.apply(Seq(seq), *time_ns, command, &mut all);
            if cuts.contains(&(seq as usize)) {
                let saved = interrupted.snapshot();
                interrupted = Engine::restore(&saved).map_err(|error| TestCaseError::fail(error.to_string()))?;
                prop_assert_eq!(interrupted.snapshot(), saved);
            }
            prop_assert_eq!(interrupted.apply(Seq(seq), *time_ns, command, &mut some), reply);
        }
        prop_assert_eq!(all.as_bytes(), some.as_bytes());
        prop_assert_eq!(replayed.state_hash(), judged.engine.state_hash());
        prop_assert_eq!(replayed.snapshot(), judged.engine.snapshot());
        prop_assert_eq!(interrupted.snapshot(), judged.engine.snapshot());
    }
}
