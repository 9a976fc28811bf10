//! Exactly one append follows a head.

use crate::machine::{Machine, append, batch, read_after};
use tickyard_journal::{Append, CommandLog, FrameKind, Head, LogError};
use tickyard_types::Seq;

#[test]
fn of_two_appends_to_one_head_exactly_one_succeeds() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let head = log.head();
    let first = log.append(head, Append { uid: 1, ..batch(&head, b"mine") }).expect("appends");
    match log.append(head, Append { uid: 2, ..batch(&head, b"yours") }) {
        Err(LogError::Fenced { expected, head: now }) => assert_eq!((expected, now), (head, first)),
        other => panic!("{other:?}"),
    }
    assert_eq!(read_after(&log, Head::GENESIS).expect("whole"), [b"mine"]);
}

#[test]
fn a_writer_of_an_older_epoch_is_fenced() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let old = append(&mut log, b"one").expect("appends");
    let takeover = Append { kind: FrameKind::Epoch, commands: &[], count: 0, time_ns: old.time_ns, uid: 77 };
    let new = log.append(old, takeover).expect("appends");
    assert_eq!((new.seq, new.epoch), (Seq(1), 1));
    assert!(matches!(log.append(old, batch(&old, b"late")), Err(LogError::Fenced { .. })));
    log.append(new, batch(&new, b"two")).expect("appends");
}

#[test]
fn an_append_sent_again_is_appended_once() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    append(&mut log, b"one").expect("appends");
    let before = log.head();
    let after = log.append(before, batch(&before, b"two")).expect("appends");
    assert_eq!(log.append(before, batch(&before, b"two")).expect("known"), after);
    drop(log);

    // Also when the answer was lost because the process died.
    let mut log = machine.open().expect("opens");
    assert_eq!(log.append(before, batch(&before, b"two")).expect("known"), after);
    assert_eq!(read_after(&log, Head::GENESIS).expect("whole"), [b"one", b"two"]);
}
