//! The thread that owns the engine: applies durable batches and answers reads between them.

use crate::apply::{Commands, Span, apply_commands};
use crate::inbox::{Batch, Inbox, Work};
use crate::outbox::Outbox;
use crate::queries::answer;
use crate::queues::Queues;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use tickyard_buggify::{Point, bites, dawdle};
use tickyard_engine::{Engine, EventBuffer};
use tickyard_types::Reply;

/// What the publisher makes known of one batch, or of a part of it.
pub struct Applied {
    pub span: Span,
    pub events: EventBuffer,
    /// Replies to the commands of the span, in their order, and to whom.
    pub replies: Vec<(Arc<Outbox>, Reply)>,
}

/// The core thread.
pub struct Core {
    pub engine: Engine,
    pub inbox: Arc<Inbox>,
    pub queues: Arc<Queues>,
    pub publish: SyncSender<Applied>,
    /// Buffers that the publisher is done with.
    pub spent: Receiver<EventBuffer>,
}

impl Core {
    /// Runs until the inbox is closed and empty, or nobody publishes any more.
    pub fn run(mut self) {
        self.work();
        self.inbox.abandon();
    }

    fn work(&mut self) {
        let mut deadline_ns = self.engine.next_deadline_ns();
        self.queues.applied(self.engine.seq(), deadline_ns);
        let mut events = EventBuffer::new();
        while let Some(work) = self.inbox.next() {
            match work {
                Work::Answer(query) => {
                    query.sender.send(&answer(&self.engine, &self.queues, &query.question, query.request));
                }
                Work::Apply(batch) => {
                    dawdle(Point::SlowApply);
                    let is_tick = batch.senders.is_empty();
                    if self.apply(batch, &mut events).is_err() {
                        return;
                    }
                    let next_ns = self.engine.next_deadline_ns();
                    if is_tick || next_ns != deadline_ns {
                        deadline_ns = next_ns;
                        self.queues.applied(self.engine.seq(), deadline_ns);
                    }
                }
            }
        }
    }

    fn apply(&mut self, batch: Batch, events: &mut EventBuffer) -> Result<(), NobodyPublishes> {
        let Self { engine, publish, spent, .. } = self;
        let Batch { first_seq, time_ns, body, senders } = batch;
        let replies = std::cell::RefCell::new(Vec::with_capacity(senders.len()));
        let mut senders = senders.into_iter();
        apply_commands(
            engine,
            Commands { first_seq, time_ns, body: &body },
            events,
            |reply| replies.borrow_mut().extend(senders.next().map(|sender| (sender, reply))),
            |span, events| {
                let fresh = spent.try_recv().ok().filter(|_| !bites(Point::FreshBuffer)).unwrap_or_default();
                let applied = Applied { span, events: std::mem::replace(events, fresh), replies: replies.take() };
                publish.send(applied).map_err(|_| NobodyPublishes)
            },
        )
    }
}

/// The publisher has failed; the host is stopping.
struct NobodyPublishes;
