//! Writes what the commands did into segments of events.
//!
//! Events are derived from the journal, so nothing here is synced on the way of an order: what a crash loses is
//! derived again by replay. That needs a snapshot before what is lost, hence [`crate::sync_events`] before each snapshot.

use crate::event_batch::{EventBatch, EventBatchHeader, MAX_EVENT_BODY};
use crate::event_sync::{sync_segments, write_again};
use crate::window::Window;
use crate::{Damage, LogError, Place, Storage, StorageFile, segment};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tickyard_buggify::{Point, bites};
use tickyard_types::Seq;
use zerocopy::IntoBytes;

/// Settings of an [`EventLog`].
#[derive(Clone, Copy, Debug)]
pub struct EventOptions {
    /// A segment is closed when it has reached this size.
    pub segment_bytes: u64,
    /// Events up to here were synced before a snapshot: what is older is not read again, what is newer is written
    /// again.
    pub synced: Seq,
}

impl Default for EventOptions {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, synced: Seq(0) }
    }
}

/// What opening the events found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRecovery {
    /// The newest sequence whose events are here; replay goes on writing after it.
    pub last_seq: Seq,
    /// Where the first batch that was not whole was cut off, and what was wrong with it.
    pub cut: Option<(Place, Damage)>,
    /// Segments after the cut, which were removed.
    pub removed: Vec<PathBuf>,
}

/// The events of a home, open for writing.
pub struct EventLog {
    storage: Arc<dyn Storage>,
    dir: PathBuf,
    segment_bytes: u64,
    /// The segment that is being written; none before the first batch.
    open: Option<OpenSegment>,
    last_seq: Seq,
    synced: Seq,
    /// A sync failed: nothing here can be made sure of any more.
    is_dead: bool,
    buffer: Vec<u8>,
    recovery: EventRecovery,
}

struct OpenSegment {
    file: Box<dyn StorageFile>,
    offset: u64,
}

impl EventLog {
    /// Opens the events of a directory and cuts off what is not whole.
    ///
    /// What was never synced is written again at its place, the same bytes: a sync may have failed before, and then
    /// the next one succeeds without having written anything. Whoever reads there notices nothing.
    ///
    /// # Errors
    /// [`LogError::Failed`] when the disk fails.
    pub fn open(storage: Arc<dyn Storage>, dir: &Path, options: EventOptions) -> Result<Self, LogError> {
        let segments = segment::list(&*storage, dir, segment::EVENTS)?;
        // The segment that holds the last synced event, else the oldest.
        let start = segments.partition_point(|first| *first <= options.synced).saturating_sub(1);
        let mut log = Self {
            storage,
            dir: dir.to_owned(),
            segment_bytes: options.segment_bytes,
            open: None,
            last_seq: Seq(0),
            synced: options.synced,
            is_dead: false,
            buffer: Vec::new(),
            recovery: EventRecovery::default(),
        };
        for (index, &first_seq) in segments.iter().enumerate().skip(start) {
            let is_next = log.open.is_none() || first_seq.0 == log.last_seq.0 + 1;
            if !is_next {
                log.remove(&segments[index..])?;
                break;
            }
            log.resume(first_seq)?;
        }
        log.recovery.last_seq = log.last_seq;
        log.synced = log.synced.min(log.last_seq);
        Ok(log)
    }

    /// What opening found and did.
    #[must_use]
    pub const fn recovery(&self) -> &EventRecovery {
        &self.recovery
    }

    /// The newest sequence whose events are here; 0 when there are none.
    #[must_use]
    pub const fn last_seq(&self) -> Seq {
        self.last_seq
    }

    /// Appends what the next commands did, also when they did nothing, so that readers see how far the core is.
    ///
    /// # Errors
    /// [`LogError::Invalid`] when it does not follow what is here; [`LogError::Failed`] when the disk fails, and then
    /// the same batch may be appended again.
    pub fn append(&mut self, batch: &EventBatch<'_>) -> Result<(), LogError> {
        if batch.events.len() > MAX_EVENT_BODY {
            return Err(LogError::Invalid("its events do not fit a batch"));
        }
        if batch.last_seq < batch.first_seq {
            return Err(LogError::Invalid("it ends before it begins"));
        }
        let is_next = self.open.is_none() || batch.first_seq.0 == self.last_seq.0 + 1;
        if !is_next {
            return Err(LogError::Invalid("its events do not follow those before"));
        }
        self.buffer.clear();
        self.buffer.extend_from_slice(EventBatchHeader::of(batch).as_bytes());
        self.buffer.extend_from_slice(batch.events);
        let is_early = bites(Point::EarlyEventSegment);
        let open = match &mut self.open {
            Some(open) if open.offset < self.segment_bytes && !is_early => open,
            full => {
                let path = segment::path(&self.dir, batch.first_seq, segment::EVENTS);
                let file = self.storage.create(&path).map_err(LogError::failed(format!("begin {}", path.display())))?;
                full.insert(OpenSegment { file, offset: 0 })
            }
        };
        open.file.write_at(&self.buffer, open.offset).map_err(LogError::failed("write events"))?;
        open.offset += self.buffer.len() as u64;
        self.last_seq = batch.last_seq;
        Ok(())
    }

    /// Makes the events up to a sequence durable.
    ///
    /// # Errors
    /// [`LogError::Invalid`] when they are not written yet; [`LogError::Failed`] when the disk fails, now or before.
    pub fn sync_up_to(&mut self, seq: Seq) -> Result<(), LogError> {
        if seq > self.last_seq {
            return Err(LogError::Invalid("these events are not written yet"));
        }
        if self.is_dead {
            return Err(LogError::Invalid("a sync of the events failed before"));
        }
        if seq > self.synced {
            self.is_dead = true;
            sync_segments(&*self.storage, &self.dir, self.synced, seq)?;
            self.is_dead = false;
            self.synced = seq;
        }
        Ok(())
    }

    /// Reads a segment to its end, cuts off what is not whole there, and goes on in it.
    fn resume(&mut self, first_seq: Seq) -> Result<(), LogError> {
        let mut window = Window::open(&*self.storage, segment::path(&self.dir, first_seq, segment::EVENTS))?;
        let (mut offset, mut last_seq) = (0, Seq(first_seq.0 - 1));
        let mut synced_bytes = 0;
        let damage = loop {
            match window.look::<EventBatchHeader>(offset)? {
                Ok(header) if header.first_seq.0 == last_seq.0 + 1 => {
                    last_seq = header.last_seq;
                    if last_seq <= self.synced {
                        synced_bytes = offset + header.whole_bytes();
                    }
                    offset += header.whole_bytes();
                }
                Ok(_) => break Damage::Sequence,
                Err(damage) => break damage,
            }
        };
        let failed = || LogError::failed(format!("recover {}", window.path().display()));
        let file = self.storage.open(window.path()).map_err(failed())?;
        if file.size().map_err(failed())? > offset {
            file.truncate(offset).map_err(failed())?;
            let place = Place { segment: window.path().to_owned(), offset, expected: Seq(last_seq.0 + 1) };
            self.recovery.cut = Some((place, damage));
        }
        write_again(file.as_ref(), synced_bytes, offset).map_err(failed())?;
        self.open = Some(OpenSegment { file, offset });
        self.last_seq = last_seq;
        Ok(())
    }

    /// Removes segments, the newest first, so that whatever is left is without gaps.
    fn remove(&mut self, segments: &[Seq]) -> Result<(), LogError> {
        for seq in segments.iter().rev() {
            let path = segment::path(&self.dir, *seq, segment::EVENTS);
            self.storage.remove(&path).map_err(LogError::failed(format!("remove {}", path.display())))?;
            self.recovery.removed.push(path);
        }
        Ok(())
    }
}
