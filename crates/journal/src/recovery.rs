//! Recovery: finds the end of the log when it is opened, and decides between a torn tail and corruption.
//!
//! Only one append is ever in flight, and it is acknowledged before the next begins. So a bad frame with a good one
//! after it was acknowledged once: that is corruption, and nobody here may guess what it said. A bad frame with
//! nothing after it was never acknowledged, unless something derived from the log has seen it: then it is refused too.

use crate::chain::check_versions;
use crate::file_log::Floor;
use crate::frame::{FRAME_ALIGN, FrameHeader, HEADER_BYTES, MAX_BODY, frame_hash, padded};
use crate::window::Window;
use crate::{Damage, Head, LogError, Place, Storage, StorageFile, segment};
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// What opening a log found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Where the log stands.
    pub head: Head,
    /// Where an incomplete last append was cut off, and what was wrong with it.
    pub cut: Option<(Place, Damage)>,
}

/// The newest frame: what is needed to know a repeated append, and to make sure of the frame once more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newest {
    pub(crate) uid: u64,
    /// Where the log stood before it; unknown when it is the first of its segment.
    pub(crate) before: Option<Head>,
    pub(crate) offset: u64,
    pub(crate) bytes: usize,
}

/// The open end of a log.
pub(crate) struct Tail {
    pub(crate) first_seq: Seq,
    pub(crate) path: PathBuf,
    pub(crate) head: Head,
    /// Where the next frame goes.
    pub(crate) offset: u64,
    pub(crate) newest: Option<Newest>,
    pub(crate) torn: Option<Damage>,
}

/// Frames of one segment, from its start to the first place that holds none.
struct Scan {
    path: PathBuf,
    head: Option<Head>,
    newest: Option<Newest>,
    offset: u64,
    stop: Damage,
}

/// Finds the end of the log in a directory; `None` when there is no log yet.
pub(crate) fn find_tail(storage: &dyn Storage, dir: &Path, floors: &[Floor]) -> Result<Option<Tail>, LogError> {
    let segments = segment::list(storage, dir, segment::LOG)?;
    let Some((&first_seq, sealed)) = segments.split_last() else {
        check_floors(floors, Head::GENESIS.seq)?;
        return Ok(None);
    };
    let last = scan(storage, dir, first_seq)?;
    let head = match last.head {
        Some(head) => head,
        None => head_before(storage, dir, first_seq, sealed.last().copied())?,
    };
    let torn = survey(storage, &last, head.next_seq())?;
    check_floors(floors, head.seq)?;
    Ok(Some(Tail { first_seq, path: last.path, head, offset: last.offset, newest: last.newest, torn }))
}

/// Where the log stood when a segment was begun, of which nothing is written yet.
fn head_before(storage: &dyn Storage, dir: &Path, first_seq: Seq, before: Option<Seq>) -> Result<Head, LogError> {
    if first_seq == Head::GENESIS.next_seq() {
        return Ok(Head::GENESIS);
    }
    let missing = || LogError::Missing { path: segment::path(dir, first_seq, segment::LOG), expected: first_seq };
    let sealed = scan(storage, dir, before.ok_or_else(missing)?)?;
    match sealed.head {
        Some(head) if head.next_seq() == first_seq => Ok(head),
        // The segment was begun only after every frame before it was durable.
        head => Err(LogError::Corrupt {
            place: Place {
                segment: sealed.path,
                offset: sealed.offset,
                expected: head.map_or(before.unwrap_or(first_seq), |head| head.next_seq()),
            },
            damage: sealed.stop,
        }),
    }
}

fn scan(storage: &dyn Storage, dir: &Path, first_seq: Seq) -> Result<Scan, LogError> {
    let mut window = Window::open(storage, segment::path(dir, first_seq, segment::LOG))?;
    let is_genesis = first_seq == Head::GENESIS.next_seq();
    let (mut head, mut newest, mut offset) = (is_genesis.then_some(Head::GENESIS), None, 0);
    let stop = loop {
        let header = match window.look::<FrameHeader>(offset)? {
            Ok(header) => header,
            Err(damage) => break damage,
        };
        check_versions(&header, window.path())?;
        let fits = match head {
            Some(head) => head.check_next(&header),
            None if header.first_seq == first_seq => Ok(()),
            None => Err(Damage::Sequence),
        };
        fits.map_err(|damage| {
            let expected = head.map_or(first_seq, |head| head.next_seq());
            LogError::Corrupt { place: Place { segment: window.path().to_owned(), offset, expected }, damage }
        })?;
        let hash = frame_hash(&header, window.body(offset, &header));
        let bytes = header.padded_bytes();
        newest = Some(Newest { uid: header.uid, before: head, offset, bytes });
        head = Some(Head::after(&header, hash));
        offset += bytes as u64;
    };
    let head = head.filter(|_| newest.is_some());
    Ok(Scan { path: window.path().to_owned(), head, newest, offset, stop })
}

/// Looks at everything after the last good frame: nothing, a torn append, or corruption.
fn survey(storage: &dyn Storage, scan: &Scan, expected: Seq) -> Result<Option<Damage>, LogError> {
    let failed = || LogError::failed(format!("read {}", scan.path.display()));
    let file = storage.open_read(&scan.path).map_err(failed())?;
    let end = torn_end(file.as_ref(), scan.offset).map_err(failed())?;
    let mut chunk = vec![0; padded(MAX_BODY)];
    let (mut offset, mut is_torn) = (scan.offset, false);
    loop {
        let filled = file.read_at(&mut chunk, offset).map_err(failed())?;
        if filled == 0 {
            break;
        }
        for (index, block) in chunk[..filled].chunks(FRAME_ALIGN).enumerate() {
            if block.iter().all(|byte| *byte == 0) {
                continue;
            }
            is_torn = true;
            let at = offset + (index * FRAME_ALIGN) as u64;
            // A whole header is enough: its append began only after the bad frame had been acknowledged.
            let is_later =
                at > scan.offset && FrameHeader::decode(block).is_ok_and(|later| later.first_seq >= expected);
            if is_later || at >= end {
                let place = Place { segment: scan.path.clone(), offset: scan.offset, expected };
                return Err(LogError::Corrupt { place, damage: scan.stop });
            }
        }
        offset += filled as u64;
    }
    Ok(is_torn.then_some(scan.stop))
}

/// How far one torn append can reach: as far as its header says, else as far as the longest one.
fn torn_end(file: &dyn StorageFile, offset: u64) -> std::io::Result<u64> {
    let mut header = [0; HEADER_BYTES];
    let filled = file.read_at(&mut header, offset)?;
    let longest = FrameHeader::decode(&header[..filled]).map_or(padded(MAX_BODY), |header| header.padded_bytes());
    Ok(offset + longest as u64)
}

fn check_floors(floors: &[Floor], head: Seq) -> Result<(), LogError> {
    match floors.iter().filter(|floor| floor.seq > head).max_by_key(|floor| floor.seq) {
        Some(floor) => Err(LogError::BelowFloor { what: floor.what.clone(), floor: floor.seq, head }),
        None => Ok(()),
    }
}
