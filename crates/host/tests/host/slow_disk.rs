//! A sync that takes long holds back what waits for it, and nothing else: no memory, no reads, no silence.

use crate::client::{Home, Worker, refusal};
use crate::market::{ALICE, BOB, limit};
use tickyard_journal::testing::{FaultyStorage, PowerFailure};
use tickyard_types::{Refusal, Seq, Side};

const QUEUE: usize = 16;
/// Two accounts that flood leave a third of the room to others.
const WAITING: usize = 11;

/// So many orders of two accounts.
fn orders(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|n| limit([ALICE, BOB][n % 2], Side::Buy, 10, 1)).collect()
}

/// Reads until so many replies have come, and no further.
fn await_replies(worker: &mut Worker, count: usize) {
    while worker.replies.len() < count {
        assert!(worker.take_replies(), "the host has closed the connection");
    }
}

#[test]
fn f10_a_slow_sync_refuses_what_it_has_no_room_for_at_once_and_loses_nothing() {
    let (home, storage) = (Home::new(), FaultyStorage::new());
    let mut settings = home.settings();
    (settings.queue_commands, settings.batch_commands) = (QUEUE, 4);
    let running = home.start_on(settings.clone(), storage.shared());
    let mut worker = running.worker();
    worker.open_market();
    let defined = worker.replies.len();

    storage.hold_syncs(true);
    let first = worker.submit(orders(1));
    storage.wait_for_held_sync();
    let many = worker.submit(orders(500));
    // One is under the disk's hand, their share is full; every other one is answered while the disk stands still.
    await_replies(&mut worker, defined + 500 - WAITING);
    let refused = |worker: &Worker| many.iter().filter_map(|n| worker.replies.get(n)).map(refusal).collect::<Vec<_>>();
    assert_eq!(refused(&worker), vec![Some(Refusal::Busy); 500 - WAITING]);
    assert!(!worker.replies.contains_key(&first[0]), "nothing is acknowledged that is not durable");
    let mut reader = running.worker();
    assert_eq!(reader.state().0, Seq(defined as u64), "reads go on, and show what is durable");

    storage.hold_syncs(false);
    await_replies(&mut worker, defined + 501);
    let carried_out = many.iter().chain(&first).filter(|counter| refusal(&worker.replies[counter]).is_none()).count();
    assert_eq!(carried_out, WAITING + 1);
    assert!(worker.carry_out(orders(WAITING)).iter().all(|reply| refusal(reply).is_none()), "it has recovered");
    let before = worker.state();
    running.stop();

    storage.lose_power(PowerFailure::KeepsNothing);
    let running = home.start_on(settings, storage.shared());
    assert_eq!(running.worker().state(), before, "what was acknowledged is there");
    running.stop();
}
