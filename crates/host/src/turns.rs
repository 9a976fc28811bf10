//! Whose command is next: by class, in turn among accounts, first in, first out within one.
//!
//! Classes reorder between accounts only. The command of an account that came first decides where the account waits, so a
//! cancel never overtakes its own order. Source: decisions.md 16.
//!
//! Time goes in rounds. In a round each account may have some commands taken; its class decides when. An account that has
//! used its commands up waits for the next round, which begins when nobody else waits. So a flood of cancels keeps its
//! own account busy, and no other. Source: reliability.md 8.2, deficit round robin.

use crate::admission::Waiting;
use crate::class::{CLASSES, Class};
use std::collections::{BTreeMap, VecDeque};
use tickyard_types::{AccountId, Refusal};

/// Most commands of one account in a round.
const QUANTUM_MAX: usize = 64;

/// What went stale is looked for this often.
const SWEEP_NS: u64 = 10_000_000;

/// No slot: the end of a chain.
const NONE: u32 = u32::MAX;

/// A command that goes back to its sender, and why.
pub type Refused = (Waiting, Refusal);

/// The commands that wait.
pub struct Turns {
    /// Most commands of each class.
    capacity: usize,
    /// Commands that one batch takes: while no more wait, nothing is overloaded, only slow.
    batch: usize,
    of_class: [usize; CLASSES],
    /// All commands, each account's chained.
    commands: Slab<Link>,
    accounts: Slab<Account>,
    /// Where the accounts are that have commands waiting.
    index: BTreeMap<AccountId, u32>,
    /// Accounts that may go in this round, by the class of their first command.
    lanes: [VecDeque<u32>; CLASSES],
    /// Accounts that have had their share of this round.
    spent: VecDeque<u32>,
    /// Commands of one account in a round.
    quantum: usize,
    swept_ns: u64,
}

struct Link {
    command: Waiting,
    arrived_ns: u64,
    next: u32,
}

struct Account {
    id: AccountId,
    first: u32,
    last: u32,
    waiting: usize,
    /// How many may still be taken in this round.
    credit: usize,
}

/// What time it is on both clocks of the host.
#[derive(Clone, Copy)]
pub struct Now {
    pub uptime_ns: u64,
    pub exchange_ns: u64,
}

impl Turns {
    pub fn new(capacity: usize, batch: usize) -> Self {
        Self {
            capacity,
            batch,
            of_class: [0; CLASSES],
            commands: Slab::new(),
            accounts: Slab::new(),
            index: BTreeMap::new(),
            lanes: Default::default(),
            spent: VecDeque::new(),
            quantum: QUANTUM_MAX,
            swept_ns: 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Queues a command, or gives it back when there is no room or no hope.
    ///
    /// An account may have as many commands waiting as there is room left in the class: one that floods gets half of it, two
    /// get two thirds, and whoever has nothing waiting always finds a place.
    pub fn push(&mut self, command: Waiting, uptime_ns: u64) -> Option<Waiting> {
        let room = self.capacity.saturating_sub(self.of_class[command.class as usize]);
        let known = self.index.get(&command.account).copied();
        let waiting = known.map_or(0, |at| self.accounts[at].waiting);
        let is_over_share = waiting >= room && is_user(command.account);
        if room == 0 || is_over_share || known.is_some_and(|at| self.is_hopeless(at, command.class, uptime_ns)) {
            return Some(command);
        }
        self.of_class[command.class as usize] += 1;
        let (id, lane) = (command.account, command.class as usize);
        let link = self.commands.put(Link { command, arrived_ns: uptime_ns, next: NONE });
        if let Some(at) = known {
            let account = &mut self.accounts[at];
            account.waiting += 1;
            let last = std::mem::replace(&mut account.last, link);
            self.commands[last].next = link;
        } else {
            let account = Account { id, first: link, last: link, waiting: 1, credit: self.quantum };
            let at = self.accounts.put(account);
            self.index.insert(id, at);
            self.lanes[lane].push_back(at);
        }
        None
    }

    /// Takes the next commands, as many as fit. What has expired meanwhile or went stale is refused.
    pub fn take(
        &mut self,
        (commands, mut bytes): (usize, usize),
        now: Now,
        batch: &mut Vec<Waiting>,
        refused: &mut Vec<Refused>,
    ) {
        while batch.len() < commands
            && let Some(lane) = self.next_lane()
        {
            let at = self.lanes[lane][0];
            let first = &self.commands[self.accounts[at].first];
            let is_late = first.has_expired_here(now);
            if !is_late {
                let Some(left) = bytes.checked_sub(first.command.len()) else { break };
                bytes = left;
            }
            self.lanes[lane].pop_front();
            let command = self.pop(at);
            if is_late {
                refused.push((command, Refusal::Expired));
            } else {
                let account = &mut self.accounts[at];
                account.credit -= usize::from(is_user(account.id));
                batch.push(command);
            }
            self.settle(at);
        }
        if !self.is_empty() && now.uptime_ns >= self.swept_ns + SWEEP_NS {
            self.swept_ns = now.uptime_ns;
            self.sweep(now.uptime_ns, refused);
        }
    }

    /// Takes everything, in no particular order.
    pub fn drain(&mut self) -> impl Iterator<Item = Waiting> {
        let Self { capacity, batch, .. } = *self;
        std::mem::replace(self, Self::new(capacity, batch)).commands.into_values().map(|link| link.command)
    }

    /// The most urgent class in which an account may go; begins a round when all have had their share.
    fn next_lane(&mut self) -> Option<usize> {
        let next = |lanes: &[VecDeque<u32>; CLASSES]| lanes.iter().position(|lane| !lane.is_empty());
        next(&self.lanes).or_else(|| {
            self.begin_round();
            next(&self.lanes)
        })
    }

    /// Gives every account that waits its share: together they get about one batch, so that a round is short.
    fn begin_round(&mut self) {
        let waiting = self.spent.len();
        self.quantum = (self.batch / waiting.max(1)).clamp(1, QUANTUM_MAX);
        for _ in 0..waiting {
            let Some(at) = self.spent.pop_front() else { return };
            self.accounts[at].credit = self.quantum;
            self.settle(at);
        }
    }

    /// Puts an account that is in no queue where it belongs.
    fn settle(&mut self, at: u32) {
        let account = &self.accounts[at];
        if account.first == NONE {
            self.index.remove(&account.id);
            self.accounts.take(at);
        } else if account.credit == 0 {
            self.spent.push_back(at);
        } else {
            let class = self.commands[account.first].command.class;
            self.lanes[class as usize].push_back(at);
        }
    }

    /// Takes the first command of an account.
    fn pop(&mut self, at: u32) -> Waiting {
        let account = &mut self.accounts[at];
        let Link { command, next, .. } = self.commands.take(account.first);
        account.first = next;
        account.waiting -= 1;
        self.of_class[command.class as usize] -= 1;
        command
    }

    /// Refuses what has waited too long. It is called when a batch was not enough for all.
    fn sweep(&mut self, uptime_ns: u64, refused: &mut Vec<Refused>) {
        for queue in 0..=CLASSES {
            for _ in 0..self.queue(queue).len() {
                let Some(at) = self.queue(queue).pop_front() else { break };
                while let first = self.accounts[at].first
                    && first != NONE
                    && self.commands[first].is_stale(uptime_ns)
                {
                    refused.push((self.pop(at), Refusal::Busy));
                }
                self.settle(at);
            }
        }
    }

    fn queue(&mut self, number: usize) -> &mut VecDeque<u32> {
        self.lanes.get_mut(number).unwrap_or(&mut self.spent)
    }

    /// A command would wait behind one of its account that waits for longer than it may itself.
    fn is_hopeless(&self, at: u32, class: Class, uptime_ns: u64) -> bool {
        let first = &self.commands[self.accounts[at].first];
        self.commands.len() > self.batch && first.age_ns(uptime_ns) > class.patience_ns()
    }
}

/// The house seeds in long frames, in an order that matters, and is trusted.
const fn is_user(account: AccountId) -> bool {
    account.0 >= AccountId::FIRST_USER.0
}

impl Link {
    const fn age_ns(&self, uptime_ns: u64) -> u64 {
        uptime_ns.saturating_sub(self.arrived_ns)
    }

    const fn is_stale(&self, uptime_ns: u64) -> bool {
        self.age_ns(uptime_ns) > self.command.class.patience_ns()
    }

    /// Its time has passed while it waited. One that came too late is the engine's to refuse: it may have been sent
    /// before and carried out, which the engine knows.
    const fn has_expired_here(&self, now: Now) -> bool {
        let expires_at_ns = self.command.expires_at_ns;
        expires_at_ns != 0
            && expires_at_ns < now.exchange_ns
            && expires_at_ns >= now.exchange_ns.saturating_sub(self.age_ns(now.uptime_ns))
    }
}

/// Values in numbered slots, which are used again.
struct Slab<T> {
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    const fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    fn put(&mut self, value: T) -> u32 {
        if let Some(at) = self.free.pop() {
            self.slots[at as usize] = Some(value);
            return at;
        }
        self.slots.push(Some(value));
        u32::try_from(self.slots.len() - 1).expect("Invariant: the queues are bounded")
    }

    fn take(&mut self, at: u32) -> T {
        self.free.push(at);
        self.slots[at as usize].take().expect(FILLED)
    }

    fn into_values(self) -> impl Iterator<Item = T> {
        self.slots.into_iter().flatten()
    }
}

const FILLED: &str = "Invariant: a slot that is named is filled";

impl<T> std::ops::Index<u32> for Slab<T> {
    type Output = T;

    fn index(&self, at: u32) -> &T {
        self.slots[at as usize].as_ref().expect(FILLED)
    }
}

impl<T> std::ops::IndexMut<u32> for Slab<T> {
    fn index_mut(&mut self, at: u32) -> &mut T {
        self.slots[at as usize].as_mut().expect(FILLED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{cancel, credit, expiring, order, waiting};
    use tickyard_types::OrderType::{Limit, Market, PostOnly};

    const BYTES: usize = 1 << 20;
    const MS: u64 = 1_000_000;

    /// Turns at a moment; what is taken or refused is told by its counter.
    struct Desk {
        turns: Turns,
        ms: u64,
    }

    impl Desk {
        fn new(capacity: usize, batch: usize) -> Self {
            Self { turns: Turns::new(capacity, batch), ms: 1_000 }
        }

        /// Queues commands and returns those that found no room.
        fn push(&mut self, commands: &[Vec<u8>]) -> Vec<u64> {
            let turned_away = |command| self.turns.push(command, self.ms * MS);
            waiting(commands).into_iter().filter_map(turned_away).map(|command| command.counter).collect()
        }

        fn take(&mut self, commands: usize) -> Vec<u64> {
            let (taken, refused) = self.take_some(commands, BYTES);
            assert_eq!(refused, []);
            taken
        }

        fn take_some(&mut self, commands: usize, bytes: usize) -> (Vec<u64>, Vec<(u64, Refusal)>) {
            let (mut batch, mut refused) = (Vec::new(), Vec::new());
            let now = Now { uptime_ns: self.ms * MS, exchange_ns: self.ms * MS };
            self.turns.take((commands, bytes), now, &mut batch, &mut refused);
            let refused = refused.into_iter().map(|(command, refusal)| (command.counter, refusal)).collect();
            (batch.into_iter().map(|command| command.counter).collect(), refused)
        }
    }

    fn cancels(account: u32, counters: std::ops::RangeInclusive<u64>) -> Vec<Vec<u8>> {
        counters.map(|n| cancel(account, n)).collect()
    }

    #[test]
    fn classes_go_in_their_order_between_accounts() {
        let mut desk = Desk::new(10, 10);
        let commands = [
            order(16, 1, Market),
            order(17, 2, Limit),
            order(18, 3, PostOnly),
            credit(19, 4),
            cancel(20, 5),
            cancel(21, 6),
        ];
        assert_eq!(desk.push(&commands), []);
        assert_eq!(desk.take(10), [5, 6, 4, 3, 2, 1]);
        assert!(desk.turns.is_empty());
    }

    #[test]
    fn a_cancel_never_overtakes_an_earlier_command_of_its_account() {
        let mut desk = Desk::new(10, 10);
        desk.push(&[order(16, 1, Limit), cancel(16, 2), order(17, 3, PostOnly)]);
        desk.push(&[order(16, 4, PostOnly), cancel(17, 5), cancel(18, 6)]);
        assert_eq!(desk.take(10), [6, 3, 5, 1, 2, 4]);
    }

    #[test]
    fn a_batch_has_at_most_so_many_commands_and_bytes() {
        let mut desk = Desk::new(20, 10);
        desk.push(&cancels(16, 1..=5));
        assert_eq!(desk.take(2), [1, 2]);
        assert_eq!(desk.take_some(10, 2 * 128 + 127).0, [3, 4]);
        assert_eq!(desk.take(10), [5]);
    }

    #[test]
    fn accounts_of_a_class_take_turns() {
        let mut desk = Desk::new(100, 10);
        desk.push(&cancels(16, 1..=4));
        desk.push(&cancels(17, 11..=12));
        desk.push(&cancels(18, 21..=21));
        assert_eq!(desk.take(10), [1, 11, 21, 2, 12, 3, 4]);
    }

    #[test]
    fn money_from_outside_and_definitions_keep_their_order() {
        let mut desk = Desk::new(1_000, 512);
        let many = QUANTUM_MAX as u64 * 3;
        desk.push(&(1..=many).map(|n| credit(16 + n as u32 % 3, n)).collect::<Vec<_>>());
        desk.push(&[order(16, 900, Limit)]);
        assert_eq!(desk.take(512), (1..=many).chain([900]).collect::<Vec<_>>());
    }

    #[test]
    fn a_flood_of_cancels_does_not_hold_up_the_order_of_another() {
        let mut desk = Desk::new(1_000, 512);
        desk.push(&cancels(16, 1..=300));
        desk.push(&[order(17, 900, Market)]);
        let taken = desk.take(300);
        assert_eq!(taken.iter().position(|counter| *counter == 900), Some(QUANTUM_MAX), "behind one share of a round");
    }

    #[test]
    fn the_more_accounts_flood_the_less_each_has_of_a_round() {
        let mut desk = Desk::new(10_000, 40);
        for account in 16..36 {
            desk.push(&cancels(account, 1..=200));
        }
        // The first round began when each was alone.
        desk.take(20 * QUANTUM_MAX + 1);
        desk.push(&[order(99, 900, Market), order(98, 901, Limit)]);
        let taken = desk.take(80);
        let place = |counter| taken.iter().position(|taken| *taken == counter).unwrap();
        assert!(place(901) < place(900), "classes go in their order inside a round");
        assert!(place(900) <= 40, "a round is about a batch long");
    }

    #[test]
    fn who_floods_leaves_room_to_others() {
        let mut desk = Desk::new(9, 100);
        assert_eq!(desk.push(&cancels(16, 1..=10)), [6, 7, 8, 9, 10], "no more than there is room left");
        assert_eq!(desk.push(&cancels(17, 11..=14)), [13, 14]);
        assert_eq!(desk.push(&cancels(18, 21..=21)), []);
        assert_eq!(desk.push(&[order(16, 31, Limit)]), [], "each class has room of its own");
        assert_eq!(desk.push(&[cancel(19, 41), cancel(20, 51)]), [51], "there is none left");
    }

    #[test]
    fn an_order_that_expires_while_it_waits_is_not_taken() {
        let mut desk = Desk::new(10, 10);
        desk.push(&[expiring(16, 1, Limit, 1_005), expiring(17, 2, Limit, 1_006), cancel(16, 3)]);
        desk.ms = 1_006;
        assert_eq!(desk.take_some(10, BYTES), (vec![3, 2], vec![(1, Refusal::Expired)]));
    }

    #[test]
    fn an_order_that_came_too_late_is_the_engines_to_refuse() {
        let mut desk = Desk::new(10, 10);
        desk.push(&[expiring(16, 1, Limit, 999)]);
        assert_eq!(desk.take(10), [1]);
    }

    #[test]
    fn what_is_late_is_refused_by_class_once_a_batch_is_not_enough() {
        let mut desk = Desk::new(10, 1);
        desk.push(&[cancel(16, 1), cancel(17, 2), cancel(18, 3), cancel(19, 4)]);
        desk.push(&[order(20, 5, PostOnly), order(21, 6, Limit), order(22, 7, Market)]);
        desk.ms += 50;
        assert_eq!(desk.take(1), [1]);
        desk.ms += 11;
        assert_eq!(desk.take_some(1, BYTES), (vec![2], vec![(7, Refusal::Busy)]));
        desk.ms += 50;
        assert_eq!(desk.take_some(1, BYTES), (vec![3], vec![(6, Refusal::Busy)]));
        desk.ms += 1_000;
        assert_eq!(desk.take_some(0, BYTES), (vec![], vec![(5, Refusal::Busy)]));
        desk.ms += 3_880;
        assert_eq!(desk.take(0), [], "a cancel waits for five seconds");
        desk.ms += 11;
        assert_eq!(desk.take_some(0, BYTES), (vec![], vec![(4, Refusal::Busy)]));
    }

    #[test]
    fn what_one_batch_clears_is_never_too_late() {
        let mut desk = Desk::new(10, 3);
        desk.push(&[order(16, 1, Market), order(17, 2, Market)]);
        desk.ms += 400;
        assert_eq!(desk.push(&[order(16, 3, Market)]), []);
        assert_eq!(desk.take(3).len(), 3);
    }

    #[test]
    fn an_order_is_refused_at_once_behind_one_that_waits_for_longer_than_it_may_itself() {
        let mut desk = Desk::new(100, 2);
        desk.push(&cancels(16, 1..=3));
        desk.ms += 51;
        assert_eq!(desk.push(&[order(16, 4, Market), order(16, 5, Limit), order(17, 6, Market)]), [4]);
        desk.ms += 50;
        assert_eq!(desk.push(&[order(16, 7, Limit), order(16, 8, PostOnly), cancel(16, 9)]), [7]);
    }
}
