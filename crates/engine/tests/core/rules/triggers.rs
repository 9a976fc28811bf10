//! Trigger orders: what fires them, what their orders are, and when they are refused.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::Side::{Buy, Sell};
use tickyard_types::TriggerKind::{Conditional, OneCancelsOther, Plain, Trailing};
use tickyard_types::*;

const MARKET: i64 = Leg::MARKET;

/// A market whose last trade was at a price.
fn after_trade_at(price: i64) -> Exchange {
    let mut market = Exchange::new();
    market.trade_at(price);
    market
}

#[test]
fn take_profit_of_a_sell_fires_above_and_its_stop_below() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(Conditional, Sell, 3).take(110, 108));
    market.trigger("alice", trigger(Conditional, Sell, 4).stop(90, 95));
    market.trade_at(109);
    market.trade_at(91);
    assert_eq!(market.triggers("alice"), [(3, TriggerState::Live), (4, TriggerState::Live)]);
    market.trade_at(112);
    market.shows("ask 108  3@alice");
    market.cancel("alice", market.orders("alice")[0].order_id);
    market.trade_at(90);
    market.shows("ask 95  4@alice");
}

#[test]
fn take_profit_of_a_buy_fires_below_and_its_stop_above() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(OneCancelsOther, Buy, 3).take(90, 80).stop(110, 85));
    market.trade_at(111);
    market.shows("bid 85  3@alice");
    assert_eq!(market.triggers("alice"), []);
}

#[test]
fn the_exact_trade_that_fired_one_is_told_with_its_order() {
    let mut market = after_trade_at(100);
    let id = market.trigger("alice", trigger(Conditional, Sell, 3).stop(95, MARKET));
    market.draw("bid 97  1@dave\n bid 95  1@dave\n bid 94  5@bob\n bid 93  9@dave");
    market.place("carol", sell(3).at(94));
    let [fired] = market.told_triggers()[..] else { panic!("one fires") };
    let by = market.trades().nth(1).expect("the second trade");
    assert_eq!((fired.trigger_id, fired.state, fired.fired_leg), (id, TriggerState::Effective, 2));
    assert_eq!((fired.fired_trade, fired.fired_price), (by.trade_id, 95));
    assert_eq!((fired.fired_seq, fired.fired_ns), (market.engine.seq(), market.now_ns));
    // Its order came after the whole sale, and met what that had left.
    assert_eq!(market.fills(), [("dave", 97, 1), ("dave", 95, 1), ("bob", 94, 1), ("bob", 94, 3)]);
    assert_eq!(market.trades().last().expect("a trade").taker_order, fired.order_id);
}

#[test]
fn the_other_side_of_an_oco_ends_with_the_one_that_fires() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(OneCancelsOther, Sell, 2).take(110, 110).stop(90, 90));
    market.trade_at(110);
    market.shows("ask 110  2@alice");
    market.trade_at(80);
    market.shows("ask 110  2@alice");
    assert_eq!(market.orders("alice").len(), 1);
}

#[test]
fn plain_trigger_is_reached_from_the_side_on_which_the_price_is() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(Plain, Buy, 1).take(105, 50));
    market.trigger("alice", trigger(Plain, Buy, 2).take(95, 51));
    market.trade_at(104);
    market.trade_at(96);
    assert_eq!(market.orders("alice"), []);
    market.trade_at(95);
    market.shows("bid 51  2@alice");
    market.trade_at(105);
    market.shows("bid 51  2@alice\n bid 50  1@alice");
}

#[test]
fn trailing_sell_follows_the_best_price_and_fires_behind_it() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(Trailing, Sell, 1).behind(5));
    market.draw("bid 60  9@bob");
    for price in [96, 104, 120, 116] {
        market.trade_at(price);
    }
    assert_eq!(market.engine.triggers(account("alice")).next().expect("it lives").extreme, 120);
    market.trade_at(115);
    let [fired] = market.told_triggers()[..] else { panic!("it fires") };
    assert_eq!((fired.extreme, fired.fired_price), (120, 115));
    assert_eq!(market.fills().last(), Some(&("bob", 60, 1)));
}

#[test]
fn trailing_buy_follows_only_from_its_activation_on() {
    let mut market = after_trade_at(100);
    market.trigger("alice", trigger(Trailing, Buy, 1).behind(5).active_from(90));
    market.draw("ask 500  9@bob");
    for price in [95, 110, 91] {
        market.trade_at(price);
    }
    assert_eq!(market.engine.triggers(account("alice")).next().expect("it lives").extreme, 0);
    for price in [90, 80, 84] {
        market.trade_at(price);
    }
    assert_eq!(market.triggers("alice").len(), 1);
    market.trade_at(85);
    assert_eq!(market.fills().last(), Some(&("bob", 500, 1)));
}

#[test]
fn nothing_is_frozen_and_a_price_in_the_wrong_place_is_refused() {
    let mut market = after_trade_at(100);
    market.trigger("poor", trigger(Conditional, Sell, 1_000_000).take(110, 110));
    assert_eq!(market.balance("poor", BTC), (0, 0));
    let refused = |market: &mut Exchange, place| market.trigger_refused("alice", place);
    for side in [(Sell, 100, 100), (Buy, 100, 100), (Sell, 99, 101), (Buy, 101, 99)] {
        let (side, take, stop) = side;
        let take = trigger(Conditional, side, 1).take(take, MARKET);
        assert_eq!(refused(&mut market, take), Refusal::TakeProfitReached);
        let stop = trigger(Conditional, side, 1).stop(stop, MARKET);
        assert_eq!(refused(&mut market, stop), Refusal::StopLossReached);
    }
    let active = trigger(Trailing, Sell, 1).behind(1).active_from(99);
    assert_eq!(refused(&mut market, active), Refusal::ActivationReached);
    let untraded = PlaceTrigger { instrument: InstrumentId(2), ..trigger(Plain, Buy, 1).take(5, 5) };
    assert_eq!(refused(&mut market, untraded), Refusal::NoLastPrice);
}

#[test]
fn shape_of_each_kind_is_checked() {
    let mut market = after_trade_at(100);
    let incomplete = [
        trigger(Conditional, Sell, 1),
        trigger(Conditional, Sell, 1).take(110, 110).stop(90, 90),
        trigger(OneCancelsOther, Sell, 1).take(110, 110),
        trigger(Plain, Sell, 1).stop(90, 90),
        trigger(Trailing, Sell, 1).behind(1).take(110, 110),
        trigger(Conditional, Sell, 1).take(110, 110).behind(1),
    ];
    for place in incomplete {
        assert_eq!(market.trigger_refused("alice", place), Refusal::TriggerIncomplete, "{place:?}");
    }
    let distant = PlaceTrigger { callback_ratio_ppb: 999_999, ..trigger(Trailing, Sell, 1) };
    assert_eq!(market.trigger_refused("alice", distant), Refusal::CallbackOutOfRange);
    let index = PlaceTrigger { price_types: [PriceType::Index; 2], ..trigger(Plain, Sell, 1).take(110, 110) };
    assert_eq!(market.trigger_refused("alice", index), Refusal::TriggerIncomplete);
    let mut in_quote = trigger(Conditional, Buy, 1).take(90, 90);
    in_quote.header.flags = PlaceOrder::SIZE_IN_QUOTE;
    assert_eq!(market.trigger_refused("alice", in_quote), Refusal::NotForOrderType);
    assert_eq!(market.trigger_refused("alice", trigger(Plain, Buy, 0).take(90, 90)), Refusal::SizeNotPositive);
    assert_eq!(market.trigger_refused("alice", trigger(Plain, Buy, 1).take(10_001, 9)), Refusal::PriceOutOfBounds);
}

#[test]
fn limit_order_that_fires_is_shrunk_to_the_money_or_fails() {
    let mut market = after_trade_at(100);
    market.set_free("alice", BTC, 2 * COIN);
    market.trigger("alice", trigger(Conditional, Sell, 5).take(110, 108));
    market.trigger("poor", trigger(Conditional, Sell, 5).take(110, 108));
    market.trade_at(110);
    let told: Vec<_> = market.told_triggers().iter().map(|told| (told.state, told.order_size, told.failure)).collect();
    let no_money = Refusal::InsufficientBalance.number();
    assert_eq!(told, [(TriggerState::Effective, 2, 0), (TriggerState::Failed, 5, no_money)]);
    market.shows("ask 108  2@alice");
}

#[test]
fn names_are_free_again_when_a_trigger_order_ends() {
    let mut market = after_trade_at(100);
    let named = trigger(Conditional, Sell, 1).take(110, 110).called("tp");
    let id = market.trigger("alice", named);
    assert_eq!(market.trigger_refused("alice", named), Refusal::TriggerIdInUse);
    market.trigger("bob", named);
    let by_name = CancelTrigger { client_id: padded("tp"), ..cancel_trigger(account("alice"), TriggerId(0)) };
    assert_eq!(market.accepted(Command::CancelTrigger(by_name)).order_id.0, id.0);
    market.trigger("alice", named);
    assert_eq!(market.refusal(Command::CancelTrigger(cancel_trigger(account("bob"), id))), Refusal::TriggerNotFound);
}

#[test]
fn account_has_so_many_trigger_orders_of_a_kind_in_an_instrument() {
    let mut market = after_trade_at(100);
    for _ in 0..50 {
        market.trigger("alice", trigger(Trailing, Sell, 1).behind(1));
    }
    let one_more = trigger(Trailing, Sell, 1).behind(1);
    assert_eq!(market.trigger_refused("alice", one_more), Refusal::TooManyTriggers);
    market.trigger("bob", one_more);
    for n in 0..100 {
        let kind = trigger(Conditional, Sell, 1).take(110 + n, MARKET);
        market.trigger("alice", kind);
    }
    let oco = trigger(OneCancelsOther, Sell, 1).take(110, MARKET).stop(90, MARKET);
    assert_eq!(market.trigger_refused("alice", oco), Refusal::TooManyTriggers);
}

#[test]
fn amendment_moves_prices_and_takes_legs_away() {
    let mut market = after_trade_at(100);
    let id = market.trigger("alice", trigger(OneCancelsOther, Sell, 1).take(110, 110).stop(90, 90));
    let amend = |market: &mut Exchange, legs, size| {
        market.apply(Command::AmendTrigger(amend_trigger(account("alice"), id, legs, size))).refusal
    };
    assert_eq!(amend(&mut market, [leg(120, 0), leg(AmendTrigger::DROP_LEG, 0)], 7), 0);
    let [told] = market.told_triggers()[..] else { panic!("it is told") };
    assert_eq!((told.kind, told.size, told.is_amendment), (Conditional, 7, 1));
    assert_eq!(told.legs, [leg(120, 110), Leg::NONE]);
    assert_eq!(amend(&mut market, [leg(100, 0), Leg::NONE], 0), Refusal::TakeProfitReached.number());
    market.trade_at(90);
    market.trade_at(119);
    assert_eq!(market.orders("alice"), []);
    market.trade_at(120);
    market.shows("ask 110  7@alice");
    assert_eq!(amend(&mut market, [leg(0, 5), Leg::NONE], 0), Refusal::TriggerNotFound.number());
}

#[test]
fn failed_amendment_cancels_when_asked_to_and_trailing_ones_are_not_amended() {
    let mut market = after_trade_at(100);
    let id = market.trigger("alice", trigger(Conditional, Sell, 1).take(110, 110));
    let mut amend = amend_trigger(account("alice"), id, [leg(50, 0), Leg::NONE], 0);
    amend.header.flags = AmendTrigger::CANCEL_ON_FAIL;
    market.accepted(Command::AmendTrigger(amend));
    assert_eq!(market.told_triggers()[0].state, TriggerState::Canceled);
    let id = market.trigger("alice", trigger(Trailing, Sell, 1).behind(3));
    let amend = amend_trigger(account("alice"), id, [Leg::NONE; 2], 5);
    assert_eq!(market.refusal(Command::AmendTrigger(amend)), Refusal::TriggerNotAmendable);
}

#[test]
fn one_command_carries_out_eight_and_the_host_is_told_to_go_on() {
    let mut market = after_trade_at(100);
    let ids: Vec<_> = (0..20)
        .map(|n| market.trigger("alice", trigger(Conditional, Sell, n + 1).take(110 - n % 3, 200 + n)))
        .collect();
    market.place("dave", sell(1).at(110));
    market.place("carol", buy(1).at(110));
    assert_eq!(market.told_triggers().len(), 8);
    assert_eq!(market.engine.next_deadline_ns(), Some(market.now_ns));
    // One that is about to fire is neither cancelled nor amended.
    let late = Command::CancelTrigger(cancel_trigger(account("alice"), ids[19]));
    assert_eq!(market.apply(late).refusal, Refusal::TriggerFired.number());
    let mut fired: Vec<_> = market.told_triggers().iter().map(|told| told.trigger_id).collect();
    assert_eq!(fired, ids[8..16], "oldest first, whatever becomes of the command");
    market.wait_ms(0);
    fired.extend(market.told_triggers().iter().map(|told| told.trigger_id));
    assert_eq!(fired, ids[8..20]);
    assert_eq!(market.engine.next_deadline_ns(), None);
    assert_eq!(market.orders("alice").len(), 20);
}

#[test]
fn cascade_goes_on_in_later_commands_and_ends() {
    let mut market = after_trade_at(100);
    // Every stop sells into the next bid, whose price fires the next stop.
    for n in 1..=30 {
        market.place("bob", buy(1).at(100 - n));
        market.trigger("alice", trigger(Conditional, Sell, 1).stop(100 - n, MARKET));
    }
    market.place("carol", sell(1).at(99));
    let mut commands = 1;
    while market.engine.next_deadline_ns().is_some() {
        assert!(market.trades().count() <= 9);
        market.wait_ms(0);
        commands += 1;
    }
    assert_eq!(commands, 4);
    market.shows("");
    let fired = market.told_triggers().last().map(|told| told.fired_price);
    assert_eq!(fired, Some(70));
}

#[test]
fn snapshot_keeps_what_is_about_to_fire() {
    let mut market = after_trade_at(100);
    for n in 0..20 {
        market.trigger("alice", trigger(OneCancelsOther, Sell, n + 1).take(110, 200).stop(90 - n, 80));
        market.trigger("bob", trigger(Trailing, Sell, n + 1).behind(n + 1));
    }
    market.place_with("alice", buy(5).at(50), &[([leg(120, 121), leg(40, 39)], 0)]);
    market.trade_at(105);
    market.place("dave", sell(1).at(110));
    market.place("carol", buy(1).at(110));
    assert!(market.engine.next_deadline_ns().is_some());
    let saved = market.engine.snapshot();
    let mut restored = Engine::restore(&saved).expect("a sound snapshot");
    assert_eq!(restored.snapshot(), saved);
    assert_eq!(restored.next_deadline_ns(), market.engine.next_deadline_ns());
    for _ in 0..3 {
        let seq = Seq(market.engine.seq().0 + 1);
        let command = Command::AdvanceTime(advance_time());
        restored.apply(seq, market.now_ns, &command, &mut tickyard_engine::EventBuffer::new());
        market.accepted(command);
    }
    assert_eq!(restored.snapshot(), market.engine.snapshot());
}
