//! A member of a [`SharedLog`]: the log as one of several cores sees it.
//!
//! Source: reliability 2.2. Nothing is ever appended that was not asked for, for an append is sent again, unchanged,
//! until its outcome is known: it is in the log, or another append stands in its place and this core leads no more.

use super::shared_log::{Answer, Kept, Request, SharedLog, header_of};
use crate::frame::FrameKind;
use crate::{Append, CommandLog, Frame, FrameSource, Head, LogError, Newest};
use std::path::PathBuf;

/// A member. Its head is what it believes; only an append shows whether it is so.
pub struct FencedLog {
    shared: SharedLog,
    member: usize,
    head: Head,
    /// Somebody else leads: nothing is appended until it takes over.
    is_fenced: bool,
    /// How often requests were sent.
    sent: u64,
}

impl FencedLog {
    pub(super) const fn new(shared: SharedLog, member: usize, head: Head) -> Self {
        Self { shared, member, head, is_fenced: false, sent: 0 }
    }

    /// How often requests were sent, the same ones included.
    #[must_use]
    pub const fn sent(&self) -> u64 {
        self.sent
    }

    /// Whether this member was fenced and has not taken over since.
    #[must_use]
    pub const fn is_fenced(&self) -> bool {
        self.is_fenced
    }

    /// Learns where the log stands, as a member does that follows.
    pub fn catch_up(&mut self) {
        self.head = self.shared.head();
    }

    /// Takes over: catches up and appends the record of the next epoch. Winning that append is the election.
    ///
    /// # Errors
    /// [`LogError::Fenced`] when somebody else was first.
    pub fn take_over(&mut self, uid: u64) -> Result<Head, LogError> {
        self.catch_up();
        self.is_fenced = false;
        let head = self.head;
        let kind = FrameKind::Epoch;
        self.append(head, Append { kind, commands: &[], count: 0, time_ns: head.time_ns, uid })
    }

    /// Sends the very same request until its outcome is known.
    fn decide(&mut self, request: &Request) -> Answer {
        loop {
            self.sent += 1;
            let answers = self.shared.exchange(request.clone());
            // Answers to earlier requests are late, and say nothing of this one.
            if let Some(answer) = answers.into_iter().find(|answer| answer.uid == request.header.uid) {
                return answer;
            }
        }
    }
}

impl CommandLog for FencedLog {
    fn head(&self) -> Head {
        self.head
    }

    fn append(&mut self, expected: Head, append: Append<'_>) -> Result<Head, LogError> {
        if self.is_fenced {
            return Err(LogError::Fenced { expected, head: self.shared.head() });
        }
        append.check(&expected)?;
        let header = header_of(&append, &expected);
        let request = Request { member: self.member, expected, header, body: append.commands.to_vec() };
        match self.decide(&request) {
            Answer { uid, follower: Some((theirs, head)), .. } if uid == theirs => {
                if expected == self.head {
                    self.head = head;
                }
                Ok(self.head)
            }
            Answer { head, .. } => {
                // Whoever asks with an old head learns the new one; whoever believed in it has lost the lead.
                self.is_fenced = expected == self.head;
                Err(LogError::Fenced { expected, head })
            }
        }
    }

    fn read_after(&self, head: Head) -> Result<Box<dyn FrameSource>, LogError> {
        let missing = || LogError::Missing { path: PathBuf::from("the shared log"), expected: head.next_seq() };
        let frames = self.shared.after(head).ok_or_else(missing)?;
        Ok(Box::new(Frames { frames, next: 0 }))
    }

    fn newest_snapshot(&self) -> Result<Newest, LogError> {
        Ok(Newest::default())
    }
}

/// Frames of the log, one after the other.
struct Frames {
    frames: Vec<Kept>,
    next: usize,
}

impl FrameSource for Frames {
    fn next_frame(&mut self) -> Result<Option<Frame<'_>>, LogError> {
        self.next += 1;
        Ok(self.frames.get(self.next - 1).map(Kept::frame))
    }
}
