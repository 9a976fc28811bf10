//! A worker that is no part of what is measured: sends commands to a running core over its socket, and counts replies.
//!
//! Orders that rest and their cancels, of 16 accounts of the pair that `benchmarks/orders.py` lists, stamped with
//! origins as a gateway does. Prints one JSON object. Arguments: the socket, and
//! - `--boot=N`: the number of this run, one that the core has not seen;
//! - `--seconds=N`, `--frame=N` (commands of a frame);
//! - `--per-second=N`: sends evenly and measures from when each frame was due; or
//! - `--in-flight=N`: keeps that many frames in flight and counts.
#![allow(clippy::disallowed_types, reason = "a benchmark reads a clock")]

#[path = "../shared/commands.rs"]
mod commands;
mod pace;

use commands::{cancel, client_id, place};
use pace::Pace;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};
use tickyard_types::*;
use zerocopy::{FromBytes, IntoBytes};

const ACCOUNTS: u32 = 16;
/// Orders that rest before the oldest is cancelled.
const RESTING: u64 = 1_024;
const SUBMIT: u8 = 1;
const FRAME_BYTES: usize = 12;
/// Bytes of a frame that its length counts beside the payload.
const COUNTED: usize = 8;

/// Commands without end, as frames.
struct Stream {
    boot: u64,
    counter: u64,
    placed: u64,
    canceled: u64,
}

impl Stream {
    /// Writes the next frame of so many commands.
    fn frame(&mut self, commands: u64, out: &mut Vec<u8>) {
        out.clear();
        let length = COUNTED + commands as usize * size_of::<PlaceOrder>();
        out.extend_from_slice(&(length as u32).to_le_bytes());
        out.extend_from_slice(&[SUBMIT, 0, 0, 0, 0, 0, 0, 0]);
        for _ in 0..commands {
            self.command(out);
        }
    }

    fn command(&mut self, out: &mut Vec<u8>) {
        self.counter += 1;
        let origin = Origin { boot: self.boot, counter: self.counter };
        if self.placed - self.canceled >= RESTING {
            self.canceled += 1;
            let n = self.canceled;
            out.extend_from_slice(cancel(account(n), origin, OrderId(0), self.name(n)).as_bytes());
            return;
        }
        self.placed += 1;
        let n = self.placed;
        let side = if n.is_multiple_of(2) { Side::Buy } else { Side::Sell };
        let away = 1 + (n * 7_919 % 500) as i64;
        out.extend_from_slice(place(account(n), origin, side, away, 1_000_000, self.name(n)).as_bytes());
    }

    /// Orders of an earlier run may still rest: names differ from run to run.
    fn name(&self, n: u64) -> ClientId {
        client_id(self.boot.wrapping_mul(1 << 40) ^ n)
    }
}

const fn account(n: u64) -> u32 {
    AccountId::FIRST_USER.0 + (n % ACCOUNTS as u64) as u32
}

/// Reads replies, and says of each frame of replies how many there were.
fn read_replies(mut socket: UnixStream, mut on_replies: impl FnMut(&[Reply]) -> bool) {
    let mut bytes = vec![0; 1 << 20];
    let (mut from, mut to) = (0, 0);
    loop {
        let ready = &bytes[from..to];
        let whole = ready.get(..4).map(|head| 4 + u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize);
        if let Some(whole) = whole.filter(|whole| *whole <= ready.len()) {
            let replies = <[Reply]>::ref_from_bytes(&ready[FRAME_BYTES..whole]).map(<[Reply]>::to_vec);
            // Replies are not aligned in a stream of bytes.
            let replies = replies.unwrap_or_else(|_| {
                let cut = ready[FRAME_BYTES..whole].chunks_exact(size_of::<Reply>());
                cut.map(|bytes| Reply::read_from_bytes(bytes).expect("Invariant: the size is right")).collect()
            });
            from += whole;
            if !on_replies(&replies) {
                return;
            }
            continue;
        }
        bytes.copy_within(from..to, 0);
        (from, to) = (0, to - from);
        let got = socket.read(&mut bytes[to..]).expect("a core that goes on");
        assert!(got > 0, "the core closed the connection");
        to += got;
    }
}

/// Counts what was shed, as happens when the disk stands still; nothing else may be refused, but the cancel of an order
/// that was shed.
fn shed(replies: &[Reply]) -> u64 {
    let shed = [Refusal::Busy.number(), Refusal::OrderNotFound.number()];
    let refused = replies.iter().filter(|reply| reply.refusal != 0);
    refused.inspect(|reply| assert!(shed.contains(&reply.refusal), "refused: {reply:?}")).count() as u64
}

/// Sends evenly, answered or not.
fn spread(mut socket: UnixStream, mut stream: Stream, per_second: u64, frame: u64, seconds: u64) {
    let pace = Pace::new(Duration::from_nanos(1_000_000_000 * frame / per_second));
    let total = per_second * seconds / frame * frame;
    let reader = socket.try_clone().expect("a second handle");
    let (due, began) = (pace.clone(), pace.began());
    let receiver = thread::spawn(move || {
        let (mut samples, mut refused) = (Vec::with_capacity(total as usize), 0);
        read_replies(reader, |replies| {
            let now = Instant::now();
            refused += shed(replies);
            for reply in replies {
                samples.push((now - began).saturating_sub(due.offset((reply.counter - 1) / frame)).as_nanos() as u64);
            }
            (samples.len() as u64) < total
        });
        (samples, refused)
    });
    let mut bytes = Vec::new();
    for n in 0..total / frame {
        stream.frame(frame, &mut bytes);
        pace.wait(n);
        socket.write_all(&bytes).expect("a core that goes on");
    }
    let (mut samples, refused) = receiver.join().expect("a receiver that ends");
    samples.sort_unstable();
    let at = |per_mille: usize| samples[(samples.len() - 1) * per_mille / 1_000];
    println!(
        "{{\"commands\": {total}, \"refused\": {refused}, \"p50\": {}, \"p99\": {}, \"p999\": {}, \"worst\": {}}}",
        at(500),
        at(990),
        at(999),
        at(1_000)
    );
}

/// What a frame of replies says.
struct Answered {
    commands: u64,
    refused: u64,
}

/// Keeps frames in flight. What is shed is answered too, but not counted as carried out.
fn flood(mut socket: UnixStream, mut stream: Stream, in_flight: u64, frame: u64, seconds: u64) {
    let (answered, tokens): (SyncSender<Answered>, Receiver<Answered>) = sync_channel(1 << 16);
    let reader = socket.try_clone().expect("a second handle");
    thread::spawn(move || {
        read_replies(reader, |replies| {
            let answer = Answered { commands: replies.len() as u64, refused: shed(replies) };
            answered.send(answer).is_ok()
        });
    });
    let mut bytes = Vec::new();
    let mut send = |socket: &mut UnixStream| {
        stream.frame(frame, &mut bytes);
        socket.write_all(&bytes).expect("a core that goes on");
    };
    for _ in 0..in_flight {
        send(&mut socket);
    }
    let (began, window) = (Instant::now(), Duration::from_secs(seconds));
    let (mut all, mut refused, mut spare) = (0, 0, 0);
    while began.elapsed() < window {
        let got = tokens.recv().expect("a receiver that goes on");
        all += got.commands;
        refused += got.refused;
        spare += got.commands;
        while spare >= frame {
            spare -= frame;
            send(&mut socket);
        }
    }
    let per_second = u128::from(all - refused) * 1_000_000_000 / began.elapsed().as_nanos();
    let mut left = in_flight * frame - spare;
    while left > 0 {
        left = left.saturating_sub(tokens.recv().expect("a receiver that goes on").commands);
    }
    println!("{{\"commands\": {all}, \"refused\": {refused}, \"per_second\": {per_second}}}");
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |name: &str| {
        let text = arguments.iter().find_map(|argument| argument.strip_prefix(name)?.strip_prefix('='))?;
        Some(text.parse::<u64>().expect("a number"))
    };
    let Some(path) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        eprintln!("usage: load SOCKET --boot=N --seconds=N --frame=N (--per-second=N | --in-flight=N)");
        return;
    };
    let socket = UnixStream::connect(path).expect("a core that listens");
    let stream = Stream { boot: given("--boot").unwrap_or(1), counter: 0, placed: 0, canceled: 0 };
    let (seconds, frame) = (given("--seconds").unwrap_or(10), given("--frame").unwrap_or(1));
    match (given("--per-second"), given("--in-flight")) {
        (Some(per_second), _) => spread(socket, stream, per_second, frame, seconds),
        (None, in_flight) => flood(socket, stream, in_flight.unwrap_or(64), frame, seconds),
    }
}
