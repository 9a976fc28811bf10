//! What the tests of this crate and of those above it break on demand: a storage, and a log that several cores share.
//!
//! The storage keeps apart what was written and what was made durable: a killed process loses nothing that was written, a
//! power failure loses any part of what was not synced.

mod faulty_storage;
mod fenced_log;
mod files;
mod inode;
mod network;
mod random;
mod shared_log;
mod state;

pub use faulty_storage::{FaultyStorage, PowerFailure, Stop};
pub use fenced_log::FencedLog;
pub use network::Weather;
pub use shared_log::SharedLog;
