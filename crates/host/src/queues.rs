//! Where commands wait for the sequencer: one bounded queue for each class.
//!
//! Classes reorder between accounts only. A command never overtakes an earlier one of its own account: it queues
//! behind it, in that one's class, however urgent it is itself. So a cancel never overtakes its own order.
//! Source: decisions.md 16.

use crate::admission::Waiting;
use crate::class::CLASSES;
use crate::clock::{ExchangeClock, Pace};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tickyard_types::{AccountId, Refusal, Seq};

/// Wall time may jump, after a suspend for instance, so an armed timer is looked at this often.
const TIMER_CHECK: Duration = Duration::from_secs(1);

/// The queues before the sequencer.
pub struct Queues {
    capacity: usize,
    state: Mutex<State>,
    wake: Condvar,
}

struct State {
    lanes: [VecDeque<Waiting>; CLASSES],
    /// How many commands of each class wait, in whatever lane.
    of_class: [usize; CLASSES],
    /// Where the newest waiting command of an account is, and how many of them wait.
    accounts: BTreeMap<AccountId, Account>,
    open: Open,
    timer: Timer,
    /// The sequencer sleeps until something comes, not until a time.
    is_idle: bool,
}

#[derive(Clone, Copy)]
struct Account {
    lane: usize,
    waiting: usize,
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
    /// Append the commands that were taken.
    Batch,
    /// Say what time it is.
    Tick,
    /// Nothing more will come.
    End,
}

impl Queues {
    pub fn new(capacity: usize) -> Self {
        let state = State {
            lanes: Default::default(),
            of_class: [0; CLASSES],
            accounts: BTreeMap::new(),
            open: Open::Yes,
            timer: Timer::default(),
            is_idle: false,
        };
        Self { capacity, state: Mutex::new(state), wake: Condvar::new() }
    }

    /// Queues commands in their order; `refuse` is told of those that cannot wait.
    pub fn push(&self, commands: impl Iterator<Item = Waiting>, mut refuse: impl FnMut(Waiting, Refusal)) {
        let mut state = self.lock();
        for command in commands {
            if state.open != Open::Yes {
                refuse(command, Refusal::Unavailable);
            } else if state.of_class[command.class as usize] >= self.capacity {
                refuse(command, Refusal::Busy);
            } else {
                state.push(command);
            }
        }
        let is_idle = state.is_idle && !state.is_empty();
        // Whoever is woken wants the lock at once.
        drop(state);
        if is_idle {
            self.wake.notify_one();
        }
    }

    /// Waits for work and takes it: at most `commands` of at most `bytes`, appended to `batch`.
    pub fn next(
        &self,
        clock: &mut ExchangeClock,
        pace: &mut Pace,
        (commands, bytes): (usize, usize),
        batch: &mut Vec<Waiting>,
    ) -> Next {
        let mut state = self.lock();
        loop {
            if !state.is_empty() {
                let Some(wait) = pace.wait().filter(|_| state.open == Open::Yes) else {
                    state.take(commands, bytes, batch);
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

    /// Takes no more commands and gives back those that wait.
    pub fn fail(&self) -> Vec<Waiting> {
        let mut state = self.lock();
        state.open = Open::Draining;
        let mut left = Vec::new();
        state.take(usize::MAX, usize::MAX, &mut left);
        left
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

impl State {
    fn is_empty(&self) -> bool {
        self.lanes.iter().all(VecDeque::is_empty)
    }

    fn push(&mut self, command: Waiting) {
        let account = self.accounts.entry(command.account).or_insert(Account { lane: 0, waiting: 0 });
        account.lane = account.lane.max(command.class as usize);
        account.waiting += 1;
        self.of_class[command.class as usize] += 1;
        self.lanes[account.lane].push_back(command);
    }

    /// Takes the first commands, lane by lane, as many as fit.
    fn take(&mut self, commands: usize, mut bytes: usize, batch: &mut Vec<Waiting>) {
        for lane in 0..CLASSES {
            while batch.len() < commands
                && let Some(first) = self.lanes[lane].front()
            {
                let Some(left) = bytes.checked_sub(first.len()) else { return };
                bytes = left;
                let Some(command) = self.lanes[lane].pop_front() else { return };
                self.forget(&command);
                batch.push(command);
            }
        }
    }

    fn forget(&mut self, command: &Waiting) {
        self.of_class[command.class as usize] -= 1;
        let account = self.accounts.get_mut(&command.account).expect("Invariant: a waiting command is counted");
        account.waiting -= 1;
        if account.waiting == 0 {
            self.accounts.remove(&command.account);
        }
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
    use crate::admission::read_commands;
    use crate::outbox::Outbox;
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use tickyard_types::{
        CancelOrder, CommandHeader, CommandKind, Credit, InstrumentId, OrderId, OrderType, Origin, PlaceOrder,
        PostingReason, SelfTrade, Side, TradeMode, Wallet,
    };
    use zerocopy::IntoBytes;

    fn header(kind: CommandKind, account: u32, counter: u64) -> CommandHeader {
        let origin = Origin { boot: 1, counter };
        CommandHeader { kind, flags: 0, reserved: [0; 2], account: AccountId(account), origin }
    }

    fn order(account: u32, counter: u64, order_type: OrderType) -> Vec<u8> {
        let order = PlaceOrder {
            header: header(CommandKind::PlaceOrder, account, counter),
            instrument: InstrumentId(1),
            side: Side::Buy,
            order_type,
            trade_mode: TradeMode::Cash,
            self_trade: SelfTrade::AccountDefault,
            price: 1,
            size: 1,
            expires_at_ms: 0,
            client_id: [0; 32],
            tag: [0; 16],
            reserved: [0; 24],
        };
        order.as_bytes().to_vec()
    }

    fn cancel(account: u32, counter: u64) -> Vec<u8> {
        let cancel = CancelOrder {
            header: header(CommandKind::CancelOrder, account, counter),
            instrument: InstrumentId(1),
            reserved: [0; 4],
            order_id: OrderId(1),
            client_id: [0; 32],
            reserved2: [0; 56],
        };
        cancel.as_bytes().to_vec()
    }

    fn credit(account: u32, counter: u64) -> Vec<u8> {
        let credit = Credit {
            header: header(CommandKind::Credit, account, counter),
            asset: tickyard_types::AssetId(1),
            wallet: Wallet::Trading,
            reason: PostingReason::Credit,
            reserved: [0; 2],
            amount: 1,
            key: [1; 16],
            reserved2: [0; 64],
        };
        credit.as_bytes().to_vec()
    }

    /// Queues commands and returns the counters of those that were refused.
    fn push(queues: &Queues, commands: &[Vec<u8>]) -> Vec<(u64, Refusal)> {
        let outbox = Arc::new(Outbox::new(UnixStream::pair().unwrap().0));
        let (mut waiting, mut replies) = (Vec::new(), Vec::new());
        read_commands(&commands.concat(), &outbox, &mut waiting, &mut replies).unwrap();
        assert!(replies.is_empty());
        let mut refused = Vec::new();
        queues.push(waiting.into_iter(), |command, refusal| refused.push((command.counter, refusal)));
        refused
    }

    fn take(queues: &Queues, commands: usize, bytes: usize) -> Vec<u64> {
        let mut batch = Vec::new();
        let (mut clock, mut pace) = (ExchangeClock::after(0), Pace::new(Duration::ZERO));
        assert_eq!(queues.next(&mut clock, &mut pace, (commands, bytes), &mut batch), Next::Batch);
        batch.iter().map(|command| command.counter).collect()
    }

    #[test]
    fn classes_go_in_their_order_between_accounts() {
        let queues = Queues::new(10);
        let commands = [
            order(16, 1, OrderType::Market),
            order(17, 2, OrderType::Limit),
            order(18, 3, OrderType::PostOnly),
            credit(19, 4),
            cancel(20, 5),
            cancel(21, 6),
        ];
        assert!(push(&queues, &commands).is_empty());
        assert_eq!(take(&queues, 10, usize::MAX), [5, 6, 4, 3, 2, 1]);
    }

    #[test]
    fn a_cancel_never_overtakes_an_earlier_command_of_its_account() {
        let queues = Queues::new(10);
        push(&queues, &[order(16, 1, OrderType::Limit), cancel(16, 2), order(17, 3, OrderType::PostOnly)]);
        push(&queues, &[order(16, 4, OrderType::PostOnly), cancel(17, 5), cancel(18, 6)]);
        assert_eq!(take(&queues, 10, usize::MAX), [6, 3, 5, 1, 2, 4]);
    }

    #[test]
    fn an_account_whose_commands_are_gone_has_its_priority_again() {
        let queues = Queues::new(10);
        push(&queues, &[order(16, 1, OrderType::Limit), cancel(16, 2)]);
        assert_eq!(take(&queues, 1, usize::MAX), [1]);
        push(&queues, &[order(17, 3, OrderType::PostOnly), cancel(16, 4)]);
        assert_eq!(take(&queues, 10, usize::MAX), [3, 2, 4]);
        push(&queues, &[order(17, 5, OrderType::PostOnly), cancel(16, 6)]);
        assert_eq!(take(&queues, 10, usize::MAX), [6, 5]);
    }

    #[test]
    fn a_full_class_refuses_and_leaves_room_to_the_others() {
        let queues = Queues::new(2);
        let orders: Vec<_> = (1..=4).map(|n| order(16, n, OrderType::Limit)).collect();
        assert_eq!(push(&queues, &orders), [(3, Refusal::Busy), (4, Refusal::Busy)]);
        // It waits behind its account's orders, but takes the room of its own class.
        assert_eq!(push(&queues, &[cancel(16, 5), cancel(17, 6), cancel(18, 7)]), [(7, Refusal::Busy)]);
        assert_eq!(take(&queues, 10, usize::MAX), [6, 1, 2, 5]);
        assert!(push(&queues, &[order(16, 8, OrderType::Limit)]).is_empty());
    }

    #[test]
    fn a_batch_has_at_most_so_many_commands_and_bytes() {
        let queues = Queues::new(10);
        push(&queues, &(1..=5).map(|n| cancel(16, n)).collect::<Vec<_>>());
        assert_eq!(take(&queues, 2, usize::MAX), [1, 2]);
        assert_eq!(take(&queues, 10, 2 * 128 + 127), [3, 4]);
        assert_eq!(take(&queues, 10, usize::MAX), [5]);
    }

    #[test]
    fn what_waits_is_carried_out_when_the_host_stops_and_no_more_is_taken() {
        let queues = Queues::new(10);
        push(&queues, &[cancel(16, 1)]);
        queues.drain();
        assert_eq!(push(&queues, &[cancel(16, 2)]), [(2, Refusal::Unavailable)]);
        assert_eq!(take(&queues, 10, usize::MAX), [1]);
        let (mut clock, mut pace) = (ExchangeClock::after(0), Pace::new(Duration::ZERO));
        assert_eq!(queues.next(&mut clock, &mut pace, (1, 1), &mut Vec::new()), Next::End);
    }

    #[test]
    fn a_timer_that_is_due_asks_for_one_tick_until_it_is_applied() {
        let queues = Queues::new(10);
        let (mut clock, mut pace) = (ExchangeClock::after(0), Pace::new(Duration::ZERO));
        queues.applied(Seq(4), Some(1));
        assert_eq!(queues.next(&mut clock, &mut pace, (1, 128), &mut Vec::new()), Next::Tick);
        queues.ticked(Seq(5));
        queues.applied(Seq(4), Some(1));
        push(&queues, &[cancel(16, 1)]);
        assert_eq!(take(&queues, 1, usize::MAX), [1], "the tick is under way");
        queues.applied(Seq(5), Some(2));
        assert_eq!(queues.next(&mut clock, &mut pace, (1, 128), &mut Vec::new()), Next::Tick);
    }
}
