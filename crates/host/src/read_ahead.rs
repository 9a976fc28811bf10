//! Frames that are read and verified in a thread of their own, while the caller applies those before them.

use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use tickyard_journal::{Frame, FrameHeader, FrameSource, Head, LogError};

/// Frames that may be verified and not applied.
const FRAMES_AHEAD: usize = 8;

/// A frame that does not need its reader any more.
struct Read {
    header: FrameHeader,
    body: Vec<u8>,
    head: Head,
}

/// Hands over every frame of a source, in order, until its end or the first error.
///
/// # Errors
/// What `apply` returns; [`LogError`] of the source, once every frame before has been applied.
pub fn each_frame<E: From<LogError>>(
    frames: &mut dyn FrameSource,
    mut apply: impl FnMut(&Frame<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (verified, ahead) = sync_channel(FRAMES_AHEAD);
    thread::scope(|scope| {
        let reading = scope.spawn(move || read(frames, &verified));
        // It is dropped when this fails or panics, which ends the reader.
        let ahead: Receiver<Read> = ahead;
        for Read { header, body, head } in &ahead {
            apply(&Frame { header, body: &body, head })?;
        }
        reading.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(E::from)
    })
}

fn read(frames: &mut dyn FrameSource, verified: &SyncSender<Read>) -> Result<(), LogError> {
    while let Some(Frame { header, body, head }) = frames.next_frame()? {
        if verified.send(Read { header, body: body.to_vec(), head }).is_err() {
            // Nobody applies any more.
            break;
        }
    }
    Ok(())
}
