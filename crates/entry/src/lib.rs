//! Order entry in a gateway worker: what is done for every order between the client's socket and the core's.
//!
//! Whole frames go in and out, so that Python has no object for a single order. No I/O and no clock; who waits for
//! an answer, and when that is too late, is the caller's affair.

mod acknowledgement;
mod change;
mod counters;
mod grid;
mod in_flight;
mod item;
mod listing;
mod member;
mod number;
mod order_limits;
mod place;
mod plain;
mod record;
mod rejection;
mod request;
mod sweep;

pub use acknowledgement::{Acknowledgement, UnknownMark};
pub use change::{amend, cancel};
pub use counters::{Counters, Key, Limit, WORDS};
pub use grid::{Grid, Steps, TEXT_LENGTH_MAX};
pub use in_flight::{InFlight, NotCommands, Settled};
pub use item::{Item, Value};
pub use listing::{Instrument, Listing};
pub use member::Member;
pub use order_limits::{NUMBERS, OrderLimits, Verb};
pub use place::place;
pub use plain::{Frame, Items};
pub use rejection::Rejection;
pub use request::Request;
pub use sweep::{cancel_all_after, mass_cancel};
