//! Applies the commands of one frame. The running core, a replay and a verification all come through here, so that
//! they cut events into the same batches.

use tickyard_engine::{Engine, EventBuffer};
use tickyard_journal::EventBatch;
use tickyard_types::{Reply, Seq, command_size};

/// A batch of events is closed after the command with which it reaches this size.
const BATCH_BYTES: usize = 4 << 20;

/// The commands of one frame.
#[derive(Clone, Copy, Debug)]
pub struct Commands<'a> {
    /// Number of the first.
    pub first_seq: Seq,
    /// Exchange time of all.
    pub time_ns: u64,
    /// One after the other.
    pub body: &'a [u8],
}

/// Which commands a batch of events is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first_seq: Seq,
    pub last_seq: Seq,
    pub time_ns: u64,
}

impl Span {
    /// The batch of these commands, with their events.
    pub fn batch(self, events: &EventBuffer) -> EventBatch<'_> {
        EventBatch {
            first_seq: self.first_seq,
            last_seq: self.last_seq,
            time_ns: self.time_ns,
            count: u32::try_from(events.len()).expect("Invariant: a batch is cut before its events cannot be counted"),
            events: events.as_bytes(),
        }
    }
}

/// Applies commands. `on_batch` is given the events whenever a batch is full and at the end, and must leave the
/// buffer empty.
pub fn apply_commands<E>(
    engine: &mut Engine,
    commands: Commands<'_>,
    events: &mut EventBuffer,
    mut on_reply: impl FnMut(Reply),
    mut on_batch: impl FnMut(Span, &mut EventBuffer) -> Result<(), E>,
) -> Result<(), E> {
    let Commands { mut first_seq, time_ns, mut body } = commands;
    let mut seq = first_seq;
    engine.look_at(body);
    while let Some(&kind) = body.first() {
        let size = command_size(kind).filter(|size| *size <= body.len());
        let (bytes, rest) = body.split_at(size.expect("Invariant: a frame holds whole commands"));
        body = rest;
        engine.look_ahead(body);
        on_reply(engine.apply_bytes(seq, time_ns, bytes, events));
        if body.is_empty() || events.as_bytes().len() >= BATCH_BYTES {
            on_batch(Span { first_seq, last_seq: seq, time_ns }, events)?;
            debug_assert!(events.is_empty(), "Invariant: a batch is taken out of the buffer");
            first_seq = Seq(seq.0 + 1);
        }
        seq.0 += 1;
    }
    Ok(())
}
