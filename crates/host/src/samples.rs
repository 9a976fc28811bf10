//! Commands for the tests of what waits.

use crate::admission::{Waiting, read_commands};
use crate::outbox::Outbox;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use tickyard_types::{
    AccountId, AssetId, CancelOrder, CommandHeader, CommandKind, Credit, InstrumentId, OrderId, OrderType, Origin,
    PlaceOrder, PostingReason, SelfTrade, Side, TradeMode, Wallet,
};
use zerocopy::IntoBytes;

/// Commands as a connection reads them.
pub fn waiting(commands: &[Vec<u8>]) -> Vec<Waiting> {
    let outbox = Arc::new(Outbox::new(UnixStream::pair().unwrap().0));
    let (mut waiting, mut replies) = (Vec::new(), Vec::new());
    read_commands(&commands.concat(), &outbox, &mut waiting, &mut replies).unwrap();
    assert!(replies.is_empty());
    waiting
}

fn header(kind: CommandKind, account: u32, counter: u64) -> CommandHeader {
    let origin = Origin { boot: 1, counter };
    CommandHeader { kind, flags: 0, reserved: [0; 2], account: AccountId(account), origin }
}

/// A good order for one lot.
pub fn order(account: u32, counter: u64, order_type: OrderType) -> Vec<u8> {
    expiring(account, counter, order_type, 0)
}

/// The same, worth nothing after `expires_at_ms`.
pub fn expiring(account: u32, counter: u64, order_type: OrderType, expires_at_ms: u64) -> Vec<u8> {
    let order = PlaceOrder {
        header: header(CommandKind::PlaceOrder, account, counter),
        instrument: InstrumentId(1),
        side: Side::Buy,
        order_type,
        trade_mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price: 1,
        size: 1,
        expires_at_ms,
        client_id: [0; 32],
        tag: [0; 16],
        slippage_ppb: 0,
        reserved: [0; 16],
    };
    order.as_bytes().to_vec()
}

pub fn cancel(account: u32, counter: u64) -> Vec<u8> {
    let cancel = CancelOrder {
        header: header(CommandKind::CancelOrder, account, counter),
        instrument: InstrumentId(1),
        reserved: [0; 4],
        order_id: OrderId(1),
        client_id: [0; 32],
        reserved2: [0; 56],
    };
    cancel.as_bytes().to_vec()
}

pub fn credit(account: u32, counter: u64) -> Vec<u8> {
    let credit = Credit {
        header: header(CommandKind::Credit, account, counter),
        asset: AssetId(1),
        wallet: Wallet::Trading,
        reason: PostingReason::Credit,
        reserved: [0; 2],
        amount: 1,
        key: [1; 16],
        reserved2: [0; 64],
    };
    credit.as_bytes().to_vec()
}
