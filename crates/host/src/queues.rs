//! Where commands wait for the sequencer, and where the sequencer waits for work.
//!
//! Whose command is next is decided in `turns`; here are the lock, the wake-ups and the engine's timer.

use crate::admission::Waiting;
use crate::class::CLASSES;
use crate::clock::{ExchangeClock, Pace, Uptime};
use crate::tally::Tally;
use crate::turns::{Now, Refused, Turns};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tickyard_types::{Refusal, Seq};

/// Wall time may jump, after a suspend for instance, so an armed timer is looked at this often.
const TIMER_CHECK: Duration = Duration::from_secs(1);

/// The queues before the sequencer.
pub struct Queues {
    /// What became of commands.
    pub tally: Tally,
    uptime: Uptime,
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    turns: Turns,
    open: Open,
    timer: Timer,
    /// The sequencer sleeps until something comes, not until a time.
    is_idle: bool,
}

/// What was taken from the queues together.
#[derive(Default)]
pub struct Taken {
    /// To be appended, in this order.
    pub batch: Vec<Waiting>,
    /// Not to be appended.
    pub refused: Vec<Refused>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Commands are taken.
    Yes,
    /// No more are taken; those that wait are still carried out.
    Draining,
}

#[derive(Clone, Copy, Default)]
struct Timer {
    /// When the engine's next timer fires, exchange time.
    deadline_ns: Option<u64>,
    /// The tick that was appended last; until it is applied the deadline is the old one.
    ticked: Seq,
    applied: Seq,
}

/// What the sequencer has to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Append the commands that were taken, if there are any, and tell those that were refused.
    Batch,
    /// Say what time it is.
    Tick,
    /// Nothing more will come.
    End,
}

impl Queues {
    /// Room for so many commands of each class; batches have at most `batch`.
    pub fn new(capacity: usize, batch: usize) -> Self {
        let turns = Turns::new(capacity, batch);
        let state = State { turns, open: Open::Yes, timer: Timer::default(), is_idle: false };
        Self { tally: Tally::default(), uptime: Uptime::start(), state: Mutex::new(state), wake: Condvar::new() }
    }

    /// Queues commands in their order; `refuse` is told of those that cannot wait.
    pub fn push(&self, commands: impl Iterator<Item = Waiting>, mut refuse: impl FnMut(Waiting, Refusal)) {
        let mut state = self.lock();
        let uptime_ns = self.uptime.now_ns();
        for command in commands {
            if state.open != Open::Yes {
                refuse(command, Refusal::Unavailable);
            } else if let Some(command) = state.turns.push(command, uptime_ns) {
                self.tally.was_full();
                refuse(command, Refusal::Busy);
            }
        }
        let is_idle = state.is_idle && !state.turns.is_empty();
        // Whoever is woken wants the lock at once.
        drop(state);
        if is_idle {
            self.wake.notify_one();
        }
    }

    /// Waits for work and takes it: at most so many commands of at most so many bytes.
    pub fn next(&self, clock: &mut ExchangeClock, pace: &mut Pace, limits: (usize, usize), taken: &mut Taken) -> Next {
        let mut state = self.lock();
        loop {
            if !state.turns.is_empty() {
                let Some(wait) = pace.wait().filter(|_| state.open == Open::Yes) else {
                    let now = Now { uptime_ns: self.uptime.now_ns(), exchange_ns: clock.now_ns() };
                    state.turns.take(limits, now, &mut taken.batch, &mut taken.refused);
                    return Next::Batch;
                };
                state = self.sleep(state, Some(wait), false);
            } else if state.open == Open::Draining {
                return Next::End;
            } else if let Some(deadline_ns) = state.timer.pending() {
                let now_ns = clock.now_ns();
                if now_ns >= deadline_ns {
                    return Next::Tick;
                }
                let wait = Duration::from_nanos(deadline_ns - now_ns).min(TIMER_CHECK);
                state = self.sleep(state, Some(wait), true);
            } else {
                state = self.sleep(state, None, true);
            }
        }
    }

    /// How many commands of each class wait.
    pub fn waiting(&self) -> [u32; CLASSES] {
        self.lock().turns.of_class().map(|count| u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// How long the host has been up, in ns.
    pub fn uptime_ns(&self) -> u64 {
        self.uptime.now_ns()
    }

    /// A tick was appended: no other before it is applied.
    pub fn ticked(&self, seq: Seq) {
        self.lock().timer.ticked = seq;
    }

    /// The core has applied everything up to a sequence; that is its next deadline.
    pub fn applied(&self, seq: Seq, deadline_ns: Option<u64>) {
        let mut state = self.lock();
        let has_changed = state.timer.deadline_ns != deadline_ns || state.timer.ticked == seq;
        state.timer.applied = seq;
        state.timer.deadline_ns = deadline_ns;
        if has_changed && state.is_idle {
            self.wake.notify_one();
        }
    }

    /// Takes no more commands; those that wait are still carried out.
    pub fn drain(&self) {
        self.lock().open = Open::Draining;
        self.wake.notify_one();
    }

    /// Takes no more commands and gives back those that wait. It may be another than the sequencer who failed.
    pub fn fail(&self) -> Vec<Waiting> {
        let mut state = self.lock();
        state.open = Open::Draining;
        self.wake.notify_one();
        state.turns.drain().collect()
    }

    fn sleep<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        wait: Option<Duration>,
        is_idle: bool,
    ) -> MutexGuard<'a, State> {
        state.is_idle = is_idle;
        let mut state = match wait {
            Some(wait) => self.wake.wait_timeout(state, wait).unwrap_or_else(PoisonError::into_inner).0,
            None => self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
        };
        state.is_idle = false;
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer {
    /// The deadline for which no tick is under way.
    fn pending(&self) -> Option<u64> {
        self.deadline_ns.filter(|_| self.applied >= self.ticked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Gaps;
    use crate::samples::{cancel, waiting};

    const NO_GAPS: Gaps = Gaps { busy: Duration::ZERO, quiet: Duration::ZERO };

    /// Queues commands and returns the counters of those that were refused.
    fn push(queues: &Queues, commands: &[Vec<u8>]) -> Vec<(u64, Refusal)> {
        let mut refused = Vec::new();
        queues.push(waiting(commands).into_iter(), |command, refusal| refused.push((command.counter, refusal)));
        refused
    }

    fn next(queues: &Queues, taken: &mut Taken) -> Next {
        let (mut clock, mut pace) = (ExchangeClock::after(0), Pace::new(NO_GAPS));
        queues.next(&mut clock, &mut pace, (2, 1 << 20), taken)
    }

    fn take(queues: &Queues) -> Vec<u64> {
        let mut taken = Taken::default();
        assert_eq!(next(queues, &mut taken), Next::Batch);
        assert!(taken.refused.is_empty());
        taken.batch.iter().map(|command| command.counter).collect()
    }

    #[test]
    fn a_batch_has_at_most_so_many_commands() {
        let queues = Queues::new(10, 2);
        assert!(push(&queues, &(1..=3).map(|n| cancel(16, n)).collect::<Vec<_>>()).is_empty());
        assert_eq!(take(&queues), [1, 2]);
        assert_eq!(take(&queues), [3]);
    }

    #[test]
    fn what_waits_is_carried_out_when_the_host_stops_and_no_more_is_taken() {
        let queues = Queues::new(10, 10);
        push(&queues, &[cancel(16, 1)]);
        queues.drain();
        assert_eq!(push(&queues, &[cancel(16, 2)]), [(2, Refusal::Unavailable)]);
        assert_eq!(take(&queues), [1]);
        assert_eq!(next(&queues, &mut Taken::default()), Next::End);
    }

    #[test]
    fn what_waits_when_the_disk_fails_is_given_back() {
        let queues = Queues::new(10, 10);
        push(&queues, &[cancel(16, 1), cancel(17, 2)]);
        assert_eq!(queues.fail().len(), 2);
        assert_eq!(push(&queues, &[cancel(16, 3)]), [(3, Refusal::Unavailable)]);
        assert_eq!(next(&queues, &mut Taken::default()), Next::End);
    }

    #[test]
    fn a_sequencer_that_waits_for_commands_is_woken_when_another_thread_fails() {
        let queues = Queues::new(10, 10);
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| next(&queues, &mut Taken::default()));
            while !queues.lock().is_idle {
                std::thread::yield_now();
            }
            queues.fail();
            assert_eq!(waits.join().unwrap(), Next::End);
        });
    }

    #[test]
    fn a_timer_that_is_due_asks_for_one_tick_until_it_is_applied() {
        let queues = Queues::new(10, 10);
        let mut taken = Taken::default();
        queues.applied(Seq(4), Some(1));
        assert_eq!(next(&queues, &mut taken), Next::Tick);
        queues.ticked(Seq(5));
        queues.applied(Seq(4), Some(1));
        push(&queues, &[cancel(16, 1)]);
        assert_eq!(take(&queues), [1], "the tick is under way");
        queues.applied(Seq(5), Some(2));
        assert_eq!(next(&queues, &mut taken), Next::Tick);
    }
}
