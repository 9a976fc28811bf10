//! A feed: one worker's view of the events, read from the segments.
//!
//! The segments are the only queue. A slow reader lags behind in the file and costs nobody anything.

use crate::clock::{Gaps, Pace, sleep_exactly};
use crate::filter::pass_on;
use crate::outbox::Outbox;
use crate::protocol::{FrameKind, write_frame};
use crate::rows::WatchedRow;
use crate::tip::Tip;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use tickyard_journal::{EventReader, LogError, Storage};
use tickyard_types::{AccountId, Seq};
use zerocopy::IntoBytes;

/// Events of several batches are sent together up to this size.
const FRAME_BYTES: usize = 256 << 10;

/// A feed looks whether its connection is still there at least this often.
const LOOK: Duration = Duration::from_secs(1);

/// Frames keep a distance once there are many: each costs a worker a turn, and at four thousand commits a second nobody
/// sees a difference.
const GAPS: Gaps = Gaps { busy: Duration::from_millis(1), quiet: Duration::ZERO };

/// Accounts whose events the client wants too, on their way from the connection's reader to the feed's thread.
#[derive(Default)]
pub struct Wishes(Mutex<Vec<AccountId>>);

impl Wishes {
    pub fn push(&self, account: AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(account);
    }

    fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn take(&self) -> Vec<AccountId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The thread of one subscription.
pub struct Feed {
    pub reader: EventReader,
    /// The last command that was sent.
    pub after: Seq,
    pub watched: BTreeSet<AccountId>,
    pub wishes: Arc<Wishes>,
    pub tip: Arc<Tip>,
    pub to: Arc<Outbox>,
}

impl Feed {
    pub fn new(
        storage: Arc<dyn Storage>,
        events: &Path,
        after: Seq,
        watched: BTreeSet<AccountId>,
        wishes: Arc<Wishes>,
        tip: Arc<Tip>,
        to: Arc<Outbox>,
    ) -> Self {
        let reader = EventReader::from_seq(storage, events, Seq(after.0 + 1));
        Self { reader, after, watched, wishes, tip, to }
    }

    /// Sends events until the connection is closed or the host stops.
    ///
    /// # Errors
    /// The events cannot be read from there on.
    pub fn run(mut self) -> Result<(), LogError> {
        sleep_exactly();
        let mut pace = Pace::new(GAPS);
        let mut frame = Vec::new();
        loop {
            if let Some(rest) = pace.wait() {
                thread::sleep(rest);
            }
            self.grant_wishes();
            frame.clear();
            self.read_into(&mut frame)?;
            if frame.is_empty() {
                let is_quiet = || self.wishes.is_empty() && !self.to.is_closed();
                let goes_on = self.tip.wait_beyond(self.after, LOOK, is_quiet);
                if !goes_on || self.to.is_closed() {
                    return Ok(());
                }
            } else {
                pace.start();
                if !self.to.send_in_turn(&frame) {
                    return Ok(());
                }
            }
        }
    }

    /// Says from where on the events of an account come: after what was sent before the answer.
    fn grant_wishes(&mut self) {
        for account in self.wishes.take() {
            self.watched.insert(account);
            let mut frame = Vec::new();
            let row = WatchedRow { account, reserved: [0; 4], after: self.after };
            write_frame(&mut frame, FrameKind::Watch, 0, |out| out.extend_from_slice(row.as_bytes()));
            self.to.send(&frame);
        }
    }

    /// Reads the batches that are there into one frame; none at the tip.
    fn read_into(&mut self, frame: &mut Vec<u8>) -> Result<(), LogError> {
        let tip = self.tip.seq();
        if tip <= self.after {
            return Ok(());
        }
        let mut first_seq = None;
        let (mut last_seq, mut time_ns) = (self.after, 0);
        let mut events = Vec::new();
        while last_seq < tip && events.len() < FRAME_BYTES {
            let Some(batch) = self.reader.next_batch()? else { break };
            pass_on(batch.events, &self.watched, &mut events);
            first_seq.get_or_insert(batch.first_seq.max(Seq(self.after.0 + 1)));
            (last_seq, time_ns) = (batch.last_seq, batch.time_ns);
        }
        let Some(first_seq) = first_seq else { return Ok(()) };
        write_frame(frame, FrameKind::Events, 0, |out| {
            for number in [first_seq.0, last_seq.0, time_ns] {
                out.extend_from_slice(&number.to_le_bytes());
            }
            out.extend_from_slice(&events);
        });
        self.after = last_seq;
        Ok(())
    }
}
