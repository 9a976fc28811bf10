//! Damage before the last frame is never repaired by guessing: the log is refused and the place is named.

use crate::machine::{FrameAt, Machine, bodies};
use tickyard_journal::{Damage, LogError};
use tickyard_types::Seq;

/// Three segments; frames of one block and of several.
fn machine() -> Machine {
    Machine::with(&bodies(&[128, 9000, 20_000, 128, 25_000, 128, 30_000, 30_000, 128, 40_000, 300]))
}

fn assert_refused(machine: &Machine, frame: &FrameAt, what: &str) {
    for error in [machine.copy().recover().err(), machine.verify().err()] {
        match error.unwrap_or_else(|| panic!("{what} of {frame:?} was not found")) {
            LogError::Corrupt { place, .. } => {
                assert_eq!(place.segment, frame.segment, "{what}");
                assert_eq!(place.offset, frame.offset as u64, "{what}");
                assert_eq!(place.expected, frame.header.first_seq, "{what}");
            }
            other => panic!("{what}: {other}"),
        }
    }
}

#[test]
fn a_flipped_bit_in_any_frame_but_the_newest_is_found_and_named() {
    let machine = machine();
    let mut frames = machine.frames();
    frames.pop();
    for frame in &frames {
        // Every byte of the header; a sample of the body.
        let body = (64..frame.whole_bytes()).step_by(1 + frame.whole_bytes() / 40);
        for at in (0..64).chain(body) {
            let damaged = machine.copy();
            damaged.storage.edit(&frame.segment, |bytes| bytes[frame.offset + at] ^= 1 << (at % 8));
            assert_refused(&damaged, frame, &format!("a flipped bit in byte {at}"));
        }
    }
}

#[test]
fn a_flipped_bit_in_the_newest_frame_leaves_the_log_without_it() {
    let machine = machine();
    let newest = machine.frames().pop().expect("a frame");
    for at in 0..newest.whole_bytes() {
        let damaged = machine.copy();
        damaged.storage.edit(&newest.segment, |bytes| bytes[newest.offset + at] ^= 1 << (at % 8));
        assert_eq!(damaged.recover().expect("starts").len(), 10);
    }
}

#[test]
fn zeroed_frames_in_the_middle_are_found_and_named() {
    let machine = machine();
    let mut frames = machine.frames();
    frames.pop();
    for frame in &frames {
        for blocks in [1, frame.header.padded_bytes() / 4096] {
            let damaged = machine.copy();
            damaged.storage.edit(&frame.segment, |bytes| {
                bytes[frame.offset..frame.offset + blocks * 4096].fill(0);
            });
            match damaged.recover().expect_err("refused") {
                LogError::Corrupt { place, damage } => {
                    assert_eq!((place.offset, damage), (frame.offset as u64, Damage::Empty));
                    assert_eq!(place.expected, frame.header.first_seq);
                }
                // At the end of a segment it looks as if a whole segment were gone.
                LogError::Missing { expected, .. } => assert_eq!(expected, frame.header.first_seq),
                other => panic!("{other}"),
            }
            assert!(damaged.verify().is_err());
        }
    }
}

#[test]
fn damage_in_two_neighbouring_frames_is_still_corruption() {
    let machine = Machine::with(&bodies(&[128, 9000, 128]));
    let frames = machine.frames();
    machine.storage.edit(&frames[1].segment, |bytes| {
        bytes[frames[1].offset + 3] ^= 1;
        bytes[frames[2].offset + 70] ^= 1;
    });
    assert_refused(&machine, &frames[1], "two flipped bits");
}

#[test]
fn bytes_beyond_the_reach_of_one_append_are_corruption() {
    let machine = Machine::with(&bodies(&[128, 9000, 128]));
    let frames = machine.frames();
    machine.storage.edit(&frames[1].segment, |bytes| {
        bytes[frames[1].offset + 100] ^= 1;
        bytes[frames[2].offset] ^= 1;
    });
    assert_refused(&machine, &frames[1], "a flipped bit before a damaged header");
}

#[test]
fn a_missing_segment_is_named() {
    let machine = machine();
    let frames = machine.frames();
    let firsts: Vec<&FrameAt> = frames.iter().filter(|frame| frame.offset == 0).collect();
    assert!(firsts.len() >= 3);
    for (index, gone) in firsts[..firsts.len() - 1].iter().enumerate() {
        let damaged = machine.copy();
        damaged.storage.shared().remove(&gone.segment).expect("removed");
        let refused = damaged.recover().expect_err("refused");
        let is_named = matches!(&refused, LogError::Missing { expected, .. } if *expected == gone.header.first_seq);
        assert!(is_named, "{refused}");
        // Without the first one, the walk over what is kept begins with the second.
        assert_eq!(damaged.verify().is_err(), index > 0);
    }
}

#[test]
fn frames_that_changed_places_are_found() {
    let machine = Machine::with(&bodies(&[128, 128, 128, 128]));
    machine.storage.edit(&machine.segment(1), |bytes| {
        let (left, right) = bytes.split_at_mut(2 * 4096);
        left[4096..].swap_with_slice(&mut right[..4096]);
    });
    match machine.recover().expect_err("refused") {
        LogError::Corrupt { place, damage } => {
            assert_eq!((place.offset, place.expected, damage), (4096, Seq(2), Damage::Sequence));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_frame_of_another_history_is_found() {
    let machine = Machine::with(&bodies(&[128, 128, 128]));
    let other = Machine::with(&[vec![9; 128], vec![9; 128], vec![9; 128]]);
    let foreign = other.storage.bytes(&other.segment(1))[4096..8192].to_vec();
    machine.storage.edit(&machine.segment(1), |bytes| bytes[4096..8192].copy_from_slice(&foreign));
    match machine.recover().expect_err("refused") {
        LogError::Corrupt { place, damage } => {
            assert_eq!((place.offset, place.expected, damage), (4096, Seq(2), Damage::Chain));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn a_whole_frame_that_no_writer_would_write_there_is_found() {
    let cases = [(28, 5_u64, 4, Damage::Epoch), (40, 1, 8, Damage::Time)];
    for (field, value, bytes, expected) in cases {
        let machine = Machine::with(&bodies(&[128, 128, 128]));
        machine.storage.edit(&machine.segment(1), |file| {
            let header = &mut file[2 * 4096..2 * 4096 + 64];
            header[field..field + bytes].copy_from_slice(&value.to_le_bytes()[..bytes]);
            let crc = crc32fast::hash(&header[..60]);
            header[60..].copy_from_slice(&crc.to_le_bytes());
        });
        match machine.open().err().expect("refused") {
            LogError::Corrupt { place, damage } => {
                assert_eq!((place.offset, place.expected, damage), (2 * 4096, Seq(3), expected));
            }
            other => panic!("{other}"),
        }
    }
}
