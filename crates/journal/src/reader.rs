//! Reads frames from a sequence on, each one verified, with the memory of one window. Also beside a running writer.

use crate::chain::check_versions;
use crate::frame::{FrameHeader, frame_hash};
use crate::window::Window;
use crate::{Damage, Frame, FrameSource, Head, LogError, Place, Storage, segment};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tickyard_types::Seq;

/// Where a reader stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// At this head, which must be reached.
    Head(Head),
    /// Before the segment that may still be written.
    Sealed,
    /// Where nothing is written yet; it goes on when asked again.
    Live,
}

/// Reads the frames of a directory in order.
pub struct JournalReader {
    storage: Arc<dyn Storage>,
    dir: PathBuf,
    until: Until,
    /// First number of the segment in the window.
    first_seq: Seq,
    window: Window,
    offset: u64,
    /// Where the log stands before `offset`; unknown before the first frame of the first segment read.
    head: Option<Head>,
    /// Frames up to here are passed over.
    skip: Skip,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Skip {
    Nothing,
    /// Up to a head, which must be met.
    Head(Head),
    /// Up to a number.
    Seq(Seq),
}

impl JournalReader {
    /// Reads what follows a head that the reader has reached before; [`Head::GENESIS`] for everything.
    ///
    /// # Errors
    /// [`LogError::Missing`] when the frames are not there any more; [`LogError::Failed`].
    pub fn after(storage: Arc<dyn Storage>, dir: &Path, head: Head, until: Until) -> Result<Self, LogError> {
        let skip = if head == Head::GENESIS { Skip::Nothing } else { Skip::Head(head) };
        Self::open(storage, dir, head.next_seq(), skip, until)
    }

    /// Reads from the frame that holds a sequence. The hash before the first frame read is taken as it is.
    ///
    /// # Errors
    /// [`LogError::Missing`] when the frames are not there any more; [`LogError::Failed`].
    pub fn from_seq(storage: Arc<dyn Storage>, dir: &Path, seq: Seq, until: Until) -> Result<Self, LogError> {
        Self::open(storage, dir, seq, Skip::Seq(Seq(seq.0.saturating_sub(1))), until)
    }

    /// Where the log stands after the last frame that was returned or passed over.
    #[must_use]
    pub const fn head(&self) -> Option<Head> {
        self.head
    }

    fn open(storage: Arc<dyn Storage>, dir: &Path, seq: Seq, skip: Skip, until: Until) -> Result<Self, LogError> {
        let segments = segment::list(&*storage, dir, segment::LOG)?;
        // A head at the end of a segment is met at the end of that segment, not at the start of the next.
        let wanted = if let Skip::Head(head) = skip { head.seq.max(Seq(1)) } else { seq };
        let Some(first_seq) = segments.into_iter().take_while(|first| *first <= wanted).last() else {
            return Err(LogError::Missing { path: segment::path(dir, wanted, segment::LOG), expected: wanted });
        };
        let window = Window::open(&*storage, segment::path(dir, first_seq, segment::LOG))?;
        let head = (first_seq == Head::GENESIS.next_seq()).then_some(Head::GENESIS);
        Ok(Self { storage, dir: dir.to_owned(), until, first_seq, window, offset: 0, head, skip })
    }

    /// Moves past the next frame and returns its header, its offset and where the log stands after it.
    fn step(&mut self) -> Result<Option<(FrameHeader, u64, Head)>, LogError> {
        loop {
            if self.is_at_end()? {
                return Ok(None);
            }
            match self.window.look::<FrameHeader>(self.offset)? {
                Ok(header) => {
                    let offset = self.offset;
                    let head = self.follow(&header)?;
                    if !self.is_skipped(&header, head)? {
                        return Ok(Some((header, offset, head)));
                    }
                }
                Err(damage) => {
                    if !self.next_segment()? {
                        return self.nothing_there(damage);
                    }
                }
            }
        }
    }

    fn is_at_end(&self) -> Result<bool, LogError> {
        match self.until {
            Until::Head(head) => Ok(self.head == Some(head)),
            Until::Sealed => {
                Ok(segment::list(&*self.storage, &self.dir, segment::LOG)?.last() == Some(&self.first_seq))
            }
            Until::Live => Ok(false),
        }
    }

    fn follow(&mut self, header: &FrameHeader) -> Result<Head, LogError> {
        check_versions(header, self.window.path())?;
        let fits = match self.head {
            Some(head) => head.check_next(header),
            None if header.first_seq == self.first_seq => Ok(()),
            None => Err(Damage::Sequence),
        };
        fits.map_err(|damage| self.corrupt(damage))?;
        let hash = frame_hash(header, self.window.body(self.offset, header));
        let head = Head::after(header, hash);
        self.head = Some(head);
        self.offset += header.padded_bytes() as u64;
        Ok(head)
    }

    /// Whether the frame just passed belongs to what the caller has seen before.
    fn is_skipped(&mut self, header: &FrameHeader, head: Head) -> Result<bool, LogError> {
        match self.skip {
            Skip::Nothing => Ok(false),
            Skip::Seq(seq) if head.seq <= seq => Ok(true),
            Skip::Seq(_) => {
                self.skip = Skip::Nothing;
                Ok(false)
            }
            Skip::Head(wanted) => {
                if head == wanted {
                    self.skip = Skip::Nothing;
                } else if head.seq > wanted.seq {
                    self.offset -= header.padded_bytes() as u64;
                    return Err(self.corrupt(Damage::Chain));
                }
                Ok(true)
            }
        }
    }

    /// Goes to the segment that begins with the next number, if there is one.
    fn next_segment(&mut self) -> Result<bool, LogError> {
        let Some(head) = self.head.filter(|head| head.next_seq() > self.first_seq) else {
            return Ok(false);
        };
        let next = head.next_seq();
        if segment::list(&*self.storage, &self.dir, segment::LOG)?.binary_search(&next).is_err() {
            return Ok(false);
        }
        self.window = Window::open(&*self.storage, segment::path(&self.dir, next, segment::LOG))?;
        self.first_seq = next;
        self.offset = 0;
        Ok(true)
    }

    fn nothing_there(&self, damage: Damage) -> Result<Option<(FrameHeader, u64, Head)>, LogError> {
        match self.until {
            Until::Live => Ok(None),
            Until::Head(_) | Until::Sealed => Err(self.corrupt(damage)),
        }
    }

    fn corrupt(&self, damage: Damage) -> LogError {
        let expected = self.head.map_or(self.first_seq, |head| head.next_seq());
        LogError::Corrupt {
            place: Place { segment: self.window.path().to_owned(), offset: self.offset, expected },
            damage,
        }
    }
}

impl FrameSource for JournalReader {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError> {
        let Some((header, offset, head)) = self.step()? else {
            return Ok(None);
        };
        Ok(Some(Frame { header, body: self.window.body(offset, &header), head }))
    }
}
