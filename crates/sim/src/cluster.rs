//! Several cores on one log, over a network that loses, doubles and delays: who leads, who only believes to, and who
//! follows. Whatever happens, each command is carried out once, and only what is in the log was ever acknowledged.

use crate::act::Act;
use crate::commands::bytes;
use crate::desk::Desk;
use crate::draw;
use crate::judge::Judge;
use crate::machine::{Applied, apply};
use crate::random::Random;
use std::collections::BTreeMap;
use tickyard_engine::Engine;
use tickyard_journal::testing::{FencedLog, SharedLog, Weather};
use tickyard_journal::{Append, CommandLog, FrameKind, Head, LogError};
use tickyard_types::{Origin, Reply};

const NODES: usize = 3;
/// The worker's run.
const BOOT: u64 = 1;

/// One core.
struct Node {
    log: FencedLog,
    engine: Engine,
    /// Where its engine stands in the log.
    at: Head,
    leads: bool,
}

/// What came of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Commands that were acknowledged.
    pub acknowledged: u64,
    /// Times that a core was fenced, and did not know what became of its commands.
    pub fenced: u64,
    /// Times that a core took the lead.
    pub takeovers: u64,
}

struct Cluster {
    shared: SharedLog,
    nodes: Vec<Node>,
    random: Random,
    now_ns: u64,
    uid: u64,
    /// The answers that the worker was given, by number, and the epoch of whoever gave them.
    acknowledged: BTreeMap<u64, (Reply, u32)>,
    tally: Tally,
}

impl Desk for Cluster {
    fn engine(&self) -> Option<&Engine> {
        self.nodes.iter().max_by_key(|node| node.at.seq).map(|leader| &leader.engine)
    }

    fn now_ms(&self) -> u64 {
        self.now_ns / 1_000_000
    }
}

/// Lives through the day of a seed.
///
/// # Errors
/// The first rule that was broken.
pub fn live(seed: u64, acts: usize) -> Result<Tally, String> {
    let shared = SharedLog::new(seed, Weather::STORM);
    let node = || Node { log: shared.member(), engine: Engine::new(), at: Head::GENESIS, leads: false };
    let nodes = (0..NODES).map(|_| node()).collect();
    let random = Random::new(seed);
    let mut cluster =
        Cluster { shared, nodes, random, now_ns: 0, uid: 0, acknowledged: BTreeMap::new(), tally: Tally::default() };
    cluster.take_over(0)?;
    let mut counter = 0;
    for act in draw::day(seed, acts) {
        match act {
            Act::Wait { ms } => cluster.now_ns += ms * 1_000_000,
            // The clocks of the cores differ: whoever leads next may be behind.
            Act::StepBack { ms } => cluster.now_ns = cluster.now_ns.saturating_sub(ms * 1_000_000),
            // The host turns it away before the log.
            Act::Garbled => {}
            _ => {
                let origin = Origin { boot: BOOT, counter: counter + 1 };
                if let Some(command) = bytes(&act, origin, &cluster) {
                    counter += 1;
                    cluster.deliver(counter, &command)?;
                }
            }
        }
    }
    cluster.end(seed)
}

impl Cluster {
    /// The worker sends a command until it is answered, to whoever says that it leads; the clients' deadline aside.
    fn deliver(&mut self, counter: u64, command: &[u8]) -> Result<(), String> {
        loop {
            if self.random.once_in(12) {
                let usurper = self.random.below(NODES as u64) as usize;
                self.take_over(usurper)?;
            }
            let leaders: Vec<usize> = (0..NODES).filter(|node| self.nodes[*node].leads).collect();
            if leaders.is_empty() {
                self.take_over(0)?;
                continue;
            }
            let asked = self.random.pick(&leaders);
            let Some(reply) = self.ask(asked, command)? else { continue };
            let epoch = self.nodes[asked].at.epoch;
            if let Some((first, _)) = self.acknowledged.insert(counter, (reply, epoch)) {
                return Err(format!("P0: number {counter} is answered {reply:?} after {first:?}"));
            }
            self.tally.acknowledged += 1;
            // The answer may be lost on its way to the worker, who asks again then.
            if !self.random.once_in(8) {
                return Ok(());
            }
            self.acknowledged.remove(&counter);
        }
    }

    /// A core that believes to lead appends, applies and answers; without an answer it was fenced.
    fn ask(&mut self, node: usize, command: &[u8]) -> Result<Option<Reply>, String> {
        let (uid, now_ns) = (self.uid(), self.now_ns);
        let Node { log, engine, at, leads } = &mut self.nodes[node];
        let time_ns = now_ns.max(at.time_ns);
        match log.append(*at, Append { kind: FrameKind::Batch, commands: command, count: 1, time_ns, uid }) {
            Ok(head) => {
                let applied = apply(engine, at.next_seq(), time_ns, command);
                *at = head;
                Ok(applied.first().map(|applied| applied.reply))
            }
            Err(LogError::Fenced { .. }) => {
                *leads = false;
                self.tally.fenced += 1;
                Ok(None)
            }
            Err(error) => Err(format!("log: {error}")),
        }
    }

    /// A core takes over; whoever led before does not know yet.
    fn take_over(&mut self, node: usize) -> Result<(), String> {
        let uid = self.uid();
        let node = &mut self.nodes[node];
        if node.log.take_over(uid).is_ok() {
            node.follow()?;
            node.leads = true;
            self.tally.takeovers += 1;
        }
        Ok(())
    }

    fn uid(&mut self) -> u64 {
        self.uid += 1;
        self.uid
    }

    /// The day is over: all follow to the end, and a twin judges what is in the log.
    fn end(mut self, seed: u64) -> Result<Tally, String> {
        for node in &mut self.nodes {
            node.log.catch_up();
            node.follow()?;
        }
        let (mut judge, mut engine) = (Judge::new(None), Engine::new());
        let mut answers: BTreeMap<u64, (Reply, u32)> = BTreeMap::new();
        let log = self.shared.member();
        let mut frames = log.read_after(Head::GENESIS).map_err(|error| error.to_string())?;
        while let Some(frame) = frames.next_frame().map_err(|error| error.to_string())? {
            for applied in apply(&mut engine, frame.header.first_seq, frame.header.time_ns, frame.body) {
                judge.follow(engine.seq().0, frame.header.time_ns, &applied)?;
                let Applied { reply, .. } = applied;
                answers.entry(reply.counter).or_insert((reply, frame.header.epoch));
            }
        }
        judge.compare(&engine)?;
        for node in &self.nodes {
            if node.engine.snapshot() != engine.snapshot() || node.at != self.shared.head() {
                return Err(format!("I10: seed {seed}: a core differs from a replay of the log"));
            }
        }
        for (counter, (reply, epoch)) in &self.acknowledged {
            match answers.get(counter) {
                Some((first, of)) if first == reply && of <= epoch => {}
                other => return Err(format!("P0: number {counter} was answered {reply:?}, the log says {other:?}")),
            }
        }
        Ok(self.tally)
    }
}

impl Node {
    /// Applies what the log holds beyond where this core stands, up to what it knows of.
    fn follow(&mut self) -> Result<(), String> {
        let Self { log, engine, at, .. } = self;
        let mut frames = log.read_after(*at).map_err(|error| format!("log: {error}"))?;
        while *at != log.head() {
            let Some(frame) = frames.next_frame().map_err(|error| error.to_string())? else { break };
            apply(engine, frame.header.first_seq, frame.header.time_ns, frame.body);
            *at = frame.head;
        }
        Ok(())
    }
}
