//! Reads frames from a sequence on, each one verified, with the memory of one window. Also beside a running writer.

use crate::chain::{check_first, check_versions};
use crate::frame::{FrameHeader, frame_hash};
use crate::rest::Rest;
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

/// What stands where a live reader stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing: the log ends there.
    Clean,
    /// An append that a running writer is about to finish, or one that a dead writer never finished.
    Unfinished {
        /// Where.
        place: Place,
        /// What is missing.
        damage: Damage,
    },
    /// More frames: a running writer has gone on meanwhile.
    WentOn,
}

/// Reads the frames of a directory in order.
pub struct JournalReader {
    storage: Arc<dyn Storage>,
    dir: PathBuf,
    until: Until,
    /// First number of the segment in the window.
    first_seq: Seq,
    window: Window,
    /// Whether there is a later segment, so that this one is written no more.
    is_sealed: bool,
    offset: u64,
    /// Where the log stands before `offset`; unknown before the first frame of the first segment read.
    head: Option<Head>,
    /// Frames up to here are passed over.
    skip: Skip,
    /// Whether what stands between frames must be zeros, too.
    is_strict: bool,
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

    /// Reads everything that is kept.
    ///
    /// # Errors
    /// [`LogError::Missing`] when there is nothing; [`LogError::Failed`].
    pub fn oldest(storage: Arc<dyn Storage>, dir: &Path, until: Until) -> Result<Self, LogError> {
        let oldest = segment::segments(&*storage, dir, segment::LOG)?.first().copied();
        Self::open(storage, dir, oldest.unwrap_or(Head::GENESIS.next_seq()), Skip::Nothing, until)
    }

    /// Has everything checked: also that nothing stands where nothing was written, between and after the frames.
    #[must_use]
    pub const fn strictly(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// Where the log stands after the last frame that was returned or passed over.
    #[must_use]
    pub const fn head(&self) -> Option<Head> {
        self.head
    }

    fn open(storage: Arc<dyn Storage>, dir: &Path, seq: Seq, skip: Skip, until: Until) -> Result<Self, LogError> {
        let segments = segment::segments(&*storage, dir, segment::LOG)?;
        // A head at the end of a segment is met at the end of that segment, not at the start of the next.
        let wanted = if let Skip::Head(head) = skip { head.seq.max(Seq(1)) } else { seq };
        let Some(first_seq) = segments.into_iter().take_while(|first| *first <= wanted).last() else {
            return Err(LogError::Missing { path: segment::path(dir, wanted, segment::LOG), expected: wanted });
        };
        let window = Window::open(&*storage, dir, first_seq, segment::LOG)?;
        // So that a log without frames has a head, too.
        let head = (first_seq == Head::GENESIS.next_seq()).then_some(Head::GENESIS);
        Ok(Self {
            storage,
            dir: dir.to_owned(),
            until,
            first_seq,
            window,
            is_sealed: false,
            offset: 0,
            head,
            skip,
            is_strict: false,
        })
    }

    /// Moves past the next frame and returns its header, its offset and where the log stands after it.
    fn step(&mut self) -> Result<Option<(FrameHeader, u64, Head)>, LogError> {
        loop {
            if self.is_at_end()? {
                return Ok(None);
            }
            let header = match self.window.look::<FrameHeader>(self.offset)? {
                Ok(header) => header,
                Err(_) if self.next_segment()? => continue,
                Err(Damage::Empty) if self.until == Until::Live => return Ok(None),
                Err(damage) => match self.check_end()? {
                    End::WentOn => continue,
                    End::Clean | End::Unfinished { .. } if self.until == Until::Live => return Ok(None),
                    End::Clean | End::Unfinished { .. } => return Err(self.corrupt(damage)),
                },
            };
            if self.is_strict && !self.window.is_padded(self.offset, header.whole_bytes(), header.padded_bytes())? {
                return Err(self.corrupt(Damage::Padding));
            }
            let head = self.head_after(&header)?;
            let is_wanted = self.is_wanted(head)?;
            let offset = self.offset;
            self.head = Some(head);
            self.offset += header.padded_bytes() as u64;
            if is_wanted {
                return Ok(Some((header, offset, head)));
            }
        }
    }

    fn is_at_end(&mut self) -> Result<bool, LogError> {
        match self.until {
            Until::Head(head) if self.head == Some(head) => match self.skip {
                // The log ends, and the head to start after was not on the way.
                Skip::Head(_) => Err(self.corrupt(Damage::Chain)),
                _ => Ok(true),
            },
            Until::Sealed if !self.is_sealed => {
                let segments = segment::segments(&*self.storage, &self.dir, segment::LOG)?;
                self.is_sealed = segments.last().is_some_and(|last| *last > self.first_seq);
                Ok(!self.is_sealed)
            }
            _ => Ok(false),
        }
    }

    /// Where the log stands after the frame at `offset`, if it is the one that belongs there.
    fn head_after(&self, header: &FrameHeader) -> Result<Head, LogError> {
        check_versions(header, self.window.path())?;
        let follows = match self.head {
            Some(head) => head.check_next(header),
            None => check_first(header, self.first_seq),
        };
        follows.map_err(|damage| self.corrupt(damage))?;
        Ok(Head::after(header, frame_hash(header, self.window.body(self.offset, header))))
    }

    /// Whether the frame that ends at a head is new to the caller.
    fn is_wanted(&mut self, head: Head) -> Result<bool, LogError> {
        match self.skip {
            Skip::Nothing => Ok(true),
            Skip::Seq(seq) if head.seq <= seq => Ok(false),
            Skip::Seq(_) => {
                self.skip = Skip::Nothing;
                Ok(true)
            }
            Skip::Head(met) if head == met => {
                self.skip = Skip::Nothing;
                Ok(false)
            }
            Skip::Head(met) if head.seq > met.seq => Err(self.corrupt(Damage::Chain)),
            Skip::Head(_) => Ok(false),
        }
    }

    /// Proves, where [`Until::Live`] has stopped, that nothing begun later stands behind it.
    ///
    /// # Errors
    /// [`LogError::Corrupt`] and [`LogError::Missing`] when something does; [`LogError::Failed`].
    pub fn check_end(&mut self) -> Result<End, LogError> {
        let expected = self.next_seq();
        let rest = Rest::look(&self.window, self.offset, expected)?;
        let segments = segment::segments(&*self.storage, &self.dir, segment::LOG)?;
        let is_followed = segments.last().is_some_and(|last| *last > self.first_seq);
        // A running writer may have gone on since the place was looked at: look again, knowing what follows.
        match self.window.look::<FrameHeader>(self.offset)? {
            Ok(_) => Ok(End::WentOn),
            Err(_) if self.next_segment()? => Ok(End::WentOn),
            Err(damage) if rest == Rest::Later => Err(self.corrupt(damage)),
            Err(Damage::Empty) if is_followed => {
                Err(LogError::Missing { path: segment::path(&self.dir, expected, segment::LOG), expected })
            }
            Err(damage) if is_followed => Err(self.corrupt(damage)),
            Err(_) if rest == Rest::Clean => Ok(End::Clean),
            Err(damage) => Ok(End::Unfinished { place: self.place(), damage }),
        }
    }

    /// Goes to the segment that begins with the next number, if there is one.
    fn next_segment(&mut self) -> Result<bool, LogError> {
        let Some(head) = self.head.filter(|head| head.next_seq() > self.first_seq) else {
            return Ok(false);
        };
        let next = head.next_seq();
        if segment::segments(&*self.storage, &self.dir, segment::LOG)?.binary_search(&next).is_err() {
            return Ok(false);
        }
        if self.is_strict && Rest::look(&self.window, self.offset, next)? != Rest::Clean {
            return Err(self.corrupt(Damage::Padding));
        }
        self.window = Window::open(&*self.storage, &self.dir, next, segment::LOG)?;
        self.first_seq = next;
        self.is_sealed = false;
        self.offset = 0;
        Ok(true)
    }

    fn next_seq(&self) -> Seq {
        self.head.map_or(self.first_seq, |head| head.next_seq())
    }

    fn place(&self) -> Place {
        Place { segment: self.window.path().to_owned(), offset: self.offset, expected: self.next_seq() }
    }

    fn corrupt(&self, damage: Damage) -> LogError {
        LogError::Corrupt { place: self.place(), damage }
    }
}

impl FrameSource for JournalReader {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError> {
        let stepped = self.step();
        let Some((header, offset, head)) = stepped.map_err(|error| error.expecting(self.next_seq()))? else {
            return Ok(None);
        };
        Ok(Some(Frame { header, body: self.window.body(offset, &header), head }))
    }
}
