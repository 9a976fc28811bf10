//! What a home must be like for a host to start, and what it mends.

use crate::client::Home;
use crate::market::{self, ALICE, limit};
use std::fs::{self, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use tickyard_host::{FrameKind, StartError};
use tickyard_journal::{Append, CommandLog, Disk, FileLog, Floor, FrameKind as Kind, LockError, LogError, Options};
use tickyard_types::{Seq, Side};

fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn a_second_host_of_a_home_does_not_start() {
    let home = Home::new();
    let running = home.start();
    let mut settings = home.settings();
    settings.socket = settings.socket.with_extension("other");
    let error = home.start_with(settings).err().unwrap();
    assert!(matches!(error, StartError::Lock(LockError::Held { .. })), "{error}");
    assert!(error.is_refusal());
    running.worker().open_market();
    running.stop();
}

#[test]
fn damage_in_the_middle_of_the_journal_refuses_to_start_and_names_the_place() {
    let home = Home::with_market();
    let segment = home.file("journal", 1, "log");
    overwrite(&segment, 4096 + 100, &[0xff]);
    let error = home.start_with(home.settings()).err().unwrap();
    assert!(error.is_refusal());
    assert!(error.to_string().contains("at byte 4096"), "{error}");
}

#[test]
fn a_journal_that_ends_before_what_was_derived_from_it_refuses_to_start() {
    let home = Home::with_market();
    let mut settings = home.settings();
    settings.floors = vec![Floor { what: "the cursor of a table".to_owned(), seq: Seq(1000) }];
    let error = home.start_with(settings).err().unwrap();
    assert!(error.is_refusal());
    assert!(error.to_string().contains("the cursor of a table has seen 1000"), "{error}");

    // The last frame is gone, but its events are there.
    let segment = home.file("journal", 1, "log");
    overwrite(&segment, 9 * 4096, &[0; 4096]);
    let error = home.start_with(home.settings()).err().unwrap();
    assert!(matches!(error, StartError::Log(LogError::BelowFloor { .. })), "{error}");
}

#[test]
fn an_append_that_was_torn_is_cut_off() {
    let home = Home::with_market();
    let running = home.start();
    let before = running.worker().state();
    running.stop();
    let segment = home.file("journal", 1, "log");
    overwrite(&segment, market::definitions().len() as u64 * 4096, b"TYJF and then the power went");
    let running = home.start();
    let mut worker = running.worker();
    assert_eq!(worker.state(), before);
    worker.accepted(limit(ALICE, Side::Buy, 10, 1));
    running.stop();
}

#[test]
fn events_that_a_crash_took_are_derived_again() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    for price in 1..=20 {
        worker.accepted(limit(ALICE, Side::Buy, price, 1));
    }
    running.stop();
    let segment = home.file("events", 1, "evt");
    let whole = fs::read(&segment).unwrap();
    for left in [whole.len() - 1, whole.len() / 2, 100, 0] {
        OpenOptions::new().write(true).open(&segment).unwrap().set_len(left as u64).unwrap();
        home.start().stop();
        assert_eq!(fs::read(&segment).unwrap(), whole, "{left} bytes were left");
    }
    fs::remove_file(&segment).unwrap();
    home.start().stop();
    assert_eq!(fs::read(&segment).unwrap(), whole);
}

#[test]
fn events_before_the_newest_snapshot_are_derived_from_an_older_one() {
    let home = Home::with_market();
    let grow = |price| {
        let running = home.start();
        running.worker().accepted(limit(ALICE, Side::Buy, price, 1));
        running.stop();
        tickyard_host::make_snapshot(&home.root(), 10, 1).unwrap().unwrap()
    };
    let older = grow(10);
    grow(11);
    let segment = home.file("events", 1, "evt");
    let whole = fs::read(&segment).unwrap();
    OpenOptions::new().write(true).open(&segment).unwrap().set_len(whole.len() as u64 - 1).unwrap();
    home.start().stop();
    assert_eq!(fs::read(&segment).unwrap(), whole);
    assert!(older > Seq(0));
}

#[test]
fn a_damaged_snapshot_costs_only_time() {
    let home = Home::with_market();
    let seq = tickyard_host::make_snapshot(&home.root(), 2, 1).unwrap().unwrap();
    let running = home.start();
    let before = running.worker().state();
    running.stop();
    overwrite(&home.file("snapshots", seq.0, "snap"), 200, &[0xff]);
    let running = home.start();
    assert_eq!(running.worker().state(), before);
    running.stop();
}

#[test]
fn a_journal_that_the_core_cannot_carry_out_refuses_to_start() {
    let home = Home::with_market();
    let place = tickyard_journal::Home::new(home.root());
    let mut log = FileLog::open(Disk::shared(), &place, Options::default()).unwrap();
    let commands = &limit(ALICE, Side::Buy, 10, 1)[..100];
    let head = log.head();
    log.append(head, Append { kind: Kind::Batch, commands, count: 1, time_ns: head.time_ns, uid: 5 }).unwrap();
    drop(log);
    let error = home.start_with(home.settings()).err().unwrap();
    assert!(error.is_refusal());
    assert!(error.to_string().contains("a frame holds whole commands"), "{error}");
}

/// Writes a home whose newest frame is from long ago: there, a timer was armed that is due by now.
fn home_with_a_due_timer() -> Home {
    let home = Home::new();
    home.start().stop();
    let place = tickyard_journal::Home::new(home.root());
    let mut log = FileLog::open(Disk::shared(), &place, Options::default()).unwrap();
    let mut records = market::definitions();
    records.push(limit(ALICE, Side::Buy, 10, 1));
    records.push(market::cancel_all_after(ALICE, 10_000));
    for (n, record) in records.iter_mut().enumerate() {
        market::stamp(record, 77, n as u64 + 1);
    }
    let commands = records.concat();
    let append =
        Append { kind: Kind::Batch, commands: &commands, count: records.len() as u32, time_ns: 1_000_000, uid: 5 };
    log.append(log.head(), append).unwrap();
    home
}

#[test]
fn a_timer_fires_when_its_time_has_come_without_any_command() {
    let home = home_with_a_due_timer();
    let running = home.start();
    let mut worker = running.worker();
    let mut account = [0; 24];
    // The host says the time by itself; whoever asks sees it sooner or later.
    while u32::from_le_bytes(account[12..16].try_into().unwrap()) != 0 || account[0] == 0 {
        account.copy_from_slice(&worker.ask(FrameKind::Account, &ALICE.0.to_le_bytes()));
    }
    let (seq, _) = worker.state();
    assert_eq!(seq.0, market::definitions().len() as u64 + 3, "one tick");
    running.stop();
    let report = tickyard_host::verify(&home.root(), &[], |_| ()).unwrap();
    assert_eq!(report.defects, []);
}
