//! Restoring a snapshot. Whatever the bytes are, the answer is an engine that is sound or an error, never a panic.

use crate::Engine;
use crate::account::{Account, NO_ORDER};
use crate::client_index::{ClientIndex, Name};
use crate::definitions::FeeLevel;
use crate::encode::{SavedAccount, SavedBalance, SavedFeeLevel, SavedIndex, SavedKey, SavedOrder, SavedTimer};
use crate::index_price::IndexPrice;
use crate::market::Market;
use crate::order::{LastTrade, OrderRecord};
use crate::save_triggers::{SavedSource, SavedTask, SavedTrigger};
use crate::seat::Seat;
use crate::shape;
use crate::snapshot::{MAGIC, SEAL, SNAPSHOT_VERSION, SavedBoot, SnapshotHeader};
use crate::trigger::PriceEvent;
use std::fmt;
use tickyard_book::{Orders, Slot};
use tickyard_ledger::Movement;
use tickyard_types::{
    AccountId, CORE_VERSION, DefineAsset, DefineInstrument, InstrumentState, OrderId, Reply, SelfTrade, Seq, Side,
};
use zerocopy::TryFromBytes;

/// Why a snapshot was not restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RestoreError {
    /// The bytes do not begin as a snapshot does.
    NotASnapshot,
    /// It was written in another layout or by other rules: (layout, core).
    OtherVersion(u16, u16),
    /// Its hash is not that of its bytes.
    Damaged,
    /// Its hash is right, but this part of it contradicts itself or the rules.
    Contradiction(String),
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASnapshot => write!(f, "the file is no snapshot"),
            Self::OtherVersion(layout, core) => write!(f, "the snapshot is of layout {layout}, core {core}"),
            Self::Damaged => write!(f, "the snapshot's hash does not match its contents"),
            Self::Contradiction(what) => write!(f, "the snapshot contradicts itself: {what}"),
        }
    }
}

impl std::error::Error for RestoreError {}

type Restored<T> = Result<T, RestoreError>;

/// What is left to be read.
struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn record<T: TryFromBytes>(&mut self, what: &str) -> Restored<T> {
        let (record, rest) = T::try_read_from_prefix(self.bytes).map_err(|_| contradiction(what))?;
        self.bytes = rest;
        Ok(record)
    }

    /// A number of records that follow, each of at least `size` bytes: never more than there can be.
    fn count(&mut self, size: usize, what: &str) -> Restored<usize> {
        let count = usize::try_from(self.record::<u64>(what)?).map_err(|_| contradiction(what))?;
        if count > self.bytes.len() / size { Err(contradiction(what)) } else { Ok(count) }
    }

    fn records<T: TryFromBytes>(&mut self, what: &str) -> Restored<Vec<T>> {
        let count = self.count(size_of::<T>(), what)?;
        let mut records = Vec::with_capacity(count);
        self.each(count, what, |record| {
            records.push(record);
            Ok(())
        })?;
        Ok(records)
    }

    /// Hands over so many records one by one: millions of them are not gathered first.
    fn each<T: TryFromBytes>(
        &mut self,
        count: usize,
        what: &str,
        mut take: impl FnMut(T) -> Restored<()>,
    ) -> Restored<()> {
        (0..count).try_for_each(|_| take(self.record(what)?))
    }
}

fn contradiction(what: &str) -> RestoreError {
    RestoreError::Contradiction(what.to_owned())
}

fn ensure(is_so: bool, what: &str) -> Restored<()> {
    if is_so { Ok(()) } else { Err(contradiction(what)) }
}

fn header(bytes: &[u8]) -> Restored<SnapshotHeader> {
    let header = SnapshotHeader::try_read_from_prefix(bytes).map_err(|_| RestoreError::NotASnapshot)?.0;
    if header.magic != MAGIC {
        return Err(RestoreError::NotASnapshot);
    }
    if (header.snapshot_version, header.core_version) != (SNAPSHOT_VERSION, CORE_VERSION) {
        return Err(RestoreError::OtherVersion(header.snapshot_version, header.core_version));
    }
    Ok(header)
}

impl Engine {
    /// The engine that wrote a snapshot, ready for the next command.
    ///
    /// # Errors
    /// The bytes are no whole snapshot of this version, or break a rule of the exchange.
    pub fn restore(bytes: &[u8]) -> Restored<Self> {
        Self::check_seal(bytes)?;
        let engine = Self::restore_unchecked(bytes)?;
        engine.check_invariants().map_err(RestoreError::Contradiction)?;
        Ok(engine)
    }

    /// Whether a snapshot's bytes are those that were written: one part of [`Self::restore`].
    ///
    /// # Errors
    /// The bytes are no whole snapshot of this version.
    pub fn check_seal(bytes: &[u8]) -> Restored<()> {
        header(bytes)?;
        let (contents, seal) = bytes.split_last_chunk::<SEAL>().ok_or(RestoreError::Damaged)?;
        if blake3::hash(contents) == *seal { Ok(()) } else { Err(RestoreError::Damaged) }
    }

    /// What a snapshot says. It is [`Self::restore`] without [`Self::check_seal`] and [`Self::check_invariants`]: a
    /// host with a second processor does them at the same time, and uses nothing of it before they have passed.
    ///
    /// # Errors
    /// The bytes are no whole snapshot of this version, or say what cannot be.
    pub fn restore_unchecked(bytes: &[u8]) -> Restored<Self> {
        let header = header(bytes)?;
        let (contents, _) = bytes.split_last_chunk::<SEAL>().ok_or(RestoreError::Damaged)?;
        let body = contents.get(size_of::<SnapshotHeader>()..).ok_or(RestoreError::Damaged)?;
        let mut reader = Reader { bytes: body };
        let mut engine = Self { seq: header.seq, time_ns: header.time_ns, ..Self::new() };
        engine.restore_state(&mut reader)?;
        for id in 0..engine.accounts.len() {
            let last_seq: Seq = reader.record("last sequences")?;
            ensure(last_seq <= engine.seq, "last sequences")?;
            engine.accounts[AccountId(id)].last_seq = last_seq;
        }
        engine.restore_dedupe(&mut reader)?;
        ensure(reader.bytes.is_empty(), "something follows the end")?;
        Ok(engine)
    }

    fn restore_state(&mut self, reader: &mut Reader<'_>) -> Restored<()> {
        self.serial = reader.record("serial")?;
        for asset in reader.records::<DefineAsset>("assets")? {
            ensure(asset.asset.0 as usize == self.assets.len() + 1, "assets")?;
            ensure(shape::define_asset(&asset).is_ok() && matches!(asset.unit_digits, 8 | 18), "assets")?;
            self.ledger.add_asset(asset.asset);
            self.assets.push(asset);
        }
        for saved in reader.records::<SavedFeeLevel>("fee levels")? {
            let level = FeeLevel { maker_ppb: saved.maker_ppb, taker_ppb: saved.taker_ppb };
            let row = usize::try_from(saved.level).ok().and_then(|at| self.fee_levels.get_mut(at));
            *row.filter(|_| level.is_sound()).ok_or_else(|| contradiction("fee levels"))? = Some(level);
        }
        self.restore_accounts(reader)?;
        self.restore_balances(reader)?;
        self.restore_orders(reader)?;
        for timer in reader.records::<SavedTimer>("timers")? {
            let is_sound = self.accounts.user(timer.account).is_ok() && self.timers.has_room(timer.account, timer.tag);
            ensure(is_sound, "timers")?;
            self.timers.arm(timer.account, timer.tag, timer.deadline_ms);
        }
        for saved in reader.records::<SavedTrigger>("trigger orders")? {
            ensure(self.restore_trigger(&saved), "trigger orders")?;
        }
        for saved in reader.records::<SavedSource>("placed orders")? {
            ensure(self.restore_source(&saved), "placed orders")?;
        }
        for saved in reader.records::<SavedTask>("agenda")? {
            ensure(self.restore_task(&saved), "agenda")?;
        }
        let keys = reader.count(size_of::<SavedKey>(), "keys")?;
        self.ledger.keys.reserve(keys);
        reader.each(keys, "keys", |saved: SavedKey| {
            let SavedKey { amount, asset, from, to, from_wallet, to_wallet, reason, .. } = saved;
            let movement = Movement { amount, asset, from, to, from_wallet, to_wallet, reason };
            ensure(self.ledger.keys.restore(saved.key, movement), "keys")
        })
    }

    fn restore_accounts(&mut self, reader: &mut Reader<'_>) -> Restored<()> {
        let accounts = reader.count(size_of::<SavedAccount>(), "accounts")?;
        reader.each(accounts, "accounts", |saved: SavedAccount| {
            let id = AccountId(self.accounts.len());
            self.accounts.push(Account::new(saved.master, saved.fee_level, saved.self_trade));
            self.ledger.add_account(id);
            let is_of_master = self.accounts.user(saved.master).is_ok_and(|master| master.master == saved.master);
            let is_settled = saved.self_trade != SelfTrade::AccountDefault && self.fee_level(saved.fee_level).is_some();
            ensure(is_of_master && is_settled, "accounts")
        })
    }

    fn restore_balances(&mut self, reader: &mut Reader<'_>) -> Restored<()> {
        let balances = reader.count(size_of::<SavedBalance>(), "balances")?;
        self.ledger.reserve(balances);
        reader.each(balances, "balances", |saved: SavedBalance| {
            let SavedBalance { trading, hold, funding, account, asset, .. } = saved;
            let is_known = (1..self.accounts.len()).contains(&account.0) && self.asset(asset).is_ok();
            ensure(is_known, "balances")?;
            self.ledger.restore(account, asset, trading, hold, funding);
            Ok(())
        })
    }

    fn restore_orders(&mut self, reader: &mut Reader<'_>) -> Restored<()> {
        // Every slot is free or holds an order, and both are told in more bytes than one.
        let slots = reader.count(1, "slots")?;
        let free: Vec<Slot> = reader.records("free slots")?;
        let slots = u32::try_from(slots).map_err(|_| contradiction("slots"))?;
        self.orders = Orders::restore(slots, &free).map_err(|_| contradiction("free slots"))?;
        self.records = vec![OrderRecord::VACANT; slots as usize];
        let mut saved = Vec::new();
        for _ in 0..reader.count(size_of::<DefineInstrument>(), "instruments")? {
            self.restore_market(reader, &mut saved)?;
        }
        ensure(self.orders.is_whole(), "slots")?;

        // An account's orders stand in the order of placement, which is that of their ids.
        saved.sort_unstable();
        self.clients = ClientIndex::with_capacity(saved.len());
        for slot in saved.into_iter().map(OrderId::slot) {
            let record = &self.records[slot as usize];
            let account = self.seats[record.seat].account;
            let name = Name::of(account, &record.client_id);
            ensure(self.find_name(name, account, &record.client_id).is_none(), "client ids")?;
            self.admit(slot, name);
        }
        Ok(())
    }

    fn restore_market(&mut self, reader: &mut Reader<'_>, saved: &mut Vec<OrderId>) -> Restored<()> {
        let listing: DefineInstrument = reader.record("instruments")?;
        ensure(listing.instrument.0 as usize == self.markets.len() + 1, "instruments")?;
        ensure(shape::define_instrument(&listing).is_ok(), "instruments")?;
        let unit = self.listing_unit(&listing).map_err(|_| contradiction("instruments"))?;
        let mut market = Market::new(listing, unit);
        market.state = reader.record::<InstrumentState>("instrument states")?;
        let _padding: [u8; 7] = reader.record("instrument states")?;
        let SavedIndex { price, highest_buy, lowest_sell } = reader.record("index prices")?;
        market.index = IndexPrice { price, highest_buy, lowest_sell };
        ensure(price.min(highest_buy).min(lowest_sell) >= 0 && market.index.is_sound(&listing), "index prices")?;
        market.last = reader.record::<PriceEvent>("trade ids")?;
        ensure(market.last.seq <= self.seq && market.last.price >= 0, "trade ids")?;
        self.markets.push(market);
        for side in [Side::Buy, Side::Sell] {
            let orders = reader.count(size_of::<SavedOrder>(), "orders")?;
            saved.reserve(orders);
            reader.each(orders, "orders", |order: SavedOrder| {
                saved.push(order.order_id);
                self.restore_order(&order, &listing, side)
            })?;
        }
        Ok(())
    }

    fn restore_order(&mut self, order: &SavedOrder, listing: &DefineInstrument, side: Side) -> Restored<()> {
        let market = &self.markets[listing.instrument.0 as usize - 1];
        let owner = self.accounts.user(order.account).map_err(|_| contradiction("orders"))?.master;
        let is_sized = 0 <= order.filled && order.filled < order.size && order.size <= listing.max_limit_size;
        let is_priced = (listing.min_price..=listing.max_price).contains(&order.price);
        let is_placed = order.order_id.serial() <= self.serial && order.self_trade != SelfTrade::AccountDefault;
        ensure(is_sized && is_priced && is_placed && !market.book.crosses(side, order.price), "orders")?;
        let left = order.size - order.filled;
        market.has_room(side, left).map_err(|_| contradiction("orders"))?;
        let slot = order.order_id.slot();
        let restored = self.orders.restore_order(slot, order.order_id, owner, left);
        restored.map_err(|_| contradiction("orders"))?;
        let seat = self.take_seat(order.account, listing.instrument);
        let Seat { base_row, quote_row, .. } = self.seats[seat];
        self.records[slot as usize] = OrderRecord {
            cost: order.cost,
            fee_total: order.fee_total,
            rebate_total: order.rebate_total,
            price: order.price,
            size: order.size,
            filled: order.filled,
            base_row,
            quote_row,
            seat,
            older: NO_ORDER,
            newer: NO_ORDER,
            order_type: order.order_type,
            trade_mode: order.trade_mode,
            self_trade: order.self_trade,
            flags: order.flags,
            client_id: order.client_id,
            tag: order.tag,
            created_ns: order.created_ns,
            updated_ns: order.updated_ns,
            last: LastTrade {
                id: order.last_id,
                price: order.last_price,
                size: order.last_size,
                time_ns: order.last_time_ns,
            },
        };
        let market = &mut self.markets[listing.instrument.0 as usize - 1];
        *market.resting(side) += left;
        market.book.rest(&mut self.orders, slot, side, order.price);
        Ok(())
    }

    fn restore_dedupe(&mut self, reader: &mut Reader<'_>) -> Restored<()> {
        for _ in 0..reader.count(size_of::<SavedBoot>(), "boots")? {
            let boot: SavedBoot = reader.record("boots")?;
            let count = usize::try_from(boot.replies).map_err(|_| contradiction("replies"))?;
            ensure(count <= reader.bytes.len() / size_of::<Reply>(), "replies")?;
            let replies = (0..count).map(|_| reader.record("replies")).collect::<Restored<Vec<Reply>>>()?;
            ensure(self.dedupe.restore(boot.id, boot.last_used, boot.newest, &replies), "replies")?;
        }
        Ok(())
    }
}
