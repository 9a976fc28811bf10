//! Snapshots, replay and verification of homes, at rest and beside a running host.

use crate::client::Home;
use crate::market::{ALICE, BOB, limit};
use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use tickyard_host::{Report, SnapshotError, make_snapshot, replay, verify};
use tickyard_journal::{Disk, Floor, SnapshotMark, SnapshotStore};
use tickyard_types::{Seq, Side};

/// A home with trades and snapshots.
fn traded() -> Home {
    let home = Home::with_market();
    for _ in 0..3 {
        let running = home.start();
        let mut worker = running.worker();
        let records =
            (1..=100).flat_map(|n| [limit(ALICE, Side::Buy, 100 + n, 3), limit(BOB, Side::Sell, 100 + n, 1 + n % 4)]);
        worker.carry_out(records.collect());
        running.stop();
        make_snapshot(&home.root(), 10, 1).unwrap().unwrap();
    }
    home
}

fn found(home: &Home) -> Report {
    verify(&home.root(), &[], |_| ()).unwrap()
}

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn a_replay_ends_where_the_live_core_does() {
    let home = traded();
    let running = home.start();
    let (seq, state_hash) = running.worker().state();
    let replayed = replay(&home.root(), |_| ()).unwrap();
    assert_eq!((replayed.seq, replayed.state_hash), (seq, state_hash));
    running.stop();
}

#[test]
fn a_sound_home_verifies_and_every_snapshot_is_met() {
    let home = traded();
    let report = found(&home);
    assert_eq!(report.defects, []);
    assert_eq!(report.snapshots, 3);
    assert_eq!((report.first_seq, report.events_until), (Seq(1), report.last_seq));
    assert_eq!(report.state_hash, replay(&home.root(), |_| ()).unwrap().state_hash);
}

#[test]
fn a_home_that_was_never_used_verifies() {
    let home = Home::new();
    home.start().stop();
    assert_eq!(found(&home).defects, []);
}

#[test]
fn a_running_home_verifies_and_takes_snapshots() {
    let home = traded();
    let running = home.start();
    let mut worker = running.worker();
    for n in 0..50 {
        let counters = worker.submit((0..20).map(|_| limit(ALICE, Side::Buy, 10 + n, 1)).collect());
        if n % 10 == 0 {
            let report = found(&home);
            assert_eq!(report.defects, []);
            make_snapshot(&home.root(), 3, 1).unwrap();
        }
        worker.answers(&counters);
    }
    running.stop();
    let report = found(&home);
    assert_eq!(report.defects, []);
    assert_eq!(report.snapshots, 3, "older ones were removed");
}

#[test]
fn no_snapshot_is_made_before_enough_commands_have_come() {
    let home = traded();
    assert_eq!(make_snapshot(&home.root(), 3, 1).unwrap(), None);
    let running = home.start();
    running.worker().accepted(limit(ALICE, Side::Buy, 10, 1));
    running.stop();
    assert_eq!(make_snapshot(&home.root(), 3, 2).unwrap(), None);
    assert!(make_snapshot(&home.root(), 3, 1).unwrap().is_some());
}

#[test]
fn a_snapshot_and_the_tail_equal_the_whole_journal() {
    let home = traded();
    let running = home.start();
    let from_snapshot = running.worker().state();
    running.stop();
    fs::remove_dir_all(home.root().join("snapshots")).unwrap();
    let running = home.start();
    assert_eq!(running.worker().state(), from_snapshot);
    running.stop();
}

#[test]
fn damage_in_the_journal_is_found_and_its_place_named() {
    let home = traded();
    overwrite(&home.file("journal", 1, "log"), 3 * 4096 + 70, &[0xff]);
    let report = found(&home);
    assert!(report.defects.iter().any(|defect| defect.place.contains("at byte 12288")), "{:?}", report.defects);
    assert_eq!(report.last_seq, Seq(3));
}

#[test]
fn folders_that_are_gone_are_found_by_what_is_still_there() {
    for folder in ["journal", "events"] {
        let home = traded();
        fs::remove_dir_all(home.root().join(folder)).unwrap();
        let defects = found(&home).defects;
        let is_named = defects.iter().any(|defect| defect.what.contains("there is a snapshot of sequence"));
        assert!(is_named, "{folder}: {defects:?}");
        assert!(defects.iter().all(|defect| defect.place.starts_with(&format!("{folder} after sequence 0"))));
    }
}

#[test]
fn a_journal_cut_short_is_found_by_what_was_derived_from_it() {
    let home = traded();
    let last = found(&home).last_seq;
    let segment = home.file("journal", 1, "log");
    let bytes = fs::read(&segment).unwrap();
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() / 4096 * 4096;
    // The whole of the newest frame, whatever its length.
    let start = (0..=end / 4096).rev().map(|block| block * 4096).find(|at| bytes[*at..].starts_with(b"TYJF")).unwrap();
    overwrite(&segment, start as u64, &vec![0; end + 4096 - start]);
    let report = found(&home);
    assert!(report.last_seq < last);
    let what: Vec<_> = report.defects.iter().map(|defect| defect.what.as_str()).collect();
    assert!(what.iter().any(|what| what.contains(&format!("a snapshot of sequence {}", last.0))), "{what:?}");
    assert!(what.iter().any(|what| what.contains(&format!("events of sequence {}", last.0))), "{what:?}");
}

#[test]
fn an_event_that_is_not_that_of_the_replay_is_found() {
    let home = traded();
    // A home with other events of the same length: one order at another price.
    let segment = home.file("events", 1, "evt");
    let other = Home::with_market();
    let running = other.start();
    running.worker().accepted(limit(ALICE, Side::Buy, 101, 2));
    running.stop();
    fs::copy(other.file("events", 1, "evt"), &segment).unwrap();
    let report = found(&home);
    let seq = report.defects[0].place.clone();
    assert!(seq.starts_with("events of sequence"), "{:?}", report.defects);
    assert_eq!(report.snapshots, 3, "the journal is sound");
    assert!(matches!(make_snapshot(&home.root(), 3, 1), Ok(None) | Err(SnapshotError::Diverged { .. })));
}

#[test]
fn damaged_events_are_found() {
    let home = traded();
    overwrite(&home.file("events", 1, "evt"), 60, &[0xff]);
    let report = found(&home);
    assert!(report.defects.iter().any(|defect| defect.place.contains(".evt at byte 0")), "{:?}", report.defects);
}

#[test]
fn a_damaged_snapshot_is_found() {
    let home = traded();
    let last = found(&home).last_seq;
    overwrite(&home.file("snapshots", last.0, "snap"), 300, &[0xff]);
    let report = found(&home);
    assert_eq!(report.defects.len(), 1);
    assert_eq!(report.defects[0].place, format!("snapshot {}", last.0));
    assert_eq!(report.snapshots, 2);
}

/// Copies a file whole, as a home copied while nothing runs.
fn rewrite(path: &Path, edit: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    edit(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn f04_a_flipped_bit_in_any_frame_but_the_newest_is_found() {
    let home = traded();
    let segment = home.file("journal", 1, "log");
    let whole = fs::read(&segment).unwrap();
    let used = (whole.iter().rposition(|byte| *byte != 0).unwrap() / 4096 + 1) * 4096;
    let newest = (0..used / 4096).rev().map(|at| at * 4096).find(|at| whole[*at..].starts_with(b"TYJF")).unwrap();
    // Every part of a frame: header, body, padding; and the zeros behind the newest one.
    let frames = (0..newest).step_by(4096 * 3).flat_map(|at| [at + 9, at + 70, at + 4095]);
    for at in frames.chain([used + 4096 * 300 + 5]) {
        overwrite(&segment, at as u64, &[whole[at] ^ 4]);
        let defects = found(&home).defects;
        let place = &defects.first().unwrap_or_else(|| panic!("byte {at} was turned unseen")).place;
        assert!(place.contains(".log at byte "), "{place}");
        overwrite(&segment, at as u64, &[whole[at]]);
    }
    assert_eq!(found(&home).defects, []);
}

#[test]
fn an_edited_snapshot_is_found_although_its_checksums_hold() {
    let home = traded();
    let snapshots = SnapshotStore::new(Disk::shared(), home.root().join("snapshots"));
    let seqs = snapshots.list().unwrap();
    // It says to be the newest, and holds the state of the one before.
    let (older, newest) = (snapshots.read(seqs[1]).unwrap(), snapshots.read(seqs[2]).unwrap());
    let mark = SnapshotMark { state_hash: older.mark.state_hash, ..newest.mark };
    for (mark, body) in [(mark, &older.body), (newest.mark, &older.body), (mark, &newest.body)] {
        snapshots.write(&mark, body).unwrap();
        let report = found(&home);
        assert_eq!(report.defects.len(), 1);
        assert_eq!(report.defects[0].place, format!("snapshot {}", seqs[2].0));
        assert_eq!(report.snapshots, 2);
    }
}

#[test]
fn events_cut_short_at_rest_are_unfinished_unless_something_has_seen_them() {
    let home = traded();
    let running = home.start();
    running.worker().accepted(limit(ALICE, Side::Buy, 101, 2));
    running.stop();
    let last = found(&home).last_seq;
    rewrite(&home.file("events", 1, "evt"), |bytes| bytes.truncate(bytes.len() - 1));
    let report = found(&home);
    assert_eq!(report.defects, []);
    assert!(report.unfinished[0].place.contains(".evt at byte"), "{:?}", report.unfinished);
    assert_eq!(report.unfinished[1].place, format!("events after sequence {}", last.0 - 1));
    let seen = Floor { what: "the cursor".to_owned(), seq: last };
    let report = verify(&home.root(), &[seen], |_| ()).unwrap();
    assert_eq!(report.defects[0].what, format!("they end there, but the cursor has seen {}", last.0));
    // The next start derives them again.
    home.start().stop();
    assert_eq!((found(&home).defects, found(&home).unfinished), (vec![], vec![]));
}

#[test]
fn a_first_segment_that_is_missing_is_found_even_where_a_snapshot_stands_for_it() {
    let home = traded();
    let first = home.file("journal", 1, "log");
    let last = found(&home).last_seq;
    fs::rename(&first, home.file("journal", last.0 + 1, "log")).unwrap();
    assert_eq!(found(&home).defects[0].place, first.display().to_string());
}
