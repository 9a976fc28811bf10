//! Orders at an even pace, answered or not.

use std::io;

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::fd::OwnedFd;
use rustix::thread::{ClockId, clock_nanosleep_absolute};
use tickyard_clients::clock::monotonic_ns;

use crate::lane::{Answer, Lane};

const SECOND_NS: u64 = 1_000_000_000;
const ANSWER_WITHIN_S: i64 = 10;
const EVENTS_MAX: usize = 64;
const READ_BYTES: usize = 1 << 16;

/// What is sent in a window.
#[derive(Clone, Copy)]
pub struct Window {
    /// How long.
    pub seconds: u64,
    /// Orders a second whose answers are timed.
    pub per_s: u64,
    /// Trades a second beside them.
    pub trades_per_s: u64,
}

/// What came of it.
#[derive(Default)]
pub struct Told {
    /// From when each order was due to its answer, in nanoseconds, sorted.
    pub samples_ns: Vec<u64>,
    /// Answers that are refusals.
    pub refused: u64,
    /// The first of them.
    pub refusal: String,
}

/// All connections.
pub struct Pacer {
    poll: OwnedFd,
    events: Vec<epoll::Event>,
    lanes: Vec<Lane>,
    paced: usize,
    buffer: Vec<u8>,
}

impl Pacer {
    /// Takes connections: those whose answers are timed, then those that trade.
    pub fn new(paced: Vec<Lane>, trading: Vec<Lane>) -> io::Result<Self> {
        let poll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let timed = paced.len();
        let lanes: Vec<Lane> = paced.into_iter().chain(trading).collect();
        for (lane, number) in lanes.iter().zip(0..) {
            epoll::add(&poll, lane.stream(), epoll::EventData::new_u64(number), epoll::EventFlags::IN)?;
        }
        Ok(Self { poll, events: Vec::with_capacity(EVENTS_MAX), lanes, paced: timed, buffer: vec![0; READ_BYTES] })
    }

    /// Sends for as long as the window is, and waits for all answers.
    ///
    /// Between two orders it sleeps: answers are looked at when the next order is due, and so are late by up to the
    /// time between two, which the samples include.
    pub fn run(&mut self, window: Window) -> io::Result<Told> {
        let mut told = Told::default();
        let began = monotonic_ns();
        let (mut trades, mut next_lane) = (0, self.paced);
        for number in 0..window.seconds * window.per_s {
            let due_ns = began + number * SECOND_NS / window.per_s;
            if monotonic_ns() < due_ns {
                clock_nanosleep_absolute(ClockId::Monotonic, &timespec(due_ns))?;
            }
            let lane = usize::try_from(number).map_err(io::Error::other)? % self.paced;
            self.lanes[lane].send(due_ns)?;
            while trades * window.per_s < number * window.trades_per_s {
                self.lanes[next_lane].send(due_ns)?;
                next_lane = if next_lane + 1 < self.lanes.len() { next_lane + 1 } else { self.paced };
                trades += 1;
            }
            self.receive(0, &mut told)?;
        }
        while self.lanes.iter().any(|lane| lane.missing() > 0) {
            if self.receive(ANSWER_WITHIN_S, &mut told)? == 0 {
                return Err(io::Error::other("orders were not answered"));
            }
        }
        told.samples_ns.sort_unstable();
        Ok(told)
    }

    fn receive(&mut self, wait_s: i64, told: &mut Told) -> io::Result<usize> {
        self.events.clear();
        let wait = Timespec { tv_sec: wait_s, tv_nsec: 0 };
        epoll::wait(&self.poll, spare_capacity(&mut self.events), Some(&wait))?;
        for event in &self.events {
            let at = usize::try_from(event.data.u64()).map_err(io::Error::other)?;
            let is_timed = at < self.paced;
            self.lanes[at].receive(&mut self.buffer, |due_ns, answer| {
                if is_timed {
                    told.samples_ns.push(monotonic_ns() - due_ns);
                }
                if let Answer::Refused(text) = answer {
                    told.refused += 1;
                    if told.refusal.is_empty() {
                        told.refusal = text;
                    }
                }
            })?;
        }
        Ok(self.events.len())
    }
}

fn timespec(ns: u64) -> Timespec {
    let part = |value: u64| i64::try_from(value).unwrap_or_default();
    Timespec { tv_sec: part(ns / SECOND_NS), tv_nsec: part(ns % SECOND_NS) }
}
