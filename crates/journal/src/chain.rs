//! The chain: how each frame must follow the one before.

use crate::frame::{FrameHeader, FrameKind};
use crate::{Damage, LogError};
use std::path::Path;
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};

/// Where a log stands after its newest frame. Equal heads have equal histories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest command; 0 when there is none.
    pub seq: Seq,
    /// Which writer, counted from 0.
    pub epoch: u32,
    /// Hash of the newest frame; 0 when there is none.
    pub chain: u64,
    /// Exchange time of the newest frame, in ns.
    pub time_ns: u64,
}

impl Head {
    /// Where a log without frames stands.
    pub const GENESIS: Self = Self { seq: Seq(0), epoch: 0, chain: 0, time_ns: 0 };

    /// The number of the next command.
    #[must_use]
    pub const fn next_seq(&self) -> Seq {
        Seq(self.seq.0 + 1)
    }

    /// The epoch that a frame of a kind carries when it comes next.
    pub(crate) const fn epoch_for(&self, kind: FrameKind) -> u32 {
        match kind {
            FrameKind::Epoch => self.epoch + 1,
            _ => self.epoch,
        }
    }

    /// Checks that a frame follows.
    pub(crate) fn check_next(&self, header: &FrameHeader) -> Result<(), Damage> {
        if header.first_seq != self.next_seq() {
            return Err(Damage::Sequence);
        }
        if header.previous != self.chain {
            return Err(Damage::Chain);
        }
        let kind = FrameKind::from_number(header.kind).ok_or(Damage::Shape)?;
        if header.epoch != self.epoch_for(kind) {
            return Err(Damage::Epoch);
        }
        if header.time_ns < self.time_ns {
            return Err(Damage::Time);
        }
        Ok(())
    }

    /// Where the log stands after a frame with that header and hash.
    pub(crate) fn after(header: &FrameHeader, hash: u64) -> Self {
        Self { seq: Seq(header.next_seq().0 - 1), epoch: header.epoch, chain: hash, time_ns: header.time_ns }
    }
}

/// Checks the first frame of a segment, when what comes before is not known: its number is the segment's name.
pub(crate) fn check_first(header: &FrameHeader, first_seq: Seq) -> Result<(), Damage> {
    if first_seq == Head::GENESIS.next_seq() {
        return Head::GENESIS.check_next(header);
    }
    if header.first_seq == first_seq { Ok(()) } else { Err(Damage::Sequence) }
}

/// Refuses a frame of other record or core versions: nobody but its own version can say what it did.
pub(crate) fn check_versions(header: &FrameHeader, segment: &Path) -> Result<(), LogError> {
    if (header.record_version, header.core_version) == (RECORD_VERSION, CORE_VERSION) {
        return Ok(());
    }
    Err(LogError::OtherVersion { path: segment.to_owned(), record: header.record_version, core: header.core_version })
}
