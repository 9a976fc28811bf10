//! The longest command there is: a mass cancel of as many live orders as an account may have.

use crate::day::{Day, INSTRUMENTS, header, symbol};
use crate::{cpu_ns, median, row};
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::*;
use zerocopy::IntoBytes;

/// The limits of an account: so many orders in each of so many instruments.
const IN_INSTRUMENT: u32 = 500;
const FULL: u32 = 8;
const ROUNDS: usize = 9;
/// Commands of others between the placement and the cancel, so that the orders are in no cache.
const OTHERS: usize = 100_000;

struct Sweeper {
    engine: Engine,
    buffer: EventBuffer,
    account: AccountId,
    now_ns: u64,
}

impl Sweeper {
    fn apply(&mut self, command: &[u8]) -> Reply {
        self.buffer.clear();
        let seq = Seq(self.engine.seq().0 + 1);
        self.engine.apply_bytes(seq, self.now_ns, command, &mut self.buffer)
    }

    fn accepted(&mut self, command: &[u8]) {
        assert_eq!(self.apply(command).refusal, 0, "nothing of it is refused");
    }

    /// Fills an account up to its limits: every order at a price of its own, far from the touch.
    fn fill(&mut self) {
        let defined = DefineAccount {
            header: header(CommandKind::DefineAccount, self.account),
            master: self.account,
            fee_level: 1,
            self_trade: SelfTrade::CancelMaker,
            reserved: [0; 98],
        };
        self.accepted(defined.as_bytes());
        let credit = Credit {
            header: header(CommandKind::Credit, self.account),
            asset: AssetId(1),
            wallet: Wallet::Trading,
            reason: PostingReason::Credit,
            reserved: [0; 2],
            amount: 1_000_000_000_000_000_000_000_000,
            key: [2; 16],
            reserved2: [0; 64],
        };
        self.accepted(credit.as_bytes());
        for n in 0..IN_INSTRUMENT {
            for instrument in 1..=FULL.min(INSTRUMENTS as u32) {
                let order = PlaceOrder {
                    header: header(CommandKind::PlaceOrder, self.account),
                    instrument: InstrumentId(instrument),
                    side: Side::Buy,
                    order_type: OrderType::Limit,
                    trade_mode: TradeMode::Cash,
                    self_trade: SelfTrade::AccountDefault,
                    price: 100_000 + i64::from(n) * 7,
                    size: 1_000,
                    expires_at_ms: 0,
                    client_id: symbol(&format!("sweep{n}x{instrument}")),
                    tag: [0; 16],
                    slippage_ppb: 0,
                    reserved: [0; 16],
                };
                self.accepted(order.as_bytes());
            }
        }
    }

    /// How long it takes to cancel what is left in an instrument, or in all; and how many orders that were.
    fn sweep(&mut self, instrument: u32) -> (u64, u64) {
        let cancel = MassCancel {
            header: header(CommandKind::MassCancel, self.account),
            instrument: InstrumentId(instrument),
            reserved: [0; 100],
        };
        let before = cpu_ns();
        let reply = self.apply(cancel.as_bytes());
        (cpu_ns() - before, reply.value)
    }
}

/// Prints the row.
pub fn row_of(founded: &Engine, day: &Day, accounts: u32) {
    let (mut one, mut all) = (Vec::new(), Vec::new());
    for is_one in (0..2 * ROUNDS).map(|round| round % 2 == 0) {
        let mut sweeper = Sweeper {
            engine: founded.clone(),
            buffer: EventBuffer::with_capacity(1 << 21),
            account: AccountId(AccountId::FIRST_USER.0 + accounts),
            now_ns: day.start_ns,
        };
        sweeper.fill();
        for command in day.commands.iter().take(OTHERS) {
            sweeper.apply(command);
        }
        let (taken_ns, canceled) = sweeper.sweep(u32::from(is_one));
        assert_eq!(canceled, u64::from(if is_one { IN_INSTRUMENT } else { IN_INSTRUMENT * FULL }));
        if is_one { &mut one } else { &mut all }.push(taken_ns);
    }
    let conditions = format!(
        "{} orders of one account at prices of their own in {FULL} instruments, client ids, in no cache; {IN_INSTRUMENT} in \
         one instrument: {} us; median of {ROUNDS}",
        IN_INSTRUMENT * FULL,
        median(one) / 1_000,
    );
    row("mass_cancel", median(all) / 1_000, "us", &conditions, None);
}
