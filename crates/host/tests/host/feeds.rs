//! What feeds pass on, and from where.

use crate::client::{Home, Running, Worker};
use crate::market::{ALICE, BOB, limit};
use tickyard_host::{FrameKind, WatchedRow};
use tickyard_types::{AccountId, EventKind, Seq, Side};
use zerocopy::TryFromBytes;

const FROM_TIP: u64 = u64::MAX;

/// A feed: where it began, and the kinds of the events it gave by sequence.
struct Feed {
    worker: Worker,
    began: u64,
}

impl Feed {
    fn subscribe(running: &Running, after: u64, accounts: &[AccountId]) -> Self {
        let mut worker = running.worker();
        let accounts: Vec<u8> = accounts.iter().flat_map(|account| account.0.to_le_bytes()).collect();
        let began = worker.ask(FrameKind::Subscribe, &[&after.to_le_bytes()[..], &accounts].concat());
        Self { began: u64::from_le_bytes(began.try_into().unwrap()), worker }
    }

    /// Reads until the feed has come to a sequence; the kinds of the events on the way.
    fn until(&mut self, seq: Seq) -> Vec<u8> {
        let mut kinds = Vec::new();
        while self.began < seq.0 {
            let (kind, _, payload) = self.worker.receive().unwrap();
            assert_eq!(kind, FrameKind::Events as u8);
            let [first, last] = [0, 8].map(|at| u64::from_le_bytes(payload[at..at + 8].try_into().unwrap()));
            assert_eq!(first, self.began + 1, "no command is left out");
            self.began = last;
            let mut events = &payload[24..];
            while !events.is_empty() {
                kinds.push(events[0]);
                events = &events[u16::from_le_bytes([events[2], events[3]]) as usize..];
            }
        }
        kinds
    }
}

const ACCEPTED: u8 = EventKind::OrderAccepted as u8;
const LEVEL: u8 = EventKind::LevelChanged as u8;
const TRADED: u8 = EventKind::Traded as u8;
const POSTED: u8 = EventKind::Posted as u8;

#[test]
fn market_events_come_always_and_account_events_when_watched() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let mut nobody = Feed::subscribe(&running, FROM_TIP, &[]);
    let mut alice = Feed::subscribe(&running, FROM_TIP, &[ALICE]);
    let mut both = Feed::subscribe(&running, FROM_TIP, &[ALICE, BOB]);
    worker.accepted(limit(ALICE, Side::Buy, 100, 1));
    let last = worker.accepted(limit(BOB, Side::Sell, 100, 1)).seq;
    assert_eq!(nobody.until(last), [LEVEL, TRADED, LEVEL]);
    assert_eq!(alice.until(last), [ACCEPTED, LEVEL, TRADED, POSTED, POSTED, LEVEL]);
    assert_eq!(both.until(last), [ACCEPTED, LEVEL, ACCEPTED, TRADED, POSTED, POSTED, POSTED, POSTED, LEVEL]);
    running.stop();
}

#[test]
fn a_watch_says_from_where_on_nothing_is_left_out() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let mut feed = Feed::subscribe(&running, FROM_TIP, &[]);
    feed.worker.send(FrameKind::Watch, 0, &ALICE.0.to_le_bytes());
    let (kind, _, payload) = feed.worker.receive().unwrap();
    assert_eq!(kind, FrameKind::Watch as u8);
    let watched = WatchedRow::try_read_from_bytes(&payload).unwrap();
    assert_eq!((watched.account, watched.after.0), (ALICE, feed.began));
    let placed = worker.accepted(limit(ALICE, Side::Buy, 10, 1)).seq;
    assert_eq!(feed.until(placed), [ACCEPTED, LEVEL]);
    running.stop();
}

#[test]
fn a_feed_resumes_after_any_sequence_also_after_a_restart() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let first = worker.accepted(limit(ALICE, Side::Buy, 10, 1)).seq;
    worker.accepted(limit(ALICE, Side::Buy, 11, 1));
    let last = worker.accepted(limit(ALICE, Side::Buy, 12, 1)).seq;
    running.stop();

    let running = home.start();
    let mut feed = Feed::subscribe(&running, first.0, &[ALICE]);
    assert_eq!(feed.until(last), [ACCEPTED, LEVEL, ACCEPTED, LEVEL]);
    let mut feed = Feed::subscribe(&running, 0, &[]);
    let kinds = feed.until(last);
    assert_eq!(kinds.iter().filter(|kind| **kind == LEVEL).count(), 3);
    assert!(kinds.contains(&(EventKind::InstrumentDefined as u8)));
    running.stop();
}

#[test]
fn a_feed_that_is_not_read_holds_nobody_up() {
    let home = Home::with_market();
    let running = home.start();
    let mut worker = running.worker();
    let mut feed = Feed::subscribe(&running, FROM_TIP, &[ALICE]);
    let mut last = Seq(0);
    for _ in 0..20 {
        let orders = (0..500).map(|_| limit(ALICE, Side::Buy, 10, 1));
        let replies = worker.carry_out(orders.collect());
        last = replies[499].seq;
        worker.carry_out((0..1).map(|_| crate::market::mass_cancel(ALICE)).collect());
    }
    let kinds = feed.until(last);
    assert_eq!(kinds.iter().filter(|kind| **kind == ACCEPTED).count(), 10_000);
    running.stop();
}
