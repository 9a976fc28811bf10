//! Settlement of one trade: fees, postings, and what both orders have come to.

use crate::engine::market_index;
use crate::market::notional;
use crate::order::LastTrade;
use crate::taker::Taker;
use crate::trigger::PriceEvent;
use crate::{Engine, EventBuffer};
use tickyard_book::Slot;
use tickyard_ledger::rounding::{fee_charged, rebate_paid};
use tickyard_ledger::{Leg, RowId};
use tickyard_types::{
    AccountId, AssetId, EventKind, InstrumentId, OrderId, OrderState, Posted, PostingReason, Side, TradeId, Traded,
    Wallet,
};

/// What one trade moves of one asset. The receiver gets what the giver pays, and the house stands between.
#[derive(Clone, Copy, Debug)]
struct Flow {
    asset: AssetId,
    /// What the taker's balance changes by, its fee included.
    taker: i128,
    /// What the maker's balance changes by, its fee or rebate included.
    maker: i128,
    /// What the maker's order held for it.
    release: i128,
    /// The taker's fee in it, zero or negative.
    taker_fee: i128,
    /// The maker's fee (negative) or rebate (positive) in it.
    maker_fee: i128,
}

/// What one trade is, and what it comes to.
#[derive(Clone, Copy, Debug)]
struct Trade {
    id: TradeId,
    instrument: InstrumentId,
    price: i64,
    size: i64,
    maker_order: OrderId,
    maker_account: AccountId,
    maker_rate_ppb: i64,
    /// The taker's fee, positive, and its asset: the one it receives.
    taker_fee: i128,
    taker_fee_asset: AssetId,
    /// The maker's fee, positive, in the asset it receives; 0 with a rebate.
    maker_fee: i128,
    /// The maker's rebate, positive, in the asset it pays.
    rebate: i128,
    maker_fee_asset: AssetId,
    /// What moves of base and of quote.
    flows: [Flow; 2],
}

/// One order's part in a trade, as its legs tell it.
#[derive(Clone, Copy, Debug)]
struct Party {
    account: AccountId,
    order_id: OrderId,
    /// Its side; 0 for the house.
    side: u8,
    is_taker: u8,
    reason: PostingReason,
}

impl Engine {
    /// Trades `size` lots between the taker and the resting order in `slot`, at the resting order's price.
    ///
    /// Not inlined, because most orders trade with nobody; its own parts are.
    #[inline(never)]
    pub(crate) fn fill(&mut self, taker: &mut Taker, slot: Slot, price: i64, size: i64, events: &mut EventBuffer) {
        let market = &mut self.markets[market_index(taker.instrument)];
        let trade = TradeId(market.last.trade.0 + 1);
        market.last = PriceEvent { trade, price, seq: self.seq, time_ns: self.time_ns };
        let trade = self.terms(taker, slot, price, size);
        let record = &self.records[slot as usize];
        let maker_rows = [record.base_row, record.quote_row];
        let taker_rows = [taker.base_row, taker.quote_row];
        for (flow, (taker, maker)) in trade.flows.iter().zip(taker_rows.into_iter().zip(maker_rows)) {
            self.post_flow(flow, taker, maker);
        }

        self.add_to_orders(&trade, taker, slot);
        let is_whole = self.tell_trade(&trade, taker, slot, events);
        self.tell_legs(&trade, taker, taker_rows, maker_rows, events);
        self.touch_account(trade.maker_account);
        self.shrink(slot, taker.side.opposite(), price, size, is_whole);
        if self.markets[market_index(taker.instrument)].watch.concerns(price) {
            self.note_reached(taker.instrument);
        }
    }

    /// What a trade comes to. Each pays its fee in the asset it receives; a maker's rebate is in the asset the maker
    /// pays, so it comes out of what the taker was charged.
    #[inline]
    fn terms(&self, taker: &Taker, slot: Slot, price: i64, size: i64) -> Trade {
        let market = &self.markets[market_index(taker.instrument)];
        let base = (market.listing.base, market.quantity(size));
        let quote = (market.listing.quote, market.amount(notional(price, size)));
        // Seen from the taker.
        let ((got, got_moved), (given, given_moved)) = match taker.side {
            Side::Buy => (base, quote),
            Side::Sell => (quote, base),
        };
        let maker_account = self.seats[self.records[slot as usize].seat].account;
        let maker_rate_ppb = self.rates(&self.accounts[maker_account]).maker_ppb;
        let taker_fee = fee_charged(got_moved, taker.rate_ppb);
        let maker_fee = fee_charged(given_moved, maker_rate_ppb.max(0));
        let rebate = match maker_rate_ppb {
            ..0 => self.ledger.rebate_covered(got, taker_fee, rebate_paid(got_moved, -maker_rate_ppb)),
            _ => 0,
        };
        let received = Flow {
            asset: got,
            taker: got_moved - taker_fee,
            maker: rebate - got_moved,
            release: got_moved,
            taker_fee: -taker_fee,
            maker_fee: rebate,
        };
        let paid = Flow {
            asset: given,
            taker: -given_moved,
            maker: given_moved - maker_fee,
            release: 0,
            taker_fee: 0,
            maker_fee: -maker_fee,
        };
        Trade {
            id: market.last.trade,
            instrument: taker.instrument,
            price,
            size,
            maker_order: self.orders[slot].id(),
            maker_account,
            maker_rate_ppb,
            taker_fee,
            taker_fee_asset: got,
            maker_fee,
            rebate,
            maker_fee_asset: if maker_rate_ppb < 0 { got } else { given },
            flows: match taker.side {
                Side::Buy => [received, paid],
                Side::Sell => [paid, received],
            },
        }
    }

    /// Adds a trade to what both orders have come to.
    #[inline]
    fn add_to_orders(&mut self, trade: &Trade, taker: &mut Taker, slot: Slot) {
        let Trade { id, price, size, .. } = *trade;
        let cost = notional(price, size);
        let last = LastTrade { id, price, size, time_ns: self.time_ns };
        taker.left = taker.left.after(price, size);
        taker.filled += size;
        taker.cost += cost;
        taker.fee_total -= trade.taker_fee;
        taker.last = last;
        let maker = &mut self.records[slot as usize];
        maker.filled += size;
        maker.cost += cost;
        maker.fee_total -= trade.maker_fee;
        maker.rebate_total += trade.rebate;
        maker.last = last;
        maker.updated_ns = self.time_ns;
    }

    /// Tells a trade; returns whether the maker is filled whole.
    #[inline]
    fn tell_trade(&self, trade: &Trade, taker: &Taker, slot: Slot, events: &mut EventBuffer) -> bool {
        let maker = &self.records[slot as usize];
        let is_whole = maker.filled == maker.size;
        let header = events.header(EventKind::Traded);
        events.push(&Traded {
            header,
            trade_id: trade.id,
            price: trade.price,
            size: trade.size,
            instrument: trade.instrument,
            taker_side: taker.side,
            taker_state: taker.state(),
            maker_state: if is_whole { OrderState::Filled } else { OrderState::PartiallyFilled },
            reserved: 0,
            taker_order: taker.id,
            maker_order: trade.maker_order,
            taker_account: taker.account,
            maker_account: trade.maker_account,
            taker_filled: taker.filled,
            maker_filled: maker.filled,
            taker_fee_asset: trade.taker_fee_asset,
            maker_fee_asset: trade.maker_fee_asset,
            taker_rate_ppb: taker.rate_ppb,
            taker_cost: taker.cost,
            maker_cost: maker.cost,
            taker_fee: -trade.taker_fee,
            maker_fee: trade.rebate - trade.maker_fee,
            taker_fee_total: taker.fee_total,
            maker_fee_total: maker.fee_total,
            maker_rebate_total: maker.rebate_total,
            maker_rate_ppb: trade.maker_rate_ppb,
            index_price: self.markets[market_index(trade.instrument)].index.price,
            reserved2: [0; 16],
        });
        is_whole
    }

    /// Tells the legs of a trade: the taker's, the maker's, the house's; base before quote.
    #[inline]
    fn tell_legs(
        &mut self,
        trade: &Trade,
        taker: &Taker,
        taker_rows: [RowId; 2],
        maker_rows: [RowId; 2],
        events: &mut EventBuffer,
    ) {
        let taking = Party {
            account: taker.account,
            order_id: taker.id,
            side: taker.side as u8,
            is_taker: 1,
            reason: PostingReason::Trade,
        };
        let making = Party {
            account: trade.maker_account,
            order_id: trade.maker_order,
            side: taker.side.opposite() as u8,
            is_taker: 0,
            reason: PostingReason::Trade,
        };
        for (flow, row) in trade.flows.iter().zip(taker_rows) {
            self.tell_leg(trade, &taking, flow.asset, row, (flow.taker, flow.taker_fee), events);
        }
        for (flow, row) in trade.flows.iter().zip(maker_rows) {
            self.tell_leg(trade, &making, flow.asset, row, (flow.maker, flow.maker_fee), events);
        }
        for flow in trade.flows.iter().filter(|flow| flow.house() != 0) {
            let house = Party { account: AccountId::FEES, side: 0, reason: PostingReason::Fee, ..taking };
            self.tell_leg(trade, &house, flow.asset, self.ledger.fees(flow.asset), (flow.house(), 0), events);
            self.touch_account(AccountId::FEES);
        }
    }

    /// Posts what moves of one asset.
    fn post_flow(&mut self, flow: &Flow, taker: RowId, maker: RowId) {
        let wallet = Wallet::Trading;
        let legs = [
            Leg { row: taker, wallet, amount: flow.taker, release: 0 },
            Leg { row: maker, wallet, amount: flow.maker, release: flow.release },
            Leg { row: self.ledger.fees(flow.asset), wallet, amount: flow.house(), release: 0 },
        ];
        let moved = if flow.house() == 0 { 2 } else { 3 };
        self.ledger.post(flow.asset, &legs[..moved]);
    }

    /// Takes the traded lots off the resting order.
    fn shrink(&mut self, slot: Slot, side: Side, price: i64, size: i64, is_whole: bool) {
        let instrument = self.seats[self.records[slot as usize].seat].instrument;
        let market = &mut self.markets[market_index(instrument)];
        *market.resting(side) -= size;
        self.touched.note(instrument, side, price);
        if is_whole {
            market.book.remove(&mut self.orders, slot);
            self.retire(slot);
        } else {
            market.book.reduce(&mut self.orders, slot, size);
        }
    }

    /// Tells one leg of a trade: (amount, the fee in it).
    fn tell_leg(
        &self,
        trade: &Trade,
        party: &Party,
        asset: AssetId,
        row: RowId,
        (amount, fee): (i128, i128),
        events: &mut EventBuffer,
    ) {
        let header = events.header(EventKind::Posted);
        events.push(&Posted {
            header,
            account: party.account,
            asset,
            amount,
            balance: self.ledger.balance(row).trading(),
            fee,
            size: trade.size,
            price: trade.price,
            order_id: party.order_id,
            trade_id: trade.id,
            instrument: trade.instrument,
            wallet: Wallet::Trading,
            reason: party.reason,
            side: party.side,
            is_taker: party.is_taker,
            counter_wallet: 0,
            reserved: [0; 3],
            counter_account: AccountId(0),
            key: [0; 16],
        });
    }
}

impl Flow {
    /// What the house gains (or pays) between the two.
    const fn house(&self) -> i128 {
        -(self.taker + self.maker)
    }
}
