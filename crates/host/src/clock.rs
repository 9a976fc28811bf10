//! The clocks of the host. Only this file reads one; the core takes time as an argument.
#![allow(clippy::disallowed_types)] // the host is where time comes from

use std::num::NonZeroU64;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Exchange time: wall time that never runs backwards.
#[derive(Debug)]
pub struct ExchangeClock {
    last_ns: u64,
}

impl ExchangeClock {
    /// Goes on from the newest frame.
    pub const fn after(last_ns: u64) -> Self {
        Self { last_ns }
    }

    /// What time it is, in ns.
    pub fn now_ns(&mut self) -> u64 {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.last_ns = self.last_ns.max(u64::try_from(wall.as_nanos()).unwrap_or(u64::MAX));
        self.last_ns
    }
}

/// Time since the host started. Ages are measured with it: wall time jumps.
#[derive(Clone, Copy, Debug)]
pub struct Uptime(Instant);

impl Uptime {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// How long the host has been up, in ns.
    pub fn now_ns(self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).expect("Invariant: no host runs for centuries")
    }
}

/// Keeps the starts of commits, or of what else is better done for many at once, apart: by one gap under load, by
/// another one while few are asked for.
#[derive(Debug)]
pub struct Pace {
    gaps: Gaps,
    last: Option<Instant>,
    recent: Recent,
}

/// Least times between two starts.
#[derive(Clone, Copy, Debug)]
pub struct Gaps {
    /// Under load.
    pub busy: Duration,
    /// While there are fewer than [`QUIET_PER_S`] a second.
    pub quiet: Duration,
}

/// From this many a second on, it is load. A client that waits for each answer before it sends again makes more,
/// however long the quiet gap keeps it.
const QUIET_PER_S: u32 = 400;

const SECOND: Duration = Duration::from_secs(1);

impl Pace {
    pub const fn new(gaps: Gaps) -> Self {
        Self { gaps, last: None, recent: Recent { since: None, starts: 0, before: 0 } }
    }

    /// How long the next commit must wait; `None` when it may start.
    pub fn wait(&self) -> Option<Duration> {
        self.wait_at(Instant::now())
    }

    /// A commit starts.
    pub fn start(&mut self) {
        self.start_at(Instant::now());
    }

    fn wait_at(&self, now: Instant) -> Option<Duration> {
        let gap = if self.recent.is_quiet_at(now) { self.gaps.quiet } else { self.gaps.busy };
        gap.checked_sub(now - self.last?).filter(|rest| !rest.is_zero())
    }

    fn start_at(&mut self, now: Instant) {
        self.last = Some(now);
        self.recent.count_at(now);
    }
}

/// Starts of this second and of the one before; seconds begin with their first.
#[derive(Debug)]
struct Recent {
    since: Option<Instant>,
    starts: u32,
    before: u32,
}

impl Recent {
    fn count_at(&mut self, now: Instant) {
        let age = self.since.map_or(Duration::MAX, |since| now - since);
        if age >= SECOND {
            self.before = if age < 2 * SECOND { self.starts } else { 0 };
            self.starts = 0;
            self.since = Some(now);
        }
        self.starts += 1;
    }

    fn is_quiet_at(&self, now: Instant) -> bool {
        let is_recent = self.since.is_some_and(|since| now - since < 2 * SECOND);
        !is_recent || self.starts.max(self.before) < QUIET_PER_S
    }
}

/// Lets the calling thread sleep as short as it says; the system's usual slack, 50 us, is a sixth of a busy gap.
pub fn sleep_exactly() {
    // Without it commits come a little later.
    let _ = rustix::thread::set_current_timer_slack(NonZeroU64::new(1_000));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchange_time_never_runs_backwards() {
        let ahead = u64::MAX - 1;
        let mut clock = ExchangeClock::after(ahead);
        assert_eq!(clock.now_ns(), ahead);
        let mut clock = ExchangeClock::after(0);
        let first = clock.now_ns();
        assert!(first > 0);
        assert!(clock.now_ns() >= first);
    }

    const GAPS: Gaps = Gaps { busy: Duration::from_micros(300), quiet: Duration::from_millis(2) };

    #[test]
    fn a_lone_commit_does_not_wait() {
        let mut pace = Pace::new(Gaps { busy: SECOND, quiet: SECOND });
        assert_eq!(pace.wait(), None);
        pace.start();
        assert!(pace.wait().is_some());
    }

    #[test]
    fn few_commits_are_kept_further_apart_than_many() {
        let (mut pace, mut now) = (Pace::new(GAPS), Instant::now());
        for _ in 1..QUIET_PER_S {
            pace.start_at(now);
            assert_eq!(pace.wait_at(now), Some(GAPS.quiet));
            now += GAPS.quiet;
            assert_eq!(pace.wait_at(now), None);
        }
        pace.start_at(now);
        assert_eq!(pace.wait_at(now), Some(GAPS.busy));
    }

    #[test]
    fn an_exchange_that_was_busy_is_quiet_again_after_seconds_with_few_commits() {
        let (mut pace, mut now) = (Pace::new(GAPS), Instant::now());
        for _ in 0..QUIET_PER_S {
            pace.start_at(now);
        }
        now += SECOND;
        pace.start_at(now);
        assert_eq!(pace.wait_at(now), Some(GAPS.busy), "the second before counts");
        now += SECOND;
        pace.start_at(now);
        assert_eq!(pace.wait_at(now), Some(GAPS.quiet));
    }
}
