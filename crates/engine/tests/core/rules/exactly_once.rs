//! A command sent twice is carried out once.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

/// An order of alice's with an origin.
fn from(boot: u64, counter: u64) -> Command {
    let mut order = buy(1).at(100);
    order.header.account = account("alice");
    order.header.origin = Origin { boot, counter };
    Command::PlaceOrder(order)
}

#[test]
fn repeated_origin_gets_the_first_reply_and_changes_nothing() {
    let mut market = Exchange::new();
    let first = market.apply(from(7, 1));
    market.apply(from(7, 2));
    market.now_ns += 1_000;
    let hash = market.engine.state_hash();
    let again = market.apply(from(7, 1));
    assert_eq!(again, first);
    assert!(again.seq < market.engine.seq());
    assert!(market.events.is_empty());
    assert_eq!(market.engine.state_hash(), hash);
}

#[test]
fn refusals_are_remembered_too() {
    let mut market = Exchange::new();
    let mut order = buy(1).at(100);
    order.header.account = account("poor");
    order.header.origin = Origin { boot: 7, counter: 1 };
    let first = market.apply(Command::PlaceOrder(order));
    market.set_free("poor", USDT, 100 * COIN);
    let again = market.apply(Command::PlaceOrder(order));
    assert_eq!((again.refusal, again.seq), (Refusal::InsufficientBalance.number(), first.seq));
}

#[test]
fn other_boot_or_no_boot_is_another_command() {
    let mut market = Exchange::new();
    for origin in [from(7, 1), from(8, 1), from(0, 0), from(0, 0), from(0, 1), from(0, 1)] {
        market.accepted(origin);
    }
    assert_eq!(market.orders("alice").len(), 6);
}

#[test]
fn origin_older_than_the_window_is_refused_as_forgotten() {
    let mut market = Exchange::new();
    market.accepted(from(7, 1));
    market.accepted(from(7, 65_537));
    assert_eq!(market.refusal(from(7, 1)), Refusal::OriginForgotten);
    market.accepted(from(7, 2));
    assert_eq!(market.orders("alice").len(), 3);
}

#[test]
fn workers_command_is_counted_from_one() {
    let mut market = Exchange::new();
    for counter in [0, 1 << 48, u64::MAX] {
        assert_eq!(market.refusal(from(7, counter)), Refusal::Malformed);
    }
    market.accepted(from(7, 1));
}

#[test]
fn outcomes_survive_a_snapshot() {
    let mut market = Exchange::new();
    let first = market.apply(from(7, 1));
    market.engine = Engine::restore(&market.engine.snapshot()).expect("a whole snapshot");
    assert_eq!(market.apply(from(7, 1)), first);
    assert_eq!(market.orders("alice").len(), 1);
}
