//! A taker meets the other side of the book.

use super::money::posted;
use super::told::{header, order_id};
use super::{Flaw, Order, Twin, triggers};
use crate::reader::Event;
use tickyard_types::{
    AccountId, AssetId, CancelSource, EventKind, InstrumentId, OrderState, Posted, PostingReason, SelfTrade, Side,
    TradeId, Traded, Wallet,
};

/// Most orders that one taker meets.
const MEETINGS: usize = 1_000;

/// What an order still wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// So many lots.
    Lots(i64),
    /// Lots for so many notional units.
    Quote(i64),
}

impl Wish {
    /// How many lots that is at a price.
    const fn lots(self, price: i64) -> i64 {
        match self {
            Self::Lots(lots) => lots,
            Self::Quote(quote) => quote / price,
        }
    }

    const fn less(self, size: i64, price: i64) -> Self {
        match self {
            Self::Lots(lots) => Self::Lots(lots - size),
            Self::Quote(quote) => Self::Quote(quote - size * price),
        }
    }

    pub(super) const fn number(self) -> i64 {
        match self {
            Self::Lots(number) | Self::Quote(number) => number,
        }
    }
}

/// Why an order takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Filled,
    NoLot,
    Nothing,
    Own,
    Many,
    /// Only in rehearsals: the money ended.
    Poor,
}

/// Whether an order with this limit trades at a price.
const fn reaches(side: Side, limit: i64, price: i64) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}

impl Twin {
    /// The best price of a side.
    pub(super) fn best(&self, instrument: u32, side: Side) -> Option<i64> {
        let queues = self.books.get(&(instrument, side))?;
        match side {
            Side::Buy => queues.keys().next_back().copied(),
            Side::Sell => queues.keys().next().copied(),
        }
    }

    pub(super) fn crosses(&self, instrument: u32, side: Side, price: i64) -> bool {
        self.best(instrument, side.opposite()).is_some_and(|best| reaches(side, price, best))
    }

    /// An order comes to rest, last in its queue.
    pub(super) fn rest(&mut self, order: Order) {
        let queue = self.books.entry((order.instrument, order.side)).or_default().entry(order.price).or_default();
        match self.flaw {
            Some(Flaw::LastInFirstOut) => queue.push_front(order.serial),
            _ => queue.push_back(order.serial),
        }
        self.orders.insert(order.serial, order);
    }

    /// A live order leaves.
    pub(super) fn take_away(&mut self, serial: u64) -> Order {
        let order = self.orders.remove(&serial).expect("the order is live");
        let queues = self.books.entry((order.instrument, order.side)).or_default();
        let queue = queues.entry(order.price).or_default();
        queue.retain(|other| *other != serial);
        if queue.is_empty() {
            queues.remove(&order.price);
        }
        order
    }

    pub(super) fn close(&mut self, serial: u64, source: CancelSource) {
        let order = self.take_away(serial);
        self.is_over(&order);
        self.tell_closed(&order, OrderState::Canceled, source);
    }

    /// The orders of the other side, best first, oldest first, as far as a limit reaches.
    fn opposite(&self, taker: &Order) -> Vec<&Order> {
        let Some(queues) = self.books.get(&(taker.instrument, taker.side.opposite())) else { return Vec::new() };
        let mut prices: Vec<i64> = queues.keys().copied().collect();
        if taker.side == Side::Sell {
            prices.reverse();
        }
        prices.retain(|price| reaches(taker.side, taker.price, *price));
        prices.iter().flat_map(|price| &queues[price]).map(|serial| &self.orders[serial]).collect()
    }

    /// What an order would take, lot by lot, with so much money; returns lots, what is still wanted, and why it ends.
    pub(super) fn rehearse(&self, taker: &Order, mut wish: Wish, mut means: Wish) -> (i64, Wish, End) {
        let owner = self.accounts[&taker.account].master;
        let mut lots = 0;
        for (met, maker) in self.opposite(taker).into_iter().enumerate() {
            if wish.number() == 0 {
                break;
            }
            if wish.lots(maker.price) == 0 {
                return (lots, wish, End::NoLot);
            }
            if met == MEETINGS {
                return (lots, wish, End::Many);
            }
            if self.accounts[&maker.account].master == owner {
                match taker.stp {
                    SelfTrade::CancelMaker => continue,
                    _ => return (lots, wish, End::Own),
                }
            }
            for _ in 0..maker.left() {
                if wish.lots(maker.price) == 0 {
                    break;
                }
                if means.lots(maker.price) == 0 {
                    return (lots, wish, End::Poor);
                }
                (wish, means) = (wish.less(1, maker.price), means.less(1, maker.price));
                lots += 1;
            }
        }
        (lots, wish, if wish.number() == 0 { End::Filled } else { End::Nothing })
    }

    /// Lets an order take. Its rest is not told.
    pub(super) fn take(&mut self, taker: &mut Order, mut wish: Wish) -> End {
        let owner = self.accounts[&taker.account].master;
        for met in 0.. {
            if wish.number() == 0 {
                return End::Filled;
            }
            let Some(maker) = self.opposite(taker).first().map(|maker| (*maker).clone()) else { return End::Nothing };
            let wanted = wish.lots(maker.price);
            if wanted == 0 {
                return End::NoLot;
            }
            if met == MEETINGS {
                return End::Many;
            }
            if self.accounts[&maker.account].master == owner {
                if taker.stp != SelfTrade::CancelTaker {
                    self.close(maker.serial, CancelSource::SelfTrade);
                }
                if taker.stp != SelfTrade::CancelMaker {
                    return End::Own;
                }
                continue;
            }
            let size = wanted.min(maker.left());
            wish = wish.less(size, maker.price);
            self.trade(taker, maker, size, wish.number() == 0);
        }
        unreachable!("a taker meets a thousand orders at most")
    }

    fn trade(&mut self, taker: &mut Order, mut maker: Order, size: i64, is_done: bool) {
        let price = maker.price;
        let (buyer, seller) = match taker.side {
            Side::Buy => (taker.account, maker.account),
            Side::Sell => (maker.account, taker.account),
        };
        let listing = self.listings[&taker.instrument];
        let (base, quote) = (listing.base.0, listing.quote.0);
        let coins = i128::from(size) * listing.lot;
        let money = i128::from(size) * i128::from(price) * self.unit(&listing);
        for (account, asset, amount) in
            [(buyer, base, coins), (buyer, quote, -money), (seller, base, -coins), (seller, quote, money)]
        {
            self.pay((account, asset, Wallet::Trading), amount);
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
            ..0 => (taker_gets.0, self.rebate(taker_gets.1 * i128::from(-maker_rate))),
            _ => (maker_gets.0, -ceil(maker_gets.1 * i128::from(maker_rate))),
        };
        for (account, asset, fee) in [(taker.account, taker_gets.0, taker_fee), (maker.account, maker_asset, maker_fee)]
        {
            self.pay((account, asset, Wallet::Trading), fee);
            self.pay((AccountId::FEES.0, asset, Wallet::Trading), -fee);
        }

        let id = self.trades.entry(taker.instrument).or_default();
        *id += 1;
        let id = *id;
        for order in [&mut *taker, &mut maker] {
            order.filled += size;
            order.cost += i128::from(size) * i128::from(price);
            order.updated_ns = self.now_ns;
            order.last = (id, price, size, self.now_ns);
        }
        taker.fee_total += taker_fee;
        maker.fee_total += maker_fee.min(0);
        maker.rebate_total += maker_fee.max(0);
        self.last.insert(taker.instrument, triggers::Last { trade: id, price, seq: self.seq, ns: self.now_ns });
        let state = |is_done| if is_done { OrderState::Filled } else { OrderState::PartiallyFilled };
        self.told.push(Event::Traded(Traded {
            header: header(EventKind::Traded),
            trade_id: TradeId(id),
            price,
            size,
            instrument: InstrumentId(taker.instrument),
            taker_side: taker.side,
            taker_state: state(is_done),
            maker_state: state(maker.left() == 0),
            reserved: 0,
            taker_order: order_id(taker.serial),
            maker_order: order_id(maker.serial),
            taker_account: AccountId(taker.account),
            maker_account: AccountId(maker.account),
            taker_filled: taker.filled,
            maker_filled: maker.filled,
            taker_fee_asset: AssetId(taker_gets.0),
            maker_fee_asset: AssetId(maker_asset),
            taker_rate_ppb: taker_rate,
            taker_cost: taker.cost,
            maker_cost: maker.cost,
            taker_fee,
            maker_fee,
            taker_fee_total: taker.fee_total,
            maker_fee_total: maker.fee_total,
            maker_rebate_total: maker.rebate_total,
            maker_rate_ppb: maker_rate,
            index_price: self.indices.get(&taker.instrument).map_or(0, |index| index.price),
            reserved2: [0; 16],
        }));
        let legs = |order: &Order, fee_asset: u32, fee: i128| {
            let sign = if order.side == Side::Buy { 1 } else { -1 };
            [(base, sign * coins), (quote, -sign * money)].map(|(asset, amount)| {
                let fee = if asset == fee_asset { fee } else { 0 };
                let (side, is_taker) = (order.side as u8, u8::from(order.serial == taker.serial));
                let own = posted((order.account, asset, Wallet::Trading), amount + fee, PostingReason::Trade);
                Posted { fee, order_id: order_id(order.serial), side, is_taker, ..own }
            })
        };
        let mut postings = [legs(taker, taker_gets.0, taker_fee), legs(&maker, maker_asset, maker_fee)].concat();
        for asset in [base, quote] {
            let moved: i128 = postings.iter().filter(|leg| leg.asset.0 == asset).map(|leg| leg.amount).sum();
            if moved != 0 {
                let house = posted((AccountId::FEES.0, asset, Wallet::Trading), -moved, PostingReason::Fee);
                postings.push(Posted { order_id: order_id(taker.serial), is_taker: 1, ..house });
            }
        }
        let (trade_id, instrument) = (TradeId(id), InstrumentId(taker.instrument));
        self.told
            .extend(postings.iter().map(|leg| Event::Posted(Posted { size, price, trade_id, instrument, ..*leg })));
        if maker.left() == 0 {
            self.take_away(maker.serial);
            self.is_over(&maker);
        } else {
            self.orders.insert(maker.serial, maker);
        }
        self.hear(taker.instrument);
    }

    fn rebate(&self, product: i128) -> i128 {
        if self.flaw == Some(Flaw::RebateRoundedUp) { ceil(product) } else { product / 1_000_000_000 }
    }
}

/// Product of amount and parts per billion, divided and rounded up.
const fn ceil(product: i128) -> i128 {
    (product + 999_999_999) / 1_000_000_000
}
