//! Commands that go back to their senders instead of into the journal.

use crate::admission::Waiting;
use crate::outbox::Outbox;
use crate::protocol::{FrameKind, write_frame};
use std::sync::Arc;
use tickyard_types::{Refusal, Reply};
use zerocopy::IntoBytes;

/// Tells each sender; commands of one sender that follow each other are answered in one frame.
pub fn tell_refused(refused: impl IntoIterator<Item = (Waiting, Refusal)>) {
    let mut replies = Vec::new();
    let mut to: Option<Arc<Outbox>> = None;
    for (command, refusal) in refused {
        if let Some(sender) = to.take_if(|sender| !Arc::ptr_eq(sender, &command.sender)) {
            send(&sender, &mut replies);
        }
        replies.push(command.refused(refusal));
        to.get_or_insert(command.sender);
    }
    if let Some(sender) = to {
        send(&sender, &mut replies);
    }
}

/// Tells each sender that nothing is taken any more.
pub fn turn_away(commands: Vec<Waiting>) {
    tell_refused(commands.into_iter().map(|command| (command, Refusal::Unavailable)));
}

fn send(to: &Outbox, replies: &mut Vec<Reply>) {
    let mut frame = Vec::new();
    write_frame(&mut frame, FrameKind::Submit, 0, |out| out.extend_from_slice(replies.as_bytes()));
    to.send(&frame);
    replies.clear();
}
