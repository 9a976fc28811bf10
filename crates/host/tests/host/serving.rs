//! What a running host does with commands and questions.

use crate::client::{Home, refusal};
use crate::market::{self, ALICE, BOB, cancel_named, limit, named};
use std::time::Duration;
use tickyard_host::{AccountRow, AsOf, BalanceRow, BookHead, FrameKind, LevelRow, OrderRow};
use tickyard_types::{InstrumentId, OrderId, Refusal, Seq, Side};
use zerocopy::{FromBytes, IntoBytes, TryFromBytes};

#[test]
fn a_command_is_answered_when_it_is_in_the_journal() {
    let home = Home::new();
    let running = home.start();
    let mut worker = running.worker();
    worker.open_market();
    let reply = worker.accepted(limit(ALICE, Side::Buy, 100, 5));
    assert_eq!(reply.seq, Seq(market::definitions().len() as u64 + 1));
    assert!(reply.time_ns > 0);
    assert_eq!(reply.order_id.serial(), 1);
    let before = worker.state();
    running.stop();

    let running = home.start();
    assert_eq!(running.worker().state(), before);
    running.stop();
}

#[test]
fn commands_of_one_account_are_carried_out_in_their_order() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let records = (0..200).flat_map(|n| {
        let id = format!("order{n}");
        [named(ALICE, Side::Buy, 10, 1, &id), cancel_named(ALICE, &id)]
    });
    let replies = worker.carry_out(records.collect());
    assert!(replies.iter().all(|reply| refusal(reply).is_none()), "no cancel came before its order");
    assert!(replies.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    running.stop();
}

#[test]
fn a_full_queue_refuses_at_once_and_journals_nothing() {
    let home = Home::with_market();
    let mut settings = home.settings();
    settings.queue_commands = 4;
    // The first goes at once, the others wait for ever, or until the host stops.
    settings.commit_gaps.quiet = Duration::from_secs(3600);
    let running = home.start_with(settings).unwrap();
    let mut worker = running.worker();
    worker.accepted(limit(ALICE, Side::Buy, 10, 1));

    let flood = worker.submit((0..4).map(|_| limit(ALICE, Side::Buy, 10, 1)).collect());
    let modest = worker.submit((0..2).map(|_| limit(BOB, Side::Buy, 10, 1)).collect());
    let (waiting, refused) = ([flood[0], flood[1], modest[0]], [flood[2], flood[3], modest[1]]);
    for reply in worker.answers(&refused) {
        assert_eq!((refusal(&reply), reply.seq), (Some(Refusal::Busy), Seq(0)));
    }

    running.host.stop();
    for reply in worker.answers(&waiting) {
        assert_eq!(refusal(&reply), None, "what waits when the host stops is still carried out");
    }
    assert!(!worker.take_replies(), "then the connection is closed");
    running.host.wait().unwrap();
}

#[test]
fn what_no_worker_may_say_is_refused_without_a_trace() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let before = worker.state();

    let mut malformed = limit(ALICE, Side::Buy, 10, 1);
    malformed[28] = 7; // no side
    let without_boot = {
        let mut record = limit(ALICE, Side::Buy, 10, 1);
        market::stamp(&mut record, 0, 77);
        record
    };
    for reply in worker.carry_out(vec![malformed, market::advance_time()]) {
        assert_eq!((refusal(&reply), reply.seq), (Some(Refusal::Malformed), Seq(0)));
    }
    worker.send(FrameKind::Submit, 0, &without_boot);
    assert_eq!(refusal(&worker.answers(&[77])[0]), Some(Refusal::Malformed));
    assert_eq!(worker.state(), before);
    running.stop();
}

#[test]
fn a_worker_that_speaks_another_language_is_cut_off_and_no_other() {
    let home = Home::with_market();
    let running = home.start();
    let (mut good, mut bad) = (running.worker(), running.worker());
    bad.send(FrameKind::Submit, 0, b"no command begins like this");
    assert_eq!(bad.receive(), None);
    let mut bad = running.worker();
    bad.send(FrameKind::Watch, 0, &16u32.to_le_bytes());
    assert_eq!(bad.receive(), None);
    let mut bad = running.worker();
    bad.send(FrameKind::Balances, 0, b"?");
    assert_eq!(bad.receive(), None);
    good.accepted(limit(ALICE, Side::Buy, 10, 1));
    running.stop();
}

#[test]
fn a_read_sees_everything_that_was_acknowledged() {
    let home = Home::with_market();
    let running = home.start();
    let (mut worker, mut reader) = (running.worker(), running.worker());
    for n in 1..=50u32 {
        let placed = worker.accepted(limit(ALICE, Side::Buy, i64::from(n), 2));
        let answer = reader.ask(FrameKind::OpenOrders, &[ALICE.0, 0].map(u32::to_le_bytes).concat());
        let (as_of, orders) = AsOf::try_read_from_prefix(&answer).unwrap();
        assert!(as_of.seq >= placed.seq);
        assert_eq!(orders.len(), n as usize * size_of::<OrderRow>());
        let newest = OrderRow::try_read_from_bytes(&orders[orders.len() - size_of::<OrderRow>()..]).unwrap();
        assert_eq!((newest.order_id, newest.price), (placed.order_id, i64::from(n)));
    }
    running.stop();
}

#[test]
fn every_question_is_answered() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let placed = worker.accepted(named(ALICE, Side::Buy, 100, 5, "mine"));
    worker.accepted(limit(BOB, Side::Sell, 100, 2));
    worker.accepted(limit(BOB, Side::Sell, 120, 7));

    let by_name = [&ALICE.0.to_le_bytes()[..], &[0; 4], &[0; 8], b"mine", &[0; 28]].concat();
    let by_id = [&ALICE.0.to_le_bytes()[..], &1u32.to_le_bytes(), placed.order_id.as_bytes(), &[0; 32]].concat();
    let of_bob = [&BOB.0.to_le_bytes()[..], &[0; 4], placed.order_id.as_bytes(), &[0; 32]].concat();
    let elsewhere = [&ALICE.0.to_le_bytes()[..], &2u32.to_le_bytes(), placed.order_id.as_bytes(), &[0; 32]].concat();
    let order = worker.ask(FrameKind::Order, &by_name);
    assert_eq!(order, worker.ask(FrameKind::Order, &by_id));
    let order = OrderRow::try_read_from_bytes(&order[size_of::<AsOf>()..]).unwrap();
    assert_eq!((order.order_id, order.filled, order.cost), (placed.order_id, 2, 200));
    for nothing in [of_bob, elsewhere] {
        assert_eq!(worker.ask(FrameKind::Order, &nothing).len(), size_of::<AsOf>());
    }

    let balances = worker.ask(FrameKind::Balances, &ALICE.0.to_le_bytes());
    let usdt = BalanceRow::try_read_from_bytes(&balances[size_of::<AsOf>() + size_of::<BalanceRow>()..]).unwrap();
    assert_eq!((usdt.asset.0, usdt.hold), (2, 3 * 100 * 1_000_000_000_000));
    assert_eq!(worker.ask(FrameKind::Balances, &999u32.to_le_bytes()).len(), size_of::<AsOf>());

    let book = worker.ask(FrameKind::Book, &[1u32, 10].map(u32::to_le_bytes).concat());
    let (head, levels) = BookHead::try_read_from_prefix(&book).unwrap();
    assert_eq!((head.bids, head.asks), (1, 1));
    let ask = LevelRow::try_read_from_bytes(&levels[size_of::<LevelRow>()..]).unwrap();
    assert_eq!((ask.price, ask.size, ask.orders), (120, 7, 1));
    let book = worker.ask(FrameKind::Book, &[9u32, 10].map(u32::to_le_bytes).concat());
    assert_eq!(book.len(), size_of::<BookHead>());

    let account = worker.ask(FrameKind::Account, &BOB.0.to_le_bytes());
    let account = AccountRow::try_read_from_bytes(&account).unwrap();
    assert_eq!((account.account, account.master, account.open_orders), (BOB, BOB, 1));
    assert!(worker.ask(FrameKind::Account, &999u32.to_le_bytes()).is_empty());

    assert!(!worker.ask(FrameKind::Definitions, b"").is_empty());
    let mut key = [0; 16];
    assert_eq!(worker.ask(FrameKind::HasKey, &key), [0]);
    (key[0], key[1]) = (16, 1);
    assert_eq!(worker.ask(FrameKind::HasKey, &key), [1]);
    let status = worker.ask(FrameKind::Status, &0u32.to_le_bytes());
    let (_, hash) = <[u8; 16]>::read_from_prefix(&status).unwrap();
    assert_eq!(hash, [0; 32]);
    assert_eq!(OrderId(placed.order_id.0).slot(), 0);
    assert_eq!(order.instrument, InstrumentId(1));
    running.stop();
}

#[test]
fn a_command_sent_twice_is_carried_out_once() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker_of(5);
    let mut record = limit(ALICE, Side::Buy, 10, 1);
    let counter = worker.stamp(&mut record);
    worker.send(FrameKind::Submit, 0, &record);
    let first = worker.answers(&[counter])[0];

    let mut again = running.worker_of(5);
    again.send(FrameKind::Submit, 0, &record);
    assert_eq!(again.answers(&[counter])[0], first);
    let orders = again.ask(FrameKind::OpenOrders, &[ALICE.0, 0].map(u32::to_le_bytes).concat());
    assert_eq!(orders.len(), size_of::<AsOf>() + size_of::<OrderRow>());
    running.stop();
}
