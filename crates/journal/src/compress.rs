//! Compresses sealed segments. A crash at any step leaves a segment that is whole, in one form or in both.

use crate::event_scan::scan_events;
use crate::frame::FrameHeader;
use crate::packed::{PackedFile, pack};
use crate::recovery::scan;
use crate::rest::Rest;
use crate::segment::Opened;
use crate::window::Window;
use crate::{Damage, Head, Home, LogError, Storage, StorageFile, segment};
use std::io;
use std::path::Path;
use tickyard_types::Seq;

/// How much is compared at once.
const CHUNK_BYTES: usize = 1 << 20;

/// What was compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compressed {
    /// How many segments.
    pub segments: u64,
    /// Their size before; unused space at their ends does not count.
    pub from_bytes: u64,
    /// Their size now.
    pub to_bytes: u64,
}

/// What a segment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Contents {
    /// Where it ends.
    bytes: u64,
    last_seq: Seq,
    /// Where the log stands after it; none for events.
    head: Option<Head>,
}

/// Reads the contents of a segment that begins with a sequence, every part verified.
type Survey = fn(&mut Window, Seq) -> Result<Contents, LogError>;

/// Compresses the sealed segments of a home's journal, and of its events up to a sequence that is synced.
///
/// # Errors
/// [`LogError::Corrupt`] when a segment is damaged: it stays as it is, for whoever wants to look. [`LogError::Failed`].
pub fn compress(storage: &dyn Storage, home: &Home, synced: Seq) -> Result<Compressed, LogError> {
    let mut done = Compressed::default();
    compress_dir(storage, &home.journal(), segment::LOG, survey_frames, Seq(u64::MAX), &mut done)?;
    compress_dir(storage, &home.events(), segment::EVENTS, survey_events, synced, &mut done)?;
    Ok(done)
}

fn compress_dir(
    storage: &dyn Storage,
    dir: &Path,
    suffix: &str,
    survey: Survey,
    up_to: Seq,
    done: &mut Compressed,
) -> Result<(), LogError> {
    remove_unfinished(storage, dir, suffix)?;
    let plain = segment::list(storage, dir, suffix)?;
    let all = segment::segments(storage, dir, suffix)?;
    // The last one is being written.
    for pair in all.windows(2) {
        let (seq, next) = (pair[0], pair[1]);
        if next.0 - 1 <= up_to.0 && plain.binary_search(&seq).is_ok() {
            Segment { storage, dir, suffix, seq, next, survey }.compress(done)?;
        }
    }
    Ok(())
}

/// Removes what an earlier run has not finished.
fn remove_unfinished(storage: &dyn Storage, dir: &Path, suffix: &str) -> Result<(), LogError> {
    for seq in segment::list(storage, dir, &segment::unfinished(suffix))? {
        let path = segment::path(dir, seq, &segment::unfinished(suffix));
        storage.remove(&path).map_err(LogError::failed(format!("remove {}", path.display())))?;
    }
    Ok(())
}

/// A sealed segment of which there is a plain form.
struct Segment<'a> {
    storage: &'a dyn Storage,
    dir: &'a Path,
    suffix: &'a str,
    seq: Seq,
    /// The first number of the segment after it.
    next: Seq,
    survey: Survey,
}

impl Segment<'_> {
    fn compress(&self, done: &mut Compressed) -> Result<(), LogError> {
        let plain = segment::path(self.dir, self.seq, self.suffix);
        let packed = segment::packed_path(self.dir, self.seq, self.suffix);
        let unfinished = segment::path(self.dir, self.seq, &segment::unfinished(self.suffix));
        let failed = || LogError::failed(format!("compress {}", plain.display()));

        let contents = self.contents(&plain)?;
        // It may be there already: whoever made it died then, or somebody was still reading the plain form.
        if !self.is_same(&packed, &contents)? {
            let result = self.write(&plain, &unfinished, contents.bytes);
            if result.is_err() {
                // Whatever it took is given back; the reason to report is the first one.
                let _ = self.storage.remove(&unfinished);
            }
            result.map_err(failed())?;
            if !self.is_same(&unfinished, &contents)? {
                return Err(failed()(io::Error::other("what was written is not what is read")));
            }
            self.storage.rename(&unfinished, &packed).map_err(failed())?;
            done.segments += 1;
            done.from_bytes += contents.bytes;
            done.to_bytes += self.storage.open_read(&packed).and_then(|file| file.size()).map_err(failed())?;
        }
        self.storage.sync_dir(self.dir).map_err(failed())?;
        if self.storage.remove_unheld(&plain).map_err(failed())? {
            self.storage.sync_dir(self.dir).map_err(failed())?;
        }
        Ok(())
    }

    fn write(&self, plain: &Path, into: &Path, bytes: u64) -> io::Result<()> {
        let plain = self.storage.open_read(plain)?;
        pack(plain.as_ref(), bytes, self.storage.create(into)?.as_ref())
    }

    /// Verifies the plain form, and that the next segment follows it.
    fn contents(&self, path: &Path) -> Result<Contents, LogError> {
        let file = self.storage.open_read(path).map_err(LogError::reading(path))?;
        let mut window = Window::over(Opened { file, path: path.to_owned(), is_packed: false });
        let contents = (self.survey)(&mut window, self.seq)?;
        if contents.last_seq.0 + 1 != self.next.0 {
            let expected = Seq(contents.last_seq.0 + 1);
            return Err(LogError::Missing { path: segment::path(self.dir, expected, self.suffix), expected });
        }
        if let Some(head) = contents.head {
            let mut next = Window::open(self.storage, self.dir, self.next, self.suffix)?;
            if let Ok(header) = next.look::<FrameHeader>(0)?
                && let Err(damage) = head.check_next(&header)
            {
                let place = crate::Place { segment: next.path().to_owned(), offset: 0, expected: self.next };
                return Err(LogError::Corrupt { place, damage });
            }
        }
        Ok(contents)
    }

    /// Reads a compressed form back: it holds the same bytes, and they make the same sense.
    fn is_same(&self, path: &Path, contents: &Contents) -> Result<bool, LogError> {
        let failed = || LogError::reading(path);
        let packed = match self.storage.open_read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file.map_err(failed())?,
        };
        let is_same = PackedFile::open(packed).and_then(|packed| {
            let plain = self.storage.open_read(&segment::path(self.dir, self.seq, self.suffix))?;
            Ok(packed.size()? == contents.bytes && is_equal(&packed, plain.as_ref(), contents.bytes)?)
        });
        let is_same = is_same.map_err(failed()).and_then(|is_same| {
            if !is_same {
                return Ok(false);
            }
            let file = self.storage.open_read(path).and_then(PackedFile::open).map_err(failed())?;
            let opened = Opened { file: Box::new(file), path: path.to_owned(), is_packed: true };
            Ok((self.survey)(&mut Window::over(opened), self.seq)? == *contents)
        });
        match is_same {
            Err(LogError::Corrupt { .. }) => Ok(false),
            other => other,
        }
    }
}

fn is_equal(one: &dyn StorageFile, other: &dyn StorageFile, bytes: u64) -> io::Result<bool> {
    let (mut left, mut right) = (vec![0; CHUNK_BYTES], vec![0; CHUNK_BYTES]);
    let mut at = 0;
    while at < bytes {
        let wanted = CHUNK_BYTES.min((bytes - at) as usize);
        let filled = (one.read_at(&mut left[..wanted], at)?, other.read_at(&mut right[..wanted], at)?);
        if filled != (wanted, wanted) || left[..wanted] != right[..wanted] {
            return Ok(false);
        }
        at += wanted as u64;
    }
    Ok(true)
}

fn survey_frames(window: &mut Window, first_seq: Seq) -> Result<Contents, LogError> {
    let scan = scan(window, first_seq)?;
    let expected = scan.head.map_or(first_seq, |head| head.next_seq());
    match scan.head {
        Some(head) if Rest::look(window, scan.offset, expected)? == Rest::Clean => {
            Ok(Contents { bytes: scan.offset, last_seq: head.seq, head: Some(head) })
        }
        _ => Err(scan.corrupt(expected)),
    }
}

fn survey_events(window: &mut Window, first_seq: Seq) -> Result<Contents, LogError> {
    let scan = scan_events(window, first_seq, Seq(0))?;
    if window.size()? != scan.offset || scan.stop == Damage::Sequence {
        return Err(LogError::Corrupt { place: scan.end(window), damage: scan.stop });
    }
    Ok(Contents { bytes: scan.offset, last_seq: scan.last_seq, head: None })
}
