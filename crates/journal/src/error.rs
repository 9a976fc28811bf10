//! What can be wrong with a log.

use crate::Head;
use crate::packed::PackedDamage;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};

/// Why something is not a frame, or not the frame that belongs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// There are zeros where a frame should be.
    #[error("nothing was written there")]
    Empty,
    /// The file ends inside it.
    #[error("the file ends inside it")]
    Cut,
    /// It does not begin like a frame.
    #[error("it does not begin as it must")]
    Magic,
    /// The header's checksum is wrong.
    #[error("the checksum of its header is wrong")]
    HeaderChecksum,
    /// The header says what no writer writes.
    #[error("its header makes no sense")]
    Shape,
    /// The body's checksum is wrong.
    #[error("the checksum of its body is wrong")]
    BodyChecksum,
    /// It is whole, but numbered wrongly.
    #[error("its number is wrong")]
    Sequence,
    /// It is whole, but does not carry the hash of the frame before.
    #[error("it does not follow the frame before")]
    Chain,
    /// It is whole, but of another writer.
    #[error("its epoch is wrong")]
    Epoch,
    /// It is whole, but earlier than the frame before.
    #[error("its time runs backwards")]
    Time,
    /// It is whole, but what follows it is not zeros up to where the next one begins.
    #[error("something stands behind it where nothing was written")]
    Padding,
    /// The compressed segment that holds it is damaged there.
    #[error("the compressed segment is damaged there")]
    Packed,
}

/// A place in a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub segment: PathBuf,
    /// Where in it, in bytes.
    pub offset: u64,
    /// The number that should be found there.
    pub expected: Seq,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} (expected sequence {})", self.segment.display(), self.offset, self.expected.0)
    }
}

/// Why a log cannot be opened, read or appended to.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// Somebody else appended meanwhile; nothing of this append was written.
    #[error("the log stands at sequence {} of epoch {}, not at {} of {}", .head.seq.0, .head.epoch, .expected.seq.0, .expected.epoch)]
    Fenced {
        /// What the appender took for the head.
        expected: Head,
        /// What the head is.
        head: Head,
    },
    /// The append breaks a rule of the log; nothing of it was written.
    #[error("the append is invalid: {0}")]
    Invalid(&'static str),
    /// The disk failed. After a failed append its outcome is unknown and the log takes no more.
    #[error("{doing}: {source}")]
    Failed {
        /// What was being done.
        doing: String,
        /// What the system said.
        source: io::Error,
    },
    /// There is damage before the end. Restore the home from a backup; nothing was changed.
    #[error("corrupt: {place}: {damage}")]
    Corrupt {
        /// Where.
        place: Place,
        /// What is wrong there.
        damage: Damage,
    },
    /// A segment is missing, or the end of the one before it.
    #[error("sequence {} is missing: no segment holds it, and there is no {}", .expected.0, .path.display())]
    Missing {
        /// The file that would begin with it.
        path: PathBuf,
        /// The first number that is missing.
        expected: Seq,
    },
    /// Something derived from the log has seen more than the log holds. Nothing was changed.
    #[error("the journal ends at sequence {}, but {what} has seen {}: acknowledged commands are missing", .head.0, .floor.0)]
    BelowFloor {
        /// What has seen more.
        what: String,
        /// What it has seen.
        floor: Seq,
        /// Where the log ends.
        head: Seq,
    },
    /// The log was written by other versions.
    #[error(
        "{} was written by record version {record} and core version {core}; this is record version {RECORD_VERSION} and core version {CORE_VERSION}",
        .path.display()
    )]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// The record version in it.
        record: u16,
        /// The core version in it.
        core: u16,
    },
}

impl LogError {
    /// Wraps what was said when a segment was read: the system, or the compressed segment itself.
    pub(crate) fn reading(segment: &Path) -> impl FnOnce(io::Error) -> Self {
        let segment = segment.to_owned();
        move |source| match source.get_ref().and_then(|inner| inner.downcast_ref::<PackedDamage>()) {
            Some(PackedDamage(offset)) => {
                let place = Place { segment, offset: *offset, expected: Seq(0) };
                Self::Corrupt { place, damage: Damage::Packed }
            }
            None => Self::Failed { doing: format!("read {}", segment.display()), source },
        }
    }

    /// Says which number was looked for in a compressed segment.
    pub(crate) fn expecting(mut self, seq: Seq) -> Self {
        if let Self::Corrupt { place, damage: Damage::Packed } = &mut self {
            place.expected = seq;
        }
        self
    }

    /// Wraps what the system said with what was being done.
    pub(crate) fn failed(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Failed { doing: doing.into(), source }
    }
}
