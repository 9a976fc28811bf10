//! What became of commands since the host started, for whoever watches: counted by the threads as they go, read at any time.
//!
//! The numbers are read one after the other, so they may be of slightly different moments.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tickyard_types::Refusal;

/// How many bounds tell how long commits took.
pub const BOUNDS: usize = 12;

/// The bounds, in µs.
pub const BOUNDS_US: [u32; BOUNDS] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000];

/// Counts that only grow.
#[derive(Debug, Default)]
pub struct Tally {
    appended: AtomicU64,
    full: AtomicU64,
    late: AtomicU64,
    expired: AtomicU64,
    commits: AtomicU64,
    commit_ns: AtomicU64,
    /// Commits by the first bound that they keep; those that keep none are in `commits` only.
    up_to: [AtomicU64; BOUNDS],
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Commands in the journal, the host's own not among them.
    pub appended: u64,
    /// Refused because there was no room for them.
    pub full: u64,
    /// Refused because they had waited too long.
    pub late: u64,
    /// Refused because they were worth nothing any more.
    pub expired: u64,
    /// Appends to the journal.
    pub commits: u64,
    /// How long all of them took together.
    pub commit_ns: u64,
    /// How many took at most so long as each bound says.
    pub within: [u64; BOUNDS],
}

impl Tally {
    /// So many commands have become durable by one append, which took so long.
    pub fn committed(&self, commands: usize, took_ns: u64) {
        self.appended.fetch_add(commands as u64, Relaxed);
        self.commits.fetch_add(1, Relaxed);
        self.commit_ns.fetch_add(took_ns, Relaxed);
        if let Some(at) = BOUNDS_US.iter().position(|bound| took_ns <= u64::from(*bound) * 1_000) {
            self.up_to[at].fetch_add(1, Relaxed);
        }
    }

    /// A command found no room.
    pub fn was_full(&self) {
        self.full.fetch_add(1, Relaxed);
    }

    /// A command that had waited was refused.
    pub fn gave_back(&self, refusal: Refusal) {
        let count = if refusal == Refusal::Expired { &self.expired } else { &self.late };
        count.fetch_add(1, Relaxed);
    }

    /// The counts now.
    pub fn read(&self) -> Counted {
        let mut sum = 0;
        let within = std::array::from_fn(|at| {
            sum += self.up_to[at].load(Relaxed);
            sum
        });
        Counted {
            appended: self.appended.load(Relaxed),
            full: self.full.load(Relaxed),
            late: self.late.load(Relaxed),
            expired: self.expired.load(Relaxed),
            // After the parts, so that it is never less than their sum.
            commits: self.commits.load(Relaxed),
            commit_ns: self.commit_ns.load(Relaxed),
            within,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_within_every_bound_that_it_keeps() {
        let tally = Tally::default();
        tally.committed(3, 100_000);
        tally.committed(1, 100_001);
        tally.committed(0, 2_000_000_000);
        let found = tally.read();
        assert_eq!((found.appended, found.commits, found.commit_ns), (4, 3, 2_000_200_001));
        assert_eq!(found.within[..3], [1, 2, 2]);
        assert_eq!(found.within[BOUNDS - 1], 2);
    }

    #[test]
    fn what_is_given_back_is_counted_by_its_reason() {
        let tally = Tally::default();
        tally.was_full();
        tally.gave_back(Refusal::Busy);
        tally.gave_back(Refusal::Busy);
        tally.gave_back(Refusal::Expired);
        let found = tally.read();
        assert_eq!((found.full, found.late, found.expired), (1, 2, 1));
    }
}
