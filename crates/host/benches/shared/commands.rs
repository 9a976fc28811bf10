//! The commands that benchmarks of the host send.

use tickyard_types::*;

pub const PAIR: InstrumentId = InstrumentId(1);
/// Best bid and best ask lie around it, in ticks.
pub const MIDDLE: i64 = 640_000;

pub const fn header(kind: CommandKind, account: u32, origin: Origin) -> CommandHeader {
    CommandHeader { kind, flags: 0, reserved: [0; 2], account: AccountId(account), origin }
}

pub fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes
}

/// The client id of the n-th order: as long as ccxt makes them.
pub fn client_id(n: u64) -> ClientId {
    padded(&format!("e847386590ce4dBC{n:016x}"))
}

/// A limit order; away from the middle it rests, below zero ticks away it takes.
pub fn place(account: u32, origin: Origin, side: Side, away: i64, size: i64, client_id: ClientId) -> PlaceOrder {
    PlaceOrder {
        header: header(CommandKind::PlaceOrder, account, origin),
        instrument: PAIR,
        side,
        order_type: OrderType::Limit,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price: if side == Side::Buy { MIDDLE - away } else { MIDDLE + away },
        size,
        expires_at_ms: 0,
        client_id,
        tag: padded("e847386590ce4dBC"),
        slippage_ppb: 0,
        reserved: [0; 16],
    }
}

/// The end of an order, by either of its names.
pub fn cancel(account: u32, origin: Origin, order_id: OrderId, client_id: ClientId) -> CancelOrder {
    CancelOrder {
        header: header(CommandKind::CancelOrder, account, origin),
        instrument: PAIR,
        reserved: [0; 4],
        order_id,
        client_id,
        reserved2: [0; 56],
    }
}
