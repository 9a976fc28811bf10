//! Commands that were sent and are not answered yet.

use std::collections::VecDeque;
use tickyard_types::{Origin, Refusal, Reply, Seq, command_size};
use zerocopy::{FromBytes, IntoBytes};

const ORIGIN_AT: usize = 8;
const RECORD: usize = 128;

/// Bytes that should have been whole commands, end to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these are no commands")]
pub struct NotCommands;

/// Commands by the process's own count, which is also the order in which they are sent.
///
/// Commands that were submitted together are answered together; `W` is who waits for that.
#[derive(Debug)]
pub struct InFlight<W> {
    boot: u64,
    counter: u64,
    /// By count, oldest first. Answered calls leave when all before them have left, at the latest when they expire.
    calls: VecDeque<Call<W>>,
    waiting: usize,
}

#[derive(Debug)]
struct Call<W> {
    /// The count of its first command.
    first: u64,
    deadline_ms: u64,
    /// None when everything is answered.
    waiter: Option<W>,
    records: Vec<u8>,
    /// Where each record begins, when not all have the usual size.
    starts: Vec<usize>,
    /// One for each command; a count of zero where there is none yet.
    replies: Vec<Reply>,
    missing: usize,
    is_resent: bool,
}

/// What came of replies.
#[derive(Debug)]
pub struct Settled<W> {
    /// Who need not wait any more, each with the replies to all of its commands, in their order.
    pub answered: Vec<(W, Vec<Reply>)>,
    /// Commands that must be sent once more: "not journalled" is no answer to a command that was sent before, because
    /// the first sending may have been carried out.
    pub once_more: Vec<u64>,
}

impl<W> InFlight<W> {
    /// Nothing in flight.
    ///
    /// `boot` is a random number of this process's run, never 0.
    #[must_use]
    pub const fn new(boot: u64) -> Self {
        assert!(boot != 0, "Invariant: a run has a number");
        Self { boot, counter: 0, calls: VecDeque::new(), waiting: 0 }
    }

    /// How many commands wait for an answer.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.waiting
    }

    /// Whether none does.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Takes commands that lie end to end, at least one; returns them with their origins, as they must be sent.
    ///
    /// Calls must be added in the order of their deadlines.
    ///
    /// # Errors
    /// These are no commands; nothing was taken.
    pub fn add(&mut self, records: &[u8], deadline_ms: u64, waiter: W) -> Result<&[u8], NotCommands> {
        let (count, starts) = layout(records)?;
        let mut records = records.to_vec();
        for position in 0..count {
            let origin = Origin { boot: self.boot, counter: self.counter + 1 + position as u64 };
            let at = start_of(&starts, position) + ORIGIN_AT;
            records[at..at + size_of::<Origin>()].copy_from_slice(origin.as_bytes());
        }
        debug_assert!(self.calls.back().is_none_or(|call| call.deadline_ms <= deadline_ms));
        let replies = vec![Reply::default(); count];
        let first = self.counter + 1;
        self.counter += count as u64;
        self.waiting += count;
        let waiter = Some(waiter);
        self.calls.push_back(Call {
            first,
            deadline_ms,
            waiter,
            records,
            starts,
            replies,
            missing: count,
            is_resent: false,
        });
        Ok(self.calls.back().map_or(&[], |call| &call.records))
    }

    /// Takes replies that lie end to end; those to commands that nobody waits for are dropped.
    ///
    /// # Errors
    /// These are no replies; nothing was taken.
    pub fn settle(&mut self, payload: &[u8]) -> Result<Settled<W>, NotCommands> {
        let mut settled = Settled { answered: Vec::new(), once_more: Vec::new() };
        if !payload.len().is_multiple_of(size_of::<Reply>()) {
            return Err(NotCommands);
        }
        for bytes in payload.chunks_exact(size_of::<Reply>()) {
            let reply = Reply::read_from_bytes(bytes).map_err(|_| NotCommands)?;
            let Some((call, position)) = self.find(reply.counter) else { continue };
            if call.is_resent && is_not_journalled(&reply) {
                settled.once_more.push(reply.counter);
                continue;
            }
            call.replies[position] = reply;
            call.missing -= 1;
            if call.missing == 0
                && let Some(waiter) = call.waiter.take()
            {
                call.records = Vec::new();
                settled.answered.push((waiter, std::mem::take(&mut call.replies)));
            }
            self.waiting -= 1;
        }
        while self.calls.front().is_some_and(|call| call.missing == 0) {
            self.calls.pop_front();
        }
        Ok(settled)
    }

    /// The bytes of a command that waits; nothing when it was settled meanwhile.
    #[must_use]
    pub fn record(&mut self, counter: u64) -> &[u8] {
        self.find(counter).map_or(&[], |(call, position)| call.record(position))
    }

    /// Everything unanswered, in the order of the first sending, to be sent again.
    #[must_use]
    pub fn again(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for call in &mut self.calls {
            call.is_resent = true;
            for position in 0..call.replies.len() {
                if call.is_waiting(position) {
                    bytes.extend_from_slice(call.record(position));
                }
            }
        }
        bytes
    }

    /// When the oldest call expires.
    #[must_use]
    pub fn next_deadline_ms(&self) -> Option<u64> {
        self.calls.front().map(|call| call.deadline_ms)
    }

    /// Gives up the calls that have waited until now; returns who waited.
    pub fn expire(&mut self, now_ms: u64) -> Vec<W> {
        let late = self.calls.partition_point(|call| call.deadline_ms <= now_ms);
        let late: Vec<Call<W>> = self.calls.drain(..late).collect();
        self.waiting -= late.iter().map(|call| call.missing).sum::<usize>();
        late.into_iter().filter_map(|call| call.waiter).collect()
    }

    /// The command of a count, when it is not answered yet: its call, and which of the call's commands it is.
    fn find(&mut self, counter: u64) -> Option<(&mut Call<W>, usize)> {
        let after = self.calls.partition_point(|call| call.first <= counter);
        let call = self.calls.get_mut(after.checked_sub(1)?)?;
        let position = usize::try_from(counter - call.first).ok()?;
        call.is_waiting(position).then_some((call, position))
    }
}

impl<W> Call<W> {
    fn is_waiting(&self, position: usize) -> bool {
        self.replies.get(position).is_some_and(|reply| reply.counter == 0)
    }

    fn record(&self, position: usize) -> &[u8] {
        let start = start_of(&self.starts, position);
        let size = command_size(self.records[start]).unwrap_or(RECORD);
        &self.records[start..start + size]
    }
}

/// Counts commands; says where each begins when they are not all of the usual size.
fn layout(records: &[u8]) -> Result<(usize, Vec<usize>), NotCommands> {
    let is_usual = |record: &[u8]| command_size(record[0]) == Some(RECORD);
    if records.len().is_multiple_of(RECORD) && records.chunks_exact(RECORD).all(is_usual) {
        return if records.is_empty() { Err(NotCommands) } else { Ok((records.len() / RECORD, Vec::new())) };
    }
    let (mut starts, mut at) = (Vec::new(), 0);
    while at < records.len() {
        starts.push(at);
        at += command_size(records[at]).ok_or(NotCommands)?;
    }
    if at == records.len() { Ok((starts.len(), starts)) } else { Err(NotCommands) }
}

fn start_of(starts: &[usize], position: usize) -> usize {
    if starts.is_empty() { position * RECORD } else { starts[position] }
}

/// The engine refuses what has expired as well, but that is journalled.
fn is_not_journalled(reply: &Reply) -> bool {
    let answers = [Refusal::Busy, Refusal::Unavailable, Refusal::Expired];
    reply.seq == Seq(0) && answers.iter().any(|refusal| refusal.number() == reply.refusal)
}
