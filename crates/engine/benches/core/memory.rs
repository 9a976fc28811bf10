//! Memory of the core: bytes per idle account and per resting order, as the system counts them.

use crate::row;
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::*;
use zerocopy::IntoBytes;

const ACCOUNTS: u32 = 500_000;
const ORDERS: u64 = 1_000_000;
const COIN: i128 = 1_000_000_000_000_000_000;

/// Resident memory of this process.
fn resident_bytes() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("a Linux system");
    let resident = pages.split_whitespace().nth(1).expect("resident pages");
    resident.parse::<u64>().expect("a number") * 4_096
}

struct Filled {
    engine: Engine,
    buffer: EventBuffer,
}

impl Filled {
    fn apply(&mut self, command: &[u8]) {
        self.buffer.clear();
        let seq = Seq(self.engine.seq().0 + 1);
        assert_eq!(self.engine.apply_bytes(seq, 1, command, &mut self.buffer).refusal, 0);
    }
}

fn header(kind: CommandKind, account: u32) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account: AccountId(account), origin: Origin::default() }
}

fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// Prints both rows.
pub fn rows() {
    let mut filled = Filled { engine: Engine::new(), buffer: EventBuffer::new() };
    for (asset, name) in [(1, "BTC"), (2, "USDT")] {
        let defined = DefineAsset {
            header: header(CommandKind::DefineAsset, 0),
            asset: AssetId(asset),
            unit_digits: 18,
            reserved: [0; 3],
            symbol: padded(name),
            reserved2: [0; 80],
        };
        filled.apply(defined.as_bytes());
    }
    let listing = DefineInstrument {
        header: header(CommandKind::DefineInstrument, 0),
        instrument: InstrumentId(1),
        base: AssetId(1),
        tick: COIN / 10,
        lot: COIN / 100_000_000,
        quote: AssetId(2),
        state: InstrumentState::Live,
        reserved: [0; 3],
        min_size: 1,
        max_limit_size: 1_000_000_000,
        max_market_size: 1_000_000_000,
        max_market_amount: 1_000_000_000,
        min_price: 1,
        max_price: 10_000_000,
        symbol: padded("BTC-USDT"),
        reserved2: [0; 104],
    };
    filled.apply(listing.as_bytes());

    let before = resident_bytes();
    let mut key = 0_u128;
    for account in (AccountId::FIRST_USER.0..).take(ACCOUNTS as usize) {
        let defined = DefineAccount {
            header: header(CommandKind::DefineAccount, account),
            master: AccountId(account),
            fee_level: 0,
            self_trade: SelfTrade::CancelMaker,
            reserved: [0; 98],
        };
        filled.apply(defined.as_bytes());
        for asset in [1, 2] {
            key += 1;
            let credit = Credit {
                header: header(CommandKind::Credit, account),
                asset: AssetId(asset),
                wallet: Wallet::Trading,
                reason: PostingReason::Credit,
                reserved: [0; 2],
                amount: 1_000 * COIN,
                key: key.to_le_bytes(),
                reserved2: [0; 64],
            };
            filled.apply(credit.as_bytes());
        }
    }
    let bytes = (resident_bytes() - before) / u64::from(ACCOUNTS);
    let conditions = format!("{ACCOUNTS} accounts with two balances, each brought in by a key of its own");
    row("memory_account", bytes, "bytes", &conditions, None);

    let before = resident_bytes();
    for n in 0..ORDERS {
        let order = PlaceOrder {
            header: header(CommandKind::PlaceOrder, AccountId::FIRST_USER.0 + (n % u64::from(ACCOUNTS)) as u32),
            instrument: InstrumentId(1),
            side: if n % 2 == 0 { Side::Buy } else { Side::Sell },
            order_type: OrderType::Limit,
            trade_mode: TradeMode::Cash,
            self_trade: SelfTrade::CancelMaker,
            price: if n % 2 == 0 { 500_000 - (n % 5_000) as i64 } else { 500_001 + (n % 5_000) as i64 },
            size: 10,
            expires_at_ms: 0,
            client_id: padded(&format!("{n:032}")),
            tag: padded("benchmark"),
            slippage_ppb: 0,
            reserved: [0; 16],
        };
        filled.apply(order.as_bytes());
    }
    let bytes = (resident_bytes() - before) / ORDERS;
    let conditions = format!("{ORDERS} orders with client ids, two of each account, on 10,000 levels");
    row("memory_order", bytes, "bytes", &conditions, None);
}
