//! A defect in a check costs one command; a defect in a change stops the core. Both are the same at every replay.

use crate::support::commands::*;
use crate::support::exchange::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tickyard_buggify::{Plan, Point};
use tickyard_engine::EventBuffer;
use tickyard_types::*;

/// The sender.
const BOOT: u64 = 9;

/// One command of each kind that would be carried out, from one sender who counts from 1.
fn one_of_each(
    (order_id, trigger_id): (OrderId, TriggerId),
    (parent, attached_id): (OrderId, TriggerId),
) -> Vec<Command> {
    let alice = account("alice");
    let mut placed = buy(1).at(100).named("n");
    placed.header.account = alice;
    let mut placed_trigger = trigger(TriggerKind::Conditional, Side::Sell, 1).take(200, 201);
    placed_trigger.header.account = alice;
    let mut commands = vec![
        Command::PlaceOrder(placed),
        Command::AmendOrder(amend(alice, order_id, 0, 3)),
        Command::CancelOrder(cancel(alice, order_id)),
        Command::MassCancel(mass_cancel(alice, 0)),
        Command::CancelAllAfter(cancel_all_after(alice, 10_000, "")),
        Command::AdvanceTime(advance_time()),
        Command::Transfer(transfer(alice, alice, account("alices-bot"), BTC, 1, 1)),
        Command::Credit(credit(alice, BTC, 1, 2)),
        Command::Debit(debit(alice, BTC, 1, 3)),
        Command::DefineAsset(define_asset(4, "NEW")),
        Command::DefineInstrument(define_instrument(3, BTC, ETH, "BTC-ETH")),
        Command::SetInstrumentState(set_state(1, InstrumentState::Suspended)),
        Command::DefineAccount(define_account(account("bob"), account("bob"), 0)),
        Command::DefineFeeLevel(define_fee_level(7, 1, 2)),
        Command::SetIndexPrice(set_index_price(1, 50, 60, 40)),
        Command::PlaceTrigger(placed_trigger),
        Command::CancelTrigger(cancel_trigger(alice, trigger_id)),
        Command::AmendTrigger(amend_trigger(alice, trigger_id, [leg(0, 55), Leg::NONE], 0)),
        Command::PlaceOrderAttached(attached(placed, &[([leg(200, 201), Leg::NONE], 0)])),
        Command::AmendOrderAttached(amend_attached(
            amend(alice, parent, 49, 0),
            &[(attached_id, [leg(300, 0), Leg::NONE], 0)],
        )),
    ];
    for (counter, command) in (1..).zip(&mut commands) {
        header_of(command).origin = Origin { boot: BOOT, counter };
    }
    commands
}

fn header_of(command: &mut Command) -> &mut CommandHeader {
    match command {
        Command::PlaceOrder(c) => &mut c.header,
        Command::CancelOrder(c) => &mut c.header,
        Command::AmendOrder(c) => &mut c.header,
        Command::MassCancel(c) => &mut c.header,
        Command::CancelAllAfter(c) => &mut c.header,
        Command::AdvanceTime(c) => &mut c.header,
        Command::Transfer(c) => &mut c.header,
        Command::Credit(c) => &mut c.header,
        Command::Debit(c) => &mut c.header,
        Command::DefineAsset(c) => &mut c.header,
        Command::DefineInstrument(c) => &mut c.header,
        Command::SetInstrumentState(c) => &mut c.header,
        Command::DefineAccount(c) => &mut c.header,
        Command::DefineFeeLevel(c) => &mut c.header,
        Command::SetIndexPrice(c) => &mut c.header,
        Command::PlaceTrigger(c) => &mut c.header,
        Command::CancelTrigger(c) => &mut c.header,
        Command::AmendTrigger(c) => &mut c.header,
        Command::PlaceOrderAttached(c) => &mut c.order.header,
        Command::AmendOrderAttached(c) => &mut c.order.header,
    }
}

/// A market where each of the commands would do something, and the order that they speak of.
fn market() -> (Exchange, Vec<Command>) {
    let mut market = Exchange::new();
    let order_id = market.place("alice", buy(2).at(50));
    let trigger_id = market.trigger("alice", trigger(TriggerKind::Conditional, Side::Sell, 1).take(300, 301));
    let parent = market.place_with("alice", buy(1).at(48), &[([leg(200, 201), Leg::NONE], 0)]);
    let attached_id = market.told_triggers()[0].trigger_id;
    let commands = one_of_each((order_id, trigger_id), (parent, attached_id));
    assert_eq!(commands.len(), CommandKind::ALL.len());
    (market, commands)
}

/// The core panics at a point over the sender's commands of these counts.
fn plan(point: Point, counters: std::ops::RangeInclusive<u64>) {
    counters.fold(Plan::default(), |plan, counter| plan.with_poison(point, (BOOT, counter))).install();
}

#[test]
fn f34_a_panic_in_a_check_refuses_the_command_and_leaves_no_trace() {
    let (mut market, commands) = market();
    plan(Point::PanicInValidate, 1..=commands.len() as u64);
    for command in &commands {
        // The exchange itself asserts that hash and events show no trace.
        assert_eq!(market.refusal(*command), Refusal::Internal, "{command:?}");
        // Sent again, it gets the same answer.
        assert_eq!(market.refusal(*command), Refusal::Internal, "{command:?}");
    }
    let replayed = replay(&market.journal);
    assert_eq!(replayed.snapshot(), market.engine.snapshot(), "a replay refuses the same commands");
    // Whatever else the sender asks for is carried out.
    market.place("alice", buy(1).at(60));
}

#[test]
fn f34_a_panic_in_a_change_stops_the_core_at_every_replay() {
    for counter in 1..=CommandKind::ALL.len() as u64 {
        let (mut market, commands) = market();
        plan(Point::PanicInCommit, counter..=counter);
        let command = commands[counter as usize - 1];
        for _start in 0..2 {
            let stopped = catch_unwind(AssertUnwindSafe(|| {
                market.engine.clone().apply(
                    Seq(market.engine.seq().0 + 1),
                    market.now_ns,
                    &command,
                    &mut EventBuffer::new(),
                )
            }));
            assert!(stopped.is_err(), "{command:?}");
        }
        Plan::default().install();
        market.accepted(command);
    }
}

#[test]
fn f34_timers_that_are_due_fire_although_the_check_of_the_command_panics() {
    let (mut market, commands) = market();
    market.accepted(Command::CancelAllAfter(cancel_all_after(account("alice"), 10_000, "")));
    market.now_ns += 11_000_000_000;
    plan(Point::PanicInValidate, 1..=1);
    assert_eq!(market.refusal(commands[0]), Refusal::Internal);
    assert!(market.orders("alice").is_empty());
}

fn replay(journal: &[(u64, Command)]) -> Engine {
    let mut engine = Engine::new();
    for (seq, (time_ns, command)) in (1..).zip(journal) {
        engine.apply(Seq(seq), *time_ns, command, &mut EventBuffer::new());
    }
    engine
}
