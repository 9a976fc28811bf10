//! A disk that fails, is full or is slow: no acknowledgement without durability, and none after an error.

use crate::machine::{Machine, SEGMENT_BYTES, append, bodies};
use std::sync::mpsc;
use tickyard_journal::testing::PowerFailure;
use tickyard_journal::{CommandLog, FileLog, LogError, Options};
use tickyard_types::Seq;

#[test]
fn nothing_is_appended_after_a_failed_sync() {
    let machine = Machine::with(&bodies(&[100, 200]));
    let mut log = machine.open().expect("opens");
    machine.storage.fail_syncs(true);
    assert!(matches!(append(&mut log, b"three"), Err(LogError::Failed { .. })));
    assert_eq!(log.head().seq, Seq(2));

    // The disk is well again, but what the failed sync left behind is unknown.
    machine.storage.fail_syncs(false);
    let steps = machine.storage.steps();
    for _ in 0..3 {
        assert!(matches!(append(&mut log, b"three"), Err(LogError::Failed { .. })));
    }
    assert_eq!(machine.storage.steps(), steps, "a dead log leaves the disk alone");
}

#[test]
fn a_frame_whose_sync_failed_is_made_sure_of_before_it_counts() {
    let machine = Machine::with(&bodies(&[100, 200]));
    let mut log = machine.open().expect("opens");
    machine.storage.fail_syncs(true);
    append(&mut log, b"three").expect_err("fails");
    machine.storage.restart();

    // The frame is in memory only, and counts as clean: a mere sync would not write it.
    let read = machine.recover().expect("starts");
    assert_eq!(read.len(), 3);
    machine.storage.lose_power(PowerFailure::KeepsNothing);
    assert_eq!(machine.recover().expect("starts"), read);
}

#[test]
fn a_log_that_cannot_make_sure_of_its_tail_does_not_open() {
    let machine = Machine::with(&bodies(&[100, 200]));
    machine.storage.fail_syncs(true);
    assert!(matches!(machine.open(), Err(LogError::Failed { .. })));
}

#[test]
fn a_full_disk_stops_the_log_only_when_a_segment_is_full_and_it_goes_on_after_a_restart() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    machine.storage.limit(Some(SEGMENT_BYTES as usize * 3 / 2));
    for _ in 0..16 {
        append(&mut log, &[7; 4000]).expect("the present segment has room");
    }
    match append(&mut log, &[8; 4000]).expect_err("the next segment has none") {
        LogError::Failed { source, .. } => assert_eq!(source.kind(), std::io::ErrorKind::StorageFull),
        other => panic!("{other}"),
    }
    assert!(matches!(append(&mut log, &[8; 4000]), Err(LogError::Failed { .. })));
    drop(log);

    machine.storage.limit(None);
    let mut log = machine.open().expect("starts");
    assert_eq!(log.head().seq, Seq(16));
    append(&mut log, &[8; 4000]).expect("appends");
}

/// Opens a log whose next segment is made by a thread, on a disk that has no room for it.
fn with_full_disk(machine: &Machine) -> FileLog {
    drop(machine.open().expect("opens"));
    machine.storage.limit(Some(SEGMENT_BYTES as usize));
    let options = Options { segment_bytes: SEGMENT_BYTES, prepare_in_background: true, floors: Vec::new() };
    FileLog::open(machine.storage.shared(), &machine.home, options).expect("opens")
}

#[test]
fn a_full_disk_is_told_before_an_append_needs_the_room() {
    let machine = Machine::new();
    let mut log = with_full_disk(&machine);
    while log.check_spare().is_ok() {
        std::thread::yield_now();
    }
    append(&mut log, b"one").expect("the present segment has room");
    machine.storage.limit(None);
    for _ in 0..40 {
        append(&mut log, &[7; 4000]).expect("there is room again");
    }
    log.check_spare().expect("well");
}

#[test]
fn a_segment_that_could_not_be_made_is_tried_once_more_when_it_is_needed() {
    let machine = Machine::new();
    let mut log = with_full_disk(&machine);
    for _ in 0..16 {
        append(&mut log, &[7; 4000]).expect("the present segment has room");
    }
    machine.storage.limit(None);
    append(&mut log, &[8; 4000]).expect("there is room again");
}

#[test]
fn an_append_waits_for_a_slow_disk() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    machine.storage.hold_syncs(true);
    let (sender, acknowledged) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || sender.send(append(&mut log, b"one")));
        machine.storage.wait_for_held_sync();
        assert!(acknowledged.try_recv().is_err(), "not durable yet");
        machine.storage.hold_syncs(false);
        let head = acknowledged.recv().expect("an answer").expect("appends");
        assert_eq!(head.seq, Seq(1));
    });
    machine.storage.lose_power(PowerFailure::KeepsNothing);
    assert_eq!(machine.recover().expect("starts"), [b"one"]);
}
