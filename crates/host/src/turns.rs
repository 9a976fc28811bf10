//! The commands that wait, each account's in a chain: first in, first out within one.
//!
//! Whose chain is next is decided in `rounds`, what has waited for too long in `ages`; here is who finds a place. Classes
//! reorder between accounts only. The command of an account that came first decides where the account waits, so a cancel
//! never overtakes its own order.

mod ages;
#[cfg(test)]
mod desk;
mod rounds;
mod slab;

use crate::admission::Waiting;
use crate::class::{CLASSES, Class};
use ages::{Aged, Sweeps};
use hashbrown::HashTable;
use rounds::{Rounds, Share};
use slab::Slab;
use tickyard_types::{AccountId, Refusal};

pub use ages::Now;

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
    /// Where the accounts are that have commands waiting. Nobody walks over it, so its order is nowhere seen.
    index: HashTable<u32>,
    rounds: Rounds,
    sweeps: Sweeps,
}

struct Link {
    aged: Aged,
    next: u32,
}

struct Account {
    id: AccountId,
    first: u32,
    last: u32,
    waiting: usize,
    share: Share,
}

impl Turns {
    pub fn new(capacity: usize, batch: usize) -> Self {
        Self {
            capacity,
            batch,
            of_class: [0; CLASSES],
            commands: Slab::new(),
            accounts: Slab::new(),
            index: HashTable::new(),
            rounds: Rounds::new(batch),
            sweeps: Sweeps::default(),
        }
    }

    /// How many wait of each class.
    pub const fn of_class(&self) -> [usize; CLASSES] {
        self.of_class
    }

    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Queues a command, or gives it back when there is no room or no hope.
    ///
    /// An account may have as many commands waiting as there is room left in the class: one that floods gets half of it, two
    /// get two thirds, and whoever has nothing waiting always finds a place.
    pub fn push(&mut self, command: Waiting, uptime_ns: u64) -> Option<Waiting> {
        let (id, class) = (command.account, command.class);
        let room = self.capacity.saturating_sub(self.of_class[class as usize]);
        let known = self.index.find(hash(id), |&at| self.accounts[at].id == id).copied();
        let waiting = known.map_or(0, |at| self.accounts[at].waiting);
        let is_over_share = waiting >= room && is_user(id);
        if room == 0 || is_over_share || known.is_some_and(|at| self.is_hopeless(at, class, uptime_ns)) {
            return Some(command);
        }
        self.of_class[class as usize] += 1;
        let link = self.commands.put(Link { aged: Aged { command, arrived_ns: uptime_ns }, next: NONE });
        if let Some(at) = known {
            let account = &mut self.accounts[at];
            account.waiting += 1;
            let last = std::mem::replace(&mut account.last, link);
            self.commands[last].next = link;
        } else {
            let account = Account { id, first: link, last: link, waiting: 1, share: self.rounds.share() };
            let at = self.accounts.put(account);
            self.index.insert_unique(hash(id), at, |&at| hash(self.accounts[at].id));
            self.settle(at);
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
            && let Some(at) = self.rounds.next()
        {
            let first = &self.commands[self.accounts[at].first].aged;
            let is_late = first.has_expired_here(now);
            if !is_late {
                let Some(left) = bytes.checked_sub(first.command.len()) else { break };
                bytes = left;
            }
            self.rounds.pop();
            let command = self.pop(at);
            if is_late {
                refused.push((command, Refusal::Expired));
            } else {
                let account = &mut self.accounts[at];
                if is_user(account.id) {
                    self.rounds.charge(&mut account.share);
                }
                batch.push(command);
            }
            self.settle(at);
        }
        if !self.is_empty() && self.sweeps.is_due(now.uptime_ns) {
            self.sweep(now.uptime_ns, refused);
        }
    }

    /// Takes everything, in no particular order.
    pub fn drain(&mut self) -> impl Iterator<Item = Waiting> {
        let Self { capacity, batch, .. } = *self;
        std::mem::replace(self, Self::new(capacity, batch)).commands.into_values().map(|link| link.aged.command)
    }

    /// Lets an account wait that is in no lane, or forgets it.
    fn settle(&mut self, at: u32) {
        let account = &self.accounts[at];
        if account.first != NONE {
            let class = self.commands[account.first].aged.command.class;
            self.rounds.wait(at, class, &account.share);
        } else if let Ok(found) = self.index.find_entry(hash(account.id), |&other| other == at) {
            found.remove();
            self.accounts.take(at);
        }
    }

    /// Takes the first command of an account.
    fn pop(&mut self, at: u32) -> Waiting {
        let account = &mut self.accounts[at];
        let Link { aged: Aged { command, .. }, next } = self.commands.take(account.first);
        account.first = next;
        account.waiting -= 1;
        self.of_class[command.class as usize] -= 1;
        command
    }

    /// Refuses what has waited too long. It is called when a batch was not enough for all.
    fn sweep(&mut self, uptime_ns: u64, refused: &mut Vec<Refused>) {
        for at in self.rounds.take_all() {
            while let first = self.accounts[at].first
                && first != NONE
                && self.commands[first].aged.is_stale(uptime_ns)
            {
                refused.push((self.pop(at), Refusal::Busy));
            }
            self.settle(at);
        }
    }

    /// A command would wait behind one of its account that waits for longer than it may itself.
    fn is_hopeless(&self, at: u32, class: Class, uptime_ns: u64) -> bool {
        let first = &self.commands[self.accounts[at].first].aged;
        self.commands.len() > self.batch && first.has_waited_for_longer_than_may(class, uptime_ns)
    }
}

/// The house seeds in long frames, in an order that matters, and is trusted.
const fn is_user(account: AccountId) -> bool {
    account.0 >= AccountId::FIRST_USER.0
}

/// Spreads the numbers of accounts, which follow each other, over both ends of a hash.
fn hash(account: AccountId) -> u64 {
    u64::from(account.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::desk::{Desk, cancels};
    use crate::samples::{cancel, order};
    use tickyard_types::OrderType::{Limit, PostOnly};

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
    fn who_floods_leaves_room_to_others() {
        let mut desk = Desk::new(9, 100);
        assert_eq!(desk.push(&cancels(16, 1..=10)), [6, 7, 8, 9, 10], "no more than there is room left");
        assert_eq!(desk.push(&cancels(17, 11..=14)), [13, 14]);
        assert_eq!(desk.push(&cancels(18, 21..=21)), []);
        assert_eq!(desk.push(&[order(16, 31, Limit)]), [], "each class has room of its own");
        assert_eq!(desk.push(&[cancel(19, 41), cancel(20, 51)]), [51], "there is none left");
    }
}
