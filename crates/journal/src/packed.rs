//! A sealed segment, compressed: read as if it were the file that it was made of.
//!
//! Zstandard frames of [`CHUNK_BYTES`] each, so that reading may begin anywhere, then an index in a frame that other
//! readers skip: `zstd -d` makes the plain segment again. Every byte is under a checksum.

use crate::StorageFile;
use std::io;
use std::sync::{Mutex, PoisonError};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// How many bytes of the plain file each frame holds.
pub(crate) const CHUNK_BYTES: usize = 1 << 20;

/// The default of the library: a segment is compressed once, at idle priority, and read seldom.
const LEVEL: i32 = 3;

/// What begins a frame that readers of Zstandard skip.
const SKIPPED: u32 = 0x184D_2A5E;

/// "TYZP" in the file.
const MAGIC: u32 = u32::from_le_bytes(*b"TYZP");

const SKIPPED_BYTES: usize = 8;
const ENTRY_BYTES: usize = size_of::<Entry>();
const FOOTER_BYTES: usize = size_of::<Footer>();

/// One compressed chunk.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
struct Entry {
    bytes: u32,
    /// CRC-32 of the compressed bytes.
    crc: u32,
}

/// The last bytes of the file.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C, packed)]
struct Footer {
    plain_bytes: u64,
    chunks: u32,
    magic: u32,
    /// CRC-32 of the whole index before it.
    crc: u32,
}

/// A compressed file is damaged, at this byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the compressed file is damaged at byte {0}")]
pub(crate) struct PackedDamage(pub(crate) u64);

impl From<PackedDamage> for io::Error {
    fn from(damage: PackedDamage) -> Self {
        Self::new(io::ErrorKind::InvalidData, damage)
    }
}

/// Compresses the first bytes of a file into another, and makes that durable.
pub(crate) fn pack(plain: &dyn StorageFile, bytes: u64, into: &dyn StorageFile) -> io::Result<()> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let (mut from, mut at) = (0, 0);
    let mut entries: Vec<Entry> = Vec::new();
    while from < bytes {
        let wanted = CHUNK_BYTES.min((bytes - from) as usize);
        if plain.read_at(&mut chunk[..wanted], from)? < wanted {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let packed = compressor.compress(&chunk[..wanted])?;
        into.write_at(&packed, at)?;
        entries.push(Entry { bytes: packed.len() as u32, crc: crc32fast::hash(&packed) });
        from += wanted as u64;
        at += packed.len() as u64;
    }
    into.write_at(&index(&entries, bytes), at)?;
    into.sync_data()
}

fn index(entries: &[Entry], plain_bytes: u64) -> Vec<u8> {
    let size = (entries.len() * ENTRY_BYTES + FOOTER_BYTES) as u32;
    let mut index = [SKIPPED.as_bytes(), size.as_bytes(), entries.as_bytes()].concat();
    let footer = Footer { plain_bytes, chunks: entries.len() as u32, magic: MAGIC, crc: 0 };
    let footer = footer.as_bytes();
    index.extend_from_slice(&footer[..FOOTER_BYTES - size_of::<u32>()]);
    let crc = crc32fast::hash(&index);
    index.extend_from_slice(crc.as_bytes());
    index
}

/// A compressed file that is open for reading.
pub(crate) struct PackedFile {
    file: Box<dyn StorageFile>,
    entries: Vec<Entry>,
    /// Where each chunk begins in the file.
    starts: Vec<u64>,
    plain_bytes: u64,
    newest: Mutex<Newest>,
}

/// The chunk that was read last.
#[derive(Default)]
struct Newest {
    index: Option<usize>,
    packed: Vec<u8>,
    plain: Vec<u8>,
}

impl PackedFile {
    /// Reads and checks the index.
    pub(crate) fn open(file: Box<dyn StorageFile>) -> io::Result<Self> {
        let size = file.size()?;
        let damage = PackedDamage(size.saturating_sub(FOOTER_BYTES as u64));
        let mut footer = [0; FOOTER_BYTES];
        let filled = file.read_at(&mut footer, damage.0)?;
        let (footer, _) = Footer::read_from_prefix(&footer[..filled]).map_err(|_| damage)?;
        let (chunks, plain_bytes) = (footer.chunks as usize, footer.plain_bytes);
        let index_bytes = (SKIPPED_BYTES + FOOTER_BYTES) as u64 + chunks as u64 * ENTRY_BYTES as u64;
        if footer.magic != MAGIC || index_bytes > size || plain_bytes.div_ceil(CHUNK_BYTES as u64) != chunks as u64 {
            return Err(damage.into());
        }
        let damage = PackedDamage(size - index_bytes);
        let mut index = vec![0; index_bytes as usize];
        if file.read_at(&mut index, damage.0)? < index.len() {
            return Err(damage.into());
        }
        let entries = index[SKIPPED_BYTES..index.len() - FOOTER_BYTES].chunks_exact(ENTRY_BYTES);
        let entries: Vec<Entry> = entries.filter_map(|bytes| Entry::read_from_bytes(bytes).ok()).collect();
        let starts: Vec<u64> =
            entries.iter().scan(0, |at, entry| Some(std::mem::replace(at, *at + u64::from(entry.bytes)))).collect();
        let packed_bytes: u64 = entries.iter().map(|entry| u64::from(entry.bytes)).sum();
        if index != self::index(&entries, plain_bytes) || packed_bytes + index_bytes != size {
            return Err(damage.into());
        }
        Ok(Self { file, entries, starts, plain_bytes, newest: Mutex::default() })
    }

    /// Reads a chunk, unless it was read last.
    fn read(&self, index: usize, newest: &mut Newest) -> io::Result<()> {
        if newest.index == Some(index) {
            return Ok(());
        }
        newest.index = None;
        let Entry { bytes, crc } = self.entries[index];
        let damage = PackedDamage(self.starts[index]);
        newest.packed.resize(bytes as usize, 0);
        let filled = self.file.read_at(&mut newest.packed, damage.0)?;
        if filled < newest.packed.len() || crc32fast::hash(&newest.packed) != crc {
            return Err(damage.into());
        }
        let plain_bytes = CHUNK_BYTES.min((self.plain_bytes - (index * CHUNK_BYTES) as u64) as usize);
        newest.plain.resize(plain_bytes, 0);
        match zstd::bulk::decompress_to_buffer(&newest.packed, &mut newest.plain) {
            Ok(bytes) if bytes == plain_bytes => newest.index = Some(index),
            _ => return Err(damage.into()),
        }
        Ok(())
    }
}

impl StorageFile for PackedFile {
    fn write_at(&self, _: &[u8], _: u64) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut filled = 0;
        while filled < into.len() && offset + (filled as u64) < self.plain_bytes {
            let at = offset + filled as u64;
            let index = (at / CHUNK_BYTES as u64) as usize;
            self.read(index, &mut newest)?;
            let chunk = &newest.plain[(at % CHUNK_BYTES as u64) as usize..];
            let bytes = chunk.len().min(into.len() - filled);
            into[filled..filled + bytes].copy_from_slice(&chunk[..bytes]);
            filled += bytes;
        }
        Ok(filled)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.plain_bytes)
    }

    fn truncate(&self, _: u64) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn hold(&self) -> io::Result<bool> {
        self.file.hold()
    }
}
