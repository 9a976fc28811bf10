//! What is true after every command, checked as a whole: for tests, for `verify`, and for every restored snapshot.
//!
//! Source: reliability, invariants I1 to I8 as far as they apply to spot.

use crate::Engine;
use crate::account::{MAX_ORDERS, MAX_ORDERS_IN_INSTRUMENT};
use crate::market::Market;
use std::collections::BTreeMap;
use tickyard_ledger::{MAX_FEE_DEBT, MAX_SUPPLY};
use tickyard_types::{AssetId, OrderType, Side};

/// Says what is wrong, and where.
fn ensure(is_so: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(what()) }
}

impl Engine {
    /// Checks every invariant of the state. Takes time in proportion to the state.
    ///
    /// # Errors
    /// The first rule that is broken, and where.
    pub fn check_invariants(&self) -> Result<(), String> {
        self.check_ledger()?;
        for market in &self.markets {
            self.check_book(market)?;
        }
        self.check_holds()?;
        self.check_orders_of_accounts()?;
        self.check_triggers()
    }

    /// I1: every asset sums to zero. I2: nobody but the house has less than nothing.
    fn check_ledger(&self) -> Result<(), String> {
        self.ledger.check().map_err(|balance| {
            let (account, asset) = (balance.account().0, balance.asset().0);
            format!("I2: account {account} has less of asset {asset} than its orders hold")
        })?;
        for asset in (1..).map(AssetId).take(self.assets.len()) {
            ensure(self.ledger.sum(asset) == Some(0), || format!("I1: asset {} does not sum to zero", asset.0))?;
            let external = self.ledger.balance(self.ledger.external(asset));
            let fees = self.ledger.balance(self.ledger.fees(asset));
            let is_bounded = external.funding() >= -MAX_SUPPLY && fees.trading() >= -MAX_FEE_DEBT;
            ensure(is_bounded, || format!("I12: asset {} is issued beyond its bound", asset.0))?;
        }
        Ok(())
    }

    /// I4: no book is crossed, each level is the sum of its orders. I7: what rests is not filled. I8: prices are
    /// within the bounds.
    fn check_book(&self, market: &Market) -> Result<(), String> {
        let listing = &market.listing;
        let place = || format!("instrument {}", listing.instrument.0);
        if let (Some(bid), Some(ask)) = (market.book.best(Side::Buy), market.book.best(Side::Sell)) {
            ensure(bid < ask, || format!("I4: {} is crossed", place()))?;
        }
        for side in [Side::Buy, Side::Sell] {
            // In the order of the book: orders of one price come in a row.
            let mut levels: Vec<(i64, i64, u32)> = Vec::new();
            let mut resting = 0;
            for maker in market.book.makers(&self.orders, side) {
                let record = &self.records[maker.slot as usize];
                let is_whole = record.price == maker.price
                    && maker.size > 0
                    && record.filled >= 0
                    && record.size - record.filled == maker.size
                    && matches!(record.order_type, OrderType::Limit | OrderType::PostOnly);
                ensure(is_whole, || format!("I7: an order of {} at {} is not what it says", place(), maker.price))?;
                let is_within = (listing.min_price..=listing.max_price).contains(&maker.price);
                ensure(is_within, || format!("I8: {} has an order at {}", place(), maker.price))?;
                match levels.last_mut().filter(|level| level.0 == maker.price) {
                    Some(level) => *level = (level.0, level.1 + maker.size, level.2 + 1),
                    None => levels.push((maker.price, maker.size, 1)),
                }
                resting += maker.size;
            }
            let told = market.book.levels(side).map(|(price, level)| (price, level.size, level.orders));
            ensure(told.eq(levels), || format!("I4: a level of {} is no sum", place()))?;
            ensure(market.resting_on(side) == resting, || format!("I4: the lots of {} do not add up", place()))?;
        }
        Ok(())
    }

    /// I3: what is held is what the open orders need.
    fn check_holds(&self) -> Result<(), String> {
        let mut held = vec![0_i128; self.ledger.rows().len()];
        for market in &self.markets {
            for (side, asset) in [(Side::Buy, market.listing.quote), (Side::Sell, market.listing.base)] {
                for maker in market.book.makers(&self.orders, side) {
                    let record = &self.records[maker.slot as usize];
                    let (row, account) = (record.hold_row(side), self.seats[record.seat].account);
                    let balance = self.ledger.balance(row);
                    ensure((balance.account(), balance.asset()) == (account, asset), || {
                        format!("I3: an order of account {} holds what is not its own", account.0)
                    })?;
                    let hold = &mut held[row.index()];
                    let sum = hold.checked_add(market.held(side, maker.price, maker.size));
                    *hold = sum.ok_or_else(|| format!("I12: the holds of account {} overflow", account.0))?;
                }
            }
        }
        for (balance, needed) in self.ledger.rows().iter().zip(held) {
            ensure(balance.hold() == needed, || {
                let (account, asset) = (balance.account().0, balance.asset().0);
                format!("I3: account {account} holds {} of asset {asset}, its orders need {needed}", balance.hold())
            })?;
        }
        Ok(())
    }

    /// Every live order stands in its account's list, in the order of placement, and its name leads to it.
    fn check_orders_of_accounts(&self) -> Result<(), String> {
        let (mut orders, mut named) = (0, 0);
        let mut in_instruments: BTreeMap<u32, u32> = BTreeMap::new();
        for id in self.accounts.users() {
            let place = || format!("account {}", id.0);
            in_instruments.clear();
            let mut before = 0;
            let mut count = 0;
            for slot in self.live_orders(id) {
                let record = &self.records[slot as usize];
                let order =
                    self.orders.get(slot).ok_or_else(|| format!("{} lists an order that has ended", place()))?;
                let seat = &self.seats[record.seat];
                let is_own = seat.account == id && order.owner() == self.accounts[id].master && order.side().is_some();
                ensure(is_own && order.id().0 > before, || format!("the orders of {} are in disorder", place()))?;
                before = order.id().0;
                *in_instruments.entry(seat.instrument.0).or_default() += 1;
                ensure(in_instruments[&seat.instrument.0] <= MAX_ORDERS_IN_INSTRUMENT, || {
                    format!("{} has too many orders", place())
                })?;
                if record.client_id != [0; 32] {
                    named += 1;
                    let leads = self.find_client_id(id, &record.client_id) == Some(slot);
                    ensure(leads, || format!("a client id of {} is lost", place()))?;
                }
                count += 1;
            }
            ensure(count == self.accounts[id].orders && count <= MAX_ORDERS, || {
                format!("{} miscounts its orders", place())
            })?;
            orders += count;
        }
        ensure(orders == self.orders.len() && named == self.client_ids(), || "an order belongs to nobody".to_owned())
    }
}
