//! A host in a process of its own, killed at every boundary of an append on a real disk.

use crate::client::{Home, refusal};
use crate::killed::{BOOT, launch_with, wait_for};
use crate::market::{ALICE, limit};
use rustix::process::{Signal, getpid, kill_process};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tickyard_journal::{Disk, Storage, StorageFile};
use tickyard_types::Side;

/// Where the process dies; the number of the append follows after a colon.
pub const VARIABLE: &str = "TICKYARD_TEST_BOUNDARY";
const BOUNDARIES: [&str; 5] = ["before-write", "half-written", "before-sync", "after-sync", "after-answer"];

/// The disk, until the process dies.
pub struct DeadlyDisk {
    boundary: String,
    /// Appends that are still to come before the last one.
    left: Arc<AtomicU32>,
}

impl DeadlyDisk {
    pub fn new(wish: &str) -> Self {
        let (boundary, left) = wish.split_once(':').unwrap();
        Self { boundary: boundary.to_owned(), left: Arc::new(AtomicU32::new(left.parse().unwrap())) }
    }

    fn watch(&self, path: &Path, file: Box<dyn StorageFile>) -> Box<dyn StorageFile> {
        if path.extension().is_none_or(|suffix| suffix != "log") {
            return file;
        }
        Box::new(DeadlyFile { file, boundary: self.boundary.clone(), left: Arc::clone(&self.left) })
    }
}

impl Storage for DeadlyDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Ok(self.watch(path, Disk.create(path)?))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Ok(self.watch(path, Disk.open(path)?))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn StorageFile>> {
        Disk.open_read(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Disk.remove(path)
    }

    fn remove_unheld(&self, path: &Path) -> io::Result<bool> {
        Disk.remove_unheld(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        Disk.list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        Disk.create_dir(dir)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        Disk.sync_dir(dir)
    }
}

struct DeadlyFile {
    file: Box<dyn StorageFile>,
    boundary: String,
    left: Arc<AtomicU32>,
}

impl DeadlyFile {
    fn dies_here(&self, boundary: &str) -> bool {
        self.boundary == boundary && self.left.load(Ordering::SeqCst) == 0
    }
}

fn die() -> ! {
    kill_process(getpid(), Signal::KILL).unwrap();
    unreachable!("Invariant: nobody survives that")
}

impl StorageFile for DeadlyFile {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        if self.dies_here("before-write") {
            die();
        }
        if self.dies_here("half-written") {
            // Within the commands: the header is whole, the rest is not.
            self.file.write_at(&bytes[..100], offset)?;
            die();
        }
        self.file.write_at(bytes, offset)
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(into, offset)
    }

    fn sync_data(&self) -> io::Result<()> {
        if self.dies_here("before-sync") {
            die();
        }
        self.file.sync_data()?;
        if self.dies_here("after-sync") {
            die();
        }
        self.left.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.file.truncate(size)
    }

    fn hold(&self) -> io::Result<bool> {
        self.file.hold()
    }
}

#[test]
fn f01_a_process_killed_at_any_boundary_of_an_append_keeps_what_it_acknowledged() {
    for boundary in BOUNDARIES {
        let home = Home::with_market();
        // Opening syncs the segment once, then each order is an append of its own.
        let mut child = launch_with(&home, &[(VARIABLE, &format!("{boundary}:3"))]);
        let mut worker = wait_for(&home);
        let mut answered = Vec::new();
        let orders: Vec<Vec<u8>> = (0..3).map(|n| limit(ALICE, Side::Buy, 10 + n, 1)).collect();
        for order in &orders {
            let counters = worker.submit(vec![order.clone()]);
            if !worker.take_replies() {
                break;
            }
            answered.push(worker.replies[&counters[0]]);
        }
        if boundary == "after-answer" {
            child.kill().unwrap();
        }
        assert!(!child.wait().unwrap().success(), "{boundary}");
        assert_eq!(answered.len(), if boundary == "after-answer" { 3 } else { 2 }, "{boundary}");

        let running = home.start();
        let is_there = running.host.started_at().0 - answered[0].seq.0 + 1;
        match boundary {
            "before-write" | "half-written" => assert_eq!(is_there, 2, "{boundary}: what was not whole is not there"),
            // Without power failure it may be either; a killed process loses nothing that it wrote.
            _ => assert_eq!(is_there, 3, "{boundary}"),
        }
        // Asked again, all are carried out once, and whoever had an answer gets the same.
        let again = running.worker_of(BOOT).carry_out(orders);
        assert!(again.iter().all(|reply| refusal(reply).is_none()), "{boundary}");
        assert_eq!(again[..answered.len()], answered, "{boundary}");
        let sequences: Vec<u64> = again.iter().map(|reply| reply.seq.0 - answered[0].seq.0).collect();
        assert_eq!(sequences[..2], [0, 1], "{boundary}");
        running.stop();
    }
}
