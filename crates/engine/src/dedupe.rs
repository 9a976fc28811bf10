//! Exactly-once between workers and core: the outcomes of recent commands, by who sent them.
//!
//! Source: decision 8: a command sent twice is carried out once, and its second answer is its first.

use crate::engine::Answer;
use tickyard_types::{ClientId, OrderId, Origin, Refusal, Reply, Seq};

/// How many counters of a boot are remembered: the newest, and as many before it.
const WINDOW: u64 = 1 << 16;

/// What a counter may be: more than any run of a worker will count.
pub(crate) const COUNTERS: std::ops::RangeInclusive<u64> = 1..=(1 << 48) - 1;

/// How many boots are remembered. The one that was used least recently gives way.
const MAX_BOOTS: usize = 64;

/// Entries of the index of boots: at least half of them stay vacant.
const INDEX: usize = 2 * MAX_BOOTS;

/// In the index of boots: none.
const VACANT: u8 = u8::MAX;

/// What is known of an origin.
pub(crate) enum Recall {
    /// It was never seen.
    New,
    /// It was carried out or refused before, with this reply.
    Known(Reply),
    /// It is older than what is remembered.
    Forgotten,
}

/// The newest replies of one run of a worker.
#[derive(Clone, Debug)]
pub(crate) struct Boot {
    pub id: u64,
    pub last_used: Seq,
    /// The highest counter seen.
    pub newest: u64,
    /// Outcomes by counter modulo [`WINDOW`]; grows to the window and no further.
    outcomes: Vec<Outcome>,
}

/// A reply in one cache line, because every command writes one to memory that was last used a window ago.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub(crate) struct Outcome {
    /// 0 while nothing is remembered here.
    seq: Seq,
    time_ns: u64,
    /// [`Reply::order_id`] or [`Reply::value`]: no reply has both.
    number: u64,
    client_id: ClientId,
    /// The counter divided by [`WINDOW`]; the place tells the rest.
    round: u32,
    refusal: u16,
    is_of_order: bool,
}

const _: () = assert!(size_of::<Outcome>() == 64);

impl Outcome {
    #[inline]
    fn new(counter: u64, seq: Seq, time_ns: u64, outcome: &Result<Answer, Refusal>) -> Self {
        let round = (counter / WINDOW) as u32;
        match outcome {
            Ok(Answer { order_id, client_id, value }) => {
                let is_of_order = *order_id != OrderId(0);
                let number = if is_of_order { order_id.0 } else { *value };
                Self { seq, time_ns, number, client_id: *client_id, round, refusal: 0, is_of_order }
            }
            Err(refusal) => {
                let refusal = refusal.number();
                Self { seq, time_ns, number: 0, client_id: [0; 32], round, refusal, is_of_order: false }
            }
        }
    }

    /// What a snapshot says; `None` when no reply is like that.
    fn of_reply(reply: &Reply) -> Option<Self> {
        let Reply { counter, seq, time_ns, order_id, value, client_id, refusal, .. } = *reply;
        let is_of_order = order_id != OrderId(0);
        let number = if is_of_order { order_id.0 } else { value };
        let round = (counter / WINDOW) as u32;
        let outcome = Self { seq, time_ns, number, client_id, round, refusal, is_of_order };
        (outcome.reply(counter) == Some(*reply)).then_some(outcome)
    }

    /// The reply to the command with this counter, if it is the one remembered here.
    fn reply(&self, counter: u64) -> Option<Reply> {
        let is_its = self.seq != Seq(0) && u64::from(self.round) == counter / WINDOW;
        is_its.then(|| Reply {
            counter,
            seq: self.seq,
            time_ns: self.time_ns,
            order_id: OrderId(if self.is_of_order { self.number } else { 0 }),
            value: if self.is_of_order { 0 } else { self.number },
            refusal: self.refusal,
            client_id: self.client_id,
            ..Reply::default()
        })
    }
}

/// Replies by boot and counter.
#[derive(Clone, Debug)]
pub(crate) struct Dedupe {
    boots: Vec<Boot>,
    /// Where each boot stands, from the place where its number belongs on.
    index: [u8; INDEX],
}

impl Default for Dedupe {
    fn default() -> Self {
        Self { boots: Vec::new(), index: [VACANT; INDEX] }
    }
}

impl Dedupe {
    /// What is known of an origin. Asking counts as use.
    pub(crate) fn recall(&mut self, origin: Origin, seq: Seq) -> Recall {
        let Some(at) = self.position(origin.boot) else { return Recall::New };
        let boot = &mut self.boots[at];
        boot.last_used = seq;
        if origin.counter > boot.newest {
            // The usual way, without a look at memory that was last used a window ago.
            return Recall::New;
        }
        if boot.newest.saturating_sub(origin.counter) >= WINDOW {
            return Recall::Forgotten;
        }
        let outcome = boot.outcomes.get(place(origin.counter));
        outcome.and_then(|outcome| outcome.reply(origin.counter)).map_or(Recall::New, Recall::Known)
    }

    /// Remembers the outcome of a new origin. Commands of the host (boot 0) are never sent twice.
    pub(crate) fn remember(&mut self, origin: Origin, seq: Seq, time_ns: u64, outcome: &Result<Answer, Refusal>) {
        if origin.boot != 0 && COUNTERS.contains(&origin.counter) {
            self.keep(origin, seq, Outcome::new(origin.counter, seq, time_ns, outcome));
        }
    }

    fn keep(&mut self, origin: Origin, seq: Seq, outcome: Outcome) {
        let at = self.position(origin.boot).unwrap_or_else(|| self.admit(origin.boot, seq));
        let boot = &mut self.boots[at];
        boot.newest = boot.newest.max(origin.counter);
        let place = place(origin.counter);
        if place >= boot.outcomes.len() {
            boot.outcomes.resize(place + 1, Outcome::default());
        }
        boot.outcomes[place] = outcome;
    }

    /// Where the outcome of an origin will be remembered: for fetching it ahead.
    pub(crate) fn line(&self, origin: Origin) -> Option<&Outcome> {
        let boot = &self.boots[self.position(origin.boot)?];
        boot.outcomes.get(place(origin.counter))
    }

    /// Every boot, by its number.
    pub(crate) fn boots(&self) -> Vec<&Boot> {
        let mut boots: Vec<&Boot> = self.boots.iter().collect();
        boots.sort_unstable_by_key(|boot| boot.id);
        boots
    }

    /// Puts a boot of a snapshot back; false when it contradicts itself or the others.
    pub(crate) fn restore(&mut self, id: u64, last_used: Seq, newest: u64, replies: &[Reply]) -> bool {
        if id == 0 || self.boots.len() == MAX_BOOTS || self.position(id).is_some() {
            return false;
        }
        let at = self.admit(id, last_used);
        for reply in replies {
            let is_of_window = reply.counter <= newest && newest - reply.counter < WINDOW;
            let outcome = Outcome::of_reply(reply).filter(|_| is_of_window && COUNTERS.contains(&reply.counter));
            let Some(outcome) = outcome else { return false };
            self.keep(Origin { boot: id, counter: reply.counter }, last_used, outcome);
        }
        self.boots[at].newest == newest
    }

    /// Makes a place for a new boot.
    #[cold]
    fn admit(&mut self, id: u64, seq: Seq) -> usize {
        let fresh = |outcomes| Boot { id, last_used: seq, newest: 0, outcomes };
        if self.boots.len() < MAX_BOOTS {
            self.boots.push(fresh(Vec::new()));
            self.enter(self.boots.len() - 1);
            return self.boots.len() - 1;
        }
        let oldest = (0..MAX_BOOTS).min_by_key(|&at| self.boots[at].last_used).expect("Invariant: there are boots");
        let mut outcomes = std::mem::take(&mut self.boots[oldest].outcomes);
        outcomes.clear();
        self.boots[oldest] = fresh(outcomes);
        self.index = [VACANT; INDEX];
        (0..MAX_BOOTS).for_each(|at| self.enter(at));
        oldest
    }

    fn enter(&mut self, at: usize) {
        let mut entry = home(self.boots[at].id);
        while self.index[entry] != VACANT {
            entry = (entry + 1) % INDEX;
        }
        self.index[entry] = at as u8;
    }

    #[inline]
    fn position(&self, id: u64) -> Option<usize> {
        let mut entry = home(id);
        loop {
            // Vacant entries lead nowhere.
            let at = usize::from(self.index[entry]);
            if self.boots.get(at)?.id == id {
                return Some(at);
            }
            entry = (entry + 1) % INDEX;
        }
    }
}

impl Boot {
    /// The remembered replies, by counter.
    pub(crate) fn replies(&self) -> Vec<Reply> {
        let oldest = self.newest.saturating_sub(WINDOW - 1);
        let reply = |counter| self.outcomes.get(place(counter)).and_then(|outcome| outcome.reply(counter));
        (oldest..=self.newest).filter_map(reply).collect()
    }
}

const fn place(counter: u64) -> usize {
    (counter % WINDOW) as usize
}

/// Where a boot belongs in the index: a fixed hash.
const fn home(id: u64) -> usize {
    (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - INDEX.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remember(dedupe: &mut Dedupe, boot: u64, counter: u64, seq: u64) {
        dedupe.remember(Origin { boot, counter }, Seq(seq), 0, &Ok(Answer::default()));
    }

    fn recalled(dedupe: &mut Dedupe, boot: u64, counter: u64, seq: u64) -> Option<u64> {
        match dedupe.recall(Origin { boot, counter }, Seq(seq)) {
            Recall::New => None,
            Recall::Known(reply) => Some(reply.seq.0),
            Recall::Forgotten => Some(0),
        }
    }

    #[test]
    fn counters_may_come_out_of_order_inside_the_window() {
        let mut dedupe = Dedupe::default();
        remember(&mut dedupe, 7, 3, 1);
        remember(&mut dedupe, 7, 1, 2);
        assert_eq!(recalled(&mut dedupe, 7, 2, 3), None);
        assert_eq!(recalled(&mut dedupe, 7, 1, 3), Some(2));
        assert_eq!(recalled(&mut dedupe, 7, 3, 3), Some(1));
    }

    #[test]
    fn what_left_the_window_is_forgotten_not_new() {
        let mut dedupe = Dedupe::default();
        remember(&mut dedupe, 7, 1, 1);
        remember(&mut dedupe, 7, WINDOW, 2);
        assert_eq!(recalled(&mut dedupe, 7, 1, 3), Some(1));
        remember(&mut dedupe, 7, WINDOW + 1, 4);
        assert_eq!(recalled(&mut dedupe, 7, 1, 5), Some(0));
        assert_eq!(recalled(&mut dedupe, 7, 2, 5), None);
        remember(&mut dedupe, 7, *COUNTERS.end(), 6);
        assert_eq!(recalled(&mut dedupe, 7, WINDOW, 7), Some(0));
        assert_eq!(recalled(&mut dedupe, 7, *COUNTERS.end(), 7), Some(6));
        remember(&mut dedupe, 7, u64::MAX, 8);
        assert_eq!(recalled(&mut dedupe, 7, u64::MAX, 9), None);
    }

    #[test]
    fn the_boot_used_least_recently_gives_way() {
        let mut dedupe = Dedupe::default();
        for boot in 1..=64 {
            remember(&mut dedupe, boot, 1, boot);
        }
        assert_eq!(recalled(&mut dedupe, 1, 1, 65), Some(1));
        remember(&mut dedupe, 65, 1, 66);
        assert_eq!(recalled(&mut dedupe, 1, 1, 67), Some(1));
        assert_eq!(recalled(&mut dedupe, 2, 1, 67), None);
    }

    #[test]
    fn commands_of_the_host_are_not_remembered() {
        let mut dedupe = Dedupe::default();
        remember(&mut dedupe, 0, 1, 1);
        assert_eq!(recalled(&mut dedupe, 0, 1, 2), None);
    }
}
