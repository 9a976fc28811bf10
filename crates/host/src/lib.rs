//! The host of the core: queues, exchange time, append → apply → publish, and the socket that workers speak to.
//!
//! Threads of a running host, each with one duty; what lies between them is bounded:
//!
//! ```text
//! reader (one a connection) -> Queues -> sequencer -> Inbox -> core -> publisher -> Outbox, writer (one a connection)
//!                                        journal, sync  apply, reads   event segments      feed (one a subscription)
//! ```
//!
//! No rule of the exchange is here.

mod abort;
mod admission;
mod apply;
mod class;
mod clock;
mod connection;
mod core_thread;
#[cfg(test)]
mod faults;
mod feed;
mod filter;
mod host;
mod inbox;
mod lockstep;
mod open;
mod outbox;
mod protocol;
mod publisher;
mod queries;
mod queues;
mod read_ahead;
mod refused;
mod replay;
mod rows;
#[cfg(test)]
mod samples;
mod say;
mod sequencer;
mod settings;
mod snapshots;
mod tally;
mod tidy;
mod tip;
mod turns;
mod verify;

pub use clock::Gaps;
pub use host::{Host, HostFailure};
pub use open::StartError;
pub use protocol::{FRAME_BYTES, FrameKind, FrameReader, MAX_PAYLOAD, Received};
pub use queries::Question;
pub use read_ahead::each_frame;
pub use replay::{Replayed, replay};
pub use rows::{AccountRow, AsOf, BalanceRow, BookHead, CountsRow, LevelRow, OrderRow, StatusRow, WatchedRow};
pub use settings::Settings;
pub use snapshots::{SnapshotError, make_snapshot};
pub use tidy::{Tidied, tidy};
pub use verify::{Defect, Report, verify};
