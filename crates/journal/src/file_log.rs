//! The log as files: pre-written segments, one write and one sync for each append.

use crate::frame::{FRAME_ALIGN, FrameHeader, HEADER_BYTES, frame_hash, padded};
use crate::recovery::{self, Tail};
use crate::spare::{Spare, fill_with_zeros};
use crate::{
    Append, CommandLog, Floor, FrameSource, Head, Home, JournalReader, LogError, Newest, Place, Recovery,
    SnapshotStore, Storage, StorageFile, Until, segment,
};
use std::io;
use std::path::Path;
use std::sync::Arc;
use tickyard_buggify::{Point, bites};
use tickyard_types::Seq;
use zerocopy::{FromZeros, IntoBytes};

/// Settings of a [`FileLog`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Size of new segments, a multiple of [`FRAME_ALIGN`].
    pub segment_bytes: u64,
    /// Whether a thread prepares the next segment; else it is made when it is needed.
    pub prepare_in_background: bool,
    /// What has seen the log. Snapshots are added by the log itself.
    pub floors: Vec<Floor>,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, prepare_in_background: true, floors: Vec::new() }
    }
}

/// The log of a home. Whoever opens it holds the home's [`crate::HomeLock`].
pub struct FileLog {
    storage: Arc<dyn Storage>,
    home: Home,
    segment: Segment,
    head: Head,
    /// The newest append, so that it is known when it is sent again.
    newest: Option<FrameHeader>,
    /// What killed the log.
    dead: Option<(io::ErrorKind, String)>,
    spare: Spare,
    buffer: Vec<u8>,
    recovery: Recovery,
}

/// The segment that is being written.
struct Segment {
    first_seq: Seq,
    file: Box<dyn StorageFile>,
    bytes: u64,
    /// Where the next frame goes.
    offset: u64,
}

impl FileLog {
    /// Opens the log of a home, or begins one. An append that was never acknowledged may be cut off.
    ///
    /// Only the newest segment is read here; what is older is verified when it is replayed.
    ///
    /// # Errors
    /// [`LogError::Corrupt`], [`LogError::Missing`], [`LogError::BelowFloor`] and [`LogError::OtherVersion`] change
    /// nothing. [`LogError::Failed`] when the disk fails.
    pub fn open(storage: Arc<dyn Storage>, home: &Home, options: Options) -> Result<Self, LogError> {
        assert!(options.segment_bytes.is_multiple_of(FRAME_ALIGN as u64), "Invariant: segments are whole blocks");
        let dir = home.journal();
        let mut floors = options.floors;
        if let Some(seq) = segment::list(&*storage, &home.snapshots(), segment::SNAPSHOT)?.pop() {
            floors.push(Floor {
                what: segment::path(&home.snapshots(), seq, segment::SNAPSHOT).display().to_string(),
                seq,
            });
        }
        let tail = recovery::find_tail(&*storage, &dir, &floors)?;
        let mut spare = Spare::new(Arc::clone(&storage), &dir, options.segment_bytes, options.prepare_in_background)?;
        let (segment, head, newest, cut) = match tail {
            Some(tail) => {
                let cut = tail.torn.map(|damage| (place(&tail), damage));
                let newest = tail.newest.map(|newest| newest.header);
                let head = tail.head;
                (Segment::resume(&*storage, &tail, options.segment_bytes)?, head, newest, cut)
            }
            None => {
                let first_seq = Head::GENESIS.next_seq();
                let path = segment::path(&dir, first_seq, segment::LOG);
                (Segment::begin(&mut spare, &path, first_seq)?, Head::GENESIS, None, None)
            }
        };
        storage.sync_dir(&dir).map_err(LogError::failed(format!("sync {}", dir.display())))?;
        let recovery = Recovery { head, cut };
        let home = home.clone();
        Ok(Self { storage, home, segment, head, newest, dead: None, spare, buffer: Vec::new(), recovery })
    }

    /// What opening found and did.
    #[must_use]
    pub const fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// Says why the segment after the present one could not be prepared, if so, and has it tried again.
    ///
    /// Appends go on until the present segment is full: time for an alarm while nothing is lost yet.
    ///
    /// # Errors
    /// What the system said, for instance that the disk is full.
    pub fn check_spare(&self) -> io::Result<()> {
        self.spare.check()
    }

    fn write(&mut self, append: &Append<'_>) -> Result<FrameHeader, LogError> {
        let header = self.encode(append);
        let bytes = self.buffer.len() as u64;
        let is_early = self.head.next_seq() > self.segment.first_seq && bites(Point::EarlySegment);
        if self.segment.offset + bytes > self.segment.bytes || is_early {
            self.roll(bytes)?;
        }
        self.segment.file.write_at(&self.buffer, self.segment.offset).map_err(LogError::failed("write the journal"))?;
        self.segment.file.sync_data().map_err(LogError::failed("sync the journal"))?;
        self.segment.offset += bytes;
        Ok(header)
    }

    /// Writes the frame into the buffer.
    fn encode(&mut self, append: &Append<'_>) -> FrameHeader {
        let header = FrameHeader {
            first_seq: self.head.next_seq(),
            count: append.count,
            kind: append.kind as u8,
            epoch: self.head.epoch_for(append.kind),
            uid: append.uid,
            time_ns: append.time_ns,
            previous: self.head.chain,
            ..FrameHeader::new_zeroed()
        }
        .sealed(append.commands);
        self.buffer.clear();
        self.buffer.resize(padded(append.commands.len()), 0);
        self.buffer[..HEADER_BYTES].copy_from_slice(header.as_bytes());
        self.buffer[HEADER_BYTES..HEADER_BYTES + append.commands.len()].copy_from_slice(append.commands);
        header
    }

    /// Begins the next segment for a frame of that many bytes.
    fn roll(&mut self, bytes: u64) -> Result<(), LogError> {
        let first_seq = self.head.next_seq();
        if bytes > self.spare.bytes() {
            return Err(LogError::Invalid("its commands do not fit a segment"));
        }
        if first_seq == self.segment.first_seq {
            // Segments are named by their first command; 64 MiB of frames without one are not the work of a core.
            return Err(LogError::Invalid("a whole segment holds no command"));
        }
        let path = segment::path(&self.home.journal(), first_seq, segment::LOG);
        self.segment = Segment::begin(&mut self.spare, &path, first_seq)?;
        Ok(())
    }

    /// Whether this append is the newest frame: sent again because its answer was lost.
    fn is_newest(&self, expected: &Head, append: &Append<'_>) -> bool {
        self.newest.is_some_and(|newest| newest.uid == append.uid && expected.check_next(&newest).is_ok())
    }
}

impl CommandLog for FileLog {
    fn head(&self) -> Head {
        self.head
    }

    fn append(&mut self, expected: Head, append: Append<'_>) -> Result<Head, LogError> {
        if let Some((kind, why)) = &self.dead {
            let source = io::Error::new(*kind, why.clone());
            return Err(LogError::Failed { doing: "the journal failed before".to_owned(), source });
        }
        if self.is_newest(&expected, &append) {
            return Ok(self.head);
        }
        if expected != self.head {
            return Err(LogError::Fenced { expected, head: self.head });
        }
        append.check(&self.head)?;
        match self.write(&append) {
            Ok(header) => {
                self.head = Head::after(&header, frame_hash(&header, append.commands));
                self.newest = Some(header);
                Ok(self.head)
            }
            Err(error) => {
                if let LogError::Failed { doing, source } = &error {
                    self.dead = Some((source.kind(), format!("{doing}: {source}")));
                }
                Err(error)
            }
        }
    }

    fn read_after(&self, head: Head) -> Result<Box<dyn FrameSource>, LogError> {
        let until = Until::Head(self.head);
        Ok(Box::new(JournalReader::after(Arc::clone(&self.storage), &self.home.journal(), head, until)?))
    }

    fn newest_snapshot(&self) -> Result<Newest, LogError> {
        SnapshotStore::new(Arc::clone(&self.storage), self.home.snapshots()).newest(None)
    }
}

impl Segment {
    fn begin(spare: &mut Spare, path: &Path, first_seq: Seq) -> Result<Self, LogError> {
        let file = spare.take(path).map_err(LogError::failed(format!("begin {}", path.display())))?;
        Ok(Self { first_seq, file, bytes: spare.bytes(), offset: 0 })
    }

    /// Goes on in the newest segment, after making sure of what recovery took for durable.
    fn resume(storage: &dyn Storage, tail: &Tail, segment_bytes: u64) -> Result<Self, LogError> {
        let failed = || LogError::failed(format!("recover {}", tail.path.display()));
        let file = storage.open(&tail.path).map_err(failed())?;
        let size = file.size().map_err(failed())?;
        let bytes = size.max(segment_bytes);
        if tail.torn.is_some() {
            fill_with_zeros(file.as_ref(), tail.offset, size, || false).map_err(failed())?;
        }
        if size < bytes {
            fill_with_zeros(file.as_ref(), size, bytes, || false).map_err(failed())?;
        }
        if let Some(newest) = tail.newest {
            // It may never have reached the disk: the writer may have died before its sync, or the sync may have
            // failed. Only writing it again makes the next sync speak for it.
            let mut frame = vec![0; newest.header.padded_bytes()];
            file.read_at(&mut frame, newest.offset).map_err(failed())?;
            file.write_at(&frame, newest.offset).map_err(failed())?;
        }
        file.sync_data().map_err(failed())?;
        Ok(Self { first_seq: tail.first_seq, file, bytes, offset: tail.offset })
    }
}

fn place(tail: &Tail) -> Place {
    Place { segment: tail.path.clone(), offset: tail.offset, expected: tail.head.next_seq() }
}
