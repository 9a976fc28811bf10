//! What the clients of the benchmarks share: connections, frames and the clock.

pub mod clock;
pub mod frame;
pub mod socket;
