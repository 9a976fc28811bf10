use crate::machine::{Machine, append, bodies, read_after};
use tickyard_journal::testing::PowerFailure;
use tickyard_journal::{
    Append, CommandLog, Disk, FileLog, FrameKind, FrameSource, Head, Home, JournalReader, LogError, Options, Until,
};
use tickyard_types::Seq;

#[test]
fn what_was_appended_is_read_back_after_a_restart_on_the_disk() {
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let options = Options { segment_bytes: 64 << 10, ..Options::default() };
    let mut appended = Vec::new();
    for _ in 0..3 {
        let mut log = FileLog::open(Disk::shared(), &home, options.clone()).expect("opens");
        assert_eq!(log.head().seq, Seq(appended.len() as u64));
        assert_eq!(read_after(&log, Head::GENESIS).expect("whole"), appended);
        for length in 0..40 {
            let body = vec![appended.len() as u8; 100 + 150 * length];
            append(&mut log, &body).expect("appends");
            appended.push(body);
        }
    }
    let log = FileLog::open(Disk::shared(), &home, options).expect("opens");
    assert_eq!(read_after(&log, Head::GENESIS).expect("whole"), appended);
    assert_eq!(log.recovery().cut, None);
}

#[test]
fn segments_are_named_by_their_first_command_and_full_of_zeros() {
    let machine = Machine::with(&bodies(&[4000; 20]));
    let first = machine.storage.bytes(&machine.segment(1));
    assert_eq!(first.len(), 64 << 10);
    // Sixteen frames of one block fill the first segment; the seventeenth begins the second.
    let second = machine.storage.bytes(&machine.segment(17));
    assert_eq!(second.len(), 64 << 10);
    assert!(second[4 * 4096..].iter().all(|byte| *byte == 0));
}

#[test]
fn a_segment_is_durable_before_it_is_used() {
    let machine = Machine::new();
    drop(machine.open().expect("opens"));
    machine.storage.lose_power(PowerFailure::KeepsNothing);
    assert_eq!(machine.storage.bytes(&machine.segment(1)), vec![0; 64 << 10]);
}

#[test]
fn reading_begins_after_any_head_that_was_reached() {
    let bodies = bodies(&[100, 9000, 300, 20_000, 30_000, 500, 600]);
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let mut heads = vec![log.head()];
    for body in &bodies {
        heads.push(append(&mut log, body).expect("appends"));
    }
    for (index, head) in heads.iter().enumerate() {
        assert_eq!(read_after(&log, *head).expect("whole"), bodies[index..]);
    }
}

#[test]
fn reading_after_a_head_of_another_history_is_refused() {
    let machine = Machine::with(&bodies(&[100, 200, 300]));
    let log = machine.open().expect("opens");
    for seq in 1..=3 {
        let head = Head { seq: Seq(seq), chain: 4711, ..log.head() };
        assert!(matches!(read_after(&log, head), Err(LogError::Corrupt { .. })), "head {seq}");
    }
    let other = Head { seq: Seq(2), chain: 4711, ..log.head() };
    let dir = machine.home.journal();
    let mut live = JournalReader::after(machine.storage.shared(), &dir, other, Until::Live).expect("a log");
    assert!(matches!(live.next_frame(), Err(LogError::Corrupt { .. })));
}

#[test]
fn frames_without_commands_take_no_number() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let control = |log: &mut FileLog, kind, uid| {
        let head = log.head();
        log.append(head, Append { kind, commands: &[], count: 0, time_ns: head.time_ns, uid }).expect("appends")
    };
    assert_eq!(control(&mut log, FrameKind::Epoch, 1).epoch, 1);
    append(&mut log, b"one").expect("appends");
    let before = log.head();
    assert_eq!(control(&mut log, FrameKind::SnapshotMark, 2).seq, Seq(1));
    assert_ne!(log.head(), before);
    assert_eq!(control(&mut log, FrameKind::Epoch, 3).epoch, 2);
    append(&mut log, b"two").expect("appends");
    drop(log);

    let log = machine.open().expect("opens");
    let mut frames = log.read_after(before).expect("readable");
    let mut kinds = Vec::new();
    while let Some(frame) = frames.next_frame().expect("whole") {
        kinds.push((frame.kind(), frame.head.seq.0, frame.head.epoch));
    }
    assert_eq!(kinds, [(FrameKind::SnapshotMark, 1, 1), (FrameKind::Epoch, 1, 2), (FrameKind::Batch, 2, 2)]);
}

#[test]
fn an_invalid_append_changes_nothing() {
    let machine = Machine::new();
    let mut log = machine.open().expect("opens");
    let head = append(&mut log, b"one").expect("appends");
    let valid = Append { kind: FrameKind::Batch, commands: b"two", count: 1, time_ns: head.time_ns, uid: 9 };
    let too_long = vec![1; (1 << 20) + 1];
    let longer_than_a_segment = vec![1; 64 << 10];
    for invalid in [
        Append { uid: 0, ..valid },
        Append { count: 0, ..valid },
        Append { count: 4, ..valid },
        Append { commands: &[], ..valid },
        Append { kind: FrameKind::Epoch, count: 0, ..valid },
        Append { time_ns: head.time_ns - 1, ..valid },
        Append { commands: &too_long, ..valid },
        Append { commands: &longer_than_a_segment, ..valid },
    ] {
        assert!(matches!(log.append(head, invalid), Err(LogError::Invalid(_))));
    }
    assert_eq!(log.head(), head);
    log.append(head, valid).expect("appends");
}

#[test]
fn a_new_log_is_not_begun_where_something_has_seen_an_old_one() {
    let machine = Machine::new();
    let error = machine.open_above(&[("the event segments", 5)]).err().expect("refused").to_string();
    assert!(error.contains("the event segments has seen 5"), "{error}");
    assert!(!machine.storage.exists(&machine.segment(1)));
}
