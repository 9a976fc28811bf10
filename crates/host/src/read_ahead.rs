//! Frames that are read and verified in a thread of their own, while the caller applies those before them.
//!
//! They are handed over many at once: waking a thread takes as long as applying half a frame. What has been applied
//! goes back to be filled again, so that both threads stay in memory that their caches know.

use std::mem::take;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use tickyard_journal::{Frame, FrameHeader, FrameSource, Head, LogError};

/// Bytes of bodies that are handed over at once, unless one frame has more.
const BATCH_BYTES: usize = 256 << 10;

/// Batches that may be verified and not applied.
const BATCHES_AHEAD: usize = 4;

/// Frames that do not need their reader any more.
#[derive(Default)]
struct Batch {
    /// Their bodies, one after the other.
    bodies: Vec<u8>,
    frames: Vec<(FrameHeader, Head)>,
}

impl Batch {
    fn push(&mut self, frame: &Frame<'_>) {
        self.bodies.extend_from_slice(frame.body);
        self.frames.push((frame.header, frame.head));
    }

    fn is_full(&self) -> bool {
        self.bodies.len() >= BATCH_BYTES || self.frames.len() * size_of::<(FrameHeader, Head)>() >= BATCH_BYTES
    }

    fn each<E>(&self, apply: &mut impl FnMut(&Frame<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut bodies = &self.bodies[..];
        for &(header, head) in &self.frames {
            let (body, rest) = bodies.split_at(header.body_bytes as usize);
            bodies = rest;
            apply(&Frame { header, body, head })?;
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.bodies.clear();
        self.frames.clear();
    }
}

/// Hands over every frame of a source, in order, until its end or the first error.
///
/// # Errors
/// What `apply` returns; [`LogError`] of the source, once every frame before has been applied.
pub fn each_frame<E: From<LogError>>(
    frames: &mut dyn FrameSource,
    mut apply: impl FnMut(&Frame<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let (verified, ahead) = sync_channel(BATCHES_AHEAD);
    // Nobody waits for room in it: it holds all that there are.
    let (applied, empty) = sync_channel(BATCHES_AHEAD + 2);
    thread::scope(|scope| {
        let reading = scope.spawn(move || read(frames, &verified, &empty));
        // It is dropped when this fails or panics, which ends the reader.
        let ahead: Receiver<Batch> = ahead;
        for mut batch in &ahead {
            batch.each(&mut apply)?;
            batch.clear();
            // A reader that is through takes none back.
            let _: Result<(), TrySendError<Batch>> = applied.try_send(batch);
        }
        reading.join().unwrap_or_else(|panic| resume_unwind(panic)).map_err(E::from)
    })
}

/// Verifies until the end, or until nobody applies any more.
fn read(frames: &mut dyn FrameSource, verified: &SyncSender<Batch>, empty: &Receiver<Batch>) -> Result<(), LogError> {
    let mut batch = Batch::default();
    loop {
        match frames.next_frame() {
            Ok(Some(frame)) => batch.push(&frame),
            end => {
                // What was verified before the end is applied.
                let _ = verified.send(batch);
                return end.map(|_| ());
            }
        }
        if batch.is_full() {
            if verified.send(take(&mut batch)).is_err() {
                return Ok(());
            }
            batch = empty.try_recv().unwrap_or_default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickyard_types::Seq;
    use zerocopy::FromZeros;

    /// Frames of growing bodies, of which some are longer than a batch and one is empty; then an error.
    struct Growing {
        made: u64,
        body: Vec<u8>,
    }

    const FRAMES: u64 = 40;

    impl FrameSource for Growing {
        fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError> {
            if self.made == FRAMES {
                return Err(LogError::Invalid("the end"));
            }
            self.body = vec![self.made as u8; self.made as usize * (10 << 10)];
            let header = FrameHeader { body_bytes: self.body.len() as u32, ..FrameHeader::new_zeroed() };
            let head = Head { seq: Seq(self.made), ..Head::GENESIS };
            self.made += 1;
            Ok(Some(Frame { header, body: &self.body, head }))
        }
    }

    const fn source() -> Growing {
        Growing { made: 0, body: Vec::new() }
    }

    #[test]
    fn every_frame_before_an_error_is_applied_in_order_with_its_own_body() {
        let mut applied = 0;
        let ended = each_frame(&mut source(), |frame| {
            assert_eq!(frame.head.seq, Seq(applied));
            assert_eq!(frame.body, vec![applied as u8; applied as usize * (10 << 10)]);
            applied += 1;
            Ok::<(), LogError>(())
        });
        assert!(matches!(ended, Err(LogError::Invalid("the end"))));
        assert_eq!(applied, FRAMES);
    }

    #[test]
    fn nothing_is_applied_after_a_frame_that_could_not_be() {
        let mut applied = 0;
        let ended = each_frame(&mut source(), |_| {
            applied += 1;
            if applied == 3 { Err(LogError::Invalid("no room")) } else { Ok(()) }
        });
        assert!(matches!(ended, Err(LogError::Invalid("no room"))));
        assert_eq!(applied, 3);
    }
}
