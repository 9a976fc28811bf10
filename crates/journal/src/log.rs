//! The log as the core sees it, whether it is files on one machine or replicated over several.

use crate::frame::{FrameKind, MAX_BODY};
use crate::{Frame, Head, LogError, Newest};

/// One frame to be.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// What the frame is for.
    pub kind: FrameKind,
    /// The commands, one after the other.
    pub commands: &'a [u8],
    /// How many commands.
    pub count: u32,
    /// Exchange time of all of them, in ns; not before that of the head.
    pub time_ns: u64,
    /// A random number of this append, not 0. Sent again with the same one, it is appended once.
    pub uid: u64,
}

impl Append<'_> {
    /// Checks the append against the rules of every log.
    pub(crate) fn check(&self, head: &Head) -> Result<(), LogError> {
        if self.uid == 0 {
            return Err(LogError::Invalid("its uid is 0"));
        }
        if self.commands.len() > MAX_BODY {
            return Err(LogError::Invalid("its commands do not fit a frame"));
        }
        if self.count == 0 && (self.kind.carries_commands() || !self.commands.is_empty()) {
            return Err(LogError::Invalid("it counts no commands"));
        }
        if self.count as usize > self.commands.len() {
            return Err(LogError::Invalid("it counts more commands than bytes"));
        }
        if self.time_ns < head.time_ns {
            return Err(LogError::Invalid("its time runs backwards"));
        }
        Ok(())
    }
}

/// An append-only log of commands: what is in it has happened.
pub trait CommandLog: Send {
    /// Where the log stands.
    fn head(&self) -> Head;

    /// Appends one frame if the log still stands at `expected`; returns, once it is durable, where the log stands then.
    ///
    /// # Errors
    /// [`LogError::Fenced`] and [`LogError::Invalid`] leave the log as it was. After [`LogError::Failed`] the outcome
    /// is unknown, and every later append fails.
    fn append(&mut self, expected: Head, append: Append<'_>) -> Result<Head, LogError>;

    /// The frames after a head that was reached before, up to where the log stands now.
    ///
    /// # Errors
    /// [`LogError::Missing`] when they are no longer kept.
    fn read_after(&self, head: Head) -> Result<Box<dyn FrameSource>, LogError>;

    /// The newest snapshot that is whole.
    ///
    /// # Errors
    /// [`LogError::Failed`]; a damaged snapshot is not an error but listed.
    fn newest_snapshot(&self) -> Result<Newest, LogError>;
}

/// Verified frames, one after the other.
pub trait FrameSource: Send {
    /// The next frame; `None` at the end.
    ///
    /// # Errors
    /// [`LogError::Corrupt`], [`LogError::Missing`], [`LogError::OtherVersion`] and [`LogError::Failed`].
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError>;
}
