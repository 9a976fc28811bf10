//! What a home keeps: its segments, and from which sequence on it means to.

use crate::{Home, LogError, Storage, segment};
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// The segments of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The first sequence of each, ascending.
    pub segments: Vec<Seq>,
    /// Older ones were removed on purpose up to here; 1 when none were.
    pub from: Seq,
    /// Where the segment that begins there is, or would be.
    pub path: PathBuf,
}

impl Kept {
    /// Segments of frames.
    ///
    /// # Errors
    /// [`LogError::Failed`]; a directory that is missing keeps nothing.
    pub fn journal(storage: &dyn Storage, home: &Home) -> Result<Self, LogError> {
        Self::look(storage, &home.journal(), segment::LOG)
    }

    /// Segments of events.
    ///
    /// # Errors
    /// [`LogError::Failed`]; a directory that is missing keeps nothing.
    pub fn events(storage: &dyn Storage, home: &Home) -> Result<Self, LogError> {
        Self::look(storage, &home.events(), segment::EVENTS)
    }

    /// Whether the oldest segments are missing that should be there.
    #[must_use]
    pub fn misses_the_first(&self) -> bool {
        self.segments.first().is_some_and(|first| *first > self.from)
    }

    fn look(storage: &dyn Storage, dir: &Path, suffix: &str) -> Result<Self, LogError> {
        // First what should be there: more may be removed between the two looks, and is said to be before.
        let segments = segment::segments(storage, dir, suffix)?;
        let from = segment::list(storage, dir, segment::KEPT_FROM)?.last().copied().unwrap_or(Seq(1));
        Ok(Self { segments, from, path: segment::path(dir, from, suffix) })
    }
}
