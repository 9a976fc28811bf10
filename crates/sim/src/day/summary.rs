//! What came of a day.

use std::collections::BTreeMap;

/// What went wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The act during which it was seen; the number of acts when it was seen at the end.
    pub step: usize,
    /// What was seen: the rule, a colon, the facts.
    pub what: String,
}

impl Failure {
    /// The rule that was broken.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.what.split(':').next().unwrap_or(&self.what)
    }
}

/// What a day that went well came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Commands in the journal.
    pub commands: u64,
    /// Orders that were accepted.
    pub orders: u64,
    /// Times that the core was started.
    pub starts: u64,
    /// Commands whose outcome was unknown when the core died.
    pub unknown: u64,
    /// Those of them that were in the journal.
    pub found: u64,
    /// How often each refusal was the answer, by number; 0 for commands that were carried out.
    pub answers: BTreeMap<u16, u64>,
    /// How often each kind of event was told, by number.
    pub events: BTreeMap<u8, u64>,
}

impl Summary {
    /// Adds another day.
    pub fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.orders += other.orders;
        self.starts += other.starts;
        self.unknown += other.unknown;
        self.found += other.found;
        for (answer, times) in &other.answers {
            *self.answers.entry(*answer).or_default() += times;
        }
        for (event, times) in &other.events {
            *self.events.entry(*event).or_default() += times;
        }
    }
}
