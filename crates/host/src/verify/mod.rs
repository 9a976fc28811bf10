//! Checks a home, also beside the host that writes it: hash chain, replay, snapshots, events, sums of the ledger.

mod begin;
mod check;

use check::Check;
use std::path::Path;
use std::sync::Arc;
use tickyard_journal::{Disk, Floor, Home, Kept, LogError, Storage};
use tickyard_types::Seq;

/// Something that is wrong, or not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where: a file and a byte, or a sequence.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The first command that was replayed; what is older is held by the oldest snapshot.
    pub first_seq: Seq,
    /// The last command that was replayed.
    pub last_seq: Seq,
    /// The state after it.
    pub state_hash: [u8; 32],
    /// Snapshots whose state the replay had, too.
    pub snapshots: usize,
    /// Events up to here are those of the replay.
    pub events_until: Seq,
    /// Everything that is wrong; empty when all is well.
    pub defects: Vec<Defect>,
    /// What a dead writer left half done, and the next start puts in order.
    pub unfinished: Vec<Defect>,
}

/// Verifies a home. The replay begins at the first command, or at the oldest whole snapshot when the first commands
/// are not kept any more.
///
/// `floors` are what else has seen the journal and its events: neither may end before.
///
/// # Errors
/// [`LogError::Failed`] when the disk cannot be read; every other error is a defect of the report.
pub fn verify(home: &Path, floors: &[Floor], progress: impl FnMut(Seq)) -> Result<Report, LogError> {
    verify_on(&Disk::shared(), &Home::new(home), floors, progress)
}

/// As [`verify`], on any storage.
pub fn verify_on(
    storage: &Arc<dyn Storage>,
    home: &Home,
    floors: &[Floor],
    mut progress: impl FnMut(Seq),
) -> Result<Report, LogError> {
    let mut check = Check::begin(storage, home, floors)?;
    let first_seq = check.replayer.head.next_seq();
    check.events_before(first_seq)?;
    if Kept::journal(&**storage, home)?.segments.is_empty() {
        // A home that was never started has no journal, and nothing is wrong with it.
        check.end_without_journal()?;
    } else {
        check.replay_all(&mut progress)?;
    }
    Ok(check.report(first_seq))
}
