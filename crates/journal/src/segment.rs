//! Names of segments: the first sequence in 20 digits and what the file holds.
//!
//! Every way to a segment leads through here: a sealed one may be compressed, and then has another suffix.

use crate::packed::PackedFile;
use crate::{LogError, Storage, StorageFile};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// Suffix of segments of frames.
pub(crate) const LOG: &str = ".log";
/// Suffix of segments of events.
pub(crate) const EVENTS: &str = ".evt";
/// Suffix of snapshots.
pub(crate) const SNAPSHOT: &str = ".snap";
/// Suffix of an empty file whose sequence is the first that is kept: what was before was removed on purpose.
pub(crate) const KEPT_FROM: &str = ".first";

/// What the suffix of a compressed segment ends with.
const PACKED: &str = ".zst";

const DIGITS: usize = 20;

/// Where the file that begins with a sequence is.
pub(crate) fn path(dir: &Path, seq: Seq, suffix: &str) -> PathBuf {
    dir.join(format!("{:0DIGITS$}{suffix}", seq.0))
}

/// Suffix of a compressed segment that is being written.
pub(crate) fn unfinished(suffix: &str) -> String {
    format!("{suffix}{PACKED}.tmp")
}

/// Where the compressed form of a segment is.
pub(crate) fn packed_path(dir: &Path, seq: Seq, suffix: &str) -> PathBuf {
    path(dir, seq, &format!("{suffix}{PACKED}"))
}

/// The sequences of a directory's segments, plain or compressed, ascending.
pub(crate) fn segments(storage: &dyn Storage, dir: &Path, suffix: &str) -> Result<Vec<Seq>, LogError> {
    let mut seqs = list(storage, dir, suffix)?;
    seqs.extend(list(storage, dir, &format!("{suffix}{PACKED}"))?);
    seqs.sort_unstable();
    // One that is being compressed has both forms.
    seqs.dedup();
    Ok(seqs)
}

/// A segment that is open for reading.
pub(crate) struct Opened {
    pub(crate) file: Box<dyn StorageFile>,
    pub(crate) path: PathBuf,
    pub(crate) is_packed: bool,
}

/// Opens a segment for reading, plain or compressed. It is not removed while it is open, nor any that follow it.
pub(crate) fn open(storage: &dyn Storage, dir: &Path, seq: Seq, suffix: &str) -> Result<Opened, LogError> {
    // The plain form is replaced by the compressed one, never the other way.
    for (path, is_packed) in [(path(dir, seq, suffix), false), (packed_path(dir, seq, suffix), true)] {
        let file = match storage.open_read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            file => file.map_err(LogError::reading(&path))?,
        };
        let is_held = file.hold().map_err(LogError::reading(&path))?;
        // It may have been removed just before it was held.
        let is_gone = storage.open_read(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
        if !is_held || is_gone {
            continue;
        }
        let file = if is_packed { Box::new(PackedFile::open(file).map_err(LogError::reading(&path))?) } else { file };
        return Ok(Opened { file, path, is_packed });
    }
    Err(LogError::Missing { path: path(dir, seq, suffix), expected: seq })
}

/// The sequences of a directory's files with a suffix, ascending. Other files are left alone; a directory that is
/// missing holds none.
pub(crate) fn list(storage: &dyn Storage, dir: &Path, suffix: &str) -> Result<Vec<Seq>, LogError> {
    let names = match storage.list(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        names => names.map_err(LogError::failed(format!("list {}", dir.display())))?,
    };
    Ok(names.iter().filter_map(|name| parse(name, suffix)).collect())
}

fn parse(name: &str, suffix: &str) -> Option<Seq> {
    let digits = name.strip_suffix(suffix)?;
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().map(Seq)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_twenty_digits_and_the_suffix_are_a_segment() {
        assert_eq!(parse("00000000000000000017.log", LOG), Some(Seq(17)));
        assert_eq!(parse("18446744073709551615.log", LOG), Some(Seq(u64::MAX)));
        for other in ["17.log", "00000000000000000017.evt", "0000000000000000001x.log", "99999999999999999999.log"] {
            assert_eq!(parse(other, LOG), None, "{other}");
        }
        assert_eq!(path(Path::new("/j"), Seq(17), LOG), Path::new("/j/00000000000000000017.log"));
    }
}
