//! Mistakes on purpose, to see that the simulation finds them.

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The twin rounds rebates up.
    RebateRoundedUp,
    /// In the twin's book the newest order of a level trades first.
    LastInFirstOut,
    /// The twin carries a command out as often as it comes.
    CarriesOutTwice,
    /// The machine acknowledges before the command is durable.
    AcknowledgesEarly,
}
