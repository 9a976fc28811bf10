//! How long it takes until a command is durable: a bare 4 KiB write and sync, beside an append of one command.
//!
//! Both are measured in one run, in turns, in pre-written files of one directory, so that only their ratio counts.
//! Prints one line of JSON for each. `DURABLE_ROUNDS` sets how many times (2000), `DURABLE_DIR` where.
#![allow(clippy::disallowed_types, reason = "a benchmark reads a clock")]

use std::path::{Path, PathBuf};
use std::time::Instant;
use tickyard_journal::{Append, CommandLog, Disk, FileLog, FrameKind, Home, Options, Storage, StorageFile};

const BLOCK: [u8; 4096] = [0x5A; 4096];
const COMMAND: [u8; 128] = [0xA5; 128];
/// The size of the file for bare writes; they begin again at its start.
const BARE_BYTES: u64 = 16 << 20;

fn main() {
    let rounds = std::env::var("DURABLE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000_u64);
    let parent =
        std::env::var("DURABLE_DIR").map_or_else(|_| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let dir = tempfile::tempdir_in(parent).expect("a directory to measure in");
    let bare = prepare(&dir.path().join("bare"));
    let home = Home::new(dir.path());
    home.create(&Disk).expect("folders");
    let mut log = FileLog::open(Disk::shared(), &home, Options::default()).expect("a new log");

    let (mut bare_ns, mut append_ns) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let begun = Instant::now();
        bare.write_at(&BLOCK, round * BLOCK.len() as u64 % BARE_BYTES).expect("written");
        bare.sync_data().expect("synced");
        bare_ns.push(nanos(begun));

        let head = log.head();
        let append = Append { kind: FrameKind::Batch, commands: &COMMAND, count: 1, time_ns: round, uid: round + 1 };
        let begun = Instant::now();
        log.append(head, append).expect("appended");
        append_ns.push(nanos(begun));
    }
    report("raw_fdatasync_4k", &mut bare_ns);
    report("journal_append_128", &mut append_ns);
}

/// A file full of zeros that are on the disk, so that writing it changes no metadata.
fn prepare(path: &Path) -> Box<dyn StorageFile> {
    let file = Disk.create(path).expect("a file");
    let zeros = vec![0; 1 << 20];
    for offset in (0..BARE_BYTES).step_by(zeros.len()) {
        file.write_at(&zeros, offset).expect("written");
    }
    file.sync_data().expect("synced");
    file
}

fn nanos(begun: Instant) -> u64 {
    begun.elapsed().as_nanos() as u64
}

fn report(name: &str, sample_ns: &mut [u64]) {
    sample_ns.sort_unstable();
    let us = |per_mille: usize| sample_ns[(sample_ns.len() - 1) * per_mille / 1000] / 1000;
    println!(
        r#"{{"name": "{name}", "unit": "us", "rounds": {}, "p50": {}, "p99": {}, "p999": {}}}"#,
        sample_ns.len(),
        us(500),
        us(990),
        us(999)
    );
}
