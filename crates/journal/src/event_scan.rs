//! Follows the batches of one segment of events as far as they go.

use crate::event_batch::EventBatchHeader;
use crate::window::Window;
use crate::{Damage, LogError, Place};
use tickyard_types::Seq;

/// Batches of a segment, from its start to the first place that holds none.
pub(crate) struct EventScan {
    /// The newest sequence; one before the segment's first when there is no batch.
    pub(crate) last_seq: Seq,
    /// Where the batches end.
    pub(crate) offset: u64,
    /// Where those end whose events are not beyond the sequence that was asked for.
    pub(crate) offset_of_known: u64,
    /// Why there is no further batch.
    pub(crate) stop: Damage,
}

/// Scans a segment; `known` is a sequence to note the place of.
pub(crate) fn scan_events(window: &mut Window, first_seq: Seq, known: Seq) -> Result<EventScan, LogError> {
    let mut scan = EventScan { last_seq: Seq(first_seq.0 - 1), offset: 0, offset_of_known: 0, stop: Damage::Empty };
    scan.stop = loop {
        let looked = window.look::<EventBatchHeader>(scan.offset);
        match looked.map_err(|error| error.expecting(Seq(scan.last_seq.0 + 1)))? {
            Ok(header) if header.first_seq.0 == scan.last_seq.0 + 1 => {
                scan.last_seq = header.last_seq;
                scan.offset += header.whole_bytes();
                if scan.last_seq <= known {
                    scan.offset_of_known = scan.offset;
                }
            }
            Ok(_) => break Damage::Sequence,
            Err(damage) => break damage,
        }
    };
    Ok(scan)
}

impl EventScan {
    /// The place where the batches end.
    pub(crate) fn end(&self, window: &Window) -> Place {
        Place { segment: window.path().to_owned(), offset: self.offset, expected: Seq(self.last_seq.0 + 1) }
    }
}
