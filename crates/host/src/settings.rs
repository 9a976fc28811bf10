//! What a host is started with.

use crate::clock::Gaps;
use std::path::PathBuf;
use std::time::Duration;
use tickyard_journal::Floor;

/// Settings of a host. [`Settings::new`] has the defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The home folder.
    pub home: PathBuf,
    /// Where workers connect. The folder must exist.
    pub socket: PathBuf,
    /// Most commands of one frame.
    pub batch_commands: usize,
    /// Least times between the starts of two commits. A lone command after a longer pause commits at once.
    ///
    /// Commits one right after the other make virtual machines steal time: p99 loses 10 ms. A longer busy gap costs
    /// the median two thirds of what it is longer, and p99 nothing; the quiet gap spares the disk, where each commit takes
    /// a block of 4 KiB, when nobody is in a hurry. Figures: `docs/adr/0015-commits-keep-a-distance.md`.
    pub commit_gaps: Gaps,
    /// Most commands that wait, for each class.
    pub queue_commands: usize,
    /// What else has seen the journal: it must not end before that.
    pub floors: Vec<Floor>,
    /// Size of new segments of the journal, a multiple of 4096.
    pub journal_segment_bytes: u64,
    /// Size at which a segment of events is closed.
    pub event_segment_bytes: u64,
}

impl Settings {
    /// The defaults for a home.
    #[must_use]
    pub fn new(home: impl Into<PathBuf>, socket: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            socket: socket.into(),
            batch_commands: 512,
            commit_gaps: Gaps { busy: Duration::from_micros(250), quiet: Duration::from_millis(2) },
            queue_commands: 8192,
            floors: Vec::new(),
            journal_segment_bytes: 64 << 20,
            event_segment_bytes: 64 << 20,
        }
    }
}
