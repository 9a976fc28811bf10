//! There is always a good snapshot, and a bad one costs only time.

use std::path::PathBuf;
use tickyard_journal::testing::{FaultyStorage, PowerFailure, Stop};
use tickyard_journal::{BLOCK_BYTES, Head, Home, LogError, SnapshotFault, SnapshotMark, SnapshotStore};
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};

fn store() -> (FaultyStorage, SnapshotStore) {
    let storage = FaultyStorage::new();
    let home = Home::new("/home");
    home.create(&storage).expect("folders");
    let store = SnapshotStore::new(storage.shared(), home.snapshots());
    (storage, store)
}

fn reopened(storage: &FaultyStorage) -> SnapshotStore {
    SnapshotStore::new(storage.shared(), Home::new("/home").snapshots())
}

fn mark(seq: u64) -> SnapshotMark {
    let head = Head { seq: Seq(seq), epoch: 3, chain: seq * 1000, time_ns: seq * 7 };
    SnapshotMark { head, state_hash: [seq as u8; 32] }
}

fn body(seq: u64, bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index as u64 ^ seq) as u8).collect()
}

fn path(seq: u64) -> PathBuf {
    Home::new("/home").snapshots().join(format!("{seq:020}.snap"))
}

fn newest_seq(store: &SnapshotStore) -> Option<u64> {
    store.newest(None).expect("readable").snapshot.map(|snapshot| snapshot.mark.head.seq.0)
}

#[test]
fn a_snapshot_is_read_as_it_was_written() {
    let (_, store) = store();
    for (seq, bytes) in [(1, 0), (2, 1), (3, BLOCK_BYTES), (4, 2 * BLOCK_BYTES + 17)] {
        let written = store.write(&mark(seq), &body(seq, bytes)).expect("written");
        assert_eq!(written, path(seq));
        let newest = store.newest(None).expect("readable");
        let snapshot = newest.snapshot.expect("there");
        assert_eq!((snapshot.mark, snapshot.body), (mark(seq), body(seq, bytes)));
        assert!(newest.skipped.is_empty());
    }
    assert_eq!(store.newest(Some(Seq(3))).expect("readable").snapshot.expect("there").mark, mark(3));
    assert_eq!(store.newest(Some(Seq(0))).expect("readable").snapshot, None);
}

#[test]
fn a_flipped_bit_anywhere_makes_the_one_before_be_used() {
    let (storage, store) = store();
    store.write(&mark(5), &body(5, 3000)).expect("written");
    store.write(&mark(9), &body(9, 3000)).expect("written");
    let bytes = storage.bytes(&path(9)).len();
    for at in 0..bytes {
        storage.edit(&path(9), |bytes| bytes[at] ^= 1 << (at % 8));
        let newest = store.newest(None).expect("readable");
        assert_eq!(newest.snapshot.expect("the one before").mark.head.seq, Seq(5), "byte {at}");
        assert_eq!(newest.skipped.len(), 1);
        assert_eq!(newest.skipped[0].path, path(9));
        storage.edit(&path(9), |bytes| bytes[at] ^= 1 << (at % 8));
    }
    assert_eq!(newest_seq(&store), Some(9));
}

#[test]
fn a_damaged_block_is_named() {
    let (storage, store) = store();
    store.write(&mark(5), &body(5, 3 * BLOCK_BYTES)).expect("written");
    storage.edit(&path(5), |bytes| bytes[128 + 12 + BLOCK_BYTES + 99] ^= 1);
    assert_eq!(store.read(Seq(5)).expect_err("damaged"), SnapshotFault::Block(1));
}

#[test]
fn a_truncated_or_renamed_or_older_snapshot_makes_the_one_before_be_used() {
    let (storage, store) = store();
    store.write(&mark(5), &body(5, 3000)).expect("written");
    store.write(&mark(9), &body(9, 3000)).expect("written");
    let whole = storage.bytes(&path(9));
    for cut in [0, 1, 127, 128, 131, 132, 1000, whole.len() - 1] {
        storage.edit(&path(9), |bytes| bytes.truncate(cut));
        assert_eq!(newest_seq(&store), Some(5), "cut at {cut}");
        storage.edit(&path(9), |bytes| bytes.clone_from(&whole));
    }
    storage.edit(&path(9), |bytes| {
        bytes[108..110].copy_from_slice(&(RECORD_VERSION - 1).to_le_bytes());
        let crc = crc32fast::hash(&bytes[..124]);
        bytes[124..128].copy_from_slice(&crc.to_le_bytes());
    });
    let newest = store.newest(None).expect("readable");
    assert_eq!(newest.snapshot.expect("the one before").mark.head.seq, Seq(5));
    let other = SnapshotFault::OtherVersion { record: RECORD_VERSION - 1, core: CORE_VERSION };
    assert_eq!(newest.skipped[0].fault, other);

    storage.edit(&path(9), |bytes| bytes.clone_from(&whole));
    storage.shared().rename(&path(9), &path(10)).expect("renamed");
    assert_eq!(store.read(Seq(10)).expect_err("renamed"), SnapshotFault::Name);
    assert_eq!(newest_seq(&store), Some(5));
}

#[test]
fn pruning_keeps_the_newest_whole_snapshots() {
    let (storage, store) = store();
    for seq in 1..=6 {
        store.write(&mark(seq), &body(seq, 500)).expect("written");
    }
    storage.edit(&path(5), |bytes| bytes[200] ^= 1);
    let removed = store.prune(2).expect("pruned");
    assert_eq!(removed, [path(3), path(2), path(1)]);
    // The damaged one among those kept stays for whoever wants to look.
    assert_eq!(store.list().expect("readable"), [Seq(4), Seq(5), Seq(6)]);
    assert_eq!(store.prune(2).expect("pruned"), Vec::<PathBuf>::new());
}

#[test]
fn a_full_disk_costs_only_the_new_snapshot() {
    let (storage, store) = store();
    store.write(&mark(5), &body(5, 3000)).expect("written");
    storage.limit(Some(5000));
    assert!(matches!(store.write(&mark(9), &body(9, 3000)), Err(LogError::Failed { .. })));
    assert_eq!(newest_seq(&store), Some(5));
    // What it took was given back.
    let names = storage.shared().list(&Home::new("/home").snapshots()).expect("readable");
    assert_eq!(names.len(), 1);
    storage.limit(None);
    store.write(&mark(9), &body(9, 3000)).expect("written");
    assert_eq!(newest_seq(&store), Some(9));
}

#[test]
fn dying_at_any_step_of_writing_or_pruning_leaves_a_good_snapshot() {
    let work = |store: &SnapshotStore| -> Result<u64, (u64, LogError)> {
        let mut written = 5;
        for seq in 6..=8 {
            store.write(&mark(seq), &body(seq, 3000)).map_err(|error| (written, error))?;
            written = seq;
            store.prune(2).map_err(|error| (written, error))?;
        }
        Ok(written)
    };
    let (storage, store) = store();
    store.write(&mark(5), &body(5, 3000)).expect("written");
    let first = storage.steps() + 1;
    let measured = storage.copy();
    work(&reopened(&measured)).expect("no faults");
    for step in first..=measured.steps() {
        for failure in [None, Some(PowerFailure::KeepsNothing), Some(PowerFailure::KeepsSome(step))] {
            let storage = storage.copy();
            storage.stop_at(Stop { step, share: 128 });
            let (written, _) = work(&reopened(&storage)).expect_err("dies");
            match failure {
                None => storage.restart(),
                Some(failure) => storage.lose_power(failure),
            }
            let newest = reopened(&storage).newest(None).expect("readable");
            let found = newest.snapshot.expect("a good one").mark.head.seq.0;
            assert!(found == written || found == written + 1, "step {step}: written {written}, found {found}");
            assert!(newest.skipped.is_empty(), "step {step}");
            // Leftovers are removed next time.
            let store = reopened(&storage);
            store.write(&mark(20), &body(20, 10)).expect("written");
            store.prune(1).expect("pruned");
            assert_eq!(storage.shared().list(&Home::new("/home").snapshots()).expect("readable").len(), 1);
        }
    }
}
