//! A window over a segment: frames and batches are looked at where they are, a few hundred kilobytes read at once.

use crate::segment::{self, Opened};
use crate::{Damage, LogError, Storage, StorageFile};
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// How much is read at once, unless a frame is longer.
const WINDOW_BYTES: usize = 256 << 10;

/// The beginning of something checked in a segment: a frame, or a batch of events.
pub(crate) trait Header: Copy {
    const BYTES: usize;

    /// Reads and checks the header for itself.
    fn decode(bytes: &[u8]) -> Result<Self, Damage>;

    fn body_bytes(&self) -> usize;

    fn check_body(&self, body: &[u8]) -> Result<(), Damage>;
}

pub(crate) struct Window {
    file: Box<dyn StorageFile>,
    path: PathBuf,
    is_packed: bool,
    bytes: Vec<u8>,
    /// Offset in the file of the first of `bytes`.
    start: u64,
}

impl Window {
    /// Opens a segment, plain or compressed.
    pub(crate) fn open(storage: &dyn Storage, dir: &Path, seq: Seq, suffix: &str) -> Result<Self, LogError> {
        let opened = segment::open(storage, dir, seq, suffix).map_err(|error| error.expecting(seq))?;
        Ok(Self::over(opened))
    }

    /// Looks through a file that is open.
    pub(crate) fn over(Opened { file, path, is_packed }: Opened) -> Self {
        Self { file, path, is_packed, bytes: Vec::new(), start: 0 }
    }

    pub(crate) fn file(&self) -> &dyn StorageFile {
        self.file.as_ref()
    }

    pub(crate) const fn is_packed(&self) -> bool {
        self.is_packed
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn size(&self) -> Result<u64, LogError> {
        self.file.size().map_err(LogError::reading(&self.path))
    }

    /// Looks for something whole at an offset. What is not whole is read anew, in case it has been written meanwhile.
    pub(crate) fn look<H: Header>(&mut self, offset: u64) -> Result<Result<H, Damage>, LogError> {
        match self.decode(offset)? {
            Ok(header) => Ok(Ok(header)),
            Err(_) => {
                self.bytes.clear();
                self.decode(offset)
            }
        }
    }

    /// The body of what was just found at that offset.
    pub(crate) fn body<H: Header>(&self, offset: u64, header: &H) -> &[u8] {
        let from = (offset - self.start) as usize + H::BYTES;
        &self.bytes[from..from + header.body_bytes()]
    }

    /// Whether zeros fill up what was just found at that offset; what it occupies may reach beyond the file's end.
    pub(crate) fn is_padded(&mut self, offset: u64, whole: usize, padded: usize) -> Result<bool, LogError> {
        Ok(self.load(offset, padded)?[whole..].iter().all(|byte| *byte == 0))
    }

    fn decode<H: Header>(&mut self, offset: u64) -> Result<Result<H, Damage>, LogError> {
        let bytes = self.load(offset, H::BYTES)?;
        if bytes.iter().all(|byte| *byte == 0) {
            return Ok(Err(Damage::Empty));
        }
        let header = match H::decode(bytes) {
            Ok(header) => header,
            Err(damage) => return Ok(Err(damage)),
        };
        let whole = H::BYTES + header.body_bytes();
        let bytes = self.load(offset, whole)?;
        if bytes.len() < whole {
            return Ok(Err(Damage::Cut));
        }
        Ok(header.check_body(&bytes[H::BYTES..]).map(|()| header))
    }

    /// The bytes from an offset on, as many as wanted unless the file ends before.
    fn load(&mut self, offset: u64, wanted: usize) -> Result<&[u8], LogError> {
        let is_inside = offset >= self.start && offset + wanted as u64 <= self.start + self.bytes.len() as u64;
        if !is_inside {
            self.bytes.resize(wanted.max(WINDOW_BYTES), 0);
            let filled = self.file.read_at(&mut self.bytes, offset);
            self.start = offset;
            self.bytes.truncate(*filled.as_ref().unwrap_or(&0));
            filled.map_err(LogError::reading(&self.path))?;
        }
        let from = (offset - self.start) as usize;
        let to = self.bytes.len().min(from + wanted);
        Ok(&self.bytes[from..to])
    }
}
