//! The thread that gives commands their order: takes them from the queues, stamps exchange time, makes them durable.

use crate::admission::Waiting;
use crate::clock::{ExchangeClock, Pace, sleep_exactly};
use crate::inbox::{Batch, Inbox};
use crate::outbox::Outbox;
use crate::queues::{Next, Queues, Taken};
use crate::refused::{tell_refused, turn_away};
use crate::settings::Settings;
use std::sync::Arc;
use tickyard_buggify::{Point, bites};
use tickyard_journal::{Append, CommandLog, FrameKind as Kind, LogError, MAX_BODY};
use tickyard_types::{AccountId, AdvanceTime, CommandHeader, CommandKind, Origin};
use zerocopy::IntoBytes;

/// The sequencer's thread.
pub struct Sequencer<L> {
    log: L,
    queues: Arc<Queues>,
    inbox: Arc<Inbox>,
    clock: ExchangeClock,
    pace: Pace,
    batch_commands: usize,
    run: u64,
}

impl<L: CommandLog> Sequencer<L> {
    /// `run` is random: it tells the appends of this run from those of any other.
    pub fn new(log: L, queues: Arc<Queues>, inbox: Arc<Inbox>, settings: &Settings, run: u64) -> Self {
        let clock = ExchangeClock::after(log.head().time_ns);
        let pace = Pace::new(settings.commit_gaps);
        Self { log, queues, inbox, clock, pace, batch_commands: settings.batch_commands, run }
    }

    /// Runs until the queues end.
    ///
    /// # Errors
    /// The log failed. What was being appended has an unknown outcome and gets no answer; what still waits was never
    /// appended, and its senders are told so.
    pub fn run(mut self) -> Result<(), LogError> {
        sleep_exactly();
        let worked = self.work();
        if worked.is_err() {
            turn_away(self.queues.fail());
        }
        self.inbox.close();
        worked
    }

    fn work(&mut self) -> Result<(), LogError> {
        let mut taken = Taken::default();
        loop {
            let commands = if bites(Point::PartialBatch) { 1 } else { self.batch_commands };
            let limits = (commands, MAX_BODY);
            match self.queues.next(&mut self.clock, &mut self.pace, limits, &mut taken) {
                Next::Batch => {
                    taken.refused.iter().for_each(|(_, refusal)| self.queues.tally.gave_back(*refusal));
                    tell_refused(taken.refused.drain(..));
                    self.commit_batch(&mut taken.batch)?;
                }
                Next::Tick => {
                    self.queues.ticked(self.log.head().next_seq());
                    self.commit(Kind::Tick, advance_time().as_bytes().to_vec(), Vec::new())?;
                }
                Next::End => return Ok(()),
            }
        }
    }

    fn commit_batch(&mut self, batch: &mut Vec<Waiting>) -> Result<(), LogError> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut body = Vec::with_capacity(batch.iter().map(Waiting::len).sum());
        let mut senders: Vec<Arc<Outbox>> = Vec::with_capacity(batch.len());
        for command in batch.drain(..) {
            command.write_to(&mut body);
            senders.push(command.sender);
        }
        self.commit(Kind::Batch, body, senders)
    }

    fn commit(&mut self, kind: Kind, body: Vec<u8>, senders: Vec<Arc<Outbox>>) -> Result<(), LogError> {
        self.pace.start();
        let head = self.log.head();
        let count = u32::try_from(senders.len().max(1)).expect("Invariant: a batch is bounded");
        let time_ns = self.clock.now_ns();
        let append = Append { kind, commands: &body, count, time_ns, uid: self.uid(head.next_seq().0) };
        let started_ns = self.queues.uptime_ns();
        self.log.append(head, append)?;
        self.queues.tally.committed(senders.len(), self.queues.uptime_ns() - started_ns);
        self.inbox.push(Batch { first_seq: head.next_seq(), time_ns, body, senders });
        Ok(())
    }

    /// A number that no other append has: random for each run, different for each frame of a run, never 0.
    fn uid(&self, seq: u64) -> u64 {
        (self.run ^ seq.wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1
    }
}

fn advance_time() -> AdvanceTime {
    AdvanceTime {
        header: CommandHeader {
            kind: CommandKind::AdvanceTime,
            flags: 0,
            reserved: [0; 2],
            account: AccountId(0),
            origin: Origin::default(),
        },
        reserved: [0; 104],
    }
}

#[cfg(test)]
mod fenced;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::read_commands;
    use crate::inbox::Work;
    use std::io::{self, Read};
    use std::os::unix::net::UnixStream;
    use tickyard_journal::{FrameSource, Head, Newest};
    use tickyard_types::{InstrumentId, MassCancel, Refusal, Reply, Seq};
    use zerocopy::FromBytes;

    /// Takes so many appends, then its disk fails.
    struct Failing {
        head: Head,
        left: usize,
    }

    impl CommandLog for Failing {
        fn head(&self) -> Head {
            self.head
        }

        fn append(&mut self, expected: Head, append: Append<'_>) -> Result<Head, LogError> {
            assert_eq!(expected, self.head);
            if self.left == 0 {
                return Err(LogError::Failed { doing: "write".to_owned(), source: io::ErrorKind::StorageFull.into() });
            }
            self.left -= 1;
            self.head.seq = Seq(self.head.seq.0 + u64::from(append.count));
            Ok(self.head)
        }

        fn read_after(&self, _: Head) -> Result<Box<dyn FrameSource>, LogError> {
            Err(LogError::Invalid("it is not read"))
        }

        fn newest_snapshot(&self) -> Result<Newest, LogError> {
            Ok(Newest::default())
        }
    }

    pub(super) fn mass_cancel(counter: u64) -> MassCancel {
        MassCancel {
            header: CommandHeader {
                kind: CommandKind::MassCancel,
                flags: 0,
                reserved: [0; 2],
                account: AccountId(16),
                origin: Origin { boot: 1, counter },
            },
            instrument: InstrumentId(0),
            reserved: [0; 100],
        }
    }

    #[test]
    fn when_the_disk_fails_what_waits_is_refused_and_what_was_being_written_is_not_answered() {
        let (queues, inbox) = (Arc::new(Queues::new(10, 1)), Arc::new(Inbox::new()));
        let settings = Settings { batch_commands: 1, ..Settings::new("", "") };
        let log = Failing { head: Head::GENESIS, left: 1 };
        let sequencer = Sequencer::new(log, Arc::clone(&queues), Arc::clone(&inbox), &settings, 7);
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let outbox = Arc::new(Outbox::new(ours));
        let (mut waiting, mut replies) = (Vec::new(), Vec::new());
        let commands: Vec<u8> = (1..=3).flat_map(|n| mass_cancel(n).as_bytes().to_vec()).collect();
        read_commands(&commands, &outbox, &mut waiting, &mut replies).unwrap();
        queues.push(waiting.into_iter(), |_, _| panic!("there is room"));

        assert!(matches!(sequencer.run(), Err(LogError::Failed { .. })));

        let Some(Work::Apply(batch)) = inbox.next() else { panic!("the first is durable") };
        assert_eq!(batch.first_seq, Seq(1));
        assert!(inbox.next().is_none());
        outbox.close();
        let mut told = Vec::new();
        theirs.read_to_end(&mut told).unwrap();
        let (reply, rest) = Reply::read_from_prefix(&told[crate::FRAME_BYTES..]).unwrap();
        assert_eq!((reply.counter, reply.seq, reply.refusal), (3, Seq(0), Refusal::Unavailable.number()));
        assert!(rest.is_empty(), "the second has an unknown outcome");
    }
}
