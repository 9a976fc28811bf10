//! Which account is next: the most urgent class first, accounts of a class in turn, and each so often in a round.
//!
//! In a round each account may have some commands taken; its class decides when. An account that has used its share up
//! waits for the next round, which begins when nobody else waits. So a flood of cancels keeps its own account busy, and no
//! other. This is deficit round robin.

use crate::class::{CLASSES, Class};
use std::collections::VecDeque;

/// Most commands of one account in a round.
pub const QUANTUM_MAX: usize = 64;

/// Accounts, by their slots, in the class of their first command.
type Lanes = [VecDeque<u32>; CLASSES];

/// The accounts that wait.
pub struct Rounds {
    /// Commands that one batch takes: a round is about that long.
    batch: usize,
    /// Those that may go in this round.
    lanes: Lanes,
    /// Those that have had their share of it.
    spent: Lanes,
    /// The number of this round.
    round: u64,
    /// Commands of one account in it.
    quantum: usize,
}

/// What an account has left of a round.
pub struct Share {
    round: u64,
    left: usize,
}

impl Rounds {
    pub fn new(batch: usize) -> Self {
        Self { batch, lanes: Lanes::default(), spent: Lanes::default(), round: 0, quantum: QUANTUM_MAX }
    }

    /// The share of an account that has just come.
    pub const fn share(&self) -> Share {
        Share { round: self.round, left: self.quantum }
    }

    /// Lets an account wait that is in no lane.
    pub fn wait(&mut self, account: u32, class: Class, share: &Share) {
        let has_more = share.round != self.round || share.left > 0;
        let lanes = if has_more { &mut self.lanes } else { &mut self.spent };
        lanes[class as usize].push_back(account);
    }

    /// The account that is next; begins a round when all have had their share.
    pub fn next(&mut self) -> Option<u32> {
        self.first().or_else(|| {
            self.begin();
            self.first()
        })
    }

    /// Takes the account that is next out of its lane.
    pub fn pop(&mut self) {
        if let Some(lane) = self.lanes.iter_mut().find(|lane| !lane.is_empty()) {
            lane.pop_front();
        }
    }

    /// Charges one command.
    pub fn charge(&self, share: &mut Share) {
        if share.round != self.round {
            *share = self.share();
        }
        share.left -= 1;
    }

    /// Takes all accounts out; those that go on waiting keep their order when they are put back in this one.
    pub fn take_all(&mut self) -> Vec<u32> {
        self.lanes.iter_mut().chain(&mut self.spent).flat_map(|lane| lane.drain(..)).collect()
    }

    fn first(&self) -> Option<u32> {
        self.lanes.iter().find_map(|lane| lane.front().copied())
    }

    /// Every account that waits has its share again: together they get about one batch, so that a round is short.
    fn begin(&mut self) {
        let waiting: usize = self.spent.iter().map(VecDeque::len).sum();
        self.quantum = (self.batch / waiting.max(1)).clamp(1, QUANTUM_MAX);
        self.round += 1;
        std::mem::swap(&mut self.lanes, &mut self.spent);
    }
}

#[cfg(test)]
mod tests {
    use super::QUANTUM_MAX;
    use crate::samples::{cancel, credit, order};
    use crate::turns::desk::{Desk, cancels};
    use tickyard_types::OrderType::{Limit, Market, PostOnly};

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
}
