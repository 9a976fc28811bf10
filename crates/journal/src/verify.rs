//! Walks over the whole journal, also beside a running writer.

use crate::{End, Frame, FrameSource, Head, JournalReader, LogError, Storage, Until};
use std::path::Path;
use std::sync::Arc;
use tickyard_types::Seq;

/// What a walk over the journal has found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The oldest command that is kept; one more than the newest when there is none.
    pub first_seq: Seq,
    /// How many frames there are.
    pub frames: u64,
    /// Where the log stands.
    pub head: Head,
    /// What stands after the newest frame; never [`End::WentOn`].
    pub end: End,
}

/// Verifies every frame that is kept and proves that nothing lies behind the end. Each frame is shown to `visit`.
///
/// # Errors
/// The first place that is wrong.
pub fn verify_journal(
    storage: Arc<dyn Storage>,
    dir: &Path,
    mut visit: impl FnMut(&Frame<'_>),
) -> Result<Verified, LogError> {
    let mut reader = JournalReader::oldest(storage, dir, Until::Live)?.strictly();
    let (mut first_seq, mut frames) = (None, 0);
    loop {
        while let Some(frame) = reader.next_frame()? {
            first_seq = first_seq.or(Some(frame.header.first_seq));
            frames += 1;
            visit(&frame);
        }
        let end = reader.check_end()?;
        if end != End::WentOn {
            let head = reader.head().unwrap_or(Head::GENESIS);
            return Ok(Verified { first_seq: first_seq.unwrap_or(head.next_seq()), frames, head, end });
        }
    }
}
