//! What orders hold, and what becomes of a market order when the money is short.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn resting_buy_holds_quote_and_resting_sell_holds_base() {
    let mut market = Exchange::new();
    market.draw(
        "ask 101  5@bob
         bid 99   3@alice",
    );
    assert_eq!(market.balance("alice", USDT).1, 297 * COIN);
    assert_eq!(market.balance("bob", BTC).1, 5 * COIN);
}

#[test]
fn limit_order_is_covered_whole_or_refused() {
    let mut market = Exchange::new();
    market.set_free("alice", USDT, 500 * COIN - 1);
    for order in [buy(5).at(100), buy(5).at(100).ioc(), buy(5).at(100).fok(), buy(5).at(100).post_only()] {
        assert_eq!(market.place_refused("alice", order), Refusal::InsufficientBalance);
    }
    market.set_free("alice", USDT, 500 * COIN);
    market.place("alice", buy(5).at(100));
    assert_eq!(market.place_refused("alice", buy(1).at(1)), Refusal::InsufficientBalance);
    assert_eq!(market.place_refused("poor", sell(1).at(100)), Refusal::InsufficientBalance);
}

#[test]
fn money_in_the_funding_wallet_does_not_trade() {
    let mut market = Exchange::new();
    let to_funding = Transfer {
        to_wallet: Wallet::Funding,
        ..transfer(account("alice"), account("alice"), account("alice"), USDT, 1_000_000 * COIN, 1)
    };
    market.accepted(Command::Transfer(to_funding));
    assert_eq!(market.place_refused("alice", buy(1).at(1)), Refusal::InsufficientBalance);
}

#[test]
fn cancel_releases_exactly_what_was_held() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(5).at(100));
    market.place("bob", sell(2).at(100));
    assert_eq!(market.balance("alice", USDT), ((1_000_000 - 200) * COIN, 300 * COIN));
    market.cancel("alice", id);
    assert_eq!(market.balance("alice", USDT), ((1_000_000 - 200) * COIN, 0));
}

#[test]
fn market_buy_by_base_shrinks_to_the_money_that_is_there() {
    let mut market = Exchange::new();
    market.draw(
        "ask 110  5@bob
         ask 100  2@bob",
    );
    market.set_free("alice", USDT, 420 * COIN);
    market.place("alice", buy(5));
    assert_eq!(market.accepted_size(), 4);
    assert_eq!(market.fills(), [("bob", 100, 2), ("bob", 110, 2)]);
    assert_eq!(market.trades().last().map(|trade| trade.taker_state), Some(OrderState::Filled));
}

#[test]
fn market_buy_by_base_keeps_its_size_when_the_book_ends_before_the_money() {
    let mut market = Exchange::new();
    market.draw("ask 100  2@bob");
    market.set_free("alice", USDT, 299 * COIN);
    market.place("alice", buy(5).whole());
    assert_eq!(market.accepted_size(), 5);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
}

#[test]
fn market_sell_by_base_shrinks_to_the_coins_that_are_there() {
    let mut market = Exchange::new();
    market.draw("bid 100  9@bob");
    market.set_free("alice", BTC, 3 * COIN + COIN / 2);
    market.place("alice", sell(5));
    assert_eq!(market.accepted_size(), 3);
    assert_eq!(market.fills(), [("bob", 100, 3)]);
}

#[test]
fn market_buy_by_quote_shrinks_to_the_money_that_is_there() {
    let mut market = Exchange::new();
    market.draw("ask 100  9@bob");
    market.set_free("alice", USDT, 250 * COIN);
    market.place("alice", buy(500).in_quote());
    assert_eq!(market.accepted_size(), 250);
    assert_eq!(market.fills(), [("bob", 100, 2)]);
    assert_eq!(market.closed(), [("alice", OrderState::Filled, CancelSource::System)]);
}

#[test]
fn market_sell_by_quote_shrinks_to_what_its_coins_bring() {
    let mut market = Exchange::new();
    market.draw(
        "bid 100  1@bob
         bid 90   9@bob",
    );
    market.set_free("alice", BTC, 2 * COIN);
    market.place("alice", sell(500).in_quote());
    assert_eq!(market.accepted_size(), 190);
    assert_eq!(market.fills(), [("bob", 100, 1), ("bob", 90, 1)]);
    assert_eq!(market.closed(), []);
}

#[test]
fn market_order_that_may_not_shrink_is_refused_without_the_money() {
    let mut market = Exchange::new();
    market.draw(
        "ask 110  5@bob
         ask 100  2@bob
         bid 90   5@bob",
    );
    market.set_free("alice", USDT, 420 * COIN);
    market.set_free("alice", BTC, 4 * COIN);
    for order in [buy(5), sell(5), buy(421).in_quote(), sell(450).in_quote()] {
        assert_eq!(market.place_refused("alice", order.whole()), Refusal::InsufficientBalance, "{order:?}");
    }
    for order in [buy(4), sell(4)] {
        market.place("alice", order.whole());
        assert_eq!(market.closed(), []);
    }
}

#[test]
fn market_order_that_can_pay_for_no_lot_is_refused() {
    let mut market = Exchange::new();
    market.draw(
        "ask 100  2@bob
         bid 90   5@bob",
    );
    market.set_free("alice", USDT, 100 * COIN - 1);
    market.set_free("alice", BTC, COIN - 1);
    for order in [buy(1), sell(1), buy(100).in_quote(), sell(100).in_quote()] {
        assert_eq!(market.place_refused("alice", order), Refusal::InsufficientBalance, "{order:?}");
        assert_eq!(market.place_refused("poor", order), Refusal::InsufficientBalance, "{order:?}");
    }
}

#[test]
fn market_order_of_somebody_without_money_is_refused_also_when_the_book_is_empty() {
    let mut market = Exchange::new();
    for order in [buy(1), sell(1), buy(100).in_quote(), sell(100).in_quote()] {
        assert_eq!(market.place_refused("poor", order), Refusal::InsufficientBalance, "{order:?}");
    }
}

#[test]
fn proceeds_are_free_at_once() {
    let mut market = Exchange::new();
    market.set_free("poor", USDT, 500 * COIN);
    market.draw("ask 100  5@bob");
    market.place("poor", buy(5).at(100));
    market.place("poor", sell(5).at(120));
    assert_eq!(market.balance("poor", BTC), (5 * COIN, 5 * COIN));
}
