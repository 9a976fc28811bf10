//! Events: readers see every batch once and in order; what a crash loses can be derived again.

use std::path::PathBuf;
use std::sync::Arc;
use tickyard_journal::testing::{FaultyStorage, PowerFailure};
use tickyard_journal::{
    Damage, Disk, EventBatch, EventLog, EventOptions, EventReader, Home, LogError, Storage, sync_events,
};
use tickyard_types::Seq;

const SEGMENT_BYTES: u64 = 1000;

fn storage() -> FaultyStorage {
    let storage = FaultyStorage::new();
    home().create(&storage).expect("folders");
    storage
}

fn home() -> Home {
    Home::new("/home")
}

fn segment(first_seq: u64) -> PathBuf {
    home().events().join(format!("{first_seq:020}.evt"))
}

fn open(storage: &FaultyStorage, synced: u64) -> EventLog {
    let options = EventOptions { segment_bytes: SEGMENT_BYTES, synced: Seq(synced), ..EventOptions::default() };
    EventLog::open(storage.shared(), &home().events(), options).expect("opens")
}

/// What the command of a number did: it depends on the number alone, as it would on the journal.
fn events_of(seq: u64) -> Vec<u8> {
    vec![seq as u8; (seq as usize * 37) % 200]
}

fn append(log: &mut EventLog, seq: u64) {
    let events = events_of(seq);
    let batch = EventBatch {
        first_seq: Seq(seq),
        last_seq: Seq(seq),
        time_ns: seq * 10,
        count: u32::from(!events.is_empty()),
        events: &events,
    };
    log.append(&batch).expect("appends");
}

fn with(storage: &FaultyStorage, last: u64) {
    let mut log = open(storage, 0);
    for seq in log.last_seq().0 + 1..=last {
        append(&mut log, seq);
    }
}

/// Reads on until nothing more is there, checks each batch, and returns the last number.
fn read_on(reader: &mut EventReader) -> u64 {
    loop {
        let next = reader.next_seq();
        match reader.next_batch().expect("whole") {
            Some(batch) => {
                assert_eq!((batch.first_seq, batch.time_ns), (next, next.0 * 10));
                assert_eq!(batch.events, events_of(next.0));
            }
            None => return next.0 - 1,
        }
    }
}

fn reader(storage: &FaultyStorage, seq: u64) -> EventReader {
    EventReader::from_seq(storage.shared(), &home().events(), Seq(seq))
}

#[test]
fn reading_begins_at_any_sequence() {
    let storage = storage();
    with(&storage, 100);
    assert!(storage.exists(&segment(1)) && !storage.exists(&segment(2)));
    for seq in 1..=101 {
        assert_eq!(read_on(&mut reader(&storage, seq)), 100);
    }
}

#[test]
fn a_reader_follows_a_writer_over_segments_and_restarts() {
    let storage = storage();
    let mut reader = reader(&storage, 1);
    assert_eq!(read_on(&mut reader), 0);
    for part in 0..10 {
        let mut log = open(&storage, 0);
        assert_eq!(log.last_seq(), Seq(part * 10));
        for seq in part * 10 + 1..=part * 10 + 10 {
            append(&mut log, seq);
            assert_eq!(read_on(&mut reader), seq);
        }
    }
}

#[test]
fn a_batch_that_is_not_written_wholly_is_waited_for_and_cut_off_by_the_next_writer() {
    let storage = storage();
    with(&storage, 3);
    let whole = storage.bytes(&segment(1));
    let last_offset = whole.len() - 48 - events_of(3).len();
    for cut in last_offset..whole.len() {
        let torn = storage.copy();
        torn.edit(&segment(1), |bytes| bytes.truncate(cut));
        let mut reader = reader(&torn, 1);
        assert_eq!(read_on(&mut reader), 2, "cut at {cut}");
        let mut log = open(&torn, 0);
        assert_eq!(log.last_seq(), Seq(2));
        assert_eq!(log.recovery().cut.is_some(), cut > last_offset);
        append(&mut log, 3);
        append(&mut log, 4);
        assert_eq!(read_on(&mut reader), 4);
    }
}

#[test]
fn damage_is_an_error_for_readers_and_is_derived_again_by_the_writer() {
    let storage = storage();
    with(&storage, 60);
    let first = storage.bytes(&segment(1)).len();
    for at in 0..first {
        let damaged = storage.copy();
        damaged.edit(&segment(1), |bytes| bytes[at] ^= 1 << (at % 8));
        let mut reading = reader(&damaged, 1);
        let error = loop {
            match reading.next_batch() {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        let place = match error {
            Some(LogError::Corrupt { place, .. }) => place,
            other => panic!("byte {at}: {other:?}"),
        };
        assert_eq!((place.segment, place.expected), (segment(1), reading.next_seq()));

        // The writer cuts there and drops what comes after it: replay writes it again.
        let mut log = open(&damaged, 0);
        let last = log.last_seq().0;
        assert_eq!(last + 1, place.expected.0);
        assert_eq!(log.recovery().cut.as_ref().map(|(place, _)| place.offset), Some(place.offset));
        assert!(!log.recovery().removed.is_empty());
        for seq in last + 1..=60 {
            append(&mut log, seq);
        }
        assert_eq!(read_on(&mut reader(&damaged, 1)), 60);
    }
}

#[test]
fn what_was_synced_survives_a_power_failure_and_the_rest_is_without_gaps() {
    for seed in 0..200 {
        let storage = storage();
        let mut log = open(&storage, 0);
        for seq in 1..=60 {
            append(&mut log, seq);
            if seq == 30 {
                log.sync_up_to(Seq(30)).expect("synced");
            }
        }
        drop(log);
        storage.lose_power(if seed == 0 { PowerFailure::KeepsNothing } else { PowerFailure::KeepsSome(seed) });
        let mut log = open(&storage, 30);
        let last = log.last_seq().0;
        assert!((30..=60).contains(&last), "seed {seed}: {last}");
        for seq in last + 1..=60 {
            append(&mut log, seq);
        }
        assert_eq!(read_on(&mut reader(&storage, 1)), 60, "seed {seed}");
    }
}

#[test]
fn another_process_can_sync_what_a_snapshot_needs() {
    let storage = storage();
    with(&storage, 40);
    let shared: Arc<dyn Storage> = storage.shared();
    assert!(!sync_events(&shared, &home().events(), Seq(0), Seq(41)).expect("readable"), "not written yet");
    assert!(sync_events(&shared, &home().events(), Seq(0), Seq(40)).expect("synced"));
    storage.lose_power(PowerFailure::KeepsNothing);
    assert_eq!(open(&storage, 40).last_seq(), Seq(40));
    assert_eq!(read_on(&mut reader(&storage, 1)), 40);
}

#[test]
fn events_whose_sync_failed_are_never_called_synced() {
    let storage = storage();
    let mut log = open(&storage, 0);
    append(&mut log, 1);
    storage.fail_syncs(true);
    assert!(log.sync_up_to(Seq(1)).is_err());
    storage.fail_syncs(false);
    assert!(log.sync_up_to(Seq(1)).is_err());
    assert!(log.sync_up_to(Seq(2)).is_err(), "not written yet");
}

#[test]
fn events_derived_again_are_synced_again() {
    // The folder was lost; the snapshot still says that its events were synced.
    let storage = storage();
    let mut log = open(&storage, 50);
    assert_eq!(log.last_seq(), Seq(0));
    assert!(log.sync_up_to(Seq(50)).is_err(), "not written yet");
    for seq in 1..=50 {
        append(&mut log, seq);
    }
    log.sync_up_to(Seq(50)).expect("synced");
    storage.lose_power(PowerFailure::KeepsNothing);
    assert_eq!(open(&storage, 50).last_seq(), Seq(50));
}

#[test]
fn batches_must_follow_each_other() {
    let storage = storage();
    let mut log = open(&storage, 0);
    let batch = EventBatch { first_seq: Seq(1), last_seq: Seq(3), time_ns: 1, count: 0, events: &[] };
    log.append(&batch).expect("appends");
    for (first, last) in [(3, 4), (5, 6), (4, 3)] {
        let batch = EventBatch { first_seq: Seq(first), last_seq: Seq(last), ..batch };
        assert!(matches!(log.append(&batch), Err(LogError::Invalid(_))), "{first} to {last}");
    }
    log.append(&EventBatch { first_seq: Seq(4), last_seq: Seq(4), ..batch }).expect("appends");
}

#[test]
fn a_full_disk_fails_the_append_which_may_be_repeated() {
    let storage = storage();
    let mut log = open(&storage, 0);
    append(&mut log, 1);
    storage.limit(Some(100));
    let events = events_of(2);
    let batch = EventBatch { first_seq: Seq(2), last_seq: Seq(2), time_ns: 20, count: 1, events: &events };
    assert!(matches!(log.append(&batch), Err(LogError::Failed { .. })));
    assert_eq!(read_on(&mut reader(&storage, 1)), 1);
    storage.limit(None);
    log.append(&batch).expect("appends");
    assert_eq!(read_on(&mut reader(&storage, 1)), 2);
}

#[test]
fn events_that_are_not_kept_are_named() {
    let storage = storage();
    with(&storage, 60);
    storage.shared().remove(&segment(1)).expect("removed");
    match reader(&storage, 1).next_batch() {
        Err(LogError::Missing { expected, .. }) => assert_eq!(expected, Seq(1)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_batch_with_the_wrong_number_is_damage() {
    let storage = storage();
    with(&storage, 60);
    let names = storage.shared().list(&home().events()).expect("readable");
    let second = home().events().join(&names[1]);
    storage.shared().rename(&second, &segment(59)).expect("renamed");
    match reader(&storage, 59).next_batch() {
        Err(LogError::Corrupt { damage, .. }) => assert_eq!(damage, Damage::Sequence),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_thread_reads_everything_that_another_writes_to_the_disk() {
    let dir = tempfile::tempdir().expect("a directory");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let options = EventOptions { segment_bytes: 10_000, ..EventOptions::default() };
    let mut reader = EventReader::from_seq(Disk::shared(), &home.events(), Seq(1));
    let mut log = EventLog::open(Disk::shared(), &home.events(), options).expect("opens");
    std::thread::scope(|scope| {
        scope.spawn(move || (1..=5000).for_each(|seq| append(&mut log, seq)));
        while read_on(&mut reader) < 5000 {
            std::thread::yield_now();
        }
    });
}

#[test]
fn f05_events_whose_sync_failed_are_written_again_by_the_next_start() {
    // A sync fails, the core starts again, a snapshot is taken, the power fails.
    for synced in [0, 20] {
        let storage = storage();
        let mut log = open(&storage, 0);
        for seq in 1..=60 {
            append(&mut log, seq);
            if seq == synced {
                log.sync_up_to(Seq(seq)).expect("synced");
            }
        }
        storage.fail_syncs(true);
        assert!(log.sync_up_to(Seq(60)).is_err());
        drop(log);
        storage.restart();
        open(&storage, synced).sync_up_to(Seq(60)).expect("synced");
        storage.lose_power(PowerFailure::KeepsNothing);
        assert_eq!(open(&storage, 60).last_seq(), Seq(60));
        assert_eq!(read_on(&mut reader(&storage, 1)), 60);
    }
}

#[test]
fn f05_a_sync_that_failed_beside_the_writer_may_be_tried_again() {
    let storage = storage();
    let mut log = open(&storage, 0);
    (1..=60).for_each(|seq| append(&mut log, seq));
    let shared: Arc<dyn Storage> = storage.shared();
    storage.fail_syncs(true);
    assert!(sync_events(&shared, &home().events(), Seq(0), Seq(50)).is_err());
    storage.fail_syncs(false);
    append(&mut log, 61);
    assert!(sync_events(&shared, &home().events(), Seq(0), Seq(50)).expect("synced"));
    storage.lose_power(PowerFailure::KeepsNothing);
    assert!(open(&storage, 50).last_seq() >= Seq(50));
    assert!(read_on(&mut reader(&storage, 1)) >= 50);
}

#[test]
fn a_reader_is_not_disturbed_when_the_writer_starts_again() {
    let storage = storage();
    with(&storage, 60);
    for seq in 1..=61 {
        let mut reader = reader(&storage, seq);
        if seq <= 60 {
            reader.next_batch().expect("whole");
        }
        assert_eq!(open(&storage, 10).last_seq(), Seq(60));
        assert_eq!(read_on(&mut reader), 60);
    }
}
