//! Faults around snapshots, compression and pruning, on a storage that fails on demand: the home starts with the same
//! state whatever happens.

#[allow(dead_code)]
#[path = "../tests/host/market.rs"]
mod market;

use crate::open::{StartError, recover};
use crate::settings::Settings;
use crate::snapshots::make_snapshot_on;
use crate::tidy::tidy_on;
use crate::verify::verify_on;
use market::{ALICE, BOB, definitions, limit, stamp};
use std::path::PathBuf;
use std::sync::Arc;
use tickyard_engine::Engine;
use tickyard_journal::testing::{FaultyStorage, PowerFailure, Stop};
use tickyard_journal::{Append, CommandLog, Floor, FrameKind, Head, Home, Kept, SnapshotMark, SnapshotStore, Storage};
use tickyard_types::{RECORD_VERSION, Seq, Side};

/// What is done to the bytes of a file.
type Damage<'a> = &'a dyn Fn(&mut Vec<u8>);

/// Newest command, state hash.
type State = (Seq, [u8; 32]);

fn home() -> Home {
    Home::new("/home")
}

fn shared(storage: &FaultyStorage) -> Arc<dyn Storage> {
    storage.shared()
}

fn settings() -> Settings {
    let (journal_segment_bytes, event_segment_bytes) = (64 << 10, 6 << 10);
    Settings { journal_segment_bytes, event_segment_bytes, ..Settings::new("/home", "/socket") }
}

/// Starts on what the storage holds.
fn start(storage: &FaultyStorage, context: &str) -> State {
    let recovered =
        recover(&shared(storage), &home(), &settings(), false).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert_eq!(recovered.events.last_seq(), recovered.engine.seq(), "{context}");
    (recovered.engine.seq(), recovered.engine.state_hash())
}

/// Trades through so many frames, from a number on.
fn trade(storage: &FaultyStorage, frames: std::ops::Range<u64>) {
    let mut log = recover(&shared(storage), &home(), &settings(), false).unwrap().log;
    for n in frames {
        let orders = (0..2).flat_map(|at| {
            let price = 100 + ((n + at) % 7) as i64;
            [limit(ALICE, Side::Buy, price, 1 + at as i64), limit(BOB, Side::Sell, price, 2)]
        });
        let mut commands: Vec<_> = if n == 0 { definitions() } else { orders.collect() };
        let counters = 1..;
        commands.iter_mut().zip(counters).for_each(|(command, counter)| stamp(command, n + 1, counter));
        let (head, count) = (log.head(), commands.len() as u32);
        let body = commands.concat();
        let append = Append { kind: FrameKind::Batch, commands: &body, count, time_ns: n * 1000, uid: n + 1 };
        log.append(head, append).unwrap();
    }
    drop(log);
    start(storage, "after trading");
}

/// A home with three snapshots and several sealed segments.
fn traded() -> FaultyStorage {
    let storage = FaultyStorage::new();
    home().create(&storage).unwrap();
    for part in 0..3 {
        trade(&storage, part * 20..part * 20 + 20);
        make_snapshot_on(&shared(&storage), &home(), 3, 1).unwrap().unwrap();
    }
    trade(&storage, 60..70);
    storage
}

fn snapshots(storage: &FaultyStorage) -> SnapshotStore {
    SnapshotStore::new(shared(storage), home().snapshots())
}

fn path(seq: Seq) -> PathBuf {
    home().snapshots().join(format!("{:020}.snap", seq.0))
}

fn assert_sound(storage: &FaultyStorage, context: &str) {
    let report = verify_on(&shared(storage), &home(), &[], |_| ()).unwrap();
    assert_eq!(report.defects, [], "{context}");
}

#[test]
fn f30_a_corrupted_truncated_or_older_snapshot_is_passed_over_for_the_one_before() {
    let storage = traded();
    let state = start(&storage, "whole");
    let seqs = snapshots(&storage).list().unwrap();
    let whole = storage.bytes(&path(seqs[2]));
    let older = |bytes: &mut Vec<u8>| {
        bytes[108..110].copy_from_slice(&(RECORD_VERSION - 1).to_le_bytes());
        let crc = crc32fast::hash(&bytes[..124]);
        bytes[124..128].copy_from_slice(&crc.to_le_bytes());
    };
    let damages: [(&str, Damage<'_>); 5] = [
        ("a flipped bit", &|bytes| bytes[1500] ^= 1),
        ("a flipped bit of the header", &|bytes| bytes[20] ^= 1),
        ("truncated", &|bytes| bytes.truncate(1700)),
        ("empty", &Vec::clear),
        ("of another version", &older),
    ];
    for (name, damage) in damages {
        // The newest one, then the two newest, then all.
        for hurt in 1..=3 {
            let storage = storage.copy();
            seqs.iter().rev().take(hurt).for_each(|seq| storage.edit(&path(*seq), damage));
            if hurt == 3 && name == "of another version" {
                // None is of ours, so the home is not: nothing is replayed by rules it was not written by.
                let refusal = recover(&shared(&storage), &home(), &settings(), false).err().unwrap();
                assert!(matches!(refusal, StartError::OtherVersion { .. }), "{refusal}");
                assert!(refusal.to_string().contains(&*path(seqs[2]).to_string_lossy()), "{refusal}");
                continue;
            }
            assert_eq!(start(&storage, name), state, "{name}, {hurt} of them");
            assert!(make_snapshot_on(&shared(&storage), &home(), 2, 1).unwrap().is_some(), "{name}");
            assert_eq!(snapshots(&storage).newest(None).unwrap().snapshot.unwrap().mark.state_hash, state.1);
        }
    }
    storage.edit(&path(seqs[2]), |bytes| bytes.clone_from(&whole));
    assert_sound(&storage, "as it was");
}

/// A state with one bit of a byte turned, sealed again; `None` where no engine takes it.
fn forged(body: &[u8], at: usize) -> Option<(Vec<u8>, Engine)> {
    let (contents, _) = body.split_last_chunk::<32>()?;
    let mut forged = contents.to_vec();
    *forged.get_mut(at)? ^= 1;
    let seal = blake3::hash(&forged);
    forged.extend_from_slice(seal.as_bytes());
    Engine::restore_unchecked(&forged).ok().map(|engine| (forged, engine))
}

/// A snapshot's bytes with one unit more on somebody's account, sealed again; and the hash of that state.
fn with_money_from_nowhere(body: &[u8]) -> (Vec<u8>, [u8; 32]) {
    let does_not_sum =
        |engine: &Engine| engine.check_invariants().is_err_and(|what| what.contains("does not sum to zero"));
    let mut all = (0..body.len()).filter_map(|at| forged(body, at));
    let (forged, engine) = all.find(|(_, engine)| does_not_sum(engine)).expect("some byte is one of a balance");
    let hash = engine.state_hash();
    (forged, hash)
}

#[test]
fn f30_whatever_is_edited_in_a_snapshot_is_found_although_every_checksum_of_it_is_right() {
    let storage = traded();
    let store = snapshots(&storage);
    let seqs = store.list().unwrap();
    let whole = store.read(seqs[1]).unwrap();
    let place = format!("snapshot {}", seqs[1].0);
    let assert_found = |what: &str| {
        let report = verify_on(&shared(&storage), &home(), &[], |_| ()).unwrap();
        assert_eq!(report.defects.iter().map(|defect| &defect.place).collect::<Vec<_>>(), [&place], "{what}");
    };
    // The state: settings, balances, orders, timers, keys, outcomes. Whoever edits it also says its hash anew.
    let states = (0..whole.body.len()).step_by(41).filter_map(|at| Some((at, forged(&whole.body, at)?)));
    let mut edited = 0;
    for (at, (body, engine)) in states {
        store.write(&SnapshotMark { state_hash: engine.state_hash(), ..whole.mark }, &body).unwrap();
        assert_found(&format!("byte {at} of the state"));
        edited += 1;
    }
    assert!(edited > 20, "an engine takes {edited} edited states");
    // What the snapshot says of itself.
    let head = whole.mark.head;
    let mut hash = whole.mark.state_hash;
    hash[7] ^= 1;
    let marks = [
        SnapshotMark { head: Head { time_ns: head.time_ns + 1, ..head }, ..whole.mark },
        SnapshotMark { head: Head { chain: head.chain ^ 1, ..head }, ..whole.mark },
        SnapshotMark { head: Head { epoch: head.epoch + 1, ..head }, ..whole.mark },
        SnapshotMark { state_hash: hash, ..whole.mark },
    ];
    for mark in marks {
        store.write(&mark, &whole.body).unwrap();
        assert_found(&format!("{mark:?}"));
    }
    store.write(&whole.mark, &whole.body).unwrap();
    assert_sound(&storage, "as it was");
}

#[test]
fn f30_a_snapshot_whose_ledger_does_not_sum_is_named_although_every_checksum_of_it_is_right() {
    for is_pruned in [false, true] {
        let storage = traded();
        if is_pruned {
            tidy_on(&shared(&storage), &home(), Some(0), &[]).unwrap();
        }
        let store = snapshots(&storage);
        let oldest = store.list().unwrap()[0];
        let mut snapshot = store.read(oldest).unwrap();
        let (body, state_hash) = with_money_from_nowhere(&snapshot.body);
        snapshot.mark.state_hash = state_hash;
        store.write(&snapshot.mark, &body).unwrap();
        assert!(store.read(oldest).is_ok(), "the file is whole");
        let report = verify_on(&shared(&storage), &home(), &[], |_| ()).unwrap();
        let [defect] = &report.defects[..] else { panic!("{:?}", report.defects) };
        assert_eq!(defect.place, format!("snapshot {}", oldest.0));
        let what = if is_pruned { "does not sum to zero" } else { "its state is not that of the replay" };
        assert!(defect.what.contains(what), "{defect:?}");
    }
}

#[test]
fn f31_dying_at_any_step_of_snapshots_compression_and_pruning_changes_nothing() {
    let storage = traded();
    let state = start(&storage, "whole");
    let work = |storage: &FaultyStorage| {
        let storage = shared(storage);
        make_snapshot_on(&storage, &home(), 2, 1).map_err(|error| error.to_string())?;
        tidy_on(&storage, &home(), Some(0), &[]).map_err(|error| error.to_string())
    };
    let measured = storage.copy();
    let first = measured.steps() + 1;
    let tidied = work(&measured).unwrap();
    assert!(tidied.compressed.segments >= 3 && tidied.removed >= 2, "{tidied:?}");
    assert!(Kept::journal(&measured, &home()).unwrap().from > Seq(1));
    for step in first..=measured.steps() {
        for failure in [None, Some(PowerFailure::KeepsNothing), Some(PowerFailure::KeepsSome(step))] {
            let context = format!("step {step}, {failure:?}");
            let storage = storage.copy();
            storage.stop_at(Stop { step, share: 128 });
            work(&storage).expect_err("dies");
            match failure {
                None => storage.restart(),
                Some(failure) => storage.lose_power(failure),
            }
            let newest = snapshots(&storage).newest(None).unwrap();
            assert!(newest.snapshot.is_some() && newest.skipped.is_empty(), "{context}");
            assert_eq!(start(&storage, &context), state, "{context}");
            assert_sound(&storage, &context);
            // The next run does what this one did not.
            work(&storage).unwrap_or_else(|error| panic!("{context}: {error}"));
            assert_eq!(start(&storage, &context), state, "{context}, again");
        }
    }
}

#[test]
fn a_pruned_home_starts_and_verifies_from_each_of_its_snapshots() {
    let storage = traded();
    let state = start(&storage, "whole");
    tidy_on(&shared(&storage), &home(), Some(0), &[]).unwrap();
    assert_sound(&storage, "pruned");
    let seqs = snapshots(&storage).list().unwrap();
    for hurt in 1..seqs.len() {
        let storage = storage.copy();
        seqs.iter().rev().take(hurt).for_each(|seq| storage.edit(&path(*seq), |bytes| bytes[300] ^= 1));
        assert_eq!(start(&storage, "with fewer snapshots"), state);
        assert_eq!(verify_on(&shared(&storage), &home(), &[], |_| ()).unwrap().defects.len(), hurt);
    }
    // Without any, there is nothing to begin with, and nothing is guessed.
    seqs.iter().for_each(|seq| storage.edit(&path(*seq), |bytes| bytes[300] ^= 1));
    assert!(recover(&shared(&storage), &home(), &settings(), false).is_err());
}

#[test]
fn nothing_is_removed_that_a_cursor_still_needs() {
    let storage = traded();
    let cursor = Floor { what: "the cursor".to_owned(), seq: Seq(50) };
    tidy_on(&shared(&storage), &home(), Some(0), &[cursor]).unwrap();
    let events = Kept::events(&storage, &home()).unwrap();
    assert!(events.segments[0] <= Seq(50), "{events:?}");
    assert_eq!(tidy_on(&shared(&storage), &home(), Some(u64::MAX), &[]).unwrap().removed, 0);
    assert_eq!(tidy_on(&shared(&storage), &home(), None, &[]).unwrap().removed, 0);
}
