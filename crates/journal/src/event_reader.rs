//! Reads events from a sequence on, also while they are being written.

use crate::event_batch::{EventBatch, EventBatchHeader};
use crate::window::Window;
use crate::{Damage, End, LogError, Place, Storage, segment};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tickyard_types::Seq;

/// Reads the batches of a directory in order, each one checked.
pub struct EventReader {
    storage: Arc<dyn Storage>,
    dir: PathBuf,
    /// The next number wanted.
    next_seq: Seq,
    /// The segment being read; none until there is one.
    open: Option<OpenSegment>,
}

struct OpenSegment {
    first_seq: Seq,
    window: Window,
    offset: u64,
    /// The number with which the batch at `offset` must begin.
    expected: Seq,
}

impl EventReader {
    /// Reads from the batch that holds a sequence. Nothing needs to be written yet.
    #[must_use]
    pub fn from_seq(storage: Arc<dyn Storage>, dir: &Path, seq: Seq) -> Self {
        Self { storage, dir: dir.to_owned(), next_seq: seq.max(Seq(1)), open: None }
    }

    /// The next number wanted: one more than the last that was returned.
    #[must_use]
    pub const fn next_seq(&self) -> Seq {
        self.next_seq
    }

    /// The next batch; `None` when it is not written yet, or not wholly: ask again later.
    ///
    /// The first batch may begin before the sequence that was asked for.
    ///
    /// # Errors
    /// [`LogError::Missing`] when the events are not kept any more; [`LogError::Corrupt`]; [`LogError::Failed`].
    pub fn next_batch(&mut self) -> Result<Option<EventBatch<'_>>, LogError> {
        let Some((header, offset)) = self.step()? else {
            return Ok(None);
        };
        let open = self.open.as_ref().expect("Invariant: a batch was found in an open segment");
        Ok(Some(header.with(open.window.body(offset, &header))))
    }

    /// What stands where the reader stopped: nothing, or a batch that is not whole.
    ///
    /// # Errors
    /// [`LogError::Failed`].
    pub fn check_end(&mut self) -> Result<End, LogError> {
        let Some(open) = &mut self.open else { return Ok(End::Clean) };
        let damage = match open.window.look::<EventBatchHeader>(open.offset)? {
            Ok(_) => return Ok(End::WentOn),
            Err(damage) => damage,
        };
        let is_over = open.window.size()? <= open.offset;
        Ok(if is_over { End::Clean } else { End::Unfinished { place: open.place(), damage } })
    }

    fn step(&mut self) -> Result<Option<(EventBatchHeader, u64)>, LogError> {
        loop {
            let Some(open) = self.open_segment()? else {
                return Ok(None);
            };
            let looked = open.window.look::<EventBatchHeader>(open.offset);
            match looked.map_err(|error| error.expecting(open.expected))? {
                Ok(header) if header.first_seq == open.expected => {
                    let offset = open.offset;
                    open.offset += header.whole_bytes();
                    open.expected = Seq(header.last_seq.0 + 1);
                    if header.last_seq >= self.next_seq {
                        self.next_seq = Seq(header.last_seq.0 + 1);
                        return Ok(Some((header, offset)));
                    }
                }
                Ok(_) => return Err(open.corrupt(Damage::Sequence)),
                Err(Damage::Empty | Damage::Cut) => {
                    if !self.next_segment()? {
                        return Ok(None);
                    }
                }
                Err(damage) => return Err(open.corrupt(damage)),
            }
        }
    }

    /// The segment that is open, or the one in which reading begins.
    fn open_segment(&mut self) -> Result<Option<&mut OpenSegment>, LogError> {
        if self.open.is_none() {
            let segments = segment::segments(&*self.storage, &self.dir, segment::EVENTS)?;
            let before = segments.partition_point(|first| *first <= self.next_seq);
            if before > 0 {
                self.open_at(segments[before - 1])?;
            } else if !segments.is_empty() {
                let path = segment::path(&self.dir, self.next_seq, segment::EVENTS);
                return Err(LogError::Missing { path, expected: self.next_seq });
            }
        }
        Ok(self.open.as_mut())
    }

    fn next_segment(&mut self) -> Result<bool, LogError> {
        let Some(open) = self.open.as_ref().filter(|open| open.expected > open.first_seq) else {
            return Ok(false);
        };
        let next = open.expected;
        if segment::segments(&*self.storage, &self.dir, segment::EVENTS)?.binary_search(&next).is_err() {
            return Ok(false);
        }
        self.open_at(next)?;
        Ok(true)
    }

    fn open_at(&mut self, first_seq: Seq) -> Result<(), LogError> {
        let window = Window::open(&*self.storage, &self.dir, first_seq, segment::EVENTS)?;
        self.open = Some(OpenSegment { first_seq, window, offset: 0, expected: first_seq });
        Ok(())
    }
}

impl OpenSegment {
    fn place(&self) -> Place {
        Place { segment: self.window.path().to_owned(), offset: self.offset, expected: self.expected }
    }

    fn corrupt(&self, damage: Damage) -> LogError {
        LogError::Corrupt { place: self.place(), damage }
    }
}
