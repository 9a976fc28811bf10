//! Amending: what keeps its place, what loses it, and what fails.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

/// Alice's two orders before bob's.
fn queue() -> (Exchange, OrderId) {
    let mut market = Exchange::new();
    let id = market.place("alice", sell(5).at(101));
    market.place("bob", sell(5).at(101));
    (market, id)
}

#[test]
fn smaller_size_keeps_priority() {
    let (mut market, id) = queue();
    market.amend("alice", id, 0, 2);
    market.shows("ask 101  2@alice 5@bob");
    assert_eq!(market.balance("alice", BTC).1, 2 * COIN);
}

#[test]
fn larger_size_goes_to_the_tail() {
    let (mut market, id) = queue();
    market.amend("alice", id, 0, 6);
    market.shows("ask 101  5@bob 6@alice");
    assert_eq!(market.balance("alice", BTC).1, 6 * COIN);
}

#[test]
fn other_price_goes_to_the_tail_also_with_a_smaller_size() {
    let (mut market, id) = queue();
    market.draw("ask 102  1@carol");
    market.amend("alice", id, 102, 2);
    market.shows(
        "ask 102  1@carol 2@alice
         ask 101  5@bob",
    );
    market.amend("alice", id, 101, 0);
    market.shows(
        "ask 102  1@carol
         ask 101  5@bob 2@alice",
    );
}

#[test]
fn same_price_and_size_keep_priority() {
    let (mut market, id) = queue();
    market.amend("alice", id, 101, 5);
    market.shows("ask 101  5@alice 5@bob");
    assert_eq!(market.amended().result, AmendResult::Amended);
}

#[test]
fn new_size_is_the_total_with_what_was_filled() {
    let (mut market, id) = queue();
    market.place("carol", buy(3));
    market.amend("alice", id, 0, 7);
    market.shows("ask 101  5@bob 4@alice");
    assert_eq!((market.amended().size, market.amended().filled), (7, 3));
    assert_eq!(market.amended().state, OrderState::PartiallyFilled);
}

#[test]
fn size_not_above_what_was_filled_ends_the_order_as_filled() {
    for size in [1, 3] {
        let (mut market, id) = queue();
        market.place("carol", buy(3));
        market.amend("alice", id, 200, size);
        let amended = market.amended();
        assert_eq!((amended.state, amended.size, amended.filled, amended.price), (OrderState::Filled, 3, 3, 101));
        assert_eq!(market.closed(), []);
        assert_eq!(market.balance("alice", BTC), ((1_000_000 - 3) * COIN, 0));
        market.shows("ask 101  5@bob");
    }
}

#[test]
fn amended_order_that_crosses_takes() {
    let mut market = Exchange::new();
    market.draw("bid 100  3@bob");
    let id = market.place("alice", sell(5).at(101));
    market.amend("alice", id, 100, 0);
    assert_eq!(market.fills(), [("bob", 100, 3)]);
    market.shows("ask 100  2@alice");
    let order = market.order("alice", id).expect("a live order");
    assert_eq!((order.filled, order.cost, order.size), (3, 300, 5));
    assert!(matches!(market.events.first(), Some(crate::support::events::Event::OrderAmended(_))));
}

#[test]
fn amended_order_that_is_filled_whole_ends() {
    let mut market = Exchange::new();
    market.draw("bid 100  9@bob");
    let id = market.place("alice", sell(5).at(101).named("mine"));
    market.amend("alice", id, 100, 0);
    assert_eq!(market.trades().last().map(|trade| trade.taker_state), Some(OrderState::Filled));
    assert_eq!(market.orders("alice"), []);
    market.place("alice", sell(5).at(101).named("mine"));
}

#[test]
fn amended_order_obeys_self_trade_prevention() {
    let mut market = Exchange::new();
    market.draw("bid 100  3@alice");
    let id = market.place("alice", sell(5).at(101).stp(SelfTrade::CancelTaker));
    market.amend("alice", id, 100, 0);
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::SelfTrade)]);
    market.shows("bid 100  3@alice");
}

#[test]
fn amendment_that_would_make_a_post_only_order_take_is_refused() {
    let mut market = Exchange::new();
    market.draw("bid 100  3@bob");
    let id = market.place("alice", sell(5).at(101).post_only());
    assert_eq!(market.amend_refused("alice", id, 100, 0), Refusal::AmendWouldTake);
    market.shows(
        "ask 101  5@alice
         bid 100  3@bob",
    );
    market.amend("alice", id, 102, 0);
}

#[test]
fn post_only_instrument_refuses_amendments_that_would_take() {
    let mut market = Exchange::new();
    market.draw("bid 100  3@bob");
    let id = market.place("alice", sell(5).at(101));
    market.accepted(Command::SetInstrumentState(set_state(1, InstrumentState::PostOnly)));
    assert_eq!(market.amend_refused("alice", id, 100, 0), Refusal::InstrumentPostOnly);
    market.amend("alice", id, 102, 0);
}

#[test]
fn amendment_is_covered_by_what_is_free_and_what_was_held() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(5).at(100));
    market.set_free("alice", USDT, 100 * COIN);
    assert_eq!(market.amend_refused("alice", id, 0, 7), Refusal::InsufficientBalance);
    market.amend("alice", id, 0, 6);
    assert_eq!(market.balance("alice", USDT), (600 * COIN, 600 * COIN));
    market.amend("alice", id, 50, 12);
    assert_eq!(market.amend_refused("alice", id, 51, 0), Refusal::InsufficientBalance);
}

#[test]
fn order_that_cannot_be_amended_is_canceled_on_request() {
    let mut market = Exchange::new();
    market.draw("bid 100  3@bob");
    let id = market.place("alice", sell(5).at(101).post_only());
    let mut amendment = amend(account("alice"), id, 100, 0);
    amendment.header.flags = AmendOrder::CANCEL_ON_FAIL;
    amendment.request_id = padded("try1");
    let reply = market.accepted(Command::AmendOrder(amendment));
    assert_eq!(reply.order_id, id);
    let amended = market.amended();
    assert_eq!((amended.result, amended.price, amended.request_id), (AmendResult::Canceled, 101, padded("try1")));
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::User)]);
    assert_eq!(market.balance("alice", BTC).1, 0);
}

#[test]
fn cancel_on_fail_is_for_book_and_money_not_for_what_is_wrong_in_itself() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(5).at(100));
    market.set_free("alice", USDT, 0);
    let mut amendment = amend(account("alice"), id, 10_001, 0);
    amendment.header.flags = AmendOrder::CANCEL_ON_FAIL;
    assert_eq!(market.refusal(Command::AmendOrder(amendment)), Refusal::PriceOutOfBounds);
    market.accepted(Command::AmendOrder(AmendOrder { price: 101, ..amendment }));
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::User)]);
}

#[test]
fn amendment_obeys_the_bounds_of_size_and_price() {
    let mut market = Exchange::new();
    let id = market.place("alice", sell(5).at(101));
    assert_eq!(market.amend_refused("alice", id, 0, 1_000_001), Refusal::LimitSizeAboveMaximum);
    assert_eq!(market.amend_refused("alice", id, 10_001, 0), Refusal::PriceOutOfBounds);
    let mut clamped = amend(account("alice"), id, 10_001, 0);
    clamped.header.flags = AmendOrder::CLAMP_PRICE;
    market.accepted(Command::AmendOrder(clamped));
    market.shows("ask 10000  5@alice");
}

#[test]
fn amendment_names_an_order_and_a_change() {
    let mut market = Exchange::new();
    let id = market.place("alice", sell(5).at(101).named("mine"));
    assert_eq!(market.amend_refused("alice", id, 0, 0), Refusal::NothingToAmend);
    assert_eq!(market.amend_refused("alice", id, -1, 0), Refusal::PriceInvalid);
    assert_eq!(market.amend_refused("alice", id, 0, -1), Refusal::SizeNotPositive);
    assert_eq!(market.amend_refused("alice", OrderId(0), 1, 0), Refusal::NoOrderId);
    assert_eq!(market.amend_refused("bob", id, 102, 0), Refusal::OrderNotFound);
    let elsewhere = AmendOrder { instrument: InstrumentId(2), ..amend(account("alice"), id, 102, 0) };
    assert_eq!(market.refusal(Command::AmendOrder(elsewhere)), Refusal::OrderNotFound);
    let late = AmendOrder { expires_at_ms: 1, ..amend(account("alice"), id, 102, 0) };
    assert_eq!(market.refusal(Command::AmendOrder(late)), Refusal::Expired);
    let by_name = AmendOrder { client_id: padded("mine"), ..amend(account("alice"), OrderId(0), 102, 0) };
    let reply = market.accepted(Command::AmendOrder(by_name));
    assert_eq!((reply.order_id, reply.client_id), (id, padded("mine")));
}

#[test]
fn amended_order_keeps_its_place_among_the_accounts_orders_and_its_name() {
    let mut market = Exchange::new();
    let first = market.place("alice", sell(5).at(101).named("first"));
    let second = market.place("alice", sell(5).at(101));
    market.amend("alice", first, 105, 9);
    let ids: Vec<OrderId> = market.orders("alice").iter().map(|order| order.order_id).collect();
    assert_eq!(ids, [first, second]);
    assert_eq!(market.engine.order_by_client_id(account("alice"), &padded("first")).map(|order| order.size), Some(9));
}
