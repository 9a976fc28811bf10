//! Turns at a moment, for tests; what is taken or refused is told by its counter.

use super::{Now, Turns};
use crate::samples::{cancel, waiting};
use std::ops::RangeInclusive;
use tickyard_types::Refusal;

/// Room for any batch of the tests.
pub const BYTES: usize = 1 << 20;
const MS: u64 = 1_000_000;

pub struct Desk {
    pub turns: Turns,
    pub ms: u64,
}

impl Desk {
    pub fn new(capacity: usize, batch: usize) -> Self {
        Self { turns: Turns::new(capacity, batch), ms: 1_000 }
    }

    /// Queues commands and returns those that found no room.
    pub fn push(&mut self, commands: &[Vec<u8>]) -> Vec<u64> {
        let turned_away = |command| self.turns.push(command, self.ms * MS);
        waiting(commands).into_iter().filter_map(turned_away).map(|command| command.counter).collect()
    }

    pub fn take(&mut self, commands: usize) -> Vec<u64> {
        let (taken, refused) = self.take_some(commands, BYTES);
        assert_eq!(refused, []);
        taken
    }

    pub fn take_some(&mut self, commands: usize, bytes: usize) -> (Vec<u64>, Vec<(u64, Refusal)>) {
        let (mut batch, mut refused) = (Vec::new(), Vec::new());
        let now = Now { uptime_ns: self.ms * MS, exchange_ns: self.ms * MS };
        self.turns.take((commands, bytes), now, &mut batch, &mut refused);
        let refused = refused.into_iter().map(|(command, refusal)| (command.counter, refusal)).collect();
        (batch.into_iter().map(|command| command.counter).collect(), refused)
    }
}

pub fn cancels(account: u32, counters: RangeInclusive<u64>) -> Vec<Vec<u8>> {
    counters.map(|n| cancel(account, n)).collect()
}
