//! The naive exchange: the same rules in the most obvious code, slow and without a thought for memory.
//!
//! It tries every command on a copy of itself and keeps the copy when nothing was refused. Books are one vector of
//! orders in the order of time, holds are counted anew whenever somebody asks, and sizes that the money allows are
//! found by trying.

use std::collections::BTreeMap;
use tickyard_types::*;

/// What the naive exchange tells; the fast one's events are translated to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Accepted {
        serial: u64,
        price: i64,
        size: i64,
    },
    Traded {
        taker: u64,
        maker: u64,
        price: i64,
        size: i64,
        taker_fee: i128,
        maker_fee: i128,
        states: (OrderState, OrderState),
    },
    Closed {
        serial: u64,
        filled: i64,
        size: i64,
        state: OrderState,
        source: CancelSource,
    },
    Amended {
        serial: u64,
        price: i64,
        size: i64,
        filled: i64,
        state: OrderState,
        result: AmendResult,
    },
    Timer {
        account: u32,
        tag: Tag,
        trigger_ms: u64,
        canceled: u32,
        fired: bool,
    },
}

/// An order that rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub serial: u64,
    pub account: u32,
    pub instrument: u32,
    pub side: Side,
    pub post_only: bool,
    pub stp: SelfTrade,
    pub price: i64,
    pub size: i64,
    pub filled: i64,
    pub cost: i128,
    pub fee_total: i128,
    pub rebate_total: i128,
    pub client_id: ClientId,
    pub tag: Tag,
}

#[derive(Clone, Copy, Debug)]
pub struct Account {
    pub master: u32,
    pub fee_level: u8,
    pub stp: SelfTrade,
}

#[derive(Clone, Debug, Default)]
pub struct Naive {
    pub now_ns: u64,
    pub serial: u64,
    pub assets: BTreeMap<u32, DefineAsset>,
    pub listings: BTreeMap<u32, DefineInstrument>,
    pub levels: BTreeMap<u8, (i64, i64)>,
    pub accounts: BTreeMap<u32, Account>,
    /// (account, asset, wallet) to amount.
    pub money: BTreeMap<(u32, u32, Wallet), i128>,
    /// Resting orders of all instruments; who came to rest earlier stands earlier.
    pub orders: Vec<Order>,
    pub timers: BTreeMap<(u64, u32, Tag), ()>,
    pub keys: BTreeMap<Key, (Command, ())>,
    pub replies: BTreeMap<Origin, Outcome>,
    pub told: Vec<Told>,
}

/// What a command answers with: refusal, order, value, client id.
pub type Outcome = Result<(u64, u64, ClientId), Refusal>;

const NOTHING: (u64, u64, ClientId) = (0, 0, [0; 32]);

/// What an order still wants while it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Lots(i64),
    Quote(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Filled,
    NoLot,
    Nothing,
    Own,
    Many,
}

impl Naive {
    pub fn new() -> Self {
        let mut naive = Self::default();
        naive.levels.insert(0, (0, 0));
        naive
    }

    /// Applies a command: what is told goes to `self.told`.
    pub fn apply(&mut self, now_ns: u64, command: &Command) -> Outcome {
        self.told.clear();
        self.now_ns = now_ns;
        while let Some((&(at, account, tag), ())) = self.timers.first_key_value() {
            if at > now_ns / 1_000_000 {
                break;
            }
            self.timers.remove(&(at, account, tag));
            let canceled = self.cancel_where(CancelSource::CancelAllAfter, |order| {
                order.account == account && (tag == [0; 16] || order.tag == tag)
            });
            self.told.push(Told::Timer { account, tag, trigger_ms: 0, canceled, fired: true });
        }
        let origin = command.header().origin;
        if let Some(outcome) = self.replies.get(&origin) {
            return *outcome;
        }
        let mut copy = self.clone();
        let outcome = copy.carry_out(command);
        if outcome.is_ok() {
            *self = copy;
        }
        if origin.boot != 0 {
            self.replies.insert(origin, outcome);
        }
        outcome
    }

    fn carry_out(&mut self, command: &Command) -> Outcome {
        match command {
            Command::PlaceOrder(order) => self.place(order),
            Command::CancelOrder(cancel) => {
                self.user(cancel.header.account)?;
                self.listing(cancel.instrument)?;
                let at = self.find(cancel.header.account, cancel.instrument, cancel.order_id, &cancel.client_id)?;
                let order = self.orders[at].clone();
                self.close(at, CancelSource::User);
                Ok((order.serial, 0, order.client_id))
            }
            Command::AmendOrder(amend) => self.amend(amend),
            Command::MassCancel(cancel) => {
                self.user(cancel.header.account)?;
                if cancel.instrument.0 != 0 {
                    self.listing(cancel.instrument)?;
                }
                let canceled = self.cancel_where(CancelSource::User, |order| {
                    order.account == cancel.header.account.0
                        && (cancel.instrument.0 == 0 || order.instrument == cancel.instrument.0)
                });
                Ok((0, u64::from(canceled), [0; 32]))
            }
            Command::CancelAllAfter(timer) => self.timer(timer),
            Command::AdvanceTime(_) => Ok(NOTHING),
            Command::Transfer(t) => {
                let of = |id: AccountId| {
                    self.accounts.get(&id.0).map(|account| account.master).ok_or(Refusal::UnknownAccount)
                };
                let (master, from, to) = (of(t.header.account)?, of(t.from)?, of(t.to)?);
                let may = t.header.account.0 == master || t.header.account == t.from;
                if from != master || to != master || !may {
                    return Err(Refusal::NotRelated);
                }
                self.once(t.key, *command, t.asset, t.amount, (t.from, t.from_wallet), (t.to, t.to_wallet))
            }
            Command::Credit(c) => {
                self.user(c.header.account)?;
                let outside = (AccountId::EXTERNAL, Wallet::Funding);
                self.once(c.key, *command, c.asset, c.amount, outside, (c.header.account, c.wallet))
            }
            Command::Debit(d) => {
                self.user(d.header.account)?;
                let outside = (AccountId::EXTERNAL, Wallet::Funding);
                self.once(d.key, *command, d.asset, d.amount, (d.header.account, d.wallet), outside)
            }
            Command::DefineAsset(asset) => {
                self.assets.insert(asset.asset.0, *asset);
                Ok(NOTHING)
            }
            Command::DefineInstrument(listing) => {
                self.listings.insert(listing.instrument.0, *listing);
                Ok(NOTHING)
            }
            Command::SetInstrumentState(set) => {
                self.listing(set.instrument)?;
                self.listings.entry(set.instrument.0).and_modify(|listing| listing.state = set.state);
                Ok(NOTHING)
            }
            Command::DefineAccount(define) => {
                let account = Account { master: define.master.0, fee_level: define.fee_level, stp: define.self_trade };
                self.accounts.insert(define.header.account.0, account);
                Ok(NOTHING)
            }
            Command::DefineFeeLevel(define) => {
                self.levels.insert(define.level, (define.maker_ppb, define.taker_ppb));
                Ok(NOTHING)
            }
        }
    }

    fn user(&self, id: AccountId) -> Result<Account, Refusal> {
        self.accounts.get(&id.0).copied().ok_or(Refusal::UnknownAccount)
    }

    fn listing(&self, id: InstrumentId) -> Result<DefineInstrument, Refusal> {
        self.listings.get(&id.0).copied().ok_or(Refusal::UnknownInstrument)
    }

    fn unit(listing: &DefineInstrument) -> i128 {
        listing.tick * listing.lot / 1_000_000_000_000_000_000
    }

    pub fn balance(&self, account: u32, asset: u32, wallet: Wallet) -> i128 {
        self.money.get(&(account, asset, wallet)).copied().unwrap_or(0)
    }

    fn needed(&self, instrument: u32, side: Side, price: i64, size: i64) -> (u32, i128) {
        let listing = &self.listings[&instrument];
        match side {
            Side::Buy => (listing.quote.0, i128::from(price) * i128::from(size) * Self::unit(listing)),
            Side::Sell => (listing.base.0, i128::from(size) * listing.lot),
        }
    }

    /// What the account's resting orders hold of an asset.
    pub fn held(&self, account: u32, asset: u32) -> i128 {
        let own = self.orders.iter().filter(|order| order.account == account);
        let needs = own.map(|order| self.needed(order.instrument, order.side, order.price, order.size - order.filled));
        needs.filter(|need| need.0 == asset).map(|need| need.1).sum()
    }

    fn free(&self, account: u32, asset: u32) -> i128 {
        self.balance(account, asset, Wallet::Trading) - self.held(account, asset)
    }

    fn pay(&mut self, account: u32, asset: u32, wallet: Wallet, amount: i128) {
        *self.money.entry((account, asset, wallet)).or_default() += amount;
    }

    fn once(
        &mut self,
        key: Key,
        command: Command,
        asset: AssetId,
        amount: i128,
        (from, from_wallet): (AccountId, Wallet),
        (to, to_wallet): (AccountId, Wallet),
    ) -> Outcome {
        if !self.assets.contains_key(&asset.0) {
            return Err(Refusal::UnknownAsset);
        }
        let command = anonymous(command);
        match self.keys.get(&key) {
            Some((same, ())) if *same == command => return Ok((0, 1, [0; 32])),
            Some(_) => return Err(Refusal::KeyReused),
            None => {}
        }
        let there = match from_wallet {
            _ if from == AccountId::EXTERNAL => i128::MAX,
            Wallet::Trading => self.free(from.0, asset.0),
            Wallet::Funding => self.balance(from.0, asset.0, Wallet::Funding),
        };
        if there < amount {
            return Err(Refusal::InsufficientBalance);
        }
        self.pay(from.0, asset.0, from_wallet, -amount);
        self.pay(to.0, asset.0, to_wallet, amount);
        self.keys.insert(key, (command, ()));
        Ok(NOTHING)
    }

    fn timer(&mut self, timer: &CancelAllAfter) -> Outcome {
        let id = timer.header.account;
        self.user(id)?;
        let old = self.timers.keys().copied().find(|&(_, account, tag)| account == id.0 && tag == timer.tag);
        let tagged = self.timers.keys().filter(|&&(_, account, tag)| account == id.0 && tag != [0; 16]).count();
        if timer.timeout_ms != 0 && old.is_none() && timer.tag != [0; 16] && tagged >= 20 {
            return Err(Refusal::TooManyTimers);
        }
        if let Some(old) = old {
            self.timers.remove(&old);
        }
        let trigger_ms = if timer.timeout_ms == 0 { 0 } else { self.now_ns / 1_000_000 + timer.timeout_ms };
        if trigger_ms != 0 {
            self.timers.insert((trigger_ms, id.0, timer.tag), ());
        }
        if trigger_ms != 0 || old.is_some() {
            self.told.push(Told::Timer { account: id.0, tag: timer.tag, trigger_ms, canceled: 0, fired: false });
        }
        Ok((0, trigger_ms, [0; 32]))
    }

    fn find(
        &self,
        account: AccountId,
        instrument: InstrumentId,
        id: OrderId,
        name: &ClientId,
    ) -> Result<usize, Refusal> {
        let is_it = |order: &Order| {
            let is_named = if id.0 == 0 { order.client_id == *name } else { order.serial == id.serial() };
            is_named && order.account == account.0 && order.instrument == instrument.0
        };
        self.orders.iter().position(is_it).ok_or(Refusal::OrderNotFound)
    }

    /// Cancels oldest first: by the order of placement, not of coming to rest.
    fn cancel_where(&mut self, source: CancelSource, is_meant: impl Fn(&Order) -> bool) -> u32 {
        let mut serials: Vec<u64> = self.orders.iter().filter(|o| is_meant(o)).map(|o| o.serial).collect();
        serials.sort_unstable();
        for serial in &serials {
            let at = self.orders.iter().position(|order| order.serial == *serial).expect("it was there");
            self.close(at, source);
        }
        serials.len() as u32
    }

    fn close(&mut self, at: usize, source: CancelSource) {
        let Order { serial, filled, size, .. } = self.orders.remove(at);
        self.told.push(Told::Closed { serial, filled, size, state: OrderState::Canceled, source });
    }

    /// The next order that a taker meets.
    fn best(&self, instrument: u32, side: Side) -> Option<usize> {
        let candidates = || {
            (0..self.orders.len())
                .filter(|&at| self.orders[at].instrument == instrument && self.orders[at].side == side)
        };
        let prices = candidates().map(|at| self.orders[at].price);
        let price = if side == Side::Buy { prices.max() } else { prices.min() }?;
        candidates().find(|&at| self.orders[at].price == price)
    }

    /// Lets an order take; returns why it ends. Its rest is not told.
    fn take(&mut self, taker: &mut Order, wish: &mut Wish) -> End {
        let owner = self.accounts[&taker.account].master;
        for met in 0.. {
            if *wish == Wish::Lots(0) || *wish == Wish::Quote(0) {
                return End::Filled;
            }
            let Some(at) = self.best(taker.instrument, taker.side.opposite()) else { return End::Nothing };
            let maker = self.orders[at].clone();
            let is_worse = if taker.side == Side::Buy { maker.price > taker.price } else { maker.price < taker.price };
            if is_worse {
                return End::Nothing;
            }
            let wanted = match *wish {
                Wish::Lots(lots) => lots,
                Wish::Quote(quote) => quote / maker.price,
            };
            if wanted == 0 {
                return End::NoLot;
            }
            if met == 1_000 {
                return End::Many;
            }
            if self.accounts[&maker.account].master == owner {
                if taker.stp != SelfTrade::CancelTaker {
                    self.close(at, CancelSource::SelfTrade);
                }
                if taker.stp != SelfTrade::CancelMaker {
                    return End::Own;
                }
                continue;
            }
            let size = wanted.min(maker.size - maker.filled);
            *wish = match *wish {
                Wish::Lots(lots) => Wish::Lots(lots - size),
                Wish::Quote(quote) => Wish::Quote(quote - size * maker.price),
            };
            let is_done = *wish == Wish::Lots(0) || *wish == Wish::Quote(0);
            self.trade(taker, at, size, is_done);
        }
        unreachable!("a taker meets a thousand orders at most")
    }

    fn trade(&mut self, taker: &mut Order, at: usize, size: i64, is_done: bool) {
        let mut maker = self.orders[at].clone();
        let price = maker.price;
        let (buyer, seller) =
            if taker.side == Side::Buy { (taker.account, maker.account) } else { (maker.account, taker.account) };
        let listing = self.listings[&taker.instrument];
        let (base, quote) = (listing.base.0, listing.quote.0);
        let coins = i128::from(size) * listing.lot;
        let money = i128::from(size) * i128::from(price) * Self::unit(&listing);
        for (account, asset, amount) in
            [(buyer, base, coins), (buyer, quote, -money), (seller, base, -coins), (seller, quote, money)]
        {
            self.pay(account, asset, Wallet::Trading, amount);
        }

        let taker_rate = self.levels[&self.accounts[&taker.account].fee_level].1;
        let maker_rate = self.levels[&self.accounts[&maker.account].fee_level].0;
        let (taker_gets, maker_gets) = match taker.side {
            Side::Buy => ((base, coins), (quote, money)),
            Side::Sell => ((quote, money), (base, coins)),
        };
        let taker_fee = -ceil(taker_gets.1 * i128::from(taker_rate));
        // A rebate is paid in what the maker pays, which is what the taker gets.
        let (maker_asset, maker_fee) = match maker_rate {
            ..0 => (taker_gets.0, taker_gets.1 * i128::from(-maker_rate) / 1_000_000_000),
            _ => (maker_gets.0, -ceil(maker_gets.1 * i128::from(maker_rate))),
        };
        for (account, asset, fee) in [(taker.account, taker_gets.0, taker_fee), (maker.account, maker_asset, maker_fee)]
        {
            self.pay(account, asset, Wallet::Trading, fee);
            self.pay(AccountId::FEES.0, asset, Wallet::Trading, -fee);
        }

        for order in [&mut *taker, &mut maker] {
            order.filled += size;
            order.cost += i128::from(size) * i128::from(price);
        }
        taker.fee_total += taker_fee;
        maker.fee_total += maker_fee.min(0);
        maker.rebate_total += maker_fee.max(0);
        let state = |is_done| if is_done { OrderState::Filled } else { OrderState::PartiallyFilled };
        let states = (state(is_done), state(maker.filled == maker.size));
        self.told.push(Told::Traded {
            taker: taker.serial,
            maker: maker.serial,
            price,
            size,
            taker_fee,
            maker_fee,
            states,
        });
        if maker.filled == maker.size {
            self.orders.remove(at);
        } else {
            self.orders[at] = maker;
        }
    }

    fn place(&mut self, order: &PlaceOrder) -> Outcome {
        if order.order_type == OrderType::FillOrKill && order.self_trade == SelfTrade::CancelBoth {
            return Err(Refusal::FillOrKillCancelBoth);
        }
        let id = order.header.account;
        let account = self.user(id)?;
        let stp = if order.self_trade == SelfTrade::AccountDefault { account.stp } else { order.self_trade };
        if order.order_type == OrderType::FillOrKill && stp == SelfTrade::CancelBoth {
            return Err(Refusal::FillOrKillCancelBoth);
        }
        let listing = self.listing(order.instrument)?;
        let is_market = order.order_type == OrderType::Market;
        let in_quote = order.header.flags & PlaceOrder::SIZE_IN_QUOTE != 0;
        match listing.state {
            InstrumentState::Preopen => return Err(Refusal::InstrumentPreopen),
            InstrumentState::Suspended => return Err(Refusal::InstrumentSuspended),
            InstrumentState::CancelOnly => return Err(Refusal::InstrumentCancelOnly),
            InstrumentState::PostOnly if order.order_type != OrderType::PostOnly => {
                return Err(Refusal::InstrumentPostOnly);
            }
            _ => {}
        }
        if order.expires_at_ms != 0 && self.now_ns > order.expires_at_ms * 1_000_000 {
            return Err(Refusal::Expired);
        }
        let (least, most) = match (is_market, in_quote) {
            (false, _) => (listing.min_size, listing.max_limit_size),
            (true, false) => (listing.min_size, listing.max_market_size),
            (true, true) => (listing.min_size * listing.min_price, listing.max_market_amount),
        };
        if order.size < least {
            return Err(Refusal::SizeBelowMinimum);
        }
        if order.size > most {
            return Err(if is_market { Refusal::MarketSizeAboveMaximum } else { Refusal::LimitSizeAboveMaximum });
        }
        let mut price = order.price;
        if is_market {
            price = if order.side == Side::Buy { listing.max_price } else { listing.min_price };
        } else if price < listing.min_price || price > listing.max_price {
            if order.header.flags & PlaceOrder::CLAMP_PRICE == 0 {
                return Err(Refusal::PriceOutOfBounds);
            }
            price = price.clamp(listing.min_price, listing.max_price);
        }
        if order.client_id != [0; 32] && self.orders.iter().any(|o| o.account == id.0 && o.client_id == order.client_id)
        {
            return Err(Refusal::ClientIdInUse);
        }
        let wish = |size| if in_quote { Wish::Quote(size) } else { Wish::Lots(size) };
        let mut taker = Order {
            serial: self.serial + 1,
            account: id.0,
            instrument: order.instrument.0,
            side: order.side,
            post_only: order.order_type == OrderType::PostOnly,
            stp,
            price,
            size: order.size,
            filled: 0,
            cost: 0,
            fee_total: 0,
            rebate_total: 0,
            client_id: order.client_id,
            tag: order.tag,
        };
        if is_market {
            taker.size = self.size_that_is_paid(&taker, &wish)?;
            if taker.size < order.size && order.header.flags & PlaceOrder::BAN_AMEND != 0 {
                return Err(Refusal::InsufficientBalance);
            }
        } else {
            let (asset, needed) = self.needed(taker.instrument, taker.side, price, taker.size);
            if self.free(id.0, asset) < needed {
                return Err(Refusal::InsufficientBalance);
            }
        }

        self.serial += 1;
        let told_price = if is_market { 0 } else { price };
        self.told.push(Told::Accepted { serial: taker.serial, price: told_price, size: taker.size });
        let mut left = wish(taker.size);
        match order.order_type {
            OrderType::PostOnly => {
                let crosses = self.best(taker.instrument, taker.side.opposite()).is_some_and(|at| {
                    let best = self.orders[at].price;
                    if taker.side == Side::Buy { best <= price } else { best >= price }
                });
                if crosses {
                    self.tell_end(&taker, OrderState::Canceled, CancelSource::PostOnly);
                } else {
                    self.orders.push(taker.clone());
                }
            }
            OrderType::FillOrKill => {
                let mut copy = self.clone();
                let mut attempt = taker.clone();
                match copy.take(&mut attempt, &mut left) {
                    End::Filled => *self = copy,
                    End::Nothing | End::NoLot => self.tell_end(&taker, OrderState::Canceled, CancelSource::FillOrKill),
                    End::Own => self.tell_end(&taker, OrderState::Canceled, CancelSource::SelfTrade),
                    End::Many => self.tell_end(&taker, OrderState::Canceled, CancelSource::TooManyMatches),
                }
            }
            OrderType::Market | OrderType::Limit | OrderType::ImmediateOrCancel => {
                let end = self.take(&mut taker, &mut left);
                self.end(taker.clone(), end, order.order_type == OrderType::Limit);
            }
        }
        Ok((taker.serial, 0, order.client_id))
    }

    fn end(&mut self, taker: Order, end: End, rests: bool) {
        match end {
            End::Filled => {}
            End::Nothing if rests => self.orders.push(taker),
            End::NoLot if taker.filled > 0 => self.tell_end(&taker, OrderState::Filled, CancelSource::System),
            End::Nothing | End::NoLot => self.tell_end(&taker, OrderState::Canceled, CancelSource::ImmediateOrCancel),
            End::Own => self.tell_end(&taker, OrderState::Canceled, CancelSource::SelfTrade),
            End::Many => self.tell_end(&taker, OrderState::Canceled, CancelSource::TooManyMatches),
        }
    }

    fn tell_end(&mut self, order: &Order, state: OrderState, source: CancelSource) {
        let Order { serial, filled, size, .. } = *order;
        self.told.push(Told::Closed { serial, filled, size, state, source });
    }

    /// The size of a market order that its money pays for, found by trying.
    fn size_that_is_paid(&self, taker: &Order, wish: &dyn Fn(i64) -> Wish) -> Result<i64, Refusal> {
        let listing = &self.listings[&taker.instrument];
        let is_quote = wish(1) == Wish::Quote(1);
        let (asset, per_unit) = match taker.side {
            Side::Buy => (listing.quote.0, Self::unit(listing)),
            Side::Sell => (listing.base.0, listing.lot),
        };
        let free = self.free(taker.account, asset);
        // What trading so much would take, and bring: (units of the asset, lots, notional, why it ends).
        let attempt = |size| {
            let mut copy = self.clone();
            let mut order = taker.clone();
            let end = copy.take(&mut order, &mut wish(size));
            let spent = if taker.side == Side::Buy { order.cost } else { i128::from(order.filled) };
            (spent * per_unit, order.filled, order.cost, end)
        };
        let size = match (taker.side, is_quote) {
            (Side::Buy, true) if i128::from(taker.size) * per_unit <= free => taker.size,
            (Side::Buy, true) => {
                let shrunk = (free / per_unit) as i64;
                // Money that ends before the first lot is no money.
                let (_, lots, _, end) = attempt(shrunk);
                if lots == 0 && end == End::NoLot { 0 } else { shrunk }
            }
            (Side::Sell, false) => i128::from(taker.size).min(free / per_unit) as i64,
            _ if free < per_unit => 0,
            _ if attempt(taker.size).0 <= free => taker.size,
            _ => {
                let paid = (1..taker.size).rev().find(|&size| attempt(size).0 <= free).unwrap_or(0);
                let (_, lots, notional, _) = attempt(paid);
                if is_quote { notional as i64 } else { lots }
            }
        };
        if size == 0 { Err(Refusal::InsufficientBalance) } else { Ok(size) }
    }

    fn amend(&mut self, amend: &AmendOrder) -> Outcome {
        let id = amend.header.account;
        self.user(id)?;
        let listing = self.listing(amend.instrument)?;
        match listing.state {
            InstrumentState::Preopen => return Err(Refusal::InstrumentPreopen),
            InstrumentState::Suspended => return Err(Refusal::InstrumentSuspended),
            InstrumentState::CancelOnly => return Err(Refusal::InstrumentCancelOnly),
            InstrumentState::Live | InstrumentState::PostOnly => {}
        }
        if amend.expires_at_ms != 0 && self.now_ns > amend.expires_at_ms * 1_000_000 {
            return Err(Refusal::Expired);
        }
        let at = self.find(id, amend.instrument, amend.order_id, &amend.client_id)?;
        let old = self.orders[at].clone();
        let answer = Ok((old.serial, 0, old.client_id));
        let size = if amend.size == 0 { old.size } else { amend.size };
        if size <= old.filled {
            self.orders.remove(at);
            self.tell_amended(&Order { size: old.filled, ..old }, OrderState::Filled, AmendResult::Amended);
            return answer;
        }
        if size < listing.min_size {
            return Err(Refusal::SizeBelowMinimum);
        }
        if size > listing.max_limit_size {
            return Err(Refusal::LimitSizeAboveMaximum);
        }
        let mut price = if amend.price == 0 { old.price } else { amend.price };
        if price < listing.min_price || price > listing.max_price {
            if amend.header.flags & AmendOrder::CLAMP_PRICE == 0 {
                return Err(Refusal::PriceOutOfBounds);
            }
            price = price.clamp(listing.min_price, listing.max_price);
        }
        let state = if old.filled == 0 { OrderState::Live } else { OrderState::PartiallyFilled };
        let mut new = Order { price, size, ..old.clone() };
        if price == old.price && size <= old.size {
            self.tell_amended(&new, state, AmendResult::Amended);
            self.orders[at] = new;
            return answer;
        }

        let crosses = self.best(new.instrument, new.side.opposite()).is_some_and(|best| {
            let best = self.orders[best].price;
            if new.side == Side::Buy { best <= price } else { best >= price }
        });
        let mut without = self.clone();
        without.orders.remove(at);
        let (asset, needed) = self.needed(new.instrument, new.side, price, size - old.filled);
        let failure = match () {
            () if crosses && new.post_only => Some(Refusal::AmendWouldTake),
            () if crosses && listing.state == InstrumentState::PostOnly => Some(Refusal::InstrumentPostOnly),
            () if without.free(id.0, asset) < needed => Some(Refusal::InsufficientBalance),
            () => None,
        };
        match failure {
            Some(_) if amend.header.flags & AmendOrder::CANCEL_ON_FAIL != 0 => {
                self.tell_amended(&old, OrderState::Canceled, AmendResult::Canceled);
                self.close(at, CancelSource::User);
            }
            Some(refusal) => return Err(refusal),
            None => {
                *self = without;
                self.tell_amended(&new, state, AmendResult::Amended);
                let mut left = Wish::Lots(size - old.filled);
                let end = if crosses { self.take(&mut new, &mut left) } else { End::Nothing };
                self.end(new, end, true);
            }
        }
        answer
    }

    fn tell_amended(&mut self, order: &Order, state: OrderState, result: AmendResult) {
        let Order { serial, price, size, filled, .. } = *order;
        self.told.push(Told::Amended { serial, price, size, filled, state, result });
    }
}

/// Product of amount and parts per billion, divided and rounded up.
fn ceil(product: i128) -> i128 {
    (product + 999_999_999) / 1_000_000_000
}

/// A movement is the same whoever sent it.
fn anonymous(command: Command) -> Command {
    let header = |header: CommandHeader| CommandHeader { origin: Origin::default(), ..header };
    match command {
        // Who asked for a transfer is not part of the movement.
        Command::Transfer(t) => {
            Command::Transfer(Transfer { header: CommandHeader { account: AccountId(0), ..header(t.header) }, ..t })
        }
        Command::Credit(c) => Command::Credit(Credit { header: header(c.header), ..c }),
        Command::Debit(d) => Command::Debit(Debit { header: header(d.header), ..d }),
        other => other,
    }
}
