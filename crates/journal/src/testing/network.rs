//! The way between the members of a shared log and the log: messages are lost, doubled, delayed and overtaken.

use super::random::Random;
use std::collections::VecDeque;

/// What befalls messages, each once in so many; 0 for never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weather {
    /// A message never arrives.
    pub lost: u64,
    /// It arrives twice, the second time late.
    pub doubled: u64,
    /// It arrives late: after others that were sent after it.
    pub delayed: u64,
}

impl Weather {
    /// All of it, often.
    pub const STORM: Self = Self { lost: 4, doubled: 3, delayed: 3 };
}

/// Messages under way in one direction.
#[derive(Clone, Debug)]
pub(super) struct Way<T> {
    late: VecDeque<T>,
}

impl<T> Default for Way<T> {
    fn default() -> Self {
        Self { late: VecDeque::new() }
    }
}

impl<T: Clone> Way<T> {
    /// Sends a message; returns what arrives now, in that order.
    pub(super) fn send(&mut self, message: T, weather: Weather, random: &mut Random) -> Vec<T> {
        let mut arriving = Vec::new();
        // Late ones arrive before or after, or stay away longer.
        let overdue = |late: &mut VecDeque<T>, random: &mut Random, arriving: &mut Vec<T>| {
            while !late.is_empty() && random.once_in(2) {
                arriving.extend(late.pop_front());
            }
        };
        overdue(&mut self.late, random, &mut arriving);
        if random.once_in(weather.doubled) {
            self.late.push_back(message.clone());
        }
        if random.once_in(weather.delayed) {
            self.late.push_front(message);
        } else if !random.once_in(weather.lost) {
            arriving.push(message);
        }
        overdue(&mut self.late, random, &mut arriving);
        arriving
    }
}
