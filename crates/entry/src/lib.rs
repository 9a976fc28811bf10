//! Order entry in a gateway worker: what is done for every order between the client's socket and the core's.
//!
//! Whole frames go in and out, so that Python has no object for a single order. No I/O and no clock; who waits for
//! an answer, and when that is too late, is the caller's affair.

mod acknowledgement;
mod in_flight;

pub use acknowledgement::{Acknowledgement, UnknownMark};
pub use in_flight::{InFlight, NotCommands, Settled};
