//! The clocks of the host. Only this file reads one; the core takes time as an argument.
#![allow(clippy::disallowed_types)] // the host is where time comes from

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

/// Keeps the starts of commits apart.
#[derive(Debug)]
pub struct Pace {
    gap: Duration,
    last: Option<Instant>,
}

impl Pace {
    pub const fn new(gap: Duration) -> Self {
        Self { gap, last: None }
    }

    /// How long the next commit must wait; `None` when it may start.
    pub fn wait(&self) -> Option<Duration> {
        let since = self.last?.elapsed();
        self.gap.checked_sub(since).filter(|rest| !rest.is_zero())
    }

    /// A commit starts.
    pub fn start(&mut self) {
        self.last = Some(Instant::now());
    }
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

    #[test]
    fn a_lone_commit_does_not_wait() {
        let mut pace = Pace::new(Duration::from_secs(3600));
        assert_eq!(pace.wait(), None);
        pace.start();
        assert!(pace.wait().is_some());
    }
}
