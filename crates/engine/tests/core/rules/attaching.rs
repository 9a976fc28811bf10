//! Take-profits and stop-losses attached to an order.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

const BOTH: [Leg; 2] = [leg(120, 121), leg(80, 79)];

#[test]
fn attached_order_comes_to_life_when_its_order_is_filled_whole() {
    let mut market = Exchange::new();
    let parent = market.place_with("alice", buy(5).at(100), &[(BOTH, 0)]);
    let [told] = market.told_triggers()[..] else { panic!("it is told") };
    assert_eq!((told.parent, told.state, told.side), (parent, TriggerState::Attached, Side::Sell));
    market.place("bob", sell(2).at(100));
    assert_eq!(market.triggers("alice"), [(0, TriggerState::Attached)]);
    market.place("bob", sell(3).at(100));
    assert_eq!(market.triggers("alice"), [(5, TriggerState::Live)]);
    market.trade_at(120);
    market.shows("ask 121  5@alice");
}

#[test]
fn order_that_is_filled_at_once_has_its_attached_order_live_at_once() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob");
    market.place_with("alice", buy(5), &[(BOTH, 0)]);
    assert_eq!(market.triggers("alice"), [(5, TriggerState::Live)]);
}

#[test]
fn attached_order_ends_with_an_order_that_is_cancelled_before_any_fill() {
    let mut market = Exchange::new();
    let parent = market.place_with("alice", buy(5).at(100), &[(BOTH, 0)]);
    market.cancel("alice", parent);
    let [ended] = market.told_triggers()[..] else { panic!("it is told") };
    assert_eq!((ended.state, ended.size), (TriggerState::Canceled, 0));
    assert_eq!(market.triggers("alice"), []);
    market.place_with("alice", buy(5).at(100).fok(), &[(BOTH, 0)]);
    assert_eq!(market.triggers("alice"), []);
}

#[test]
fn attached_order_lives_for_what_was_filled_of_a_cancelled_order() {
    let mut market = Exchange::new();
    let parent = market.place_with("alice", buy(5).at(100), &[(BOTH, 0)]);
    market.place("bob", sell(2).at(100));
    market.cancel("alice", parent);
    assert_eq!(market.triggers("alice"), [(2, TriggerState::Live)]);
}

#[test]
fn split_take_profits_share_the_size_and_one_stop_covers_it() {
    let mut market = Exchange::new();
    let split = [([leg(110, 111), Leg::NONE], 2), ([leg(120, 121), Leg::NONE], 3), ([Leg::NONE, leg(80, 79)], 0)];
    let parent = market.place_with("alice", buy(5).at(100), &split);
    market.place("bob", sell(4).at(100));
    market.cancel("alice", parent);
    let live = TriggerState::Live;
    assert_eq!(market.triggers("alice"), [(2, live), (2, live), (4, live)]);
}

#[test]
fn attachments_that_contradict_each_other_refuse_the_order() {
    let mut market = Exchange::new();
    let take = |size| ([leg(110, 111), Leg::NONE], size);
    let stop = ([Leg::NONE, leg(80, 79)], 0);
    let wrong: [&[_]; 5] = [&[], &[take(2), take(2)], &[take(5), (BOTH, 0)], &[stop, stop], &[take(4)]];
    for with in wrong {
        let mut order = buy(5).at(100);
        order.header.account = account("alice");
        let refused = market.refusal(Command::PlaceOrderAttached(attached(order, with)));
        assert_eq!(refused, Refusal::AttachmentsInvalid, "{with:?}");
    }
}

#[test]
fn what_the_price_has_passed_already_fires_as_soon_as_it_lives() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob\n bid 70  9@carol");
    // The fill itself is below the stop.
    market.place_with("alice", buy(5).at(100), &[([Leg::NONE, leg(105, Leg::MARKET)], 0)]);
    assert_eq!(market.fills(), [("bob", 100, 5), ("carol", 70, 5)]);
    assert_eq!(market.told_triggers().last().expect("it fired").fired_price, 100);
}

#[test]
fn market_order_lies_between_what_is_attached_to_it() {
    let mut market = Exchange::new();
    market.draw("ask 100  5@bob\n bid 90  5@carol");
    let (take, stop) = (|price| [leg(price, 1), Leg::NONE], |price| [Leg::NONE, leg(price, 1)]);
    let (taken, stopped) = (Refusal::TakeProfitReached, Refusal::StopLossReached);
    for (mut order, legs, refusal) in [
        (buy(1), take(100), taken),
        (buy(1), stop(100), stopped),
        (sell(1), take(90), taken),
        (sell(1), stop(90), stopped),
    ] {
        order.header.account = account("alice");
        assert_eq!(market.refusal(Command::PlaceOrderAttached(attached(order, &[(legs, 0)]))), refusal);
    }
    market.place_with("alice", buy(1), &[([leg(101, 102), leg(99, 98)], 0)]);
}

#[test]
fn attached_order_is_amended_while_its_order_waits_and_not_cancelled_by_itself() {
    let mut market = Exchange::new();
    market.place_with("alice", buy(5).at(100), &[(BOTH, 0)]);
    let id = market.told_triggers()[0].trigger_id;
    market.accepted(Command::AmendTrigger(amend_trigger(account("alice"), id, [leg(130, 0), Leg::NONE], 0)));
    assert_eq!(market.told_triggers()[0].legs, [leg(130, 121), leg(80, 79)]);
    let cancel = Command::CancelTrigger(cancel_trigger(account("alice"), id));
    assert_eq!(market.refusal(cancel), Refusal::TriggerNotFound);
}

#[test]
fn order_and_what_is_attached_are_changed_together_or_not_at_all() {
    let mut market = Exchange::new();
    market.draw("ask 110  5@bob");
    let order = market.place_with("alice", buy(5).at(100).post_only(), &[(BOTH, 0)]);
    let id = market.told_triggers()[0].trigger_id;
    let changes = [(id, [leg(130, 0), Leg::NONE], 0)];
    let amended = |price, size, changes: &[_]| {
        Command::AmendOrderAttached(amend_attached(amend(account("alice"), order, price, size), changes))
    };
    // The exchange asserts that a refusal leaves no trace.
    assert_eq!(market.refusal(amended(110, 0, &changes)), Refusal::AmendWouldTake);
    let other = [changes[0], (TriggerId::new(999), [leg(130, 0), Leg::NONE], 0)];
    assert_eq!(market.refusal(amended(99, 0, &other)), Refusal::TriggerNotFound);
    assert_eq!(market.refusal(amended(99, 0, &[changes[0]; 2])), Refusal::Malformed);
    assert_eq!(market.refusal(amended(99, 0, &[])), Refusal::Malformed);

    market.accepted(amended(99, 4, &changes));
    assert_eq!(market.told_triggers()[0].legs, [leg(130, 121), leg(80, 79)]);
    market.accepted(amended(0, 0, &[(id, [leg(140, 0), Leg::NONE], 0)]));
    assert_eq!(market.told_triggers()[0].legs, [leg(140, 121), leg(80, 79)]);
    market.place("bob", sell(4).at(99));
    assert_eq!(market.triggers("alice"), [(4, TriggerState::Live)]);
    assert_eq!(market.refusal(amended(98, 0, &changes)), Refusal::OrderNotFound);
}

#[test]
fn order_that_is_cancelled_instead_of_changed_takes_along_what_is_attached() {
    let mut market = Exchange::new();
    market.draw("ask 110  5@bob");
    let order = market.place_with("alice", buy(5).at(100).post_only(), &[(BOTH, 0)]);
    let id = market.told_triggers()[0].trigger_id;
    let mut amended = amend(account("alice"), order, 110, 0);
    amended.header.flags = AmendOrder::CANCEL_ON_FAIL;
    market.accepted(Command::AmendOrderAttached(amend_attached(amended, &[(id, [leg(130, 0), Leg::NONE], 0)])));
    assert!(market.orders("alice").is_empty());
    assert_eq!(market.triggers("alice"), []);
}

#[test]
fn refused_order_leaves_nothing_attached() {
    let mut market = Exchange::new();
    let mut order = buy(5).at(100);
    order.header.account = account("poor");
    let refused = market.refusal(Command::PlaceOrderAttached(attached(order, &[(BOTH, 0)])));
    assert_eq!(refused, Refusal::InsufficientBalance);
    assert_eq!(market.triggers("poor"), []);
}
