//! Names of segments: the first sequence in 20 digits and what the file holds.
//!
//! Every way to a segment leads through here, so that a sealed one may later be found under another suffix.

use crate::{LogError, Storage};
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

const DIGITS: usize = 20;

/// Where the file that begins with a sequence is.
pub(crate) fn path(dir: &Path, seq: Seq, suffix: &str) -> PathBuf {
    dir.join(format!("{:0DIGITS$}{suffix}", seq.0))
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
