//! The journal: frames of commands, segments of events, snapshots and the lock of a home. The only crate that
//! touches a disk. It knows frames and bytes, not what commands mean.
//!
//! A home is opened in this order: [`HomeLock`], then the newest snapshot, then [`EventLog`], then [`FileLog`] with
//! what the events and the projections have seen as [`Floor`]s, then a replay by [`CommandLog::read_after`].

mod chain;
mod compress;
mod disk;
mod error;
mod event_batch;
mod event_log;
mod event_reader;
mod event_scan;
mod event_sync;
mod file_log;
mod frame;
mod home;
mod kept;
mod lock;
mod log;
mod packed;
mod prune;
mod reader;
mod recovery;
mod rest;
mod segment;
mod snapshot;
mod snapshot_store;
mod spare;
mod storage;
mod verify;
mod window;

#[cfg(feature = "fault")]
pub mod testing;

pub use chain::Head;
pub use compress::{Compressed, compress};
pub use disk::Disk;
pub use error::{Damage, LogError, Place};
pub use event_batch::{EventBatch, EventBatchHeader, MAX_EVENT_BODY};
pub use event_log::{EventLog, EventOptions, EventRecovery};
pub use event_reader::EventReader;
pub use event_sync::sync_events;
pub use file_log::{FileLog, Options};
pub use frame::{FRAME_ALIGN, Frame, FrameHeader, FrameKind, HEADER_BYTES, MAX_BODY};
pub use home::Home;
pub use kept::Kept;
pub use lock::{HomeLock, LockError};
pub use log::{Append, CommandLog, FrameSource};
pub use prune::prune;
pub use reader::{End, JournalReader, Until};
pub use recovery::{Floor, Recovery};
pub use snapshot::{BLOCK_BYTES, Snapshot, SnapshotFault, SnapshotMark};
pub use snapshot_store::{Newest, SkippedSnapshot, SnapshotStore};
pub use storage::{Storage, StorageFile};
pub use verify::{Verified, verify_journal};
