//! What a defect of the core costs: one command when a check has it, the core when a change has it.

use crate::client::{Home, refusal};
use crate::killed::{BOOT, launch_with, wait_for};
use crate::market::{ALICE, limit};
use tickyard_buggify::{Plan, Point};
use tickyard_types::{Refusal, Side};

#[test]
fn f34_a_defect_in_a_check_costs_one_command_at_every_replay_alike() {
    let home = Home::with_market();
    Plan::default().with_poison(Point::PanicInValidate, (BOOT, 2)).install();
    let running = home.start();
    let mut worker = running.worker_of(BOOT);
    let replies = worker.carry_out((0..3).map(|_| limit(ALICE, Side::Buy, 10, 1)).collect());
    assert_eq!(
        replies.iter().map(refusal).collect::<Vec<_>>(),
        [None, Some(Refusal::Internal), None],
        "the others are carried out"
    );
    assert!(replies[1].seq > replies[0].seq, "the refusal has its place in the journal");
    let before = worker.state();
    running.stop();

    // A start, a verification and a snapshot replay it, and refuse it too.
    assert_eq!(tickyard_host::verify(&home.root(), &[], |_| ()).unwrap().defects, []);
    tickyard_host::make_snapshot(&home.root(), 2, 1).unwrap().unwrap();
    let running = home.start();
    assert_eq!(running.worker().state(), before);
    running.stop();
}

#[test]
fn f34_a_defect_in_a_change_stops_the_core_which_says_so_once_and_does_not_try_for_ever() {
    let home = Home::with_market();
    let mut child = launch_with(&home, &[("TICKYARD_TEST_PANIC", "2")]);
    let mut worker = wait_for(&home);
    let first = worker.carry_out(vec![limit(ALICE, Side::Buy, 10, 1)])[0];
    assert_eq!(refusal(&first), None);
    let poisoned = worker.submit(vec![limit(ALICE, Side::Buy, 11, 1)]);
    assert!(!worker.take_replies(), "the connection ends without an answer to {poisoned:?}");
    assert!(!child.wait().unwrap().success());

    // The command is in the journal, so every start meets it: each refuses alike, and touches nothing.
    Plan::default().with_poison(Point::PanicInCommit, (BOOT, 2)).install();
    let said: Vec<String> = (0..2)
        .map(|_| {
            let error = home.start_with(home.settings()).err().unwrap();
            assert!(error.is_refusal(), "starting again cannot help");
            error.to_string()
        })
        .collect();
    assert_eq!(said[0], said[1]);
    assert!(said[0].contains(&format!("replayed sequence {}", first.seq.0 + 1)), "{}", said[0]);
    assert!(said[0].contains("a version that can carry the command out"), "{}", said[0]);

    // Such a version: both orders are there.
    Plan::default().install();
    let running = home.start();
    let mut worker = running.worker_of(BOOT);
    let again = worker.carry_out((0..2).map(|n| limit(ALICE, Side::Buy, 10 + n, 1)).collect());
    assert_eq!(again[0], first, "the answer is the one that was given");
    assert_eq!((refusal(&again[1]), again[1].seq.0), (None, first.seq.0 + 1));
    running.stop();
}
