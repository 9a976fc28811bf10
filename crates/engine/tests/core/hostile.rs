//! No input makes the core panic: random bytes, and valid commands with extreme values.

use crate::support::commands::*;
use crate::support::events::decode;
use crate::support::exchange::{Engine, START_NS, bytes};
use crate::twin::stream::{self, Step};
use crate::twin::streams;
use proptest::prelude::*;
use tickyard_engine::EventBuffer;
use tickyard_ledger::MAX_SUPPLY;
use tickyard_types::*;

/// Listings at the edge of the listing rules, accounts with as much as there may be, the steepest fees.
fn founding() -> Vec<Command> {
    let most = i64::MAX;
    let wide = |instrument, base, quote, symbol| DefineInstrument {
        min_size: 1,
        max_limit_size: most,
        max_market_size: most,
        max_market_amount: most,
        min_price: 1,
        max_price: most / 3,
        ..define_instrument(instrument, base, quote, symbol)
    };
    let mut commands = vec![
        Command::DefineAsset(define_asset(1, "A")),
        Command::DefineAsset(define_asset(2, "B")),
        Command::DefineAsset(DefineAsset { unit_digits: 8, ..define_asset(3, "C") }),
        // The largest price times the largest size comes close to all money there may be.
        Command::DefineInstrument(DefineInstrument { tick: COIN, lot: 1, ..wide(1, 1, 2, "A-B") }),
        // The largest amounts of notional and base that fit.
        Command::DefineInstrument(DefineInstrument {
            tick: 1_000,
            lot: 4_000_000_000_000_000_000,
            max_limit_size: 10_000_000_000_000_000_000_i128.min(most.into()) as i64,
            max_price: 1,
            ..wide(2, 2, 1, "B-A")
        }),
        Command::DefineInstrument(DefineInstrument { tick: 1, lot: 100_000_000, ..wide(3, 3, 1, "C-A") }),
        Command::DefineFeeLevel(define_fee_level(1, -1_000_000_000, 1_000_000_000)),
        Command::DefineFeeLevel(define_fee_level(2, 1_000_000_000, 0)),
    ];
    for n in 0..stream::ACCOUNTS {
        let id = AccountId(16 + n);
        let master = if n == 1 { AccountId(16) } else { id };
        commands.push(Command::DefineAccount(define_account(id, master, (n % 3) as u8)));
        for asset in 1..=3 {
            commands.push(Command::Credit(credit(id, asset, MAX_SUPPLY / 6, u64::from(900 + n * 10 + asset))));
        }
    }
    commands
}

/// A number as an attacker would choose it.
fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        prop::sample::select(vec![
            0,
            1,
            2,
            999,
            1 << 24,
            u64::from(u32::MAX),
            1 << 32,
            i64::MAX as u64 / 3,
            i64::MAX as u64 - 1,
            i64::MAX as u64,
            1 << 63,
            u64::MAX - 1,
            u64::MAX,
        ]),
        (0_u32..64).prop_map(|shift| 1 << shift),
        any::<u64>(),
    ]
}

/// Where a number goes: words and bytes of a command, the flags and the kind among them.
fn edit() -> impl Strategy<Value = (usize, usize, u64)> {
    (0_usize..256, prop::sample::select(vec![1, 4, 8, 16]), extreme())
}

/// Sizes and prices at the edges of the listings, in commands that are otherwise in order.
fn stretched() -> impl Strategy<Value = Command> {
    let number = || prop_oneof![extreme().prop_map(|number| (number >> 1) as i64), 1_i64..5];
    (stream::step(), number(), number(), 1_u32..=3).prop_map(|((_, step), price, size, instrument)| {
        let command = match step {
            Step::Plain(command) | Step::OfLiveOrder(command, _) => command,
            Step::Again(_) => Command::AdvanceTime(advance_time()),
        };
        let instrument = InstrumentId(instrument);
        match command {
            Command::PlaceOrder(c) if c.order_type == OrderType::Market => {
                Command::PlaceOrder(PlaceOrder { size, instrument, ..c })
            }
            Command::PlaceOrder(c) => Command::PlaceOrder(PlaceOrder { price, size, instrument, ..c }),
            Command::AmendOrder(c) => Command::AmendOrder(AmendOrder { price, size, ..c }),
            Command::Transfer(c) => Command::Transfer(Transfer { amount: i128::from(size) << (price % 64), ..c }),
            Command::Credit(c) => Command::Credit(Credit { amount: i128::from(size) << (price % 64), ..c }),
            Command::Debit(c) => Command::Debit(Debit { amount: i128::from(size) << (price % 64), ..c }),
            other => other,
        }
    })
}

/// An engine that applies whatever comes, and stays sound.
struct Target {
    engine: Engine,
    now_ns: u64,
    buffer: EventBuffer,
}

impl Target {
    fn new() -> Self {
        let mut target = Self { engine: Engine::new(), now_ns: START_NS, buffer: EventBuffer::new() };
        for command in founding() {
            let reply = target.send(&bytes(&command));
            assert_eq!(reply.refusal, 0, "{command:?}");
        }
        target
    }

    fn send(&mut self, bytes: &[u8]) -> Reply {
        self.buffer.clear();
        let seq = Seq(self.engine.seq().0 + 1);
        let reply = self.engine.apply_bytes(seq, self.now_ns, bytes, &mut self.buffer);
        assert_eq!(decode(self.buffer.as_bytes()).len(), self.buffer.len());
        reply
    }

    /// The id of one of the account's live orders in place of one that means nothing.
    fn aimed(&self, command: Command, which: usize) -> Command {
        let orders: Vec<_> = self.engine.open_orders(command.header().account, None).collect();
        let Some(order) = orders.get(which.checked_rem(orders.len()).unwrap_or(0)) else { return command };
        let (order_id, instrument) = (order.order_id, order.instrument);
        match command {
            Command::CancelOrder(c) => Command::CancelOrder(CancelOrder { order_id, instrument, ..c }),
            Command::AmendOrder(c) => Command::AmendOrder(AmendOrder { order_id, instrument, ..c }),
            other => other,
        }
    }
}

proptest! {
    #![proptest_config(streams(200))]

    #[test]
    fn random_bytes_never_panic(messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..60)) {
        let mut target = Target::new();
        for message in &messages {
            target.send(message);
        }
        target.engine.check_invariants().map_err(TestCaseError::fail)?;
    }

    #[test]
    fn damaged_commands_never_panic(
        messages in prop::collection::vec((stretched(), prop::collection::vec(edit(), 0..3), any::<usize>(), extreme()), 1..80)
    ) {
        let mut target = Target::new();
        for (command, edits, which, later) in &messages {
            let mut message = bytes(&target.aimed(*command, *which));
            for &(at, width, number) in edits {
                let at = at % message.len() / width * width;
                let number = (u128::from(number) << (which % 64)).to_le_bytes();
                message[at..at + width].copy_from_slice(&number[..width]);
            }
            // Time goes forth by anything, and sometimes back.
            target.now_ns = if which.is_multiple_of(16) { *later } else { target.now_ns };
            target.send(&message);
            target.engine.check_invariants().map_err(TestCaseError::fail)?;
        }
        let saved = target.engine.snapshot();
        let restored = Engine::restore(&saved).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(restored.snapshot(), saved);
    }

    #[test]
    fn extreme_orders_never_panic(messages in prop::collection::vec((stretched(), any::<usize>()), 1..150)) {
        let mut target = Target::new();
        for (command, which) in &messages {
            target.send(&bytes(&target.aimed(*command, *which)));
            target.engine.check_invariants().map_err(TestCaseError::fail)?;
        }
    }
}
