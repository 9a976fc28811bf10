//! Compressed segments: read as the plain ones were, damage is found, and no crash loses anything.

use crate::machine::{Body, Machine, append, bodies, read_after};
use std::path::PathBuf;
use std::sync::Arc;
use tickyard_journal::testing::{FaultyStorage, PowerFailure, Stop};
use tickyard_journal::{
    Compressed, Disk, EventBatch, EventLog, EventOptions, EventReader, FrameSource, Head, Home, JournalReader, Kept,
    LogError, Storage, Until, compress, prune,
};
use tickyard_types::Seq;

/// Four segments of frames and as many of events.
const LENGTHS: [usize; 12] = [100, 9000, 30_000, 128, 25_000, 40_000, 300, 128, 60_000, 200, 50_000, 20];

fn events_of(seq: u64) -> Vec<u8> {
    vec![seq as u8; (seq as usize * 37) % 200]
}

fn open_events(machine: &Machine, synced: u64) -> EventLog {
    let options = EventOptions { segment_bytes: 300, synced: Seq(synced), ..EventOptions::default() };
    EventLog::open(machine.storage.shared(), &machine.home.events(), options).expect("opens")
}

/// A day whose events are synced up to its end.
fn day() -> Machine {
    let machine = Machine::with(&bodies(&LENGTHS));
    let mut log = open_events(&machine, 0);
    for seq in 1..=LENGTHS.len() as u64 {
        let events = events_of(seq);
        let (first_seq, last_seq) = (Seq(seq), Seq(seq));
        log.append(&EventBatch { first_seq, last_seq, time_ns: seq, count: 1, events: &events }).expect("appends");
    }
    log.sync_up_to(Seq(LENGTHS.len() as u64)).expect("synced");
    machine
}

fn compressed(machine: &Machine) -> Compressed {
    compress(&machine.storage, &machine.home, Seq(LENGTHS.len() as u64)).expect("compresses")
}

fn segments(machine: &Machine) -> Vec<u64> {
    Kept::journal(&machine.storage, &machine.home).expect("readable").segments.iter().map(|seq| seq.0).collect()
}

fn files(machine: &Machine) -> Vec<PathBuf> {
    let dirs = [machine.home.journal(), machine.home.events()];
    let names = |dir: &PathBuf| machine.storage.list(dir).expect("readable");
    dirs.iter().flat_map(|dir| names(dir).into_iter().map(|name| dir.join(name)).collect::<Vec<_>>()).collect()
}

fn read_events(machine: &Machine, from: u64) -> Result<Vec<u8>, LogError> {
    let mut reader = EventReader::from_seq(machine.storage.shared(), &machine.home.events(), Seq(from));
    let mut read = Vec::new();
    while let Some(batch) = reader.next_batch()? {
        read.extend_from_slice(batch.events);
    }
    Ok(read)
}

fn read_frames(machine: &Machine, from: u64) -> Result<Vec<Body>, LogError> {
    let journal = machine.home.journal();
    let mut reader = JournalReader::from_seq(machine.storage.shared(), &journal, Seq(from), Until::Live)?;
    let mut read = Vec::new();
    while let Some(frame) = reader.next_frame()? {
        read.push(frame.body.to_vec());
    }
    Ok(read)
}

fn all_events(from: u64) -> Vec<u8> {
    (from..=LENGTHS.len() as u64).flat_map(events_of).collect()
}

/// All of it from every command on, and a start that goes on.
fn assert_whole(machine: &Machine, context: &str) {
    let all = bodies(&LENGTHS);
    for from in 1..=all.len() {
        assert_eq!(read_frames(machine, from as u64).expect("whole"), all[from - 1..], "{context}, from {from}");
        assert_eq!(read_events(machine, from as u64).expect("whole"), all_events(from as u64), "{context}");
    }
    machine.verify().expect("whole");
    let mut log = machine.open().unwrap_or_else(|error| panic!("{context}: {error}"));
    assert_eq!(read_after(&log, Head::GENESIS).expect("whole"), all, "{context}");
    append(&mut log, b"next").expect("appends");
    let mut events = open_events(machine, LENGTHS.len() as u64);
    let next = Seq(LENGTHS.len() as u64 + 1);
    assert_eq!(events.last_seq().0 + 1, next.0, "{context}");
    let batch = EventBatch { first_seq: next, last_seq: next, time_ns: 99, count: 0, events: &[] };
    events.append(&batch).expect("appends");
}

#[test]
fn a_compressed_segment_reads_as_the_plain_one_did() {
    let machine = day();
    let done = compressed(&machine);
    assert!(done.segments >= 6 && done.to_bytes < done.from_bytes / 10, "{done:?}");
    let plain: Vec<_> = files(&machine).into_iter().filter(|path| !path.to_string_lossy().ends_with(".zst")).collect();
    assert_eq!(plain.len(), 2, "the newest ones only: {plain:?}");
    assert_whole(&machine, "compressed");
    assert_eq!(compressed(&machine), Compressed::default());
}

#[test]
fn anybody_with_zstd_can_make_the_plain_segment_again() {
    let machine = day();
    let plain = machine.storage.bytes(&machine.segment(1));
    let used = plain.iter().rposition(|byte| *byte != 0).expect("frames") + 1;
    compressed(&machine);
    let packed = machine.storage.bytes(&machine.segment(1).with_extension("log.zst"));
    let unpacked = zstd::stream::decode_all(&packed[..]).expect("whole");
    assert_eq!(unpacked[..used], plain[..used]);
}

#[test]
fn f04_every_flipped_bit_in_a_compressed_segment_is_found_and_named() {
    let machine = day();
    compressed(&machine);
    for path in files(&machine).into_iter().filter(|path| path.extension().is_some_and(|end| end == "zst")) {
        for at in 0..machine.storage.bytes(&path).len() {
            let bit = at % 8;
            machine.storage.edit(&path, |bytes| bytes[at] ^= 1 << bit);
            let found = machine.verify().map(drop).and_then(|()| read_events(&machine, 1).map(drop));
            match found {
                Err(LogError::Corrupt { place, .. }) => assert_eq!(place.segment, path, "byte {at}"),
                other => panic!("byte {at} of {}: {other:?}", path.display()),
            }
            machine.storage.edit(&path, |bytes| bytes[at] ^= 1 << bit);
        }
    }
    assert_whole(&machine, "as it was");
}

#[test]
fn a_segment_that_is_damaged_or_ends_too_early_is_not_compressed() {
    let machine = day();
    machine.storage.edit(&machine.segment(1), |bytes| bytes[100] ^= 1);
    let before = files(&machine);
    match compress(&machine.storage, &machine.home, Seq(12)) {
        Err(LogError::Corrupt { place, .. }) => assert_eq!(place.segment, machine.segment(1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(files(&machine), before);
}

#[test]
fn events_that_are_not_synced_stay_as_they_are() {
    let machine = day();
    compress(&machine.storage, &machine.home, Seq(0)).expect("compresses");
    let is_packed = |path: &PathBuf| path.extension().is_some_and(|end| end == "zst");
    assert!(files(&machine).iter().filter(|path| is_packed(path)).all(|path| path.starts_with("/home/journal")));
}

#[test]
fn a_reader_goes_on_while_its_segment_is_compressed() {
    let machine = day();
    let journal = machine.home.journal();
    let mut frames = JournalReader::oldest(machine.storage.shared(), &journal, Until::Live).expect("opens");
    let mut events = EventReader::from_seq(machine.storage.shared(), &machine.home.events(), Seq(1));
    frames.next_frame().expect("whole").expect("a frame");
    events.next_batch().expect("whole").expect("a batch");
    compressed(&machine);
    assert!(machine.storage.exists(&machine.segment(1)), "somebody reads it");
    let mut count = 1;
    while frames.next_frame().expect("whole").is_some() {
        count += 1;
    }
    assert_eq!(count, LENGTHS.len());
    while events.next_batch().expect("whole").is_some() {}
    assert_eq!(events.next_seq().0, LENGTHS.len() as u64 + 1);
    compressed(&machine);
    assert!(!machine.storage.exists(&machine.segment(1)), "nobody does any more");
    assert_whole(&machine, "compressed");
}

#[test]
fn the_oldest_segments_go_when_there_are_too_many_bytes_but_never_what_is_needed() {
    let last = LENGTHS.len() as u64;
    for floor in 0..=last {
        let machine = day();
        compressed(&machine);
        let all = segments(&machine);
        let removed = prune(&machine.storage, &machine.home, Seq(floor), u64::MAX).expect("pruned");
        assert_eq!(removed, Vec::<PathBuf>::new());
        prune(&machine.storage, &machine.home, Seq(floor), 0).expect("pruned");
        let kept = Kept::journal(&machine.storage, &machine.home).expect("readable");
        assert!(!kept.misses_the_first());
        assert_eq!(kept.from, kept.segments[0]);
        let needed = all.iter().filter(|first| **first <= floor).max().unwrap_or(&1);
        assert_eq!(kept.segments[0].0, *needed, "floor {floor}");
        let from = floor.max(1);
        assert_eq!(read_frames(&machine, from).expect("there"), bodies(&LENGTHS)[from as usize - 1..]);
        assert_eq!(read_events(&machine, from).expect("there"), all_events(from));
        let mut log = machine.open().expect("opens");
        append(&mut log, b"next").expect("appends");
    }
}

#[test]
fn what_somebody_reads_is_not_removed_nor_what_follows_it() {
    let machine = day();
    compressed(&machine);
    let all = segments(&machine);
    let journal = machine.home.journal();
    let mut reader =
        JournalReader::from_seq(machine.storage.shared(), &journal, Seq(all[1]), Until::Live).expect("opens");
    prune(&machine.storage, &machine.home, Seq(12), 0).expect("pruned");
    assert_eq!(segments(&machine), all[1..]);
    while reader.next_frame().expect("there").is_some() {}
    drop(reader);
    prune(&machine.storage, &machine.home, Seq(12), 0).expect("pruned");
    assert_eq!(segments(&machine).len(), 1);
}

/// Does some work on copies of a machine that die at every step of it, each in several ways.
fn for_every_death(machine: &Machine, work: impl Fn(&Machine) -> Result<(), LogError>, check: impl Fn(&Machine, &str)) {
    let measured = machine.copy();
    let first = measured.storage.steps() + 1;
    work(&measured).expect("no faults");
    for step in first..=measured.storage.steps() {
        let failures = [PowerFailure::KeepsNothing, PowerFailure::KeepsSome(step), PowerFailure::KeepsSome(step + 99)];
        for failure in std::iter::once(None).chain(failures.map(Some)) {
            let machine = machine.copy();
            machine.storage.stop_at(Stop { step, share: 128 });
            work(&machine).expect_err("dies");
            match failure {
                None => machine.storage.restart(),
                Some(failure) => machine.storage.lose_power(failure),
            }
            check(&machine, &format!("step {step}, {failure:?}"));
            // The next run does what this one did not.
            work(&machine).unwrap_or_else(|error| panic!("step {step}: {error}"));
            check(&machine, &format!("step {step}, {failure:?}, again"));
        }
    }
}

#[test]
fn f31_dying_at_any_step_of_compressing_loses_nothing() {
    let work = |machine: &Machine| compress(&machine.storage, &machine.home, Seq(12)).map(drop);
    for_every_death(&day(), work, |machine, context| assert_whole(&machine.copy(), context));
}

#[test]
fn f31_dying_at_any_step_of_pruning_keeps_what_is_needed() {
    let machine = day();
    compressed(&machine);
    let work = |machine: &Machine| prune(&machine.storage, &machine.home, Seq(8), 0).map(drop);
    for_every_death(&machine, work, |machine, context| {
        let machine = machine.copy();
        for kept in [Kept::journal(&machine.storage, &machine.home), Kept::events(&machine.storage, &machine.home)] {
            assert!(!kept.expect("readable").misses_the_first(), "{context}");
        }
        assert_eq!(read_frames(&machine, 8).expect("there"), bodies(&LENGTHS)[7..], "{context}");
        assert_eq!(read_events(&machine, 8).expect("there"), all_events(8), "{context}");
        machine.verify().unwrap_or_else(|error| panic!("{context}: {error}"));
        append(&mut machine.open().expect("opens"), b"next").expect("appends");
    });
}

#[test]
fn readers_hold_their_files_on_a_real_disk_too() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("file");
    Disk.create(&path).expect("made");
    let reader = Disk.open_read(&path).expect("opens");
    assert!(reader.hold().expect("locks"));
    assert!(!Disk.remove_unheld(&path).expect("looks"));
    drop(reader);
    assert!(Disk.remove_unheld(&path).expect("removes"));
    assert!(Disk.remove_unheld(&path).is_err(), "it is gone");
}

#[test]
fn events_that_cannot_be_derived_again_are_not_cut() {
    let machine = day();
    let open = |kept_from: u64| {
        let options = EventOptions { segment_bytes: 300, synced: Seq(0), kept_from: Seq(kept_from) };
        EventLog::open(machine.storage.copy().shared(), &machine.home.events(), options)
    };
    let path = machine.home.events().join(format!("{:020}.evt", 1));
    machine.storage.edit(&path, |bytes| *bytes.last_mut().expect("events") ^= 1);
    assert!(matches!(open(12), Err(LogError::Corrupt { .. })));
    assert!(open(0).expect("cut").last_seq() < Seq(12));
    let empty = FaultyStorage::new();
    Home::new("/home").create(&empty).expect("folders");
    let shared: Arc<dyn Storage> = empty.shared();
    let options = EventOptions { kept_from: Seq(12), ..EventOptions::default() };
    let opened = EventLog::open(shared, &machine.home.events(), options);
    assert!(matches!(opened, Err(LogError::Missing { expected: Seq(13), .. })));
}
