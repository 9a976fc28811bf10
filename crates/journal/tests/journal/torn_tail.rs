//! A last frame that was not written whole was never acknowledged: it is cut off and the log starts.

use crate::machine::{Machine, append, bodies};
use tickyard_journal::{CommandLog, Head, LogError};
use tickyard_types::Seq;

/// A last frame of one block, of several blocks, and one alone in its segment.
const SHAPES: [&[usize]; 3] = [&[100, 128], &[100, 9000], &[30_000, 30_000, 128]];

#[test]
fn a_last_frame_cut_at_any_byte_is_cut_off() {
    for lengths in SHAPES {
        let bodies = bodies(lengths);
        let machine = Machine::with(&bodies);
        let last = machine.frames().pop().expect("a frame");
        for cut in 0..last.whole_bytes() {
            // The file ends there, or zeros go on.
            for is_short in [true, false] {
                let torn = machine.copy();
                torn.storage.edit(&last.segment, |bytes| {
                    let at = last.offset + cut;
                    if is_short { bytes.truncate(at) } else { bytes[at..].fill(0) }
                });
                assert_starts_without_the_last(&torn, &bodies, cut);
            }
        }
    }
}

fn assert_starts_without_the_last(machine: &Machine, bodies: &[Vec<u8>], cut: usize) {
    let whole = &bodies[..bodies.len() - 1];
    let mut log = machine.open().expect("starts");
    assert_eq!(log.head().seq, Seq(whole.len() as u64), "cut at {cut}");
    assert_eq!(log.recovery().cut.is_some(), cut > 0, "cut at {cut}");
    append(&mut log, b"next").expect("appends");
    drop(log);
    let read = machine.recover().expect("whole");
    assert_eq!(read[..whole.len()], *whole);
    assert_eq!(read[whole.len()..], [b"next".to_vec()]);
}

#[test]
fn a_last_frame_with_any_sectors_missing_is_cut_off() {
    let bodies = bodies(&[100, 9000]);
    let machine = Machine::with(&bodies);
    let last = machine.frames().pop().expect("a frame");
    let sectors = last.whole_bytes().div_ceil(512);
    for missing in 1..1_u32 << sectors.min(10) {
        let torn = machine.copy();
        torn.storage.edit(&last.segment, |bytes| {
            for sector in (0..sectors).filter(|sector| missing >> (sector % 10) & 1 == 1) {
                let from = last.offset + sector * 512;
                bytes[from..from + 512].fill(0);
            }
        });
        assert_eq!(torn.recover().expect("starts"), bodies[..1]);
    }
}

#[test]
fn what_is_cut_off_is_zeroed_before_anything_is_appended() {
    let machine = Machine::with(&bodies(&[100, 9000]));
    let last = machine.frames().pop().expect("a frame");
    machine.storage.edit(&last.segment, |bytes| bytes[last.offset + 20] ^= 1);
    drop(machine.open().expect("starts"));
    assert!(machine.storage.bytes(&last.segment)[last.offset..].iter().all(|byte| *byte == 0));
}

#[test]
fn a_short_last_segment_is_filled_up_again() {
    let machine = Machine::with(&bodies(&[100, 9000]));
    let last = machine.frames().pop().expect("a frame");
    machine.storage.edit(&last.segment, |bytes| bytes.truncate(last.offset + last.whole_bytes()));
    let log = machine.open().expect("starts");
    assert_eq!((log.head().seq, log.recovery().cut.clone()), (Seq(2), None));
    assert_eq!(machine.storage.bytes(&last.segment).len(), 64 << 10);
}

#[test]
fn a_frame_that_something_has_seen_is_not_cut_off() {
    let machine = Machine::with(&bodies(&[100, 200, 300]));
    let last = machine.frames().pop().expect("a frame");
    machine.storage.edit(&last.segment, |bytes| bytes[last.offset + 70] ^= 1);
    let before = machine.storage.bytes(&last.segment);

    let floors = [("the event segments", 2), ("the cursor of read.sqlite", 3)];
    match machine.open_above(&floors).err().expect("refused") {
        LogError::BelowFloor { what, floor, head } => {
            assert_eq!((what.as_str(), floor, head), ("the cursor of read.sqlite", Seq(3), Seq(2)));
        }
        other => panic!("{other}"),
    }
    assert_eq!(machine.storage.bytes(&last.segment), before, "nothing was changed");
    drop(machine.open_above(&floors[..1]).expect("starts"));
}

#[test]
fn a_snapshot_is_a_floor_by_its_name() {
    let machine = Machine::with(&bodies(&[100, 200]));
    let last = machine.frames().pop().expect("a frame");
    drop(machine.storage.shared().create(&machine.home.snapshots().join("00000000000000000002.snap")));
    drop(machine.open().expect("starts"));
    machine.storage.edit(&last.segment, |bytes| bytes[last.offset..].fill(0));
    assert!(matches!(machine.open(), Err(LogError::BelowFloor { floor: Seq(2), head: Seq(1), .. })));
}

#[test]
fn a_segment_that_was_begun_says_that_everything_before_it_is_there() {
    // Sixteen frames fill the first segment; the second was begun and nothing written yet.
    let machine = Machine::with(&bodies(&[4000; 17]));
    machine.storage.edit(&machine.segment(17), |bytes| bytes.fill(0));
    assert_eq!(machine.open().expect("starts").head().seq, Seq(16));

    machine.storage.edit(&machine.segment(1), |bytes| bytes[15 * 4096 + 100] ^= 1);
    match machine.open().err().expect("refused") {
        LogError::Corrupt { place, .. } => {
            assert_eq!((place.segment, place.offset), (machine.segment(1), 15 * 4096));
            assert_eq!(place.expected, Seq(16));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_log_that_is_all_torn_begins_anew() {
    let machine = Machine::with(&bodies(&[100]));
    machine.storage.edit(&machine.segment(1), |bytes| bytes[0] ^= 1);
    let log = machine.open().expect("starts");
    assert_eq!(log.head(), Head::GENESIS);
    assert!(log.recovery().cut.is_some());
}
