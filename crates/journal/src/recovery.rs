//! Recovery: finds the end of the log when it is opened, and decides between a torn tail and corruption.
//!
//! A bad frame with a later one after it was acknowledged once: that is corruption, and nobody here may guess what it
//! said. A bad frame with nothing after it was never acknowledged, unless something derived from the log has seen it:
//! then it is refused too.

use crate::chain::{check_first, check_versions};
use crate::frame::{FrameHeader, frame_hash};
use crate::rest::Rest;
use crate::window::Window;
use crate::{Damage, Head, LogError, Place, Storage, segment};
use std::path::{Path, PathBuf};
use tickyard_types::Seq;

/// Something derived from the log that has seen a sequence: the log must hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Floor {
    /// What it is, for people: "the event segments", "the cursor of read.sqlite".
    pub what: String,
    /// The newest sequence it has seen.
    pub seq: Seq,
}

/// What opening a log found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovery {
    /// Where the log stands.
    pub head: Head,
    /// Where an append that was not finished was cut off, and what was wrong with it.
    pub cut: Option<(Place, Damage)>,
}

/// The newest frame: what is needed to know it when it is appended again, and to make sure of it once more.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewestFrame {
    pub(crate) header: FrameHeader,
    pub(crate) offset: u64,
}

/// The open end of a log.
pub(crate) struct Tail {
    pub(crate) first_seq: Seq,
    pub(crate) path: PathBuf,
    pub(crate) head: Head,
    /// Where the next frame goes.
    pub(crate) offset: u64,
    /// The newest frame, when it is in this segment.
    pub(crate) newest: Option<NewestFrame>,
    /// What is wrong with the unfinished append at `offset`, if there is one.
    pub(crate) torn: Option<Damage>,
}

/// Frames of one segment, from its start to the first place that holds none.
pub(crate) struct Scan {
    path: PathBuf,
    /// Where the log stands after the newest frame, if there is a frame.
    pub(crate) head: Option<Head>,
    newest: Option<NewestFrame>,
    /// Where the frames end.
    pub(crate) offset: u64,
    stop: Damage,
}

/// Finds the end of the log in a directory; `None` when there is no log yet. Changes nothing.
pub(crate) fn find_tail(storage: &dyn Storage, dir: &Path, floors: &[Floor]) -> Result<Option<Tail>, LogError> {
    let segments = segment::segments(storage, dir, segment::LOG)?;
    let Some((&first_seq, sealed)) = segments.split_last() else {
        check_floors(floors, Head::GENESIS.seq)?;
        return Ok(None);
    };
    let window = &mut Window::open(storage, dir, first_seq, segment::LOG)?;
    let last = scan(window, first_seq)?;
    let head = match last.head {
        Some(head) => head,
        None => head_before(storage, dir, first_seq, sealed.last().copied())?,
    };
    let torn = match Rest::look(window, last.offset, head.next_seq())? {
        Rest::Clean => None,
        Rest::Torn => Some(last.stop),
        Rest::Later => return Err(last.corrupt(head.next_seq())),
    };
    check_floors(floors, head.seq)?;
    Ok(Some(Tail { first_seq, path: last.path, head, offset: last.offset, newest: last.newest, torn }))
}

/// Where the log stood when a segment was begun of which nothing is written yet.
fn head_before(storage: &dyn Storage, dir: &Path, first_seq: Seq, before: Option<Seq>) -> Result<Head, LogError> {
    if first_seq == Head::GENESIS.next_seq() {
        return Ok(Head::GENESIS);
    }
    let Some(before) = before else {
        let expected = Head::GENESIS.next_seq();
        return Err(LogError::Missing { path: segment::path(dir, expected, segment::LOG), expected });
    };
    let sealed = scan(&mut Window::open(storage, dir, before, segment::LOG)?, before)?;
    match sealed.head {
        Some(head) if head.next_seq() == first_seq => Ok(head),
        // A segment is begun only when every frame before it is durable.
        head => Err(sealed.corrupt(head.map_or(before, |head| head.next_seq()))),
    }
}

/// Follows the frames of a segment as far as they go.
pub(crate) fn scan(window: &mut Window, first_seq: Seq) -> Result<Scan, LogError> {
    let mut scan = Scan { path: window.path().to_owned(), head: None, newest: None, offset: 0, stop: Damage::Empty };
    loop {
        let header = match window.look::<FrameHeader>(scan.offset)? {
            Ok(header) => header,
            Err(damage) => {
                scan.stop = damage;
                return Ok(scan);
            }
        };
        check_versions(&header, &scan.path)?;
        let follows = match scan.head {
            Some(head) => head.check_next(&header),
            None => check_first(&header, first_seq),
        };
        if let Err(damage) = follows {
            scan.stop = damage;
            let expected = scan.head.map_or(first_seq, |head| head.next_seq());
            return Err(scan.corrupt(expected));
        }
        let hash = frame_hash(&header, window.body(scan.offset, &header));
        scan.newest = Some(NewestFrame { header, offset: scan.offset });
        scan.head = Some(Head::after(&header, hash));
        scan.offset += header.padded_bytes() as u64;
    }
}

impl Scan {
    pub(crate) fn corrupt(&self, expected: Seq) -> LogError {
        let place = Place { segment: self.path.clone(), offset: self.offset, expected };
        LogError::Corrupt { place, damage: self.stop }
    }
}

fn check_floors(floors: &[Floor], head: Seq) -> Result<(), LogError> {
    match floors.iter().filter(|floor| floor.seq > head).max_by_key(|floor| floor.seq) {
        Some(floor) => Err(LogError::BelowFloor { what: floor.what.clone(), floor: floor.seq, head }),
        None => Ok(()),
    }
}
