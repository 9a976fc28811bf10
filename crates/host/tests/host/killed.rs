//! A host in a process of its own that is killed in the middle of its work.

use crate::boundaries::{self, DeadlyDisk};
use crate::client::{Home, Worker, refusal, settings};
use crate::market::{ALICE, named};
use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tickyard_buggify::{Plan, Point};
use tickyard_host::{AsOf, FrameKind, Host, OrderRow};
use tickyard_types::Side;
use zerocopy::TryFromBytes;

/// The worker's run.
pub const BOOT: u64 = 42;
const HOME: &str = "TICKYARD_TEST_HOME";
const SOCKET: &str = "TICKYARD_TEST_SOCKET";
/// The worker's command of this number makes the core panic.
const PANIC: &str = "TICKYARD_TEST_PANIC";

/// Not a test: the process that is killed. Without a home in the environment there is nothing to do.
#[test]
fn the_process_that_is_killed() {
    if let (Some(home), Some(socket)) = (std::env::var_os(HOME), std::env::var_os(SOCKET)) {
        if let Ok(counter) = std::env::var(PANIC) {
            Plan::default().with_poison(Point::PanicInCommit, (BOOT, counter.parse().unwrap())).install();
        }
        let settings = settings(PathBuf::from(home), PathBuf::from(socket));
        let host = match std::env::var(boundaries::VARIABLE) {
            Ok(wish) => Host::start_on(&settings, Arc::new(DeadlyDisk::new(&wish))),
            Err(_) => Host::start(&settings),
        };
        let host = host.unwrap();
        host.wait().unwrap();
    }
}

fn launch(home: &Home) -> Child {
    launch_with(home, &[])
}

/// Starts the process with more in its environment.
pub fn launch_with(home: &Home, environment: &[(&str, &str)]) -> Child {
    let settings = home.settings();
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::the_process_that_is_killed"])
        .env(HOME, &settings.home)
        .env(SOCKET, &settings.socket)
        .envs(environment.iter().copied())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// A worker of the process, once that listens.
pub fn wait_for(home: &Home) -> Worker {
    connect(&home.settings().socket)
}

fn connect(socket: &Path) -> Worker {
    while UnixStream::connect(socket).is_err() {
        std::thread::sleep(Duration::from_millis(5));
    }
    Worker::connect(socket, BOOT)
}

#[test]
fn nothing_acknowledged_is_lost_and_what_is_sent_again_is_carried_out_once() {
    let home = Home::with_market();
    let socket = home.settings().socket;
    // All records ever sent, stamped, by counter; the reply when there was one.
    let mut records: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut replies = BTreeMap::new();
    let mut counter = 0;
    for round in 0..6 {
        let mut child = launch(&home);
        let mut worker = connect(&socket);
        let unanswered: Vec<u8> = records
            .iter()
            .filter(|(counter, _)| !replies.contains_key(*counter))
            .flat_map(|(_, r)| r.clone())
            .collect();
        worker.send(FrameKind::Submit, 0, &unanswered);
        for burst in 0..=round {
            let mut payload = Vec::new();
            for _ in 0..20 {
                counter += 1;
                let mut record = named(ALICE, Side::Buy, 10, 1, &format!("n{counter}"));
                crate::market::stamp(&mut record, worker.boot, counter);
                payload.extend_from_slice(&record);
                records.insert(counter, record);
            }
            worker.send(FrameKind::Submit, 0, &payload);
            if burst < round {
                worker.take_replies();
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        while worker.take_replies() {}
        replies.append(&mut worker.replies);
    }

    let running = home.start();
    let mut worker = running.worker_of(BOOT);
    let before: Vec<u64> = replies.keys().copied().collect();
    worker.send(FrameKind::Submit, 0, &records.values().flatten().copied().collect::<Vec<u8>>());
    let all: Vec<u64> = records.keys().copied().collect();
    let again: BTreeMap<u64, _> = all.iter().copied().zip(worker.answers(&all)).collect();
    for counter in before {
        assert_eq!(again[&counter], replies[&counter], "the answer is the one that was given");
    }
    assert!(again.values().all(|reply| refusal(reply).is_none()));
    let answer = worker.ask(FrameKind::OpenOrders, &[ALICE.0, 0].map(u32::to_le_bytes).concat());
    let mut ids: Vec<_> = answer[size_of::<AsOf>()..]
        .chunks_exact(size_of::<OrderRow>())
        .map(|row| OrderRow::try_read_from_bytes(row).unwrap().order_id)
        .collect();
    let mut promised: Vec<_> = again.values().map(|reply| reply.order_id).collect();
    ids.sort_unstable();
    promised.sort_unstable();
    assert_eq!(ids, promised, "each order is there, once");
    running.stop();
    assert_eq!(tickyard_host::verify(&home.root(), &[], |_| ()).unwrap().defects, []);
}
