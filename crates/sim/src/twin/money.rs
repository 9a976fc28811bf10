//! Balances, holds, and movements that happen once per key.

use super::told::{header, order_id};
use super::{NOTHING, Order, Outcome, Purse, Twin};
use crate::reader::Event;
use tickyard_types::{
    AccountId, AssetId, Credit, Debit, DefineInstrument, EventKind, InstrumentId, Key, Posted, PostingReason, Refusal,
    Side, TradeId, Transfer, TransferNamed, Wallet,
};

/// From, to, how much, why.
pub(super) type Movement = (Purse, Purse, i128, PostingReason);

/// The world outside.
const OUTSIDE: u32 = AccountId::EXTERNAL.0;

/// As much of an asset as may come in.
const SUPPLY: i128 = 1 << 125;

impl Twin {
    /// What stands in a wallet.
    #[must_use]
    pub fn balance(&self, account: u32, asset: u32, wallet: Wallet) -> i128 {
        self.money.get(&(account, asset, wallet)).copied().unwrap_or(0)
    }

    /// What the account's live orders hold of an asset.
    #[must_use]
    pub fn held(&self, account: u32, asset: u32) -> i128 {
        self.held_but(account, asset, 0)
    }

    /// The same, one order not counted.
    fn held_but(&self, account: u32, asset: u32, serial: u64) -> i128 {
        let own = self.orders.values().filter(|order| order.account == account && order.serial != serial);
        own.map(|order| self.needed(order)).filter(|need| need.0 == asset).map(|need| need.1).sum()
    }

    /// What the rest of an order needs, and of which asset.
    pub(super) fn needed(&self, order: &Order) -> (u32, i128) {
        let listing = &self.listings[&order.instrument];
        match order.side {
            Side::Buy => (listing.quote.0, i128::from(order.price) * i128::from(order.left()) * self.unit(listing)),
            Side::Sell => (listing.base.0, i128::from(order.left()) * listing.lot),
        }
    }

    /// Quote units of one tick times one lot.
    pub(super) fn unit(&self, listing: &DefineInstrument) -> i128 {
        listing.tick * listing.lot / 10_i128.pow(u32::from(self.assets[&listing.base.0].unit_digits))
    }

    /// What the account may spend; `serial` is an order whose hold does not count.
    pub(super) fn free(&self, account: u32, asset: u32, serial: u64) -> i128 {
        self.balance(account, asset, Wallet::Trading) - self.held_but(account, asset, serial)
    }

    pub(super) fn pay(&mut self, purse: Purse, amount: i128) {
        *self.money.entry(purse).or_default() += amount;
    }

    /// The account of a user or of the house.
    fn master(&self, id: AccountId) -> Result<u32, Refusal> {
        self.accounts.get(&id.0).map(|account| account.master).ok_or(Refusal::UnknownAccount)
    }

    pub(super) fn transfer(&mut self, t: &Transfer) -> Outcome {
        let master = self.master(t.header.account)?;
        let related = self.master(t.from)? == master;
        let related = self.master(t.to)? == master && related;
        if !related || t.header.account.0 != master && t.header.account != t.from {
            return Err(Refusal::NotRelated);
        }
        let (from, to) = ((t.from.0, t.asset.0, t.from_wallet), (t.to.0, t.asset.0, t.to_wallet));
        let before = self.told.len();
        let outcome = self.once(t.key, (from, to, t.amount, PostingReason::Transfer))?;
        if self.told.len() > before && t.client_id != [0; 32] {
            let (header, account) = (header(EventKind::TransferNamed), t.header.account);
            let named = TransferNamed { header, account, reserved: [0; 4], key: t.key, client_id: t.client_id };
            self.told.insert(before, Event::TransferNamed(named));
        }
        Ok(outcome)
    }

    pub(super) fn credit(&mut self, c: &Credit) -> Outcome {
        self.master(c.header.account)?;
        let outside = (OUTSIDE, c.asset.0, Wallet::Funding);
        self.once(c.key, (outside, (c.header.account.0, c.asset.0, c.wallet), c.amount, c.reason))
    }

    pub(super) fn debit(&mut self, d: &Debit) -> Outcome {
        self.master(d.header.account)?;
        let outside = (OUTSIDE, d.asset.0, Wallet::Funding);
        self.once(d.key, ((d.header.account.0, d.asset.0, d.wallet), outside, d.amount, d.reason))
    }

    fn once(&mut self, key: Key, movement: Movement) -> Outcome {
        let (from, to, amount, _) = movement;
        let (payer, asset, wallet) = from;
        if !self.assets.contains_key(&asset) {
            return Err(Refusal::UnknownAsset);
        }
        match self.keys.get(&key) {
            Some(same) if *same == movement => return Ok((0, 1, [0; 32])),
            Some(_) => return Err(Refusal::KeyReused),
            None => {}
        }
        if payer == OUTSIDE {
            let issued = -self.balance(OUTSIDE, asset, Wallet::Funding);
            if amount > SUPPLY || issued > SUPPLY - amount {
                return Err(Refusal::Overflow);
            }
        } else {
            let there = match wallet {
                Wallet::Trading => self.free(payer, asset, 0),
                Wallet::Funding => self.balance(payer, asset, Wallet::Funding),
            };
            if there < amount {
                return Err(Refusal::InsufficientBalance);
            }
        }
        self.pay(from, -amount);
        self.pay(to, amount);
        self.keys.insert(key, movement);
        self.tell_movement(key, movement, from, to, -amount);
        self.tell_movement(key, movement, to, from, amount);
        Ok(NOTHING)
    }

    /// One side of a movement. Only transfers name the other.
    fn tell_movement(&mut self, key: Key, (.., reason): Movement, own: Purse, other: Purse, amount: i128) {
        let is_named = reason == PostingReason::Transfer;
        self.told.push(Event::Posted(Posted {
            counter_account: AccountId(if is_named { other.0 } else { 0 }),
            counter_wallet: if is_named { other.2 as u8 } else { 0 },
            key,
            ..posted(own, amount, reason)
        }));
    }
}

/// Money that moved outside of trades. What there is afterwards is not said: the reader adds up.
pub(super) const fn posted((account, asset, wallet): Purse, amount: i128, reason: PostingReason) -> Posted {
    Posted {
        header: header(EventKind::Posted),
        account: AccountId(account),
        asset: AssetId(asset),
        amount,
        balance: 0,
        fee: 0,
        size: 0,
        price: 0,
        order_id: order_id(0),
        trade_id: TradeId(0),
        instrument: InstrumentId(0),
        wallet,
        reason,
        side: 0,
        is_taker: 0,
        counter_wallet: 0,
        reserved: [0; 3],
        counter_account: AccountId(0),
        key: [0; 16],
    }
}
