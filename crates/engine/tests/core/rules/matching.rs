//! How orders meet.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn orders_match_by_price_then_by_time() {
    let mut market = Exchange::new();
    market.draw(
        "ask 102  5@carol
         ask 101  5@bob 2@carol",
    );
    market.place("alice", buy(9).at(102));
    assert_eq!(market.fills(), [("bob", 101, 5), ("carol", 101, 2), ("carol", 102, 2)]);
    market.shows("ask 102  3@carol");
}

#[test]
fn what_a_limit_order_does_not_take_rests() {
    let mut market = Exchange::new();
    market.draw("ask 101  5@bob");
    market.place("alice", buy(9).at(101));
    assert_eq!(market.fills(), [("bob", 101, 5)]);
    market.shows("bid 101  4@alice");
    assert_eq!(market.balance("alice", USDT), ((1_000_000 - 505) * COIN, 404 * COIN));
}

#[test]
fn taker_pays_the_better_price_and_nothing_stays_held() {
    let mut market = Exchange::new();
    market.draw("ask 90  5@bob");
    market.place("alice", buy(5).at(101));
    assert_eq!(market.gained("alice", USDT), -450 * COIN);
    assert_eq!(market.balance("alice", USDT).1, 0);
    assert_eq!(market.gained("bob", USDT), 450 * COIN);
    assert_eq!(market.balance("bob", BTC), ((1_000_000 - 5) * COIN, 0));
}

#[test]
fn post_only_order_never_takes() {
    let mut market = Exchange::new();
    market.draw("ask 101  5@bob");
    market.place("alice", buy(1).at(101).post_only());
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::PostOnly)]);
    market.place("alice", buy(1).at(100).post_only());
    market.shows(
        "ask 101  5@bob
         bid 100  1@alice",
    );
}

#[test]
fn post_only_order_that_meets_an_own_order_is_canceled_as_post_only() {
    let mut market = Exchange::new();
    market.draw("ask 101  5@alice");
    market.place("alice", buy(1).at(101).post_only());
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::PostOnly)]);
    market.shows("ask 101  5@alice");
}

#[test]
fn immediate_or_cancel_takes_what_is_there_and_rests_nothing() {
    let mut market = Exchange::new();
    market.draw(
        "ask 102  5@bob
         ask 101  5@bob",
    );
    market.place("alice", buy(9).at(101).ioc());
    assert_eq!(market.fills(), [("bob", 101, 5)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
    market.shows("ask 102  5@bob");
}

#[test]
fn fill_or_kill_is_filled_whole_or_not_at_all() {
    let mut market = Exchange::new();
    market.draw(
        "ask 102  5@bob
         ask 101  5@bob",
    );
    market.place("alice", buy(6).at(101).fok());
    assert_eq!(market.fills(), []);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::FillOrKill)]);
    market.place("alice", buy(6).at(102).fok());
    assert_eq!(market.fills(), [("bob", 101, 5), ("bob", 102, 1)]);
    assert_eq!(market.closed(), []);
    market.shows("ask 102  4@bob");
}

#[test]
fn market_order_without_liquidity_is_accepted_and_canceled() {
    let mut market = Exchange::new();
    for order in [buy(3), sell(3), buy(300).in_quote(), sell(300).in_quote()] {
        market.place("alice", order);
        assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
    }
}

#[test]
fn market_order_takes_at_any_price_and_cancels_the_rest() {
    let mut market = Exchange::new();
    market.draw(
        "ask 9999  1@bob
         ask 1     1@bob",
    );
    market.place("alice", buy(3));
    assert_eq!(market.fills(), [("bob", 1, 1), ("bob", 9999, 1)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
}

#[test]
fn market_order_with_a_limit_of_slippage_takes_no_price_further_from_the_best_one() {
    let cases = [
        (buy(9), "ask 206  5@bob\n ask 205  2@bob\n ask 200  1@bob", vec![("bob", 200, 1), ("bob", 205, 2)]),
        (sell(9), "bid 200  1@bob\n bid 195  2@bob\n bid 194  5@bob", vec![("bob", 200, 1), ("bob", 195, 2)]),
        (buy(1_000).in_quote(), "ask 206  5@bob\n ask 200  1@bob", vec![("bob", 200, 1)]),
        // Half a tick further would be within the limit, but there is no such price.
        (buy(9), "ask 105  5@bob\n ask 101  1@bob", vec![("bob", 101, 1)]),
        (buy(9), "ask 106  5@bob\n ask 102  1@bob", vec![("bob", 102, 1)]),
    ];
    for (order, book, fills) in cases {
        let mut market = Exchange::new();
        market.draw(book);
        let slippage_ppb = if book.contains("200") { 25_000_000 } else { 34_000_000 };
        market.place("alice", PlaceOrder { slippage_ppb, ..order });
        assert_eq!(market.fills(), fills, "{book}");
        assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
    }
}

#[test]
fn limit_of_slippage_may_leave_money_that_would_have_been_needed_further_away() {
    let mut market = Exchange::new();
    market.draw("ask 10000  5@bob\n ask 100  1@bob");
    market.set_free("alice", USDT, 200 * COIN);
    market.place("alice", PlaceOrder { slippage_ppb: 1, ..buy(2).whole() });
    assert_eq!(market.fills(), [("bob", 100, 1)]);
}

#[test]
fn market_buy_by_quote_buys_whole_lots_and_is_then_filled() {
    let mut market = Exchange::new();
    market.draw(
        "ask 103  5@bob
         ask 100  2@bob",
    );
    market.place("alice", buy(500).in_quote());
    assert_eq!(market.fills(), [("bob", 100, 2), ("bob", 103, 2)]);
    assert_eq!(market.closed(), [("alice", OrderState::Filled, CancelSource::System)]);
    assert_eq!(market.gained("alice", USDT), -406 * COIN);
}

#[test]
fn market_buy_by_quote_that_spends_all_is_filled_by_its_last_trade() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob");
    market.place("alice", buy(500).in_quote());
    assert_eq!(market.trades().last().map(|trade| trade.taker_state), Some(OrderState::Filled));
    assert_eq!(market.closed(), []);
}

#[test]
fn market_buy_by_quote_that_buys_no_lot_is_canceled() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob");
    market.place("alice", buy(99).in_quote());
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
}

#[test]
fn market_buy_by_quote_that_empties_the_book_is_canceled() {
    let mut market = Exchange::new();
    market.draw("ask 100  1@bob");
    market.place("alice", buy(150).in_quote());
    assert_eq!(market.fills(), [("bob", 100, 1)]);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::ImmediateOrCancel)]);
}

#[test]
fn market_sell_by_quote_sells_no_more_than_it_asks_for() {
    let mut market = Exchange::new();
    market.draw(
        "bid 100  1@bob
         bid 90   5@bob",
    );
    market.place("alice", sell(300).in_quote());
    assert_eq!(market.fills(), [("bob", 100, 1), ("bob", 90, 2)]);
    assert_eq!(market.gained("alice", USDT), 280 * COIN);
    assert_eq!(market.closed(), [("alice", OrderState::Filled, CancelSource::System)]);
}

/// A book with one lot of bob's at each of so many prices, which takes several accounts' worth of orders.
fn deep(levels: i64) -> Exchange {
    let mut market = Exchange::new();
    market.set_free("alice", USDT, 100_000_000 * COIN);
    for level in 0..levels {
        let who = ["bob", "carol", "dave"][level as usize / 450];
        market.place(who, sell(1).at(100 + level));
    }
    market
}

#[test]
fn taker_meets_at_most_a_thousand_orders() {
    let mut market = deep(1_002);
    market.place("alice", buy(1_001).at(10_000));
    assert_eq!(market.fills().len(), 1_000);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::TooManyMatches)]);
    assert_eq!(market.orders("alice"), []);
    market.place("alice", buy(3));
    assert_eq!(market.fills().len(), 2);
}

#[test]
fn taker_that_needs_exactly_a_thousand_orders_is_filled() {
    let mut market = deep(1_001);
    market.place("alice", buy(1_000).at(10_000).fok());
    assert_eq!(market.fills().len(), 1_000);
    assert_eq!(market.closed(), []);
}

#[test]
fn fill_or_kill_that_needs_more_than_a_thousand_orders_is_canceled_whole() {
    let mut market = deep(1_001);
    market.place("alice", buy(1_001).at(10_000).fok());
    assert_eq!(market.fills(), []);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::TooManyMatches)]);
}

#[test]
fn order_ids_grow_with_every_accepted_order() {
    let mut market = Exchange::new();
    let first = market.place("alice", buy(1).at(100));
    let second = market.place("alice", buy(1));
    market.place_refused("poor", buy(1).at(100));
    let third = market.place("bob", buy(1).at(100));
    assert!(first < second && second < third);
    assert_eq!(third.serial(), first.serial() + 2);
}

#[test]
fn trades_count_from_one_in_each_instrument() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob");
    market.place("bob", sell(1).at(50).on(2));
    for expected in [1, 2] {
        market.place("alice", buy(1));
        assert_eq!(market.trades().next().map(|trade| trade.trade_id), Some(TradeId(expected)));
    }
    market.place("alice", buy(1).on(2));
    assert_eq!(market.trades().next().map(|trade| trade.trade_id), Some(TradeId(1)));
}
