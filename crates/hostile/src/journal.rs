//! Segments of the journal and of events: whatever stands on the disk is read, or found to be damaged.

use std::path::Path;
use std::sync::Arc;
use tickyard_journal::testing::FaultyStorage;
use tickyard_journal::{
    EventBatchHeader, EventReader, FRAME_ALIGN, FrameHeader, FrameSource, HEADER_BYTES, JournalReader, Storage, Until,
    verify_journal,
};
use tickyard_types::{EventKind, Seq, event_size};
use zerocopy::{FromBytes, IntoBytes, TryFromBytes};

const DIR: &str = "/segments";
const BATCH_BYTES: usize = size_of::<EventBatchHeader>();
/// Where the checksums stand in the header of a batch.
const BODY_CRC_AT: usize = 36;
const HEADER_CRC_AT: usize = 44;

/// Reads a segment of frames: after an even byte the bytes as they are, after an odd one with checksums that fit.
///
/// # Panics
/// When a promise of the reader is broken.
pub fn journal(data: &[u8]) {
    let Some((how, bytes)) = data.split_first() else { return };
    let segment = if how % 2 == 1 { sealed_frames(bytes) } else { bytes.to_vec() };
    let storage = stored("00000000000000000001.log", &segment);
    let dir = Path::new(DIR);
    for until in [Until::Live, Until::Sealed] {
        let Ok(mut reader) = JournalReader::oldest(Arc::clone(&storage), dir, until) else { continue };
        let mut last = reader.head();
        while let Ok(Some(frame)) = reader.next_frame() {
            assert!(last != Some(frame.head), "Invariant: a reader goes on");
            assert!(last.is_none_or(|last| last.seq <= frame.head.seq), "Invariant: numbers grow");
            assert_eq!(frame.body.len(), frame.header.body_bytes as usize, "Invariant: a frame is whole");
            last = Some(frame.head);
        }
        assert_eq!(reader.head(), last, "Invariant: a reader stands after what it returned");
        // Whatever it says; it must not panic.
        let _ = reader.check_end();
    }
    for seq in [0, 1, 2, u64::MAX] {
        if let Ok(mut reader) = JournalReader::from_seq(Arc::clone(&storage), dir, Seq(seq), Until::Live) {
            while let Ok(Some(_)) = reader.next_frame() {}
        }
    }
    let _ = verify_journal(storage, dir, |_| ());
}

/// Reads a segment of events: after an even byte the bytes as they are, after an odd one with checksums that fit.
///
/// # Panics
/// When a promise of the reader is broken.
pub fn events(data: &[u8]) {
    let Some((how, bytes)) = data.split_first() else { return };
    let segment = if how % 2 == 1 { sealed_batches(bytes) } else { bytes.to_vec() };
    let storage = stored("00000000000000000001.evt", &segment);
    for seq in [0, 1, 2, u64::MAX] {
        let mut reader = EventReader::from_seq(Arc::clone(&storage), Path::new(DIR), Seq(seq));
        loop {
            let wanted = reader.next_seq();
            let Ok(Some(batch)) = reader.next_batch() else { break };
            assert!(batch.first_seq <= batch.last_seq, "Invariant: a batch ends after it begins");
            assert!(batch.last_seq >= wanted, "Invariant: a batch holds something new");
            walk(batch.events);
        }
    }
}

/// Walks over events as readers do, to where they make no sense.
fn walk(mut events: &[u8]) {
    while let Some(size) = size_of_first(events) {
        let Some(rest) = events.get(size..) else { return };
        events = rest;
    }
}

/// The size of the event that bytes begin with, if they begin with one.
pub(crate) fn size_of_first(events: &[u8]) -> Option<usize> {
    let (kind, _) = EventKind::try_read_from_prefix(events).ok()?;
    Some(event_size(kind))
}

/// Frames of headers and bodies that lie end to end, sealed as a writer would have sealed them.
fn sealed_frames(mut rest: &[u8]) -> Vec<u8> {
    let mut segment = Vec::new();
    while let Ok((header, after)) = FrameHeader::read_from_prefix(rest) {
        let (body, after) = after.split_at(after.len().min(header.body_bytes as usize % FRAME_ALIGN));
        rest = after;
        segment.extend_from_slice(header.sealed(body).as_bytes());
        segment.extend_from_slice(body);
        segment.resize(segment.len().next_multiple_of(FRAME_ALIGN), 0);
    }
    debug_assert_eq!(HEADER_BYTES, size_of::<FrameHeader>());
    segment
}

/// Batches of headers and events that lie end to end, with lengths and checksums that fit.
fn sealed_batches(mut rest: &[u8]) -> Vec<u8> {
    let mut segment = Vec::new();
    while let Some((header, after)) = rest.split_at_checked(BATCH_BYTES) {
        let length = usize::from(u16::from_le_bytes([header[4], header[5]]));
        let (body, after) = after.split_at(after.len().min(length));
        rest = after;
        let start = segment.len();
        segment.extend_from_slice(b"TYEV");
        segment.extend_from_slice(&(body.len() as u32).to_le_bytes());
        segment.extend_from_slice(&header[8..]);
        put(&mut segment[start + BODY_CRC_AT..], crc32fast::hash(body));
        let crc = crc32fast::hash(&segment[start..start + HEADER_CRC_AT]);
        put(&mut segment[start + HEADER_CRC_AT..], crc);
        segment.extend_from_slice(body);
    }
    segment
}

fn put(into: &mut [u8], number: u32) {
    into[..4].copy_from_slice(&number.to_le_bytes());
}

/// A storage in memory that holds one file.
fn stored(name: &str, bytes: &[u8]) -> Arc<dyn Storage> {
    let storage = FaultyStorage::new().shared();
    let dir = Path::new(DIR);
    storage.create_dir(dir).expect("Invariant: memory takes a folder");
    let file = storage.create(&dir.join(name)).expect("Invariant: memory takes a file");
    file.write_at(bytes, 0).expect("Invariant: memory takes bytes");
    storage
}
