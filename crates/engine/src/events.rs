//! Where events are written: one growing buffer of encoded records, reused from batch to batch.

use tickyard_types::{EventHeader, EventKind, Seq, event_size};
use zerocopy::{Immutable, IntoBytes};

/// Encoded events in the order in which they happened.
///
/// Whoever applies commands owns the buffer, reads it when a batch is done, and clears it.
#[derive(Clone, Debug, Default)]
pub struct EventBuffer {
    bytes: Vec<u8>,
    count: usize,
    seq: Seq,
    time_ns: u64,
    next_index: u32,
}

impl EventBuffer {
    /// An empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty buffer that holds so many bytes before it grows.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), ..Self::default() }
    }

    /// The events, one after the other; each begins with its header.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many events.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Forgets the events and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }

    /// Begins the events of a command.
    pub(crate) fn begin(&mut self, seq: Seq, time_ns: u64) {
        (self.seq, self.time_ns, self.next_index) = (seq, time_ns, 0);
    }

    /// The header of the command's next event. Every header asked for is pushed.
    pub(crate) fn header(&mut self, kind: EventKind) -> EventHeader {
        let index = self.next_index;
        self.next_index += 1;
        EventHeader { kind, reserved: 0, size: event_size(kind) as u16, index, seq: self.seq, time_ns: self.time_ns }
    }

    /// Appends an event. Inlined, so that its fields go straight to where they stay.
    #[inline(always)]
    pub(crate) fn push(&mut self, event: &(impl IntoBytes + Immutable)) {
        self.bytes.extend_from_slice(event.as_bytes());
        self.count += 1;
    }
}
