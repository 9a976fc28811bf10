//! Removes the oldest segments of a home that keeps a bounded tail. A crash at any step leaves what is kept whole.

use crate::{Home, LogError, Storage, segment};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// A segment that may go.
struct Old {
    seq: Seq,
    /// The first number of the segment after it.
    next: Seq,
    bytes: u64,
}

/// Removes the oldest segments of journal and events while the two take more than `bytes`, never one that holds `floor`
/// or anything after it, nor one that somebody reads, nor any that follows such a one.
///
/// Returns what was removed.
///
/// # Errors
/// [`LogError::Failed`]; what is kept is untouched.
pub fn prune(storage: &dyn Storage, home: &Home, floor: Seq, bytes: u64) -> Result<Vec<PathBuf>, LogError> {
    let dirs = [(home.journal(), segment::LOG), (home.events(), segment::EVENTS)];
    let mut total = 0;
    let mut old = Vec::new();
    for (index, (dir, suffix)) in dirs.iter().enumerate() {
        let segments = segment::segments(storage, dir, suffix)?;
        for (at, &seq) in segments.iter().enumerate() {
            let bytes = size(storage, dir, seq, suffix)?;
            total += bytes;
            if let Some(&next) = segments.get(at + 1).filter(|next| **next <= floor) {
                old.push((index, Old { seq, next, bytes }));
            }
        }
    }
    // The same commands leave both folders together, as far as segments end together.
    old.sort_by_key(|(_, old)| old.next);
    let mut chosen = [Vec::new(), Vec::new()];
    for (index, old) in old {
        if total <= bytes {
            break;
        }
        total -= old.bytes;
        chosen[index].push(old);
    }
    let mut removed = Vec::new();
    for ((dir, suffix), chosen) in dirs.iter().zip(chosen) {
        remove(storage, dir, suffix, &chosen, &mut removed)?;
    }
    Ok(removed)
}

/// Says what is kept from now on, then removes what is older.
fn remove(
    storage: &dyn Storage,
    dir: &Path,
    suffix: &str,
    chosen: &[Old],
    removed: &mut Vec<PathBuf>,
) -> Result<(), LogError> {
    let Some(kept_from) = chosen.last().map(|old| old.next) else { return Ok(()) };
    let failed = || LogError::failed(format!("prune {}", dir.display()));
    storage.create(&segment::path(dir, kept_from, segment::KEPT_FROM)).map_err(failed())?;
    storage.sync_dir(dir).map_err(failed())?;
    'segments: for old in chosen {
        for path in [segment::path(dir, old.seq, suffix), segment::packed_path(dir, old.seq, suffix)] {
            match storage.remove_unheld(&path) {
                Ok(true) => removed.push(path),
                Ok(false) => break 'segments,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failed()(error)),
            }
        }
    }
    for seq in segment::list(storage, dir, segment::KEPT_FROM)?.into_iter().filter(|seq| *seq < kept_from) {
        storage.remove(&segment::path(dir, seq, segment::KEPT_FROM)).map_err(failed())?;
    }
    storage.sync_dir(dir).map_err(failed())
}

/// What a segment takes on the disk, in both forms if it has them.
fn size(storage: &dyn Storage, dir: &Path, seq: Seq, suffix: &str) -> Result<u64, LogError> {
    let mut bytes = 0;
    for path in [segment::path(dir, seq, suffix), segment::packed_path(dir, seq, suffix)] {
        match storage.open_read(&path).and_then(|file| file.size()) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            size => bytes += size.map_err(LogError::failed(format!("read {}", path.display())))?,
        }
    }
    Ok(bytes)
}
