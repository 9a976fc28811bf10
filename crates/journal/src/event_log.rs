//! Writes what the commands did into segments of events.
//!
//! Events are derived from the journal, so nothing here is synced on the way of an order: what a crash loses is
//! derived again by replay. That needs a snapshot before what is lost, hence [`crate::sync_events`] before each snapshot.

use crate::event_batch::{EventBatch, EventBatchHeader, MAX_EVENT_BODY};
use crate::event_scan::scan_events;
use crate::event_sync::{sync_segments, write_again};
use crate::window::Window;
use crate::{Damage, LogError, Place, Storage, StorageFile, segment};
use std::io::ErrorKind;
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
    /// Events up to here cannot be derived again, because the journal does not reach back so far: damage among them
    /// is refused.
    pub kept_from: Seq,
}

impl Default for EventOptions {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, synced: Seq(0), kept_from: Seq(0) }
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
    /// [`LogError::Failed`] when the disk fails; [`LogError::Corrupt`] and [`LogError::Missing`] when events are lost
    /// that cannot be derived again: nothing was changed.
    pub fn open(storage: Arc<dyn Storage>, dir: &Path, options: EventOptions) -> Result<Self, LogError> {
        let segments = segment::segments(&*storage, dir, segment::EVENTS)?;
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
        if segments.is_empty() && options.kept_from > Seq(0) {
            let expected = Seq(options.kept_from.0 + 1);
            return Err(LogError::Missing { path: segment::path(dir, expected, segment::EVENTS), expected });
        }
        // The segment that holds the last synced event, else the oldest.
        let start = segments.partition_point(|first| *first <= options.synced).saturating_sub(1);
        for (index, &first_seq) in segments.iter().enumerate().skip(start) {
            let is_next = index == start || first_seq.0 == log.last_seq.0 + 1;
            if !is_next || !log.resume(first_seq, options.kept_from)? {
                log.remove(&segments[index..])?;
                break;
            }
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
        let is_first = self.open.is_none() && self.last_seq == Seq(0);
        if !is_first && batch.first_seq.0 != self.last_seq.0 + 1 {
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

    /// Reads a segment to its end, cuts off what is not whole there, and goes on in it. A compressed one cannot be cut:
    /// false when it is not whole.
    fn resume(&mut self, first_seq: Seq, kept_from: Seq) -> Result<bool, LogError> {
        let opened = Window::open(&*self.storage, &self.dir, first_seq, segment::EVENTS);
        let scanned = opened.and_then(|mut window| {
            let scan = scan_events(&mut window, first_seq, self.synced)?;
            Ok((window, scan))
        });
        let (window, scan) = match scanned {
            Err(LogError::Corrupt { place, damage }) if first_seq > kept_from => {
                self.recovery.cut = Some((place, damage));
                self.last_seq = Seq(first_seq.0 - 1);
                return Ok(false);
            }
            scanned => scanned?,
        };
        let is_whole = window.size()? == scan.offset;
        if !is_whole {
            let (place, damage) = (scan.end(&window), scan.stop);
            if scan.last_seq < kept_from {
                return Err(LogError::Corrupt { place, damage });
            }
            self.recovery.cut = Some((place, damage));
        }
        self.last_seq = scan.last_seq;
        if window.is_packed() {
            assert!(is_whole, "Invariant: a segment is compressed whole");
            self.open = None;
        } else {
            let failed = || LogError::failed(format!("recover {}", window.path().display()));
            let file = self.storage.open(window.path()).map_err(failed())?;
            if !is_whole {
                file.truncate(scan.offset).map_err(failed())?;
            }
            write_again(file.as_ref(), scan.offset_of_known, scan.offset).map_err(failed())?;
            self.open = Some(OpenSegment { file, offset: scan.offset });
        }
        Ok(true)
    }

    /// Removes segments, the newest first, so that whatever is left is without gaps.
    fn remove(&mut self, segments: &[Seq]) -> Result<(), LogError> {
        for seq in segments.iter().rev() {
            let plain = segment::path(&self.dir, *seq, segment::EVENTS);
            for path in [segment::packed_path(&self.dir, *seq, segment::EVENTS), plain] {
                match self.storage.remove(&path) {
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    removed => removed.map_err(LogError::failed(format!("remove {}", path.display())))?,
                }
                self.recovery.removed.push(path);
            }
        }
        Ok(())
    }
}
