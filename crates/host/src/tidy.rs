//! Keeps a home small: sealed segments are compressed, and the oldest go when a home keeps a bounded tail.

use std::path::Path;
use std::sync::Arc;
use tickyard_journal::{Compressed, Disk, Floor, Home, LogError, SnapshotStore, Storage, compress, prune};
use tickyard_types::Seq;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// What was compressed.
    pub compressed: Compressed,
    /// How many segments were removed.
    pub removed: usize,
}

/// Compresses what is sealed and covered by a snapshot. When journal and events take more than `keep` bytes, the
/// oldest segments go, but none that the oldest snapshot, one of `floors` or a reader still needs.
///
/// # Errors
/// [`LogError::Corrupt`] and [`LogError::Missing`] when a segment is damaged: nothing is removed then.
/// [`LogError::Failed`].
pub fn tidy(home: &Path, keep: Option<u64>, floors: &[Floor]) -> Result<Tidied, LogError> {
    tidy_on(&Disk::shared(), &Home::new(home), keep, floors)
}

/// As [`tidy`], on any storage.
pub fn tidy_on(
    storage: &Arc<dyn Storage>,
    home: &Home,
    keep: Option<u64>,
    floors: &[Floor],
) -> Result<Tidied, LogError> {
    let snapshots = SnapshotStore::new(Arc::clone(storage), home.snapshots());
    let whole: Vec<Seq> = snapshots.list()?.into_iter().filter(|seq| snapshots.read(*seq).is_ok()).collect();
    let newest = whole.last().copied().unwrap_or_default();
    let compressed = compress(&**storage, home, newest)?;
    let oldest = whole.first().copied().unwrap_or_default();
    let floor = floors.iter().map(|floor| floor.seq).fold(oldest, Seq::min);
    let removed = match keep {
        Some(bytes) => prune(&**storage, home, floor, bytes)?.len(),
        None => 0,
    };
    Ok(Tidied { compressed, removed })
}
