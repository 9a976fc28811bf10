//! Hosts over real sockets in temporary homes: order, answers, feeds, restarts, refusals to start.

#![allow(clippy::unwrap_used)] // a test that cannot go on has failed

mod boundaries;
mod client;
mod defects;
mod failing_disk;
mod feeds;
mod golden;
mod history;
mod killed;
mod luck;
mod market;
mod serving;
mod slow_disk;
mod starting;
