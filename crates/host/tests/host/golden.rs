//! Holds the answers of the host and their readers in Python together: `tests/golden/rows.json`.
//!
//! To accept a change: `UPDATE_GOLDEN=1 cargo test -p tickyard-host --test host golden`.

use std::fmt::Write as _;
use std::path::PathBuf;
use tickyard_host::{AccountRow, AsOf, BalanceRow, BookHead, CountsRow, LevelRow, OrderRow, StatusRow, WatchedRow};
use tickyard_types::{
    AccountId, AssetId, InstrumentId, OrderId, OrderState, OrderType, SelfTrade, Seq, Side, TradeId, TradeMode,
    TriggerId,
};
use zerocopy::{Immutable, IntoBytes};

const WIDE: i128 = 0x0a0b_0c0d_0e0f_1011_1213_1415_1617_1819;

fn name<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

fn hex(row: &(impl IntoBytes + Immutable)) -> String {
    row.as_bytes().iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}

#[test]
fn rows_are_those_of_the_golden_file() {
    let as_of = AsOf { seq: Seq(0x41), time_ns: 0x42 };
    let order = OrderRow {
        order_id: OrderId(0x0041_2233_4455_6601),
        account: AccountId(0x0143),
        instrument: InstrumentId(0x0144),
        side: Side::Sell,
        order_type: OrderType::PostOnly,
        trade_mode: TradeMode::Cross,
        self_trade: SelfTrade::CancelBoth,
        flags: 4,
        state: OrderState::PartiallyFilled,
        reserved: [0; 2],
        price: 0x0041_2233_4455_6602,
        size: 0x0041_2233_4455_6603,
        filled: 0x0041_2233_4455_6604,
        cost: WIDE + 1,
        fee_total: -WIDE,
        rebate_total: WIDE + 2,
        client_id: name("clientOfThirtyTwoLettersAndDigit"),
        tag: name("tag"),
        created_ns: 0x0041_2233_4455_6605,
        updated_ns: 0x0041_2233_4455_6606,
        last_trade_id: TradeId(0x0041_2233_4455_6607),
        last_price: 0x0041_2233_4455_6608,
        last_size: 0x0041_2233_4455_6609,
        last_time_ns: 0x0041_2233_4455_660a,
        trigger_id: TriggerId(0x0041_2233_4455_6611),
        trigger_client_id: name("trigger"),
        reserved2: [0; 8],
    };
    let balance =
        BalanceRow { asset: AssetId(0x0145), reserved: [0; 12], trading: WIDE + 3, hold: WIDE + 4, funding: -WIDE - 5 };
    let book = BookHead { as_of, bids: 1, asks: 1 };
    let bid = LevelRow { price: 0x0041_2233_4455_660b, size: 0x0041_2233_4455_660c, orders: 0x0146, reserved: [0; 4] };
    let ask = LevelRow { price: 0x0041_2233_4455_660d, size: 0x0041_2233_4455_660e, orders: 0x0147, reserved: [0; 4] };
    let account = AccountRow {
        account: AccountId(0x0148),
        master: AccountId(0x0149),
        fee_level: 0x4a,
        self_trade: SelfTrade::CancelTaker,
        reserved: [0; 2],
        open_orders: 0x014b,
        last_seq: Seq(0x0041_2233_4455_660f),
    };
    let mut state_hash = [0; 32];
    for (at, byte) in state_hash.iter_mut().enumerate() {
        *byte = 0x80 + at as u8;
    }
    let status = StatusRow { as_of, state_hash };
    let counts = CountsRow {
        as_of,
        accounts: 0x0151,
        instruments: 0x0152,
        open_orders: 0x0153,
        triggers: 0x0154,
        waiting: [0x0155, 0x0156, 0x0157, 0x0158, 0x0159],
        reserved: [0; 4],
        appended: 0x0041_2233_4455_6611,
        full: 0x0041_2233_4455_6612,
        late: 0x0041_2233_4455_6613,
        expired: 0x0041_2233_4455_6614,
        commits: 0x0041_2233_4455_6615,
        commit_ns: 0x0041_2233_4455_6616,
        bounds_us: std::array::from_fn(|at| 0x0200 + at as u32),
        within: std::array::from_fn(|at| 0x0300 + at as u64),
    };
    let watched = WatchedRow { account: AccountId(0x014c), reserved: [0; 4], after: Seq(0x0041_2233_4455_6610) };

    let rows = [
        ("openOrders", hex(&as_of) + &hex(&order)),
        ("balances", hex(&as_of) + &hex(&balance)),
        ("book", hex(&book) + &hex(&bid) + &hex(&ask)),
        ("account", hex(&account)),
        ("status", hex(&status)),
        ("counts", hex(&counts)),
        ("watched", hex(&watched)),
    ];
    let lines: Vec<String> = rows.iter().map(|(name, hex)| format!("  \"{name}\": \"{hex}\"")).collect();
    let written = format!("{{\n{}\n}}\n", lines.join(",\n"));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/rows.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &written).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
}
