//! Self-trade prevention: over a master account and all its sub-accounts, by the taker's mode.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn cancel_maker_removes_own_orders_and_goes_on() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(2).at(101).stp(SelfTrade::CancelMaker));
    assert_eq!(market.fills(), [("bob", 101, 1), ("bob", 101, 1)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::SelfTrade)]);
    market.shows("");
    assert_eq!(market.balance("alice", BTC).1, 0);
}

#[test]
fn cancel_taker_gives_way_to_own_orders() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(9).at(101).stp(SelfTrade::CancelTaker));
    assert_eq!(market.fills(), [("bob", 101, 1)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::SelfTrade)]);
    market.shows("ask 101  2@alice 1@bob");
    assert_eq!(market.balance("alice", USDT).1, 0);
}

#[test]
fn cancel_both_cancels_both() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(9).at(101).stp(SelfTrade::CancelBoth));
    let canceled = ("alice", OrderState::Canceled, CancelSource::SelfTrade);
    assert_eq!(market.closed(), [canceled, canceled]);
    market.shows("ask 101  1@bob");
}

#[test]
fn sub_accounts_of_one_master_never_trade_with_each_other() {
    let mut market = Exchange::new();
    market.draw("ask 101  2@alice 1@bob");
    market.place("alices-bot", buy(1).at(101));
    assert_eq!(market.fills(), [("bob", 101, 1)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::SelfTrade)]);
}

#[test]
fn takers_mode_decides_and_defaults_to_its_accounts() {
    let mut market = Exchange::new();
    let gives_way =
        DefineAccount { self_trade: SelfTrade::CancelTaker, ..define_account(account("alice"), account("alice"), 0) };
    market.accepted(Command::DefineAccount(gives_way));
    market.place("alices-bot", sell(1).at(101).stp(SelfTrade::CancelMaker));
    market.place("alice", buy(1).at(101));
    market.shows("ask 101  1@alices-bot");
    market.place("alice", buy(1).at(101).stp(SelfTrade::CancelMaker));
    market.shows("bid 101  1@alice");
}

#[test]
fn own_orders_are_no_liquidity_for_fill_or_kill() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(3).at(101).fok().stp(SelfTrade::CancelMaker));
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::FillOrKill)]);
    market.shows("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(2).at(101).fok().stp(SelfTrade::CancelMaker));
    assert_eq!(market.fills(), [("bob", 101, 1), ("bob", 101, 1)]);
    market.shows("");
}

#[test]
fn own_order_before_the_fill_completes_kills_fill_or_kill_that_gives_way() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@bob 2@alice 1@bob");
    market.place("alice", buy(2).at(101).fok().stp(SelfTrade::CancelTaker));
    assert_eq!(market.fills(), []);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::SelfTrade)]);
    market.place("alice", buy(1).at(101).fok().stp(SelfTrade::CancelTaker));
    assert_eq!(market.fills(), [("bob", 101, 1)]);
}

#[test]
fn market_order_pays_for_others_orders_only() {
    let mut market = Exchange::new();
    market.draw(
        "ask 200  1@bob
         ask 100  5@alices-bot",
    );
    market.set_free("alice", USDT, 200 * COIN);
    market.place("alice", buy(1).whole());
    assert_eq!(market.fills(), [("bob", 200, 1)]);
}

#[test]
fn own_orders_count_among_the_thousand_that_a_taker_meets() {
    let mut market = Exchange::new();
    market.set_free("alice", USDT, 100_000_000 * COIN);
    for level in 0..400 {
        for who in ["alice", "alices-bot", "bob"] {
            market.place(who, sell(1).at(100 + level));
        }
    }
    market.place("alice", buy(400).at(10_000));
    assert_eq!(market.fills().len(), 333);
    assert_eq!(market.closed().last(), Some(&("alice", OrderState::Canceled, CancelSource::TooManyMatches)));
}
