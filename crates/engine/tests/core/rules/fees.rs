//! Fees and rebates: who pays them, in which asset, and how they are rounded.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

const PERCENT: i64 = 10_000_000;

#[test]
fn each_pays_its_fee_in_what_it_receives() {
    let mut market = Exchange::new();
    market.fees(PERCENT, 2 * PERCENT);
    market.draw("ask 100  10@bob");
    market.place("alice", buy(10));
    assert_eq!(market.gained("alice", BTC), 10 * COIN - COIN / 5);
    assert_eq!(market.gained("alice", USDT), -1_000 * COIN);
    assert_eq!(market.gained("bob", USDT), 1_000 * COIN - 10 * COIN);
    assert_eq!(market.gained("bob", BTC), -10 * COIN);
    let fees: Vec<i128> = market.engine.balances(AccountId::FEES).map(|balance| balance.trading).collect();
    assert_eq!(fees, [COIN / 5, 10 * COIN, 0]);
}

#[test]
fn makers_rebate_is_in_what_it_pays() {
    let mut market = Exchange::new();
    market.fees(-PERCENT, 2 * PERCENT);
    market.draw("bid 100  10@bob");
    market.place("alice", sell(10));
    assert_eq!(market.gained("alice", USDT), 1_000 * COIN - 20 * COIN);
    assert_eq!(market.gained("bob", USDT), -1_000 * COIN + 10 * COIN);
    assert_eq!(market.gained("bob", BTC), 10 * COIN);
    let trade = *market.trades().next().expect("a trade");
    assert_eq!((trade.maker_fee_asset, trade.taker_fee_asset), (AssetId(USDT), AssetId(USDT)));
    assert_eq!((trade.maker_fee, trade.maker_rebate_total, trade.maker_fee_total), (10 * COIN, 10 * COIN, 0));
    assert_eq!((trade.taker_fee, trade.taker_fee_total), (-20 * COIN, -20 * COIN));
}

#[test]
fn rates_are_those_of_the_accounts_level_at_the_time_of_the_trade() {
    let mut market = Exchange::new();
    market.accepted(Command::DefineFeeLevel(define_fee_level(7, 3 * PERCENT, 5 * PERCENT)));
    market.draw("ask 100  10@bob");
    market.accepted(Command::DefineAccount(define_account(account("bob"), account("bob"), 7)));
    market.place("alice", buy(10));
    let trade = *market.trades().next().expect("a trade");
    assert_eq!((trade.maker_rate_ppb, trade.taker_rate_ppb), (3 * PERCENT, 0));
    assert_eq!((trade.maker_fee, trade.taker_fee), (-30 * COIN, 0));
}

/// An instrument whose lot is one unit of its base asset, so that every fee is smaller than a unit.
fn dust() -> Exchange {
    let mut market = Exchange::new();
    let listing = DefineInstrument { tick: COIN, lot: 1, ..define_instrument(3, BTC, ETH, "BTC-ETH") };
    market.accepted(Command::DefineInstrument(listing));
    market
}

#[test]
fn dust_trades_pay_at_least_one_unit_and_get_no_rebate() {
    let mut market = dust();
    market.fees(-1, 1);
    market.place("bob", sell(1).at(1).on(3));
    market.place("alice", buy(1).on(3));
    let trade = *market.trades().next().expect("a trade");
    assert_eq!((trade.taker_fee, trade.maker_fee), (-1, 0));
    assert_eq!(market.gained("alice", BTC), 0);
    assert_eq!(market.gained("bob", BTC), -1);
}

#[test]
fn many_dust_trades_gain_nobody_anything() {
    let mut market = dust();
    market.fees(-500_000_000, 500_000_000);
    for _ in 0..200 {
        market.place("bob", sell(3).at(7).on(3));
        market.place("alice", buy(3).on(3));
        market.place("bob", buy(3).at(7).on(3));
        market.place("alice", sell(3).on(3));
    }
    for asset in [BTC, ETH] {
        assert!(market.gained("alice", asset) + market.gained("bob", asset) <= 0);
    }
}

#[test]
fn totals_of_an_order_are_the_sums_of_its_trades() {
    let mut market = Exchange::new();
    market.fees(PERCENT, 2 * PERCENT);
    let id = market.place("bob", sell(10).at(100));
    for filled in [3, 7] {
        market.place("alice", buy(if filled == 3 { 3 } else { 4 }));
        let trade = *market.trades().next().expect("a trade");
        assert_eq!((trade.maker_filled, trade.maker_cost), (filled, i128::from(filled) * 100));
        assert_eq!(trade.maker_fee_total, -COIN * i128::from(filled));
        let order = market.order("bob", id).expect("a live order");
        assert_eq!((order.filled, order.fee_total), (trade.maker_filled, trade.maker_fee_total));
    }
}

#[test]
fn house_may_owe_what_it_pays_to_makers_of_better_levels() {
    let mut market = Exchange::new();
    market.accepted(Command::DefineFeeLevel(define_fee_level(9, -PERCENT, 2 * PERCENT)));
    market.accepted(Command::DefineAccount(define_account(account("bob"), account("bob"), 9)));
    market.draw("ask 100  10@bob");
    market.place("alice", buy(10));
    let fees: Vec<i128> = market.engine.balances(AccountId::FEES).map(|balance| balance.trading).collect();
    assert_eq!(fees, [-COIN / 10, 0, 0]);
}
