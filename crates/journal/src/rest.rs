//! What stands in a segment after its last good frame: nothing, an append that was not finished, or proof of damage.

use crate::frame::{FRAME_ALIGN, FrameHeader, HEADER_BYTES, MAX_BODY, padded};
use crate::window::Window;
use crate::{LogError, StorageFile};
use tickyard_types::Seq;

/// What stands after the last good frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Zeros.
    Clean,
    /// Bytes that one append may have left.
    Torn,
    /// A frame that was begun later, or bytes beyond the reach of one append.
    Later,
}

impl Rest {
    /// Looks at a segment from an offset to its end.
    ///
    /// Only one append is ever in flight, and the next one begins when it is durable. So the whole header of a later
    /// frame, wherever it stands, proves that the frame at `offset` was once durable, even if both are damaged.
    pub(crate) fn look(window: &Window, offset: u64, expected: Seq) -> Result<Self, LogError> {
        let (file, failed) = (window.file(), || LogError::reading(window.path()));
        let reach = reach(file, offset).map_err(failed())?;
        let mut chunk = vec![0; padded(MAX_BODY)];
        let (mut at, mut rest) = (offset, Self::Clean);
        loop {
            let filled = file.read_at(&mut chunk, at).map_err(failed())?;
            if filled == 0 {
                return Ok(rest);
            }
            for block in chunk[..filled].chunks(FRAME_ALIGN) {
                if block.iter().any(|byte| *byte != 0) {
                    let is_later =
                        at > offset && FrameHeader::decode(block).is_ok_and(|later| later.first_seq >= expected);
                    if is_later || at >= reach {
                        return Ok(Self::Later);
                    }
                    rest = Self::Torn;
                }
                at += block.len() as u64;
            }
        }
    }
}

/// Where the append at an offset ends at the latest: where its header says, else after the longest one.
fn reach(file: &dyn StorageFile, offset: u64) -> std::io::Result<u64> {
    let mut header = [0; HEADER_BYTES];
    let filled = file.read_at(&mut header, offset)?;
    let bytes = FrameHeader::decode(&header[..filled]).map_or(padded(MAX_BODY), |header| header.padded_bytes());
    Ok(offset + bytes as u64)
}
