//! What the tests of the engine share: commands, decoded events, and an exchange to try rules on.

pub mod commands;
pub mod events;
pub mod exchange;
