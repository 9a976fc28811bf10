//! Reads the events of the segments in step with a replay, which must derive the very same.

use crate::apply::Span;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use tickyard_engine::EventBuffer;
use tickyard_journal::{EventReader, LogError, Storage};
use tickyard_types::Seq;

/// The events of a home, from a sequence on.
pub struct Lockstep {
    reader: EventReader,
    /// Batches that were read and not compared yet.
    ahead: VecDeque<Kept>,
    /// Events up to here were read.
    reached: Seq,
}

/// A batch as the segments have it.
struct Kept {
    span: Span,
    events: Vec<u8>,
}

/// The segments say something else than the replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first command whose events differ.
    pub seq: Seq,
    /// Which of its events, from 0.
    pub index: usize,
}

impl Lockstep {
    /// Begins after a sequence.
    pub fn after(storage: Arc<dyn Storage>, events: &Path, seq: Seq) -> Self {
        let reader = EventReader::from_seq(storage, events, Seq(seq.0 + 1));
        Self { reader, ahead: VecDeque::new(), reached: seq }
    }

    /// Reads up to a sequence; false when the segments do not reach that far yet.
    pub fn reach(&mut self, seq: Seq) -> Result<bool, LogError> {
        while self.reached < seq {
            let Some(batch) = self.reader.next_batch()? else { return Ok(false) };
            let span = Span { first_seq: batch.first_seq, last_seq: batch.last_seq, time_ns: batch.time_ns };
            self.reached = span.last_seq;
            self.ahead.push_back(Kept { span, events: batch.events.to_vec() });
        }
        Ok(true)
    }

    /// Compares what the replay derived with what was read; the segments must have been read that far.
    pub fn compare(&mut self, span: Span, events: &EventBuffer) -> Result<(), Difference> {
        let kept = self.ahead.pop_front().expect("Invariant: events are compared after they were read");
        if kept.span == span && kept.events == events.as_bytes() {
            return Ok(());
        }
        Err(first_difference(span, &kept.events, events.as_bytes()))
    }
}

fn first_difference(span: Span, kept: &[u8], derived: &[u8]) -> Difference {
    let (mut left, mut right) = (split(kept), split(derived));
    loop {
        match (left.next(), right.next()) {
            (Some(one), Some(other)) if one == other => {}
            (None, None) => return Difference { seq: span.first_seq, index: 0 },
            (one, other) => {
                let event = other.or(one).expect("Invariant: one of two that differ is there");
                return place(event).unwrap_or(Difference { seq: span.first_seq, index: 0 });
            }
        }
    }
}

fn split(mut events: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let size = usize::from(u16::from_le_bytes([*events.get(2)?, *events.get(3)?])).max(1);
        let (event, rest) = events.split_at_checked(size)?;
        events = rest;
        Some(event)
    })
}

fn place(event: &[u8]) -> Option<Difference> {
    let index = u32::from_le_bytes(event.get(4..8)?.try_into().ok()?);
    let seq = u64::from_le_bytes(event.get(8..16)?.try_into().ok()?);
    Some(Difference { seq: Seq(seq), index: index as usize })
}
