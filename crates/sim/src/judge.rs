//! Judges every command: compares the engine with a twin, and with what a reader of its events believes.
//!
//! The invariants of the exchange, and where each is checked after each command:
//!
//! | | | where |
//! |---|---|---|
//! | I1 | money is never made or lost | `Reader` for the postings of the command, `Engine::check_invariants` for the whole |
//! | I2 | nobody but the house has less than nothing | `Engine::check_invariants` |
//! | I3 | what is held is what open orders need | `Engine::check_invariants`, and [`Judge::compare`] with the twin, who counts anew |
//! | I4 | no book is crossed, levels are sums | the same, and the reader's levels |
//! | I7 | orders only move forward | `Reader`, [`Judge::compare`] for those that live |
//! | I8 | trades keep the limits of both, orders the bounds | `Reader`, `Engine::check_invariants` |
//! | I9 | events are numbered without gaps; what was told of an account last is known | `Reader`, [`Judge::compare`], at the end of a day the segments |
//! | I10 | equal state everywhere | at every start and snapshot, at the end of a day by a replay, in clusters between cores |
//! | I11 | one outcome for each number of a sender | [`Judge::follow`] |
//! | I12 | nothing overflows | a panic, for arithmetic is checked in every build; issued money in `Engine::check_invariants` |
//!
//! I5 and I6 are about contracts and I13 about money on chains; there are none yet.

mod state;

use crate::flaw::Flaw;
use crate::machine::Applied;
use crate::reader::{Event, Reader};
use crate::twin::{Answer, Twin, translated};
use std::collections::BTreeMap;
use tickyard_engine::Engine;
use tickyard_types::{Command, OrderId, Origin, Refusal, Reply, TriggerId};

/// Knows what every command must come to.
#[derive(Debug, Default)]
pub struct Judge {
    /// Knows the rules.
    pub twin: Twin,
    /// Knows what was told.
    pub reader: Reader,
    /// The answer of each number of each run of a sender.
    answers: BTreeMap<(u64, u64), Reply>,
}

impl Judge {
    /// Judges an exchange before its first command; with a flaw the twin is wrong on purpose.
    #[must_use]
    pub fn new(flaw: Option<Flaw>) -> Self {
        Self { twin: Twin::new(flaw), ..Self::default() }
    }

    /// Judges what one command answered and told, and lets twin and reader follow.
    ///
    /// # Errors
    /// What differs.
    pub fn follow(&mut self, seq: u64, time_ns: u64, applied: &Applied) -> Result<(), String> {
        let Self { twin, reader, .. } = self;
        let command = Command::decode(&applied.command).ok();
        let answer = twin.apply(seq, time_ns, command.as_ref());
        let events = reader.read(seq, time_ns, &applied.events).map_err(|error| format!("{error}; {command:?}"))?;
        let counter = command.map_or(applied.reply.counter, |command| command.header().origin.counter);
        let expected = reply(counter, &answer, reader);
        if applied.reply != expected {
            return Err(format!("reply: was {:?}, must be {expected:?}; {command:?}", applied.reply));
        }
        let told: Vec<Event> = events.iter().filter_map(translated).collect();
        if told != twin.told() {
            let at = told.iter().zip(twin.told()).take_while(|(one, other)| one == other).count();
            let (was, must) = (told.get(at), twin.told().get(at));
            return Err(format!("events: number {at} was {was:?}, must be {must:?}; {command:?}"));
        }
        command.map_or(Ok(()), |command| self.answered_once(command.header().origin, applied.reply))
    }

    /// I11: a number is answered as it was the first time, or said to be forgotten.
    fn answered_once(&mut self, origin: Origin, reply: Reply) -> Result<(), String> {
        if origin.boot == 0 || reply.refusal == Refusal::OriginForgotten.number() {
            return Ok(());
        }
        match self.answers.insert((origin.boot, origin.counter), reply) {
            Some(first) if first != reply => Err(format!("I11: {origin:?} is answered {reply:?} after {first:?}")),
            _ => Ok(()),
        }
    }

    /// Judges the whole state.
    ///
    /// # Errors
    /// What differs, or the invariant that is broken.
    pub fn compare(&self, engine: &Engine) -> Result<(), String> {
        state::compare(engine, &self.twin, &self.reader)
    }
}

/// The answer as a record.
fn reply(counter: u64, answer: &Answer, reader: &Reader) -> Reply {
    // A trigger order has its id from its serial number; nothing else has a number without an order.
    let named = |serial: u64| if serial == 0 { OrderId(0) } else { OrderId(TriggerId::new(serial).0) };
    let base = Reply { counter, seq: tickyard_types::Seq(answer.seq), time_ns: answer.time_ns, ..Reply::default() };
    match answer.outcome {
        Ok((serial, value, client_id)) => {
            let order_id = reader.order(serial).unwrap_or_else(|| named(serial));
            Reply { order_id, value, client_id, ..base }
        }
        Err(refusal) => Reply { refusal: refusal.number(), ..base },
    }
}
