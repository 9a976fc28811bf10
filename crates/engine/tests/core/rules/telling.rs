//! Events: what a reader is told.

use crate::support::commands::*;
use crate::support::events::Event;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn touched_levels_are_told_once_with_their_final_values() {
    let mut market = Exchange::new();
    market.draw(
        "ask 102  5@bob
         ask 101  5@bob 2@carol",
    );
    market.place("alice", buy(9).at(105));
    let levels: Vec<_> = market.levels().map(|level| (level.side, level.price, level.size, level.orders)).collect();
    assert_eq!(levels, [(Side::Sell, 101, 0, 0), (Side::Sell, 102, 3, 1)]);
    let id = market.place("alice", buy(9).at(100));
    let levels: Vec<_> = market.levels().map(|level| (level.side, level.price, level.size, level.orders)).collect();
    assert_eq!(levels, [(Side::Buy, 100, 9, 1)]);
    market.amend("alice", id, 0, 10);
    assert_eq!(market.levels().count(), 1, "left and entered, told once");
}

#[test]
fn order_is_told_as_accepted_before_anything_else_of_it() {
    let mut market = Exchange::new();
    market.draw("ask 101  5@bob");
    market.place("alice", buy(9).at(105).named("mine").tagged("tag"));
    let Some(Event::OrderAccepted(accepted)) = market.events.first() else { panic!("no order was accepted") };
    assert_eq!((accepted.price, accepted.size, accepted.self_trade), (105, 9, SelfTrade::CancelMaker));
    assert_eq!((accepted.client_id, accepted.tag), (padded("mine"), padded("tag")));
}

#[test]
fn trade_is_told_with_the_totals_of_both_orders() {
    let mut market = Exchange::new();
    market.draw("ask 101  5@bob 5@carol");
    market.place("alice", buy(7).at(101));
    let trades: Vec<Traded> = market.trades().copied().collect();
    assert_eq!((trades[0].taker_filled, trades[0].taker_state), (5, OrderState::PartiallyFilled));
    assert_eq!((trades[0].maker_filled, trades[0].maker_state), (5, OrderState::Filled));
    assert_eq!((trades[1].taker_filled, trades[1].taker_state, trades[1].taker_cost), (7, OrderState::Filled, 707));
    assert_eq!(
        (trades[1].maker_filled, trades[1].maker_state, trades[1].maker_cost),
        (2, OrderState::PartiallyFilled, 202)
    );
}

#[test]
fn trade_is_followed_by_its_legs() {
    let mut market = Exchange::new();
    market.fees(10_000_000, 10_000_000);
    market.draw("ask 100  5@bob");
    market.place("alice", buy(5));
    let legs: Vec<_> =
        market.postings().map(|leg| (leg.account, leg.asset.0, leg.is_taker, leg.side, leg.reason)).collect();
    let (alice, bob) = (account("alice"), account("bob"));
    assert_eq!(
        legs,
        [
            (alice, BTC, 1, 1, PostingReason::Trade),
            (alice, USDT, 1, 1, PostingReason::Trade),
            (bob, BTC, 0, 2, PostingReason::Trade),
            (bob, USDT, 0, 2, PostingReason::Trade),
            (AccountId::FEES, BTC, 1, 0, PostingReason::Fee),
            (AccountId::FEES, USDT, 1, 0, PostingReason::Fee),
        ]
    );
    let first = market.postings().next().expect("a leg");
    assert_eq!((first.amount, first.fee), (5 * COIN - COIN / 20, -COIN / 20));
    assert_eq!((first.size, first.price, first.instrument), (5, 100, InstrumentId(1)));
}

#[test]
fn last_sequence_of_an_account_is_that_of_its_newest_event() {
    let mut market = Exchange::new();
    let seq = |market: &Exchange, who: &str| market.engine.last_seq(account(who));
    market.draw("ask 100  5@bob");
    let placed = market.engine.seq();
    assert_eq!(seq(&market, "bob"), placed);
    market.place("alice", buy(1));
    assert_eq!((seq(&market, "alice"), seq(&market, "bob")), (market.engine.seq(), market.engine.seq()));
    assert!(seq(&market, "carol") < placed);
    market.place_refused("carol", buy(0).at(100));
    assert!(seq(&market, "carol") < placed);
}

#[test]
fn live_order_can_be_read_with_its_last_trade() {
    let mut market = Exchange::new();
    let id = market.place("bob", sell(5).at(100).named("mine").tagged("tag"));
    market.now_ns += 5;
    market.place("alice", buy(2));
    let order = market.order("bob", id).expect("a live order");
    assert_eq!((order.state, order.filled, order.cost), (OrderState::PartiallyFilled, 2, 200));
    assert_eq!((order.created_ns, order.updated_ns, order.last_time_ns), (START_NS, START_NS + 5, START_NS + 5));
    assert_eq!((order.last_trade_id, order.last_price, order.last_size), (TradeId(1), 100, 2));
    assert_eq!((order.side, order.client_id, order.tag), (Side::Sell, padded("mine"), padded("tag")));
    assert_eq!(market.engine.order(account("alice"), id), None);
    let book: Vec<_> =
        market.engine.book(InstrumentId(1), Side::Sell).map(|level| (level.price, level.size, level.orders)).collect();
    assert_eq!(book, [(100, 3, 1)]);
}
