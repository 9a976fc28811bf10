//! A storage in memory that fails and crashes on demand, for the tests of this crate and of those above it.
//!
//! It keeps apart what was written and what was made durable: a killed process loses nothing that was written, a
//! power failure loses any part of what was not synced.

mod faulty_storage;
mod files;
mod inode;
mod random;
mod state;

pub use faulty_storage::{FaultyStorage, PowerFailure, Stop};
