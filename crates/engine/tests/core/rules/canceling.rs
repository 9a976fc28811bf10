//! Cancelling one order or all.

use crate::support::commands::*;
use crate::support::exchange::*;
use tickyard_types::*;

#[test]
fn order_is_canceled_by_its_id_or_its_name() {
    let mut market = Exchange::new();
    let first = market.place("alice", buy(1).at(100).named("first"));
    let second = market.place("alice", buy(1).at(100).named("second"));
    let reply = market.accepted(Command::CancelOrder(cancel(account("alice"), first)));
    assert_eq!((reply.order_id, reply.client_id), (first, padded("first")));
    let by_name = CancelOrder { client_id: padded("second"), ..cancel(account("alice"), OrderId(0)) };
    let reply = market.accepted(Command::CancelOrder(by_name));
    assert_eq!((reply.order_id, reply.client_id), (second, padded("second")));
    assert_eq!(market.closed(), [("alice", OrderState::Canceled, CancelSource::User)]);
}

#[test]
fn order_id_wins_over_client_id() {
    let mut market = Exchange::new();
    let first = market.place("alice", buy(1).at(100).named("first"));
    market.place("alice", buy(1).at(100).named("second"));
    let both = CancelOrder { client_id: padded("second"), ..cancel(account("alice"), first) };
    assert_eq!(market.accepted(Command::CancelOrder(both)).order_id, first);
}

#[test]
fn what_is_not_the_accounts_live_order_there_is_not_found() {
    let mut market = Exchange::new();
    let id = market.place("alice", buy(1).at(100).named("mine"));
    let ended = market.place("alice", buy(1).at(100));
    market.cancel("alice", ended);
    let cases = [
        cancel(account("bob"), id),
        cancel(account("alice"), ended),
        cancel(account("alice"), OrderId(u64::MAX)),
        CancelOrder { instrument: InstrumentId(2), ..cancel(account("alice"), id) },
        CancelOrder { client_id: padded("mine"), ..cancel(account("bob"), OrderId(0)) },
        CancelOrder { client_id: padded("mine"), instrument: InstrumentId(2), ..cancel(account("alice"), OrderId(0)) },
    ];
    for case in cases {
        assert_eq!(market.refusal(Command::CancelOrder(case)), Refusal::OrderNotFound);
    }
    let nameless = cancel(account("alice"), OrderId(0));
    assert_eq!(market.refusal(Command::CancelOrder(nameless)), Refusal::NoOrderId);
    let nowhere = CancelOrder { instrument: InstrumentId(9), ..cancel(account("alice"), id) };
    assert_eq!(market.refusal(Command::CancelOrder(nowhere)), Refusal::UnknownInstrument);
}

#[test]
fn id_of_an_ended_order_does_not_lead_to_the_one_in_its_slot() {
    let mut market = Exchange::new();
    let old = market.place("alice", buy(1).at(100));
    market.cancel("alice", old);
    let new = market.place("alice", buy(1).at(100));
    assert_eq!(old.slot(), new.slot());
    assert_eq!(market.refusal(Command::CancelOrder(cancel(account("alice"), old))), Refusal::OrderNotFound);
}

#[test]
fn mass_cancel_cancels_all_orders_of_one_account() {
    let mut market = Exchange::new();
    market.draw(
        "ask 101  1@alice 1@bob
         bid 99   1@alice 1@bob",
    );
    market.place("alice", buy(1).at(50).on(2));
    let reply = market.accepted(Command::MassCancel(mass_cancel(account("alice"), 1)));
    assert_eq!(reply.value, 2);
    market.shows(
        "ask 101  1@bob
         bid 99   1@bob",
    );
    let reply = market.accepted(Command::MassCancel(mass_cancel(account("alice"), 0)));
    assert_eq!(reply.value, 1);
    assert_eq!(market.accepted(Command::MassCancel(mass_cancel(account("alice"), 0))).value, 0);
    let nowhere = Command::MassCancel(mass_cancel(account("alice"), 9));
    assert_eq!(market.refusal(nowhere), Refusal::UnknownInstrument);
}

#[test]
fn mass_cancel_of_a_master_leaves_its_sub_accounts_alone() {
    let mut market = Exchange::new();
    market.draw("ask 101  1@alice 1@alices-bot");
    market.accepted(Command::MassCancel(mass_cancel(account("alice"), 0)));
    market.shows("ask 101  1@alices-bot");
}
