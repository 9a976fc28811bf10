//! What must hold for any bytes at all: one plain function for each place where the core reads bytes.
//!
//! A function takes whatever it is given and panics when a promise is broken; to say that the bytes are wrong is no
//! panic. `cargo test` feeds them the corpus and mutations of it, cargo-fuzz (`fuzz/`) whatever finds new paths.

mod commands;
mod founded;
mod journal;
mod replies;
mod snapshot;
mod socket;

pub use commands::commands;
pub use journal::{events, journal};
pub use replies::replies;
pub use snapshot::snapshot;
pub use socket::socket;

/// A function of this crate, and the name of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 6] = [
    ("commands", commands),
    ("journal", journal),
    ("events", events),
    ("snapshot", snapshot),
    ("socket", socket),
    ("replies", replies),
];
