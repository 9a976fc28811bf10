//! Evenly spaced moments.
#![allow(clippy::disallowed_types, reason = "a benchmark reads a clock")]

use std::thread;
use std::time::{Duration, Instant};

/// How late the system may wake us, in ns, instead of its usual 50 us.
const SLACK_NS: &str = "1000";

/// Moments at the same distance from each other.
#[derive(Clone)]
pub struct Pace {
    began: Instant,
    gap: Duration,
}

impl Pace {
    /// Begins now. The calling thread is the one that waits.
    pub fn new(gap: Duration) -> Self {
        let thread = rustix::thread::gettid().as_raw_nonzero();
        // Without it we are late by 50 us: worse figures, but not wrong ones.
        let _ = std::fs::write(format!("/proc/{thread}/timerslack_ns"), SLACK_NS);
        Self { began: Instant::now(), gap }
    }

    pub const fn began(&self) -> Instant {
        self.began
    }

    /// When the n-th moment is, from the beginning.
    pub const fn offset(&self, n: u64) -> Duration {
        Duration::from_nanos(self.gap.as_nanos() as u64 * n)
    }

    /// Sleeps until the n-th moment; returns at once when it is past.
    pub fn wait(&self, n: u64) {
        let left = self.offset(n).saturating_sub(self.began.elapsed());
        if !left.is_zero() {
            thread::sleep(left);
        }
    }
}
