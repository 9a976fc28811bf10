//! The thread that makes known what was applied: writes the events, then answers, then wakes the feeds.
//!
//! An answer goes out only when the events that explain it can be read.

use crate::core_thread::Applied;
use crate::outbox::Outbox;
use crate::protocol::{FrameKind, write_frame};
use crate::tip::Tip;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use tickyard_buggify::{Point, dawdle};
use tickyard_engine::EventBuffer;
use tickyard_journal::{EventLog, LogError};
use tickyard_types::Reply;
use zerocopy::IntoBytes;

/// The publisher's thread.
pub struct Publisher {
    pub events: EventLog,
    pub tip: Arc<Tip>,
    pub applied: Receiver<Applied>,
    /// Gives buffers back to the core.
    pub spent: Sender<EventBuffer>,
}

impl Publisher {
    /// Runs until the core has ended.
    ///
    /// # Errors
    /// The events cannot be written. They are derived again at the next start; until then nobody is answered.
    pub fn run(mut self) -> Result<(), LogError> {
        let mut frame = Vec::new();
        while let Ok(Applied { span, mut events, mut replies }) = self.applied.recv() {
            dawdle(Point::SlowPublish);
            self.events.append(&span.batch(&events))?;
            send_replies(&mut replies, &mut frame);
            self.tip.advance(span.last_seq);
            events.clear();
            // The core may have ended already.
            let _ = self.spent.send(events);
        }
        Ok(())
    }
}

/// Sends each connection its replies in one frame.
fn send_replies(replies: &mut Vec<(Arc<Outbox>, Reply)>, frame: &mut Vec<u8>) {
    while let Some((sender, _)) = replies.first() {
        let sender = Arc::clone(sender);
        frame.clear();
        write_frame(frame, FrameKind::Submit, 0, |out| {
            replies.retain(|(to, reply)| {
                let is_his = Arc::ptr_eq(to, &sender);
                if is_his {
                    out.extend_from_slice(reply.as_bytes());
                }
                !is_his
            });
        });
        sender.send(frame);
    }
}
