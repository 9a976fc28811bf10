//! A log that several cores share: an append succeeds if the log still stands where the appender believes.

use super::fenced_log::FencedLog;
use super::network::{Way, Weather};
use super::random::Random;
use crate::frame::{FrameHeader, frame_hash};
use crate::{Append, Frame, Head};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zerocopy::FromZeros;

/// What one member asks of the log: append this if you stand there. Sent again, it is the very same.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) member: usize,
    pub(super) expected: Head,
    pub(super) header: FrameHeader,
    pub(super) body: Vec<u8>,
}

/// What the log answers to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// Of the request.
    pub(super) uid: u64,
    /// The uid of the frame that follows the head that was expected, and where the log stood after it. `None` when it
    /// is no longer kept, or when there is none because the log never stood there.
    pub(super) follower: Option<(u64, Head)>,
    /// Where the log stands.
    pub(super) head: Head,
}

/// A frame that is in the log.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    before: Head,
    header: FrameHeader,
    body: Vec<u8>,
    head: Head,
}

impl Kept {
    pub(super) fn frame(&self) -> Frame<'_> {
        Frame { header: self.header, body: &self.body, head: self.head }
    }
}

/// The log. Clones are the same log.
#[derive(Clone)]
pub struct SharedLog(Arc<Mutex<State>>);

struct State {
    frames: Vec<Kept>,
    head: Head,
    weather: Weather,
    random: Random,
    requests: Way<Request>,
    /// Answers on their way to each member.
    answers: Vec<Way<Answer>>,
}

impl SharedLog {
    /// An empty log; the seed decides what befalls messages.
    #[must_use]
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self(Arc::new(Mutex::new(State {
            frames: Vec::new(),
            head: Head::GENESIS,
            weather,
            random: Random(seed),
            requests: Way::default(),
            answers: Vec::new(),
        })))
    }

    /// A new member, who believes what is true now.
    #[must_use]
    pub fn member(&self) -> FencedLog {
        let mut state = self.state();
        state.answers.push(Way::default());
        FencedLog::new(self.clone(), state.answers.len() - 1, state.head)
    }

    /// From now on messages fare like that.
    pub fn set_weather(&self, weather: Weather) {
        self.state().weather = weather;
    }

    /// No longer keeps the frames up to here.
    pub fn forget(&self) {
        self.state().frames.clear();
    }

    /// Where the log stands.
    #[must_use]
    pub fn head(&self) -> Head {
        self.state().head
    }

    /// Sends a request and returns the answers that reach its member meanwhile, to this request or to others.
    pub(super) fn exchange(&self, request: Request) -> Vec<Answer> {
        let mut state = self.state();
        let State { weather, random, requests, .. } = &mut *state;
        let (asking, weather) = (request.member, *weather);
        let arriving = requests.send(request, weather, random);
        let mut reached = Vec::new();
        for request in arriving {
            let answer = state.decide(&request);
            let State { random, answers, .. } = &mut *state;
            let arrived = answers[request.member].send(answer, weather, random);
            if request.member == asking {
                reached.extend(arrived);
            }
        }
        reached
    }

    /// The frames after a head, `None` when the log never stood there or no longer knows.
    pub(super) fn after(&self, head: Head) -> Option<Vec<Kept>> {
        let state = self.state();
        if head == state.head {
            return Some(Vec::new());
        }
        let first = state.frames.iter().position(|kept| kept.before == head)?;
        Some(state.frames[first..].to_vec())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Compare and append; the other branch reads what stands where the append would have gone.
    fn decide(&mut self, request: &Request) -> Answer {
        if request.expected == self.head {
            let head = Head::after(&request.header, frame_hash(&request.header, &request.body));
            let (header, body) = (request.header, request.body.clone());
            self.frames.push(Kept { before: self.head, header, body, head });
            self.head = head;
        }
        let follower = self.frames.iter().rev().find(|kept| kept.before == request.expected);
        Answer { uid: request.header.uid, follower: follower.map(|kept| (kept.header.uid, kept.head)), head: self.head }
    }
}

/// The frame of an append.
pub(super) fn header_of(append: &Append<'_>, head: &Head) -> FrameHeader {
    FrameHeader {
        first_seq: head.next_seq(),
        count: append.count,
        kind: append.kind as u8,
        epoch: head.epoch_for(append.kind),
        uid: append.uid,
        time_ns: append.time_ns,
        previous: head.chain,
        ..FrameHeader::new_zeroed()
    }
    .sealed(append.commands)
}
