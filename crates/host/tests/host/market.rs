//! A small market: two assets, one pair, two accounts with money.

use tickyard_types::{
    AccountId, AdvanceTime, AssetId, CancelAllAfter, CancelOrder, CommandHeader, CommandKind, Credit, DefineAccount,
    DefineAsset, DefineFeeLevel, DefineInstrument, InstrumentId, InstrumentState, OrderId, OrderType, Origin,
    PlaceOrder, PostingReason, SelfTrade, Side, TradeMode, Wallet,
};
use zerocopy::IntoBytes;

pub const ALICE: AccountId = AccountId(16);
pub const BOB: AccountId = AccountId(17);
pub const PAIR: InstrumentId = InstrumentId(1);
const COIN: i128 = 1_000_000_000_000_000_000;

fn header(kind: CommandKind, account: AccountId) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account, origin: Origin::default() }
}

/// Writes an origin into a record.
pub fn stamp(record: &mut [u8], boot: u64, counter: u64) {
    record[8..16].copy_from_slice(&boot.to_le_bytes());
    record[16..24].copy_from_slice(&counter.to_le_bytes());
}

fn name<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

fn asset(id: u32, symbol: &str) -> Vec<u8> {
    let asset = DefineAsset {
        header: header(CommandKind::DefineAsset, AccountId(0)),
        asset: AssetId(id),
        unit_digits: 18,
        reserved: [0; 3],
        symbol: name(symbol),
        reserved2: [0; 80],
    };
    asset.as_bytes().to_vec()
}

fn account(id: AccountId) -> Vec<u8> {
    let account = DefineAccount {
        header: header(CommandKind::DefineAccount, id),
        master: id,
        fee_level: 0,
        self_trade: SelfTrade::CancelMaker,
        reserved: [0; 98],
    };
    account.as_bytes().to_vec()
}

fn funds(account: AccountId, asset: u32) -> Vec<u8> {
    let mut key = [0; 16];
    key[0] = account.0 as u8;
    key[1] = asset as u8;
    let credit = Credit {
        header: header(CommandKind::Credit, account),
        asset: AssetId(asset),
        wallet: Wallet::Trading,
        reason: PostingReason::Credit,
        reserved: [0; 2],
        amount: 1_000_000 * COIN,
        key,
        reserved2: [0; 64],
    };
    credit.as_bytes().to_vec()
}

/// What makes the market.
pub fn definitions() -> Vec<Vec<u8>> {
    let level = DefineFeeLevel {
        header: header(CommandKind::DefineFeeLevel, AccountId(0)),
        maker_ppb: 800_000,
        taker_ppb: 1_000_000,
        level: 0,
        reserved: [0; 87],
    };
    let pair = DefineInstrument {
        header: header(CommandKind::DefineInstrument, AccountId(0)),
        instrument: PAIR,
        base: AssetId(1),
        tick: COIN / 100,
        lot: COIN / 10_000,
        quote: AssetId(2),
        state: InstrumentState::Live,
        reserved: [0; 3],
        min_size: 1,
        max_limit_size: 1_000_000,
        max_market_size: 1_000_000,
        max_market_amount: 1_000_000_000,
        min_price: 1,
        max_price: 1_000_000,
        symbol: name("BTC-USDT"),
        reserved2: [0; 104],
    };
    vec![
        asset(1, "BTC"),
        asset(2, "USDT"),
        level.as_bytes().to_vec(),
        pair.as_bytes().to_vec(),
        account(ALICE),
        account(BOB),
        funds(ALICE, 1),
        funds(ALICE, 2),
        funds(BOB, 1),
        funds(BOB, 2),
    ]
}

/// A limit order; ticks and lots.
pub fn limit(account: AccountId, side: Side, price: i64, size: i64) -> Vec<u8> {
    order(account, side, OrderType::Limit, price, size)
}

pub fn order(account: AccountId, side: Side, order_type: OrderType, price: i64, size: i64) -> Vec<u8> {
    let order = PlaceOrder {
        header: header(CommandKind::PlaceOrder, account),
        instrument: PAIR,
        side,
        order_type,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price,
        size,
        expires_at_ms: 0,
        client_id: [0; 32],
        tag: [0; 16],
        slippage_ppb: 0,
        reserved: [0; 16],
    };
    order.as_bytes().to_vec()
}

/// A limit order with a client id.
pub fn named(account: AccountId, side: Side, price: i64, size: i64, client_id: &str) -> Vec<u8> {
    let mut record = limit(account, side, price, size);
    let at = std::mem::offset_of!(PlaceOrder, client_id);
    record[at..at + client_id.len()].copy_from_slice(client_id.as_bytes());
    record
}

pub fn cancel_named(account: AccountId, client_id: &str) -> Vec<u8> {
    let cancel = CancelOrder {
        header: header(CommandKind::CancelOrder, account),
        instrument: PAIR,
        reserved: [0; 4],
        order_id: OrderId(0),
        client_id: name(client_id),
        reserved2: [0; 56],
    };
    cancel.as_bytes().to_vec()
}

pub fn cancel_all_after(account: AccountId, timeout_ms: u64) -> Vec<u8> {
    let timer = CancelAllAfter {
        header: header(CommandKind::CancelAllAfter, account),
        timeout_ms,
        tag: [0; 16],
        reserved: [0; 80],
    };
    timer.as_bytes().to_vec()
}

pub fn advance_time() -> Vec<u8> {
    let advance = AdvanceTime { header: header(CommandKind::AdvanceTime, AccountId(0)), reserved: [0; 104] };
    advance.as_bytes().to_vec()
}

pub fn mass_cancel(account: AccountId) -> Vec<u8> {
    let cancel = tickyard_types::MassCancel {
        header: header(CommandKind::MassCancel, account),
        instrument: InstrumentId(0),
        reserved: [0; 100],
    };
    cancel.as_bytes().to_vec()
}
