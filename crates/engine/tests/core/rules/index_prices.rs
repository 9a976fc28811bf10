//! Index prices: what is said of the world outside, and which prices it leaves to orders.

use crate::support::commands::*;
use crate::support::events::Event;
use crate::support::exchange::*;
use tickyard_types::*;

fn index(price: i64, highest_buy: i64, lowest_sell: i64) -> Command {
    Command::SetIndexPrice(set_index_price(1, price, highest_buy, lowest_sell))
}

#[test]
fn buyers_are_bounded_above_and_sellers_below() {
    let mut market = Exchange::new();
    market.accepted(index(100, 105, 95));
    assert_eq!(market.place_refused("alice", buy(1).at(106)), Refusal::PriceOutOfBounds);
    assert_eq!(market.place_refused("alice", sell(1).at(94)), Refusal::PriceOutOfBounds);
    for order in [buy(1).at(105), buy(1).at(1), sell(1).at(10_000)] {
        market.place("alice", order);
    }
    let moved = market.place("bob", buy(1).at(200).flagged(PlaceOrder::CLAMP_PRICE));
    assert_eq!(market.order("bob", moved).map(|order| order.price), Some(105));
}

#[test]
fn trade_says_what_the_instrument_was_worth_outside() {
    let mut market = Exchange::new();
    for (index_price, command) in [(0, None), (100, Some(index(100, 0, 0))), (101, Some(index(101, 0, 0)))] {
        if let Some(command) = command {
            market.accepted(command);
        }
        market.draw("ask 200  1@bob");
        market.place("alice", buy(1));
        assert_eq!(market.trades().map(|trade| trade.index_price).collect::<Vec<_>>(), [index_price]);
    }
}

#[test]
fn amended_price_is_bounded_and_a_price_that_stays_is_not() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(2).at(100));
    market.accepted(index(50, 55, 45));
    assert_eq!(market.amend_refused("alice", id, 56, 0), Refusal::PriceOutOfBounds);
    market.amend("alice", id, 0, 1);
    market.shows("bid 100  1@alice");
}

#[test]
fn market_orders_walk_the_book_whatever_the_index_says() {
    let mut market = Exchange::new();
    market.draw("ask 200  1@bob");
    market.accepted(index(100, 105, 95));
    market.place("alice", buy(1));
    assert_eq!(market.fills(), [("bob", 200, 1)]);
}

#[test]
fn trigger_order_may_ask_for_a_price_that_is_beyond_the_bounds_until_it_fires() {
    let mut market = Exchange::new();
    market.trade_at(100);
    market.accepted(index(100, 105, 95));
    market.trigger("alice", trigger(TriggerKind::Conditional, Side::Sell, 3).stop(80, 78));
    market.accepted(index(80, 84, 76));
    market.trade_at(80);
    market.shows("ask 78  3@alice");
}

#[test]
fn trigger_order_that_fires_beyond_the_bounds_is_moved_there() {
    let mut market = Exchange::new();
    market.trade_at(100);
    market.accepted(index(100, 105, 95));
    market.trigger("alice", trigger(TriggerKind::Conditional, Side::Sell, 3).stop(90, 80));
    market.trigger("bob", trigger(TriggerKind::Plain, Side::Buy, 2).take(110, 120));
    // Market orders trade beyond the bounds.
    market.place("dave", buy(1).at(90));
    market.place("carol", sell(1));
    assert_eq!(
        market.told_triggers().last().map(|told| (told.state, told.order_price)),
        Some((TriggerState::Effective, 95))
    );
    market.shows("ask 95  3@alice");
    market.cancel("alice", market.orders("alice")[0].order_id);
    market.place("dave", sell(1).at(110));
    market.place("carol", buy(1));
    market.shows("bid 105  2@bob");
}

#[test]
fn nothing_said_leaves_the_bounds_of_the_listing() {
    let mut market = Exchange::new();
    market.accepted(index(100, 105, 95));
    market.accepted(index(0, 0, 0));
    market.place("alice", buy(1).at(10_000));
}

#[test]
fn news_are_told_once_and_kept_by_a_snapshot() {
    let mut market = Exchange::new();
    market.accepted(index(100, 105, 95));
    let told = |market: &Exchange| {
        let events = market.events.iter().filter(|event| matches!(event, Event::IndexPriceSet(_)));
        events.count()
    };
    assert_eq!(told(&market), 1);
    market.accepted(index(100, 105, 95));
    assert_eq!(told(&market), 0);
    let restored = Engine::restore(&market.engine.snapshot()).expect("a sound snapshot");
    let prices: Vec<_> = restored.index_prices().map(|set| (set.instrument.0, set.price, set.highest_buy)).collect();
    assert_eq!(prices, [(1, 100, 105)]);
}

#[test]
fn prices_that_no_order_could_have_are_refused() {
    let mut market = Exchange::new();
    for command in [index(10_001, 0, 0), index(100, 10_001, 0), index(100, 90, 91)] {
        assert_eq!(market.refusal(command), Refusal::PriceOutOfBounds);
    }
    assert_eq!(market.refusal(index(-1, 0, 0)), Refusal::PriceInvalid);
    let nothing = Command::SetIndexPrice(set_index_price(9, 1, 0, 0));
    assert_eq!(market.refusal(nothing), Refusal::UnknownInstrument);
}
