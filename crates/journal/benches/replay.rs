//! How fast a log is opened, and read back and verified: frames of 64 commands of 128 bytes, checksums and chain.
//!
//! Prints one line of JSON for each. The file is in the page cache: this is the cost of the journal, not of the disk.
#![allow(clippy::disallowed_types, reason = "a benchmark reads a clock")]

use std::time::Instant;
use tickyard_journal::{Append, CommandLog, Disk, FileLog, FrameKind, Head, Home, Options};

const COMMANDS_PER_FRAME: u32 = 64;
const FRAMES: u64 = 4000;

fn main() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory to measure in");
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let mut log = FileLog::open(Disk::shared(), &home, Options::default()).expect("a new log");
    let commands = vec![0xA5; 128 * COMMANDS_PER_FRAME as usize];
    for round in 0..FRAMES {
        let head = log.head();
        let count = COMMANDS_PER_FRAME;
        let append = Append { kind: FrameKind::Batch, commands: &commands, count, time_ns: round, uid: round + 1 };
        log.append(head, append).expect("appended");
    }
    drop(log);

    let begun = Instant::now();
    let log = FileLog::open(Disk::shared(), &home, Options::default()).expect("a log");
    let opened_ms = begun.elapsed().as_millis();
    println!(r#"{{"name": "journal_open", "unit": "ms", "value": {opened_ms}}}"#);

    let begun = Instant::now();
    let mut frames = log.read_after(Head::GENESIS).expect("readable");
    let mut commands = 0;
    while let Some(frame) = frames.next_frame().expect("whole") {
        commands += u64::from(frame.header.count);
    }
    let per_second = u128::from(commands) * 1_000_000_000 / begun.elapsed().as_nanos().max(1);
    println!(r#"{{"name": "journal_replay", "unit": "commands/s", "commands": {commands}, "value": {per_second}}}"#);
}
