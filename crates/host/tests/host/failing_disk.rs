//! A disk that fails: no acknowledgement after it, the host ends with an error, and nothing acknowledged is lost.

use crate::client::{Home, refusal};
use crate::market::{ALICE, limit};
use tickyard_journal::testing::{FaultyStorage, PowerFailure};
use tickyard_types::{Refusal, Side};

#[test]
fn f05_after_a_sync_that_failed_nothing_is_acknowledged_and_the_host_ends_with_an_error() {
    let (home, storage) = (Home::new(), FaultyStorage::new());
    let running = home.start_on(home.settings(), storage.shared());
    let mut worker = running.worker_of(7);
    worker.open_market();
    let kept = worker.accepted(limit(ALICE, Side::Buy, 10, 1));
    let before = worker.replies.len();

    storage.fail_syncs(true);
    worker.submit((0..50).map(|_| limit(ALICE, Side::Buy, 11, 1)).collect());
    while worker.take_replies() {}
    let told: Vec<_> = worker.replies.values().skip(before).map(refusal).collect();
    assert!(told.iter().all(|refused| *refused == Some(Refusal::Unavailable)), "{told:?}");
    let failure = running.host.wait().unwrap_err();
    assert!(failure.to_string().contains("os error 5"), "{failure}");

    // The machine is turned off and on: what was acknowledged is there, and answered as it was.
    storage.lose_power(PowerFailure::KeepsNothing);
    let running = home.start_on(home.settings(), storage.shared());
    let mut worker = running.worker_of(7);
    for record in crate::market::definitions() {
        worker.accepted(record);
    }
    assert_eq!(worker.accepted(limit(ALICE, Side::Buy, 10, 1)), kept);
    running.stop();
}
