//! A batch of events: a header of 48 bytes, then what the commands of one frame did.

use crate::Damage;
use crate::window::Header;
use tickyard_types::Seq;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// The longest body of a batch, in bytes. Events of one frame may be cut into several batches.
pub const MAX_EVENT_BODY: usize = 64 << 20;

/// "TYEV" in the file.
const MAGIC: u32 = u32::from_le_bytes(*b"TYEV");

/// The first 48 bytes of a batch in a segment of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct EventBatchHeader {
    /// Marks a batch.
    pub magic: u32,
    /// Length of the events.
    pub body_bytes: u32,
    /// The first command whose events are here.
    pub first_seq: Seq,
    /// The last command whose events are here.
    pub last_seq: Seq,
    /// Exchange time of these commands, in ns.
    pub time_ns: u64,
    /// How many events; 0 when the commands did nothing.
    pub count: u32,
    /// CRC-32 of the events.
    pub body_crc: u32,
    /// Reserved, zero.
    pub reserved: u32,
    /// CRC-32 of the 44 bytes before.
    pub header_crc: u32,
}

const _: () = assert!(size_of::<EventBatchHeader>() == 48);

/// What some commands did: to be written, or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventBatch<'a> {
    /// The first command.
    pub first_seq: Seq,
    /// The last command.
    pub last_seq: Seq,
    /// Exchange time of these commands, in ns.
    pub time_ns: u64,
    /// How many events; 0 when the commands did nothing.
    pub count: u32,
    /// The events, one after the other.
    pub events: &'a [u8],
}

impl EventBatchHeader {
    pub(crate) fn of(batch: &EventBatch<'_>) -> Self {
        assert!(batch.events.len() <= MAX_EVENT_BODY, "Invariant: events fit a batch");
        let mut header = Self {
            magic: MAGIC,
            body_bytes: batch.events.len() as u32,
            first_seq: batch.first_seq,
            last_seq: batch.last_seq,
            time_ns: batch.time_ns,
            count: batch.count,
            body_crc: crc32fast::hash(batch.events),
            reserved: 0,
            header_crc: 0,
        };
        header.header_crc = header.crc();
        header
    }

    pub(crate) fn with<'a>(&self, events: &'a [u8]) -> EventBatch<'a> {
        EventBatch {
            first_seq: self.first_seq,
            last_seq: self.last_seq,
            time_ns: self.time_ns,
            count: self.count,
            events,
        }
    }

    /// Bytes that the batch occupies.
    pub(crate) fn whole_bytes(&self) -> u64 {
        (Self::BYTES + self.body_bytes()) as u64
    }

    fn crc(&self) -> u32 {
        crc32fast::hash(&self.as_bytes()[..Self::BYTES - size_of::<u32>()])
    }
}

impl Header for EventBatchHeader {
    const BYTES: usize = size_of::<Self>();

    fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        let (header, _) = Self::read_from_prefix(bytes).map_err(|_| Damage::Cut)?;
        if header.magic != MAGIC {
            return Err(Damage::Magic);
        }
        if header.header_crc != header.crc() {
            return Err(Damage::HeaderChecksum);
        }
        if header.body_bytes() > MAX_EVENT_BODY || header.last_seq < header.first_seq {
            return Err(Damage::Shape);
        }
        Ok(header)
    }

    fn body_bytes(&self) -> usize {
        self.body_bytes as usize
    }

    fn check_body(&self, body: &[u8]) -> Result<(), Damage> {
        if crc32fast::hash(body) == self.body_crc { Ok(()) } else { Err(Damage::BodyChecksum) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> EventBatch<'static> {
        EventBatch { first_seq: Seq(1), last_seq: Seq(2), time_ns: 3, count: 4, events: b"events" }
    }

    #[test]
    fn the_layout_is_fixed_because_python_reads_it_too() {
        let bytes: [u8; 48] = zerocopy::transmute!(EventBatchHeader::of(&batch()));
        assert_eq!(&bytes[..8], b"TYEV\x06\0\0\0");
        assert_eq!([bytes[8], bytes[16], bytes[24], bytes[32]], [1, 2, 3, 4]);
        assert_eq!(bytes[36..40], crc32fast::hash(b"events").to_le_bytes());
        assert_eq!(bytes[40..44], [0; 4]);
        assert_eq!(bytes[44..], crc32fast::hash(&bytes[..44]).to_le_bytes());
    }

    #[test]
    fn a_batch_that_ends_before_it_begins_is_refused_although_its_checksum_holds() {
        let header = EventBatchHeader::of(&EventBatch { last_seq: Seq(0), ..batch() });
        let bytes: [u8; 48] = zerocopy::transmute!(header);
        assert_eq!(EventBatchHeader::decode(&bytes), Err(Damage::Shape));
    }
}
