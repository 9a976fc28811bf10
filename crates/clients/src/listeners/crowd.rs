//! All connections, and the turns in which they are read.

use std::io;
use std::net::Ipv4Addr;

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use tickyard_clients::clock::now_us;
use tickyard_clients::frame;

use crate::connection::{Connection, Heard};
use crate::latency::Latencies;

const PING_EVERY_US: u64 = 10_000_000; // a client that says nothing for half a minute is closed
const WAIT_MS: i64 = 100;
const EVENTS_MAX: usize = 1024;
const READ_BYTES: usize = 1 << 18;
const STDIN: u64 = u64::MAX;

/// All who listen.
pub struct Crowd<'a> {
    poll: OwnedFd,
    events: Vec<epoll::Event>,
    connections: Vec<Connection>,
    pairs: &'a [&'a str],
    subscriptions: u64,
    heard: Heard,
    buffer: Vec<u8>,
    ping_us: u64,
    is_told: bool,
}

impl<'a> Crowd<'a> {
    /// Opens the connections and subscribes each to all channels of all pairs.
    pub fn gather(port: u16, connections: u32, channels: &[&str], pairs: &'a [&'a str]) -> io::Result<Self> {
        let limit = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })?;
        let arguments: Vec<String> = channels
            .iter()
            .flat_map(|channel| pairs.iter().map(move |pair| format!(r#"{{"channel":"{channel}","instId":"{pair}"}}"#)))
            .collect();
        let subscribe = frame::text(&format!(r#"{{"op":"subscribe","args":[{}]}}"#, arguments.join(",")));
        let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut gathered = Vec::new();
        for number in 0..connections {
            let from = Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 0, 1, 1)) + number / 250 * 256 + number % 250);
            let mut connection = Connection::open(from, port, pairs.len())?;
            connection.send(&subscribe)?;
            let mark = epoll::EventData::new_u64(u64::from(number));
            epoll::add(&poll, connection.stream(), mark, epoll::EventFlags::IN)?;
            gathered.push(connection);
        }
        epoll::add(&poll, io::stdin(), epoll::EventData::new_u64(STDIN), epoll::EventFlags::IN)?;
        Ok(Self {
            poll,
            events: Vec::with_capacity(EVENTS_MAX),
            connections: gathered,
            pairs,
            subscriptions: u64::from(connections) * arguments.len() as u64,
            heard: Heard { subscriptions: 0, pushes: 0, bytes: 0, latencies: Latencies::new() },
            buffer: vec![0; READ_BYTES],
            ping_us: now_us(),
            is_told: false,
        })
    }

    /// Whether every subscription was acknowledged.
    pub fn is_subscribed(&self) -> bool {
        self.heard.subscriptions >= self.subscriptions
    }

    /// Whether something waits on standard input since the newest turn.
    pub fn is_told(&self) -> bool {
        self.is_told
    }

    /// Reads whatever has come, or waits a little for something.
    pub fn turn(&mut self) -> io::Result<()> {
        self.events.clear();
        let wait = Timespec { tv_sec: 0, tv_nsec: WAIT_MS * 1_000_000 };
        epoll::wait(&self.poll, spare_capacity(&mut self.events), Some(&wait))?;
        self.is_told = false;
        for event in &self.events {
            match event.data.u64() {
                STDIN => self.is_told = true,
                number => {
                    let at = usize::try_from(number).map_err(io::Error::other)?;
                    self.connections[at].receive(&mut self.buffer, self.pairs, &mut self.heard)?;
                }
            }
        }
        if now_us() - self.ping_us >= PING_EVERY_US {
            self.ping_us = now_us();
            let ping = frame::text("ping");
            for connection in &mut self.connections {
                connection.send(&ping)?;
            }
        }
        Ok(())
    }

    /// Begins the pushes and latencies anew; tapes go on.
    pub fn reset(&mut self) {
        self.heard.pushes = 0;
        self.heard.bytes = 0;
        self.heard.latencies = Latencies::new();
    }

    /// Tells everything as a JSON object; `trades_min` and `trades_max` of all connections are equal when none misses
    /// anything, and `tapes_differ` counts those that have seen other trades than the first.
    pub fn report(&self) -> String {
        let first = self.connections.first().map(|connection| &connection.tapes);
        let differ = self.connections.iter().filter(|connection| Some(&connection.tapes) != first).count();
        let trades = |connection: &Connection| connection.tapes.iter().map(|tape| tape.trades).sum::<u64>();
        let out_of_order: u64 =
            self.connections.iter().flat_map(|connection| &connection.tapes).map(|tape| tape.out_of_order).sum();
        format!(
            "{{\"connections\":{},\"pushes\":{},\"bytes\":{},\"trades_min\":{},\"trades_max\":{},\"tapes_differ\":{differ},\
             \"out_of_order\":{out_of_order},\"p50_us\":{},\"p99_us\":{},\"p999_us\":{},\"worst_us\":{}}}",
            self.connections.len(),
            self.heard.pushes,
            self.heard.bytes,
            self.connections.iter().map(trades).min().unwrap_or_default(),
            self.connections.iter().map(trades).max().unwrap_or_default(),
            self.heard.latencies.at(500),
            self.heard.latencies.at(990),
            self.heard.latencies.at(999),
            self.heard.latencies.worst_us(),
        )
    }
}
