//! The frame: one header of 64 bytes and the commands of one append, padded to whole blocks.
//!
//! Blocks are padded so that a torn write can hurt the newest frame only, and so that frames can be looked for at
//! block boundaries without trusting a length.

use crate::Damage;
use crate::window::Header;
use tickyard_types::{CORE_VERSION, RECORD_VERSION, Seq};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Frames begin at multiples of this many bytes.
pub const FRAME_ALIGN: usize = 4096;

/// Size of a [`FrameHeader`] in bytes.
pub const HEADER_BYTES: usize = 64;

/// The longest body of a frame, in bytes.
pub const MAX_BODY: usize = 1 << 20;

/// "TYJF" in the file.
const MAGIC: u32 = u32::from_le_bytes(*b"TYJF");

/// What a frame is for. Numbers are fixed for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// Commands of clients, at least one.
    Batch = 1,
    /// Time went on: at least one command that says so.
    Tick = 2,
    /// A new writer took over: the epoch grows by one.
    Epoch = 3,
    /// The writer names its successor.
    Handoff = 4,
    /// Settings of the log itself changed.
    Config = 5,
    /// A snapshot should be taken here.
    SnapshotMark = 6,
}

impl FrameKind {
    const ALL: [Self; 6] = [Self::Batch, Self::Tick, Self::Epoch, Self::Handoff, Self::Config, Self::SnapshotMark];

    /// The kind of that number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// Whether such a frame must carry commands; the others may.
    #[must_use]
    pub const fn carries_commands(self) -> bool {
        matches!(self, Self::Batch | Self::Tick)
    }
}

/// The first 64 bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct FrameHeader {
    /// Marks a frame.
    pub magic: u32,
    /// Length of the body, without padding.
    pub body_bytes: u32,
    /// Number of the first command; without commands, the number the next one will have.
    pub first_seq: Seq,
    /// How many commands.
    pub count: u32,
    /// A [`FrameKind`].
    pub kind: u8,
    /// Reserved, zero.
    pub flags: u8,
    /// [`RECORD_VERSION`] of the writer.
    pub record_version: u16,
    /// [`CORE_VERSION`] of the writer.
    pub core_version: u16,
    /// Reserved, zero.
    pub reserved: u16,
    /// Which writer, counted from 0.
    pub epoch: u32,
    /// Random number of this append, by which a repeated append is known.
    pub uid: u64,
    /// Exchange time of every command in the frame, in ns.
    pub time_ns: u64,
    /// [`frame_hash`] of the frame before; 0 in the first.
    pub previous: u64,
    /// CRC-32 of the body.
    pub body_crc: u32,
    /// CRC-32 of the 60 bytes before.
    pub header_crc: u32,
}

const _: () = assert!(size_of::<FrameHeader>() == HEADER_BYTES);

impl FrameHeader {
    /// Completes a header: magic, versions, length and checksums.
    #[must_use]
    pub fn sealed(mut self, body: &[u8]) -> Self {
        assert!(body.len() <= MAX_BODY, "Invariant: a body fits a frame");
        self.magic = MAGIC;
        self.body_bytes = body.len() as u32;
        self.record_version = RECORD_VERSION;
        self.core_version = CORE_VERSION;
        self.body_crc = crc32fast::hash(body);
        self.header_crc = self.crc();
        self
    }

    /// Reads a header and checks it for itself: checksum, kind, length, count.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        let (header, _) = Self::read_from_prefix(bytes).map_err(|_| Damage::Cut)?;
        if header.magic != MAGIC {
            return Err(Damage::Magic);
        }
        if header.header_crc != header.crc() {
            return Err(Damage::HeaderChecksum);
        }
        // What follows was written like that, on purpose: the checksum holds.
        let Some(kind) = FrameKind::from_number(header.kind) else {
            return Err(Damage::Shape);
        };
        let is_empty = header.count == 0;
        if header.body_bytes as usize > MAX_BODY || (is_empty && kind.carries_commands()) {
            return Err(Damage::Shape);
        }
        Ok(header)
    }

    /// Checks the body against the header.
    ///
    /// # Errors
    /// [`Damage::BodyChecksum`].
    pub fn check_body(&self, body: &[u8]) -> Result<(), Damage> {
        if body.len() != self.body_bytes as usize || crc32fast::hash(body) != self.body_crc {
            return Err(Damage::BodyChecksum);
        }
        Ok(())
    }

    /// Bytes of header and body.
    pub(crate) const fn whole_bytes(&self) -> usize {
        HEADER_BYTES + self.body_bytes as usize
    }

    /// Bytes that the frame occupies, padding included.
    #[must_use]
    pub fn padded_bytes(&self) -> usize {
        padded(self.body_bytes as usize)
    }

    /// The number of the command after this frame.
    #[must_use]
    pub const fn next_seq(&self) -> Seq {
        Seq(self.first_seq.0.saturating_add(self.count as u64))
    }

    fn crc(&self) -> u32 {
        crc32fast::hash(&self.as_bytes()[..HEADER_BYTES - size_of::<u32>()])
    }
}

impl Header for FrameHeader {
    const BYTES: usize = HEADER_BYTES;

    fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        Self::decode(bytes)
    }

    fn body_bytes(&self) -> usize {
        self.body_bytes as usize
    }

    fn check_body(&self, body: &[u8]) -> Result<(), Damage> {
        self.check_body(body)
    }
}

/// Bytes that a frame with a body of that length occupies.
pub(crate) const fn padded(body_bytes: usize) -> usize {
    (HEADER_BYTES + body_bytes).next_multiple_of(FRAME_ALIGN)
}

/// What the next frame carries as `previous`: the first 64 bits of BLAKE3 over header and body.
pub(crate) fn frame_hash(header: &FrameHeader, body: &[u8]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(header.as_bytes());
    hasher.update(body);
    let hash = hasher.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// A verified frame, borrowed from its reader.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Its header.
    pub header: FrameHeader,
    /// Its commands, one after the other.
    pub body: &'a [u8],
    /// Where the log stands after it.
    pub head: crate::Head,
}

impl Frame<'_> {
    /// What the frame is for.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        FrameKind::from_number(self.header.kind).expect("Invariant: a verified frame is of a known kind")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zerocopy::FromZeros;

    fn header() -> FrameHeader {
        FrameHeader {
            first_seq: Seq(0x0807_0605_0403_0201),
            count: 2,
            kind: FrameKind::Batch as u8,
            epoch: 5,
            uid: 6,
            time_ns: 7,
            previous: 8,
            ..FrameHeader::new_zeroed()
        }
        .sealed(b"commands")
    }

    #[test]
    fn the_layout_is_fixed_for_ever() {
        let bytes: [u8; HEADER_BYTES] = zerocopy::transmute!(header());
        assert_eq!(&bytes[..8], b"TYJF\x08\0\0\0");
        assert_eq!(bytes[8..16], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(bytes[16..28], [2, 0, 0, 0, 1, 0, RECORD_VERSION as u8, 0, CORE_VERSION as u8, 0, 0, 0]);
        let words = [bytes[28], bytes[32], bytes[40], bytes[48]];
        assert_eq!(words, [5, 6, 7, 8]);
        assert_eq!(bytes[56..60], crc32fast::hash(b"commands").to_le_bytes());
        assert_eq!(bytes[60..], crc32fast::hash(&bytes[..60]).to_le_bytes());
    }

    #[test]
    fn a_flipped_bit_in_a_header_is_found() {
        let bytes: [u8; HEADER_BYTES] = zerocopy::transmute!(header());
        assert_eq!(FrameHeader::decode(&bytes), Ok(header()));
        for bit in 0..HEADER_BYTES * 8 {
            let mut damaged = bytes;
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(FrameHeader::decode(&damaged).is_err(), "bit {bit}");
        }
        for cut in 0..HEADER_BYTES {
            assert_eq!(FrameHeader::decode(&bytes[..cut]), Err(Damage::Cut));
        }
    }

    #[test]
    fn what_no_writer_writes_is_refused_although_its_checksum_holds() {
        let resealed = |mut header: FrameHeader| {
            header.header_crc = header.crc();
            let bytes: [u8; HEADER_BYTES] = zerocopy::transmute!(header);
            FrameHeader::decode(&bytes)
        };
        assert_eq!(resealed(FrameHeader { kind: 0, ..header() }), Err(Damage::Shape));
        assert_eq!(resealed(FrameHeader { kind: 7, ..header() }), Err(Damage::Shape));
        assert_eq!(resealed(FrameHeader { count: 0, ..header() }), Err(Damage::Shape));
        assert_eq!(resealed(FrameHeader { body_bytes: MAX_BODY as u32 + 1, ..header() }), Err(Damage::Shape));
        assert!(resealed(FrameHeader { body_bytes: MAX_BODY as u32, ..header() }).is_ok());
    }

    #[test]
    fn the_hash_covers_header_and_body() {
        let whole = frame_hash(&header(), b"commands");
        assert_ne!(whole, frame_hash(&header(), b"commandt"));
        assert_ne!(whole, frame_hash(&FrameHeader { epoch: 6, ..header() }, b"commands"));
    }

    #[test]
    fn frames_are_padded_to_whole_blocks() {
        assert_eq!(padded(0), FRAME_ALIGN);
        assert_eq!(padded(FRAME_ALIGN - HEADER_BYTES), FRAME_ALIGN);
        assert_eq!(padded(FRAME_ALIGN - HEADER_BYTES + 1), 2 * FRAME_ALIGN);
    }
}
