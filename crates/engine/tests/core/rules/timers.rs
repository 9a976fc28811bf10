//! Cancel-all-after.

use crate::support::commands::*;
use crate::support::events::Event;
use crate::support::exchange::*;
use tickyard_types::*;

const START_MS: u64 = START_NS / 1_000_000;

fn arm(market: &mut Exchange, who: &str, timeout_ms: u64, tag: &str) -> u64 {
    market.accepted(Command::CancelAllAfter(cancel_all_after(account(who), timeout_ms, tag))).value
}

/// Timers that fired in the newest command: (whose, orders cancelled).
fn fired(market: &Exchange) -> Vec<(AccountId, u32)> {
    let fired = market.events.iter().filter_map(|event| match event {
        Event::TimerChanged(timer) if timer.has_fired == 1 => Some((timer.account, timer.canceled)),
        _ => None,
    });
    fired.collect()
}

#[test]
fn timer_cancels_all_orders_of_its_account_when_time_reaches_it() {
    let mut market = Exchange::new();
    market.draw("bid 99  1@alice 1@bob 2@alice");
    assert_eq!(arm(&mut market, "alice", 10_000, ""), START_MS + 10_000);
    assert_eq!(market.engine.next_deadline_ns(), Some((START_MS + 10_000) * 1_000_000));
    market.wait_ms(9_999);
    assert_eq!(fired(&market), []);
    market.wait_ms(1);
    assert_eq!(fired(&market), [(account("alice"), 2)]);
    let canceled = ("alice", OrderState::Canceled, CancelSource::CancelAllAfter);
    assert_eq!(market.closed(), [canceled, canceled]);
    market.shows("bid 99  1@bob");
    assert_eq!(market.engine.next_deadline_ns(), None);
}

#[test]
fn timer_is_rearmed_and_disarmed() {
    let mut market = Exchange::new();
    market.draw("bid 99  1@alice");
    arm(&mut market, "alice", 10_000, "");
    market.wait_ms(9_000);
    assert_eq!(arm(&mut market, "alice", 60_000, ""), START_MS + 69_000);
    market.wait_ms(2_000);
    market.shows("bid 99  1@alice");
    assert_eq!(arm(&mut market, "alice", 0, ""), 0);
    assert_eq!(market.engine.next_deadline_ns(), None);
    arm(&mut market, "alice", 0, "");
    assert!(market.events.is_empty());
}

#[test]
fn timer_with_a_tag_cancels_only_orders_with_it() {
    let mut market = Exchange::new();
    market.place("alice", buy(1).at(99).tagged("grid"));
    market.place("alice", buy(2).at(99));
    arm(&mut market, "alice", 10_000, "grid");
    market.wait_ms(10_000);
    market.shows("bid 99  2@alice");
}

#[test]
fn due_timers_fire_by_deadline_then_by_account() {
    let mut market = Exchange::new();
    arm(&mut market, "carol", 20_000, "");
    arm(&mut market, "bob", 20_000, "");
    arm(&mut market, "dave", 10_000, "");
    market.wait_ms(30_000);
    assert_eq!(fired(&market), [(account("dave"), 0), (account("bob"), 0), (account("carol"), 0)]);
}

#[test]
fn due_timers_fire_before_any_command_is_carried_out() {
    let mut market = Exchange::new();
    market.draw("ask 100  1@alice");
    arm(&mut market, "alice", 10_000, "");
    market.now_ns += 10_000_000_000;
    market.place("bob", buy(1).at(100));
    assert_eq!(fired(&market), [(account("alice"), 1)]);
    market.shows("bid 100  1@bob");
}

#[test]
fn due_timers_fire_whatever_becomes_of_the_command() {
    let mut market = Exchange::new();
    market.draw("ask 100  1@alice");
    arm(&mut market, "alice", 10_000, "");
    market.now_ns += 10_000_000_000;
    market.place_refused("poor", buy(1).at(100));
    assert_eq!(fired(&market), [(account("alice"), 1)]);
    market.shows("");
}

#[test]
fn timeout_is_zero_or_between_ten_seconds_and_two_minutes() {
    let mut market = Exchange::new();
    for timeout_ms in [1, 9_999, 120_001, u64::MAX] {
        let timer = Command::CancelAllAfter(cancel_all_after(account("alice"), timeout_ms, ""));
        assert_eq!(market.refusal(timer), Refusal::TimeoutOutOfRange);
    }
    arm(&mut market, "alice", 120_000, "");
}

#[test]
fn account_has_at_most_twenty_timers_with_tags() {
    let mut market = Exchange::new();
    for tag in 0..20 {
        arm(&mut market, "alice", 10_000, &format!("tag{tag}"));
    }
    let one_more = Command::CancelAllAfter(cancel_all_after(account("alice"), 10_000, "more"));
    assert_eq!(market.refusal(one_more), Refusal::TooManyTimers);
    arm(&mut market, "alice", 20_000, "tag7");
    arm(&mut market, "alice", 10_000, "");
    arm(&mut market, "bob", 10_000, "more");
    arm(&mut market, "alice", 0, "tag7");
    arm(&mut market, "alice", 10_000, "more");
}
