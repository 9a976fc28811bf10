//! Days of trading by seed: the real log, engine and events on a disk that fails, judged by a twin in plain code.
//!
//! [`draw::day`] makes a day of a seed, [`day::live`] lives through it, [`shrink::shrink`] makes a day that went wrong
//! short enough to be read and pasted into a test.

pub mod act;
pub mod cluster;
pub mod commands;
pub mod day;
pub mod desk;
pub mod draw;
pub mod flaw;
pub mod judge;
pub mod machine;
pub mod random;
pub mod reader;
pub mod shrink;
pub mod twin;
