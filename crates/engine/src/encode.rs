//! The state as bytes: one canonical little-endian encoding, of which the state hash and the snapshot are made.
//!
//! It says what is true, not where it lies in memory: balances by account and asset, orders by instrument, side and
//! priority. So an engine that was restored encodes itself as the one that was saved.

use crate::Engine;
use crate::index_price::IndexPrice;
use crate::market::Market;
use crate::order::OrderRecord;
use tickyard_book::Slot;
use tickyard_types::{AccountId, Side};
use zerocopy::{Immutable, IntoBytes, KnownLayout, TryFromBytes};

/// Where encoded bytes go.
pub(crate) trait Sink {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);

    /// Appends a number of things that follow.
    fn put_count(&mut self, count: usize) {
        self.put(&u64::try_from(count).expect("Invariant: memory holds fewer than 2^64 things").to_le_bytes());
    }

    /// Appends a record as its bytes in memory.
    fn put_record(&mut self, record: &(impl IntoBytes + Immutable)) {
        self.put(record.as_bytes());
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// One row of the fee table.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedFeeLevel {
    pub maker_ppb: i64,
    pub taker_ppb: i64,
    pub level: u64,
}

/// One account's settings.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedAccount {
    pub master: AccountId,
    pub fee_level: u8,
    pub self_trade: tickyard_types::SelfTrade,
    pub reserved: [u8; 2],
}

/// The index of one instrument.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedIndex {
    pub price: i64,
    pub highest_buy: i64,
    pub lowest_sell: i64,
}

/// One balance that is not zero.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedBalance {
    pub trading: i128,
    pub hold: i128,
    pub funding: i128,
    pub account: AccountId,
    pub asset: tickyard_types::AssetId,
    pub reserved: [u8; 8],
}

/// One live order.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedOrder {
    pub cost: i128,
    pub fee_total: i128,
    pub rebate_total: i128,
    pub order_id: tickyard_types::OrderId,
    pub price: i64,
    pub size: i64,
    pub filled: i64,
    pub client_id: tickyard_types::ClientId,
    pub tag: tickyard_types::Tag,
    pub created_ns: u64,
    pub updated_ns: u64,
    pub last_id: tickyard_types::TradeId,
    pub last_price: i64,
    pub last_size: i64,
    pub last_time_ns: u64,
    pub account: AccountId,
    pub order_type: tickyard_types::OrderType,
    pub trade_mode: tickyard_types::TradeMode,
    pub self_trade: tickyard_types::SelfTrade,
    pub flags: u8,
    pub reserved: [u8; 8],
}

/// One armed timer.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedTimer {
    pub deadline_ms: u64,
    pub tag: tickyard_types::Tag,
    pub account: AccountId,
    pub reserved: [u8; 4],
}

/// One key with its movement.
#[derive(TryFromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct SavedKey {
    pub amount: i128,
    pub key: tickyard_types::Key,
    pub asset: tickyard_types::AssetId,
    pub from: AccountId,
    pub to: AccountId,
    pub from_wallet: tickyard_types::Wallet,
    pub to_wallet: tickyard_types::Wallet,
    pub reason: tickyard_types::PostingReason,
    pub reserved: u8,
}

impl Engine {
    /// Everything that the state hash covers.
    pub(crate) fn encode_state(&self, sink: &mut impl Sink) {
        sink.put(&self.serial.to_le_bytes());
        sink.put_count(self.assets.len());
        for asset in &self.assets {
            sink.put_record(asset);
        }
        self.encode_fee_levels(sink);
        self.encode_accounts(sink);
        self.encode_balances(sink);
        sink.put_count(self.orders.slots() as usize);
        let free: Vec<Slot> = self.orders.free_slots().collect();
        sink.put_count(free.len());
        sink.put(free.as_bytes());
        sink.put_count(self.markets.len());
        for market in &self.markets {
            self.encode_market(market, sink);
        }
        sink.put_count(self.timers.armed().len());
        for &(deadline_ms, account, tag) in self.timers.armed() {
            sink.put_record(&SavedTimer { deadline_ms, tag, account, reserved: [0; 4] });
        }
        self.encode_triggers(sink);
        self.encode_keys(sink);
    }

    fn encode_fee_levels(&self, sink: &mut impl Sink) {
        let defined = || (0..).zip(&self.fee_levels).filter_map(|(level, row)| row.map(|row| (level, row)));
        sink.put_count(defined().count());
        for (level, row) in defined() {
            let (maker_ppb, taker_ppb) = (row.maker_ppb, row.taker_ppb);
            sink.put_record(&SavedFeeLevel { maker_ppb, taker_ppb, level });
        }
    }

    fn encode_accounts(&self, sink: &mut impl Sink) {
        sink.put_count(self.accounts.users().count());
        for id in self.accounts.users() {
            let account = &self.accounts[id];
            let (master, fee_level, self_trade) = (account.master, account.fee_level, account.self_trade);
            sink.put_record(&SavedAccount { master, fee_level, self_trade, reserved: [0; 2] });
        }
    }

    fn encode_balances(&self, sink: &mut impl Sink) {
        let balances = || (0..self.accounts.len()).flat_map(|id| self.ledger.balances(AccountId(id)));
        sink.put_count(balances().filter(|balance| !balance.is_zero()).count());
        for balance in balances().filter(|balance| !balance.is_zero()) {
            sink.put_record(&SavedBalance {
                trading: balance.trading(),
                hold: balance.hold(),
                funding: balance.funding(),
                account: balance.account(),
                asset: balance.asset(),
                reserved: [0; 8],
            });
        }
    }

    fn encode_market(&self, market: &Market, sink: &mut impl Sink) {
        sink.put_record(&market.listing);
        sink.put(&[market.state as u8, 0, 0, 0, 0, 0, 0, 0]);
        let IndexPrice { price, highest_buy, lowest_sell } = market.index;
        sink.put_record(&SavedIndex { price, highest_buy, lowest_sell });
        sink.put_record(&market.last);
        for side in [Side::Buy, Side::Sell] {
            sink.put_count(market.book.queue(&self.orders, side).count());
            for slot in market.book.queue(&self.orders, side) {
                sink.put_record(&self.saved_order(slot));
            }
        }
    }

    fn saved_order(&self, slot: Slot) -> SavedOrder {
        let record: &OrderRecord = &self.records[slot as usize];
        SavedOrder {
            cost: record.cost,
            fee_total: record.fee_total,
            rebate_total: record.rebate_total,
            order_id: self.orders[slot].id(),
            price: record.price,
            size: record.size,
            filled: record.filled,
            client_id: record.client_id,
            tag: record.tag,
            created_ns: record.created_ns,
            updated_ns: record.updated_ns,
            last_id: record.last.id,
            last_price: record.last.price,
            last_size: record.last.size,
            last_time_ns: record.last.time_ns,
            account: self.seats[record.seat].account,
            order_type: record.order_type,
            trade_mode: record.trade_mode,
            self_trade: record.self_trade,
            flags: record.flags,
            reserved: [0; 8],
        }
    }

    fn encode_keys(&self, sink: &mut impl Sink) {
        let keys = self.ledger.keys.all();
        sink.put_count(keys.len());
        for (key, movement) in keys {
            sink.put_record(&SavedKey {
                amount: movement.amount,
                key: *key,
                asset: movement.asset,
                from: movement.from,
                to: movement.to,
                from_wallet: movement.from_wallet,
                to_wallet: movement.to_wallet,
                reason: movement.reason,
                reserved: 0,
            });
        }
    }
}
