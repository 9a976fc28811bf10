//! Makes events durable before a snapshot, also from another process than their writer.

use crate::event_batch::EventBatchHeader;
use crate::window::Window;
use crate::{EventReader, LogError, Storage, StorageFile, segment};
use std::io;
use std::path::Path;
use std::sync::Arc;
use tickyard_types::Seq;

/// How much is written again at once.
const CHUNK_BYTES: usize = 1 << 20;

/// Makes the events of a directory durable from one sequence to another, also from another process than their writer.
///
/// Returns whether the events reach that far yet. A snapshot counts only once this has been done up to its sequence.
///
/// # Errors
/// [`LogError::Failed`] when the disk fails, [`LogError::Corrupt`] when the last of these events are not whole.
pub fn sync_events(storage: &Arc<dyn Storage>, dir: &Path, from: Seq, to: Seq) -> Result<bool, LogError> {
    if EventReader::from_seq(Arc::clone(storage), dir, to).next_batch()?.is_none() {
        return Ok(false);
    }
    let synced = sync_segments(&**storage, dir, from, to);
    if synced.is_err() {
        // The system takes what it could not write for written, and the next sync would succeed without it. Written
        // again, it is new. The reason to report is the first one.
        let _ = write_segments_again(&**storage, dir, from, to);
    }
    synced.map(|()| true)
}

/// Syncs the segments that hold events after one sequence, up to another, and their names.
pub(crate) fn sync_segments(storage: &dyn Storage, dir: &Path, from: Seq, to: Seq) -> Result<(), LogError> {
    let failed = || LogError::failed(format!("sync {}", dir.display()));
    for seq in segments(storage, dir, from, to)? {
        let file = storage.open_read(&segment::path(dir, seq, segment::EVENTS)).map_err(failed())?;
        file.sync_data().map_err(failed())?;
    }
    storage.sync_dir(dir).map_err(failed())
}

/// Writes bytes of a file again where they are.
pub(crate) fn write_again(file: &dyn StorageFile, from: u64, to: u64) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES.min((to - from) as usize)];
    let mut offset = from;
    while offset < to {
        let bytes = chunk.len().min((to - offset) as usize);
        let filled = file.read_at(&mut chunk[..bytes], offset)?;
        if filled == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        file.write_at(&chunk[..filled], offset)?;
        offset += filled as u64;
    }
    Ok(())
}

/// Segments that hold events between two sequences; those that are compressed are durable.
fn segments(storage: &dyn Storage, dir: &Path, from: Seq, to: Seq) -> Result<Vec<Seq>, LogError> {
    let segments = segment::list(storage, dir, segment::EVENTS)?;
    let start = segments.partition_point(|first| *first <= from).saturating_sub(1);
    Ok(segments[start..].iter().copied().take_while(|first| *first <= to).collect())
}

/// Only whole batches up to `to`: nobody writes there any more.
fn write_segments_again(storage: &dyn Storage, dir: &Path, from: Seq, to: Seq) -> Result<(), LogError> {
    for seq in segments(storage, dir, from, to)? {
        let path = segment::path(dir, seq, segment::EVENTS);
        let mut window = Window::open(storage, dir, seq, segment::EVENTS)?;
        let (mut first, mut offset) = (None, 0);
        while let Ok(header) = window.look::<EventBatchHeader>(offset)?
            && header.first_seq <= to
        {
            if header.last_seq > from {
                first = first.or(Some(offset));
            }
            offset += header.whole_bytes();
        }
        let failed = || LogError::failed(format!("write {} again", path.display()));
        let file = storage.open(&path).map_err(failed())?;
        write_again(file.as_ref(), first.unwrap_or(offset), offset).map_err(failed())?;
    }
    Ok(())
}
