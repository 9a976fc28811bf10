//! One worker's connection: reads frames, queues commands, asks questions, starts feeds.

use crate::abort;
use crate::admission::read_commands;
use crate::feed::{Feed, Wishes};
use crate::inbox::{Inbox, Query};
use crate::outbox::Outbox;
use crate::protocol::{FrameKind, FrameReader, Received, write_frame};
use crate::queries::Question;
use crate::queues::Queues;
use crate::say::say;
use crate::tip::Tip;
use std::collections::BTreeSet;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use tickyard_journal::Storage;
use tickyard_types::{AccountId, Reply, Seq};
use zerocopy::IntoBytes;

/// Subscribes from the newest event on.
const FROM_TIP: u64 = u64::MAX;

/// What all connections share.
#[derive(Clone)]
pub struct Services {
    pub queues: Arc<Queues>,
    pub inbox: Arc<Inbox>,
    pub tip: Arc<Tip>,
    pub storage: Arc<dyn Storage>,
    pub events: PathBuf,
}

/// The reading side of a connection.
pub struct Connection {
    services: Services,
    outbox: Arc<Outbox>,
    feed: Option<(Arc<Wishes>, JoinHandle<()>)>,
}

impl Connection {
    pub const fn new(services: Services, outbox: Arc<Outbox>) -> Self {
        Self { services, outbox, feed: None }
    }

    /// Reads until the worker or the host closes the connection, or the worker says what cannot be understood.
    pub fn run(mut self, stream: UnixStream) {
        let mut frames = FrameReader::new(stream);
        let ended = loop {
            match frames.next_frame() {
                Ok(Some(frame)) => {
                    if let Err(error) = self.take(&frame) {
                        break Err(error);
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        if let Err(error) = ended
            && error.kind() == io::ErrorKind::InvalidData
        {
            say(format_args!("a worker was cut off: {error}"));
        }
        self.outbox.close();
        self.services.tip.nudge();
        if let Some((_, thread)) = self.feed.take() {
            // A panic in it has ended the process.
            let _ = thread.join();
        }
    }

    fn take(&mut self, frame: &Received<'_>) -> io::Result<()> {
        match frame.kind {
            FrameKind::Submit => self.submit(frame.payload),
            FrameKind::Subscribe => self.subscribe(frame),
            FrameKind::Watch => self.watch(AccountId(number(frame.payload)?)),
            _ => self.ask(frame),
        }
    }

    fn submit(&self, payload: &[u8]) -> io::Result<()> {
        let (mut waiting, mut replies) = (Vec::new(), Vec::new());
        let read = read_commands(payload, &self.outbox, &mut waiting, &mut replies);
        self.services.queues.push(waiting.into_iter(), |command, refusal| replies.push(command.refused(refusal)));
        self.reply(&replies);
        read.map_err(|_| invalid("a submission holds no commands"))
    }

    fn reply(&self, replies: &[Reply]) {
        if !replies.is_empty() {
            let mut frame = Vec::new();
            write_frame(&mut frame, FrameKind::Submit, 0, |out| out.extend_from_slice(replies.as_bytes()));
            self.outbox.send(&frame);
        }
    }

    fn ask(&self, frame: &Received<'_>) -> io::Result<()> {
        let question = Question::read(frame.kind, frame.payload).ok_or_else(|| invalid("a question is malformed"))?;
        let query = Query { question, request: frame.request, sender: Arc::clone(&self.outbox) };
        if self.services.inbox.ask(query).is_err() {
            let mut busy = Vec::new();
            write_frame(&mut busy, FrameKind::Busy, frame.request, |_| ());
            self.outbox.send(&busy);
        }
        Ok(())
    }

    fn subscribe(&mut self, frame: &Received<'_>) -> io::Result<()> {
        if self.feed.is_some() {
            return Err(invalid("a connection carries one feed"));
        }
        let (after, accounts) =
            frame.payload.split_first_chunk().ok_or_else(|| invalid("a subscription is malformed"))?;
        if !accounts.len().is_multiple_of(4) {
            return Err(invalid("a subscription is malformed"));
        }
        let watched: BTreeSet<AccountId> =
            accounts.chunks_exact(4).map(number).map(|account| account.map(AccountId)).collect::<io::Result<_>>()?;
        let services = &self.services;
        let after = match u64::from_le_bytes(*after) {
            FROM_TIP => services.tip.seq(),
            seq => Seq(seq),
        };
        let mut answer = Vec::new();
        write_frame(&mut answer, FrameKind::Subscribe, frame.request, |out| out.extend_from_slice(after.as_bytes()));
        self.outbox.send(&answer);
        let wishes = Arc::new(Wishes::default());
        let feed = Feed::new(
            Arc::clone(&services.storage),
            &services.events,
            after,
            watched,
            Arc::clone(&wishes),
            Arc::clone(&services.tip),
            Arc::clone(&self.outbox),
        );
        let outbox = Arc::clone(&self.outbox);
        let thread = abort::spawn("feed", move || {
            if let Err(error) = feed.run() {
                say(format_args!("a feed ended: {error}"));
            }
            outbox.finish();
        })?;
        self.feed = Some((wishes, thread));
        Ok(())
    }

    fn watch(&self, account: AccountId) -> io::Result<()> {
        let (wishes, _) = self.feed.as_ref().ok_or_else(|| invalid("an account is watched without a feed"))?;
        wishes.push(account);
        self.services.tip.nudge();
        Ok(())
    }
}

fn number(payload: &[u8]) -> io::Result<u32> {
    payload.try_into().map(u32::from_le_bytes).map_err(|_| invalid("a number of an account is malformed"))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}
