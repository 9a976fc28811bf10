//! Lives through a day: carries its acts out on the machine, and has twin and reader judge every step.

use crate::act::{Act, Which};
use crate::commands::{Desk, advance_time, bytes};
use crate::flaw::Flaw;
use crate::judge;
use crate::machine::{self, Applied, Machine};
use crate::reader::Reader;
use crate::twin::Twin;
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tickyard_journal::testing::{FaultyStorage, PowerFailure, Stop};
use tickyard_types::{AccountId, Command, OrderId, OrderType, Origin, SelfTrade, Seq};

/// What went wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The act during which it was seen; the number of acts when it was seen at the end.
    pub step: usize,
    /// What was seen: the rule, a colon, the facts.
    pub what: String,
}

impl Failure {
    /// The rule that was broken.
    #[must_use]
    pub fn rule(&self) -> &str {
        self.what.split(':').next().unwrap_or(&self.what)
    }
}

/// What a day that went well came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Commands in the journal.
    pub commands: u64,
    /// Orders that were accepted.
    pub orders: u64,
    /// Times that the core was started.
    pub starts: u64,
    /// Commands whose outcome was unknown when the core died.
    pub unknown: u64,
    /// Those of them that were in the journal.
    pub found: u64,
    /// How often each refusal was the answer, by number; 0 for commands that were carried out.
    pub answers: BTreeMap<u16, u64>,
    /// How often each kind of event was told, by number.
    pub events: BTreeMap<u8, u64>,
}

impl Summary {
    /// Adds another day.
    pub fn add(&mut self, other: &Self) {
        self.commands += other.commands;
        self.orders += other.orders;
        self.starts += other.starts;
        self.unknown += other.unknown;
        self.found += other.found;
        for (answer, times) in &other.answers {
            *self.answers.entry(*answer).or_default() += times;
        }
        for (event, times) in &other.events {
            *self.events.entry(*event).or_default() += times;
        }
    }
}

/// Lives through a day.
///
/// # Errors
/// The first thing that went wrong.
pub fn live(acts: &[Act], flaw: Option<Flaw>) -> Result<Summary, Failure> {
    let mut step = 0;
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let mut day = Day::begin(flaw)?;
        for (at, act) in acts.iter().enumerate() {
            step = at;
            day.act(act)?;
        }
        step = acts.len();
        day.end()
    }));
    let lived = lived.unwrap_or_else(|panic| Err(format!("panic: {}", said(&*panic))));
    lived.map_err(|what| Failure { step, what })
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it did not say why")
}

/// A day that is being lived through.
struct Day {
    machine: Machine,
    twin: Twin,
    reader: Reader,
    flaw: Option<Flaw>,
    wall_ns: u64,
    /// The worker that sends: its run, and its count.
    boot: u64,
    counter: u64,
    /// Everything that was ever sent.
    sent: Vec<Vec<u8>>,
    delays_next: bool,
    delayed: VecDeque<Vec<u8>>,
    /// Commands that wait for `together` to be there.
    waiting: Vec<Vec<u8>>,
    together: usize,
    /// What happens to the disk when the machine dies; `None` when only the process does.
    power: Option<PowerFailure>,
    /// The next start dies at its n-th step.
    kill_start: Option<u64>,
    /// Syncs fail, or have failed since the machine was turned on: there may be pages in its memory that count as
    /// written and are not.
    doubts_memory: bool,
    /// The hash of the state after the newest command.
    hash: [u8; 32],
    /// The history as it was judged: all of what a replay must give again.
    history: Vec<Applied>,
    summary: Summary,
}

impl Desk for Day {
    fn order(&self, account: u32, which: Which) -> Option<(OrderId, u32)> {
        let engine = &self.machine.engine;
        match which {
            Which::Live(n) => {
                let orders: Vec<_> = engine.open_orders(AccountId(account), None).collect();
                let order = orders.get(usize::from(n).checked_rem(orders.len())?)?;
                Some((order.order_id, order.instrument.0))
            }
            Which::Back(n) => self.reader.order_before(u64::from(n)).map(|id| (id, 1)),
            Which::Named(_) => None,
        }
    }

    fn now_ms(&self) -> u64 {
        self.wall_ns / 1_000_000
    }
}

impl Day {
    fn begin(flaw: Option<Flaw>) -> Result<Self, String> {
        let machine = Machine::open(&FaultyStorage::new())?;
        Ok(Self {
            hash: machine.engine.state_hash(),
            machine,
            twin: Twin::new(flaw.filter(|flaw| *flaw != Flaw::AcknowledgesEarly)),
            reader: Reader::default(),
            flaw,
            wall_ns: 0,
            boot: 1,
            counter: 0,
            sent: Vec::new(),
            delays_next: false,
            delayed: VecDeque::new(),
            waiting: Vec::new(),
            together: 1,
            power: None,
            kill_start: None,
            doubts_memory: false,
            history: Vec::new(),
            summary: Summary { starts: 1, ..Summary::default() },
        })
    }

    fn act(&mut self, act: &Act) -> Result<(), String> {
        match *act {
            Act::Wait { ms } => {
                self.wall_ns = self.wall_ns.saturating_add(ms * 1_000_000);
                self.flush()?;
                if self.machine.engine.next_deadline_ns().is_some_and(|deadline| deadline <= self.wall_ns) {
                    self.commit(true, vec![advance_time()])?;
                }
            }
            Act::StepBack { ms } => self.wall_ns = self.wall_ns.saturating_sub(ms * 1_000_000),
            Act::Tick => self.commit(true, vec![advance_time()])?,
            Act::Again { back } => {
                if let Some(at) = self.sent.len().checked_sub(usize::from(back).max(1)) {
                    self.arrive(self.sent[at].clone())?;
                }
            }
            Act::Delay => self.delays_next = true,
            Act::Arrive { which } => {
                if let Some(at) = usize::from(which).checked_rem(self.delayed.len()) {
                    let command = self.delayed.remove(at).expect("Invariant: it is among the delayed");
                    self.arrive(command)?;
                }
            }
            Act::Together { count } => {
                self.flush()?;
                self.together = usize::from(count).max(1);
            }
            Act::Worker => (self.boot, self.counter) = (self.boot + 1, 0),
            Act::Lost { commands } => self.counter += u64::from(commands),
            Act::Snapshot { keep } => {
                self.flush()?;
                if self.doubts_memory {
                    // The journal writes again what a failed sync may have lost, the events do not: a snapshot would
                    // call events durable that are only in memory. Hence the rule that after an error of the disk the
                    // machine is turned off and on before anything is built upon it.
                    self.doubts_memory = false;
                    return self.start_after(PowerFailure::KeepsNothing);
                }
                if let Err(error) = self.machine.snapshot(usize::from(keep).max(1)) {
                    self.died(&error.to_string())?;
                    self.start(None)?;
                }
            }
            Act::Restart => {
                self.flush()?;
                self.start(None)?;
            }
            Act::Kill { after, share } => self.arm(after, share, None),
            Act::PowerOff { after, share, seed } => self.arm(after, share, Some(seed)),
            Act::KillStart { after } => self.kill_start = Some(u64::from(after)),
            Act::FailSync => {
                self.machine.storage.fail_syncs(true);
                self.doubts_memory = true;
            }
            Act::Full { bytes } => self.fill_disk(usize::from(bytes))?,
            Act::Flip { file, at, bit } => self.flip(file, at, bit)?,
            Act::Crowd { account, instrument, side, price, size, count } => {
                self.flush()?;
                self.together = usize::from(count);
                let order = Act::Place {
                    account,
                    instrument,
                    side,
                    kind: OrderType::Limit,
                    self_trade: SelfTrade::AccountDefault,
                    price,
                    size,
                    flags: 0,
                    name: 0,
                    tag: 0,
                    valid_ms: 0,
                };
                for _ in 0..count {
                    self.send(&order)?;
                }
                self.flush()?;
            }
            _ => self.send(act)?,
        }
        Ok(())
    }

    /// The worker sends a command.
    fn send(&mut self, act: &Act) -> Result<(), String> {
        let origin = Origin { boot: self.boot, counter: self.counter + 1 };
        let Some(command) = bytes(act, origin, self) else { return Ok(()) };
        self.counter += 1;
        self.sent.push(command.clone());
        if std::mem::take(&mut self.delays_next) {
            self.delayed.push_back(command);
            return Ok(());
        }
        self.arrive(command)
    }

    /// A command arrives at the core.
    fn arrive(&mut self, command: Vec<u8>) -> Result<(), String> {
        self.waiting.push(command);
        if self.waiting.len() >= self.together { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), String> {
        self.together = 1;
        match std::mem::take(&mut self.waiting) {
            waiting if waiting.is_empty() => Ok(()),
            waiting => self.commit(false, waiting),
        }
    }

    /// Commands are made durable, carried out and acknowledged, unless the core dies over it.
    fn commit(&mut self, is_tick: bool, commands: Vec<Vec<u8>>) -> Result<(), String> {
        let time_ns = self.wall_ns.max(self.machine.head().time_ns);
        if self.flaw == Some(Flaw::AcknowledgesEarly) {
            let first_seq = self.machine.head().next_seq();
            self.carry_out(first_seq, time_ns, &commands)?;
            let appended = self.machine.append(is_tick, &commands, time_ns);
            return if appended.is_err() { self.start(None) } else { Ok(()) };
        }
        match self.machine.append(is_tick, &commands, time_ns) {
            Ok(first_seq) => {
                let applied = self.carry_out(first_seq, time_ns, &commands)?;
                if let Err(error) = self.machine.write_events(first_seq, time_ns, &applied) {
                    self.died(&error.to_string())?;
                    self.start(None)?;
                }
                Ok(())
            }
            Err(error) => {
                self.died(&error.to_string())?;
                self.start(Some((time_ns, commands)))
            }
        }
    }

    /// Applies durable commands, and judges them.
    fn carry_out(&mut self, first_seq: Seq, time_ns: u64, commands: &[Vec<u8>]) -> Result<Vec<Applied>, String> {
        let mut applied = Vec::with_capacity(commands.len());
        for (seq, command) in (first_seq.0..).zip(commands) {
            let one = self.machine.apply(Seq(seq), time_ns, command);
            let before = std::mem::replace(&mut self.hash, self.machine.engine.state_hash());
            if one.events.is_empty() && self.hash != before {
                return Err(format!("trace: command {seq} tells nothing and leaves a trace; {:?}", one.reply));
            }
            judge::follow(&mut self.twin, &mut self.reader, seq, time_ns, &one)?;
            judge::compare(&self.machine.engine, &self.twin, &self.reader)?;
            *self.summary.answers.entry(one.reply.refusal).or_default() += 1;
            for kind in machine::kinds(&one.events) {
                *self.summary.events.entry(kind).or_default() += 1;
            }
            applied.push(one);
        }
        self.history.extend_from_slice(&applied);
        self.summary.commands += applied.len() as u64;
        Ok(applied)
    }

    fn arm(&mut self, after: u8, share: u8, power: Option<u64>) {
        let step = self.machine.storage.steps() + u64::from(after).max(1);
        self.machine.storage.stop_at(Stop { step, share });
        self.power = power.map(PowerFailure::KeepsSome);
    }

    fn fill_disk(&mut self, bytes: usize) -> Result<(), String> {
        let mut used = 0;
        for file in Machine::files(&self.machine.storage)? {
            used += self.machine.storage.bytes(&file).len();
        }
        self.machine.storage.limit(Some(used + bytes));
        Ok(())
    }

    /// The core has said that its disk failed: only faults that were ordered make it do that.
    fn died(&self, why: &str) -> Result<(), String> {
        let is_expected = self.machine.storage.is_dead() || why.contains("os error");
        if is_expected { Ok(()) } else { Err(format!("disk: nothing was wrong, yet {why}")) }
    }

    /// The machine is turned off and on.
    fn start_after(&mut self, failure: PowerFailure) -> Result<(), String> {
        self.machine.storage.lose_power(failure);
        self.start(None)
    }

    /// The core starts on what the disk holds. `unknown` is what was being made durable when it died.
    fn start(&mut self, unknown: Option<(u64, Vec<Vec<u8>>)>) -> Result<(), String> {
        self.summary.starts += 1;
        let storage = self.machine.storage.clone();
        storage.limit(None);
        let power = if storage.is_dead() { self.power.take() } else { None };
        revive(&storage, power);
        if let Some(after) = self.kill_start.take() {
            storage.stop_at(Stop { step: storage.steps() + after, share: 128 });
            let opened = Machine::open(&storage);
            if opened.is_err() && !storage.is_dead() {
                return Err(format!("start: {}", opened.err().unwrap_or_default()));
            }
            drop(opened);
            revive(&storage, power);
        }
        let started = Machine::open(&storage).map_err(|error| format!("start: {error}"))?;
        let before = std::mem::replace(&mut self.machine, started);

        // What was acknowledged is there; of what was not, all or nothing.
        let (acknowledged, there) = (before.engine.seq().0, self.machine.engine.seq().0);
        let (time_ns, commands) = unknown.unwrap_or_default();
        self.summary.unknown += commands.len() as u64;
        let is_found = !commands.is_empty() && there == acknowledged + commands.len() as u64;
        if !is_found && there != acknowledged {
            return Err(format!("P0: {acknowledged} commands were acknowledged, {there} are there"));
        }
        let started = std::mem::replace(&mut self.machine, before);
        if is_found {
            self.summary.found += commands.len() as u64;
            self.carry_out(Seq(acknowledged + 1), time_ns, &commands)?;
        }
        let before = std::mem::replace(&mut self.machine, started);
        if self.machine.engine.state_hash() != before.engine.state_hash() {
            return Err(format!("I10: the hash at {there} differs after a restart"));
        }
        if self.machine.engine.snapshot() != before.engine.snapshot() {
            return Err(format!("I10: the snapshot at {there} differs after a restart"));
        }
        // Whoever got no answer asks again, with the same commands.
        let again = commands.into_iter().filter(|command| is_of_worker(command));
        let again: Vec<Vec<u8>> = again.collect();
        if again.is_empty() { Ok(()) } else { self.commit(false, again) }
    }

    /// A bit turns on a copy of the disk: the core there sees it, or is not hurt.
    fn flip(&mut self, file: u8, at: u32, bit: u8) -> Result<(), String> {
        self.flush()?;
        let copy = self.machine.storage.copy();
        revive(&copy, None);
        let files = Machine::files(&copy)?;
        let path = &files[usize::from(file) % files.len()];
        let used = copy.bytes(path).iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let Some(at) = (at as usize).checked_rem(used) else { return Ok(()) };
        copy.edit(path, |bytes| bytes[at] ^= 1 << bit);
        // What it refuses is detected; what it starts with is whole. Only the journal is worth refusing over: of
        // snapshots there are older ones, and events are derived again.
        let hurt = match Machine::open(&copy) {
            Ok(hurt) => hurt,
            Err(_) if path.extension().is_some_and(|suffix| suffix == "log") => return Ok(()),
            Err(error) => return Err(format!("F30: {} keeps the core from starting: {error}", path.display())),
        };
        if hurt.engine.snapshot() != self.machine.engine.snapshot() {
            return Err(format!("F04: bit {bit} of byte {at} of {} was turned unseen", path.display()));
        }
        Ok(())
    }

    /// The day is over: the lights go out, a last start, and everything again from the first command.
    fn end(mut self) -> Result<Summary, String> {
        self.flush()?;
        self.start_after(PowerFailure::KeepsNothing)?;
        let mut told = Vec::new();
        let mut judged = self.history.iter();
        let mut differs = None;
        let replayed = self.machine.replay(|applied| {
            told.extend_from_slice(&applied.events);
            let is_same = judged.next().is_some_and(|judged| {
                (judged.reply, &judged.command, &judged.events) == (applied.reply, &applied.command, &applied.events)
            });
            if !is_same {
                differs.get_or_insert(applied.reply.seq.0);
            }
        })?;
        if let Some(seq) = differs {
            return Err(format!("I10: the replay of {seq} differs"));
        }
        if replayed.snapshot() != self.machine.engine.snapshot()
            || replayed.state_hash() != self.machine.engine.state_hash()
        {
            return Err("I10: the replay of the day leads to another state".to_owned());
        }
        if self.machine.told()? != told {
            return Err("I9: the event segments are not what the commands did".to_owned());
        }
        Ok(Summary { orders: self.reader.orders(), ..self.summary })
    }
}

/// The next process begins, after a power failure perhaps.
fn revive(storage: &FaultyStorage, power: Option<PowerFailure>) {
    match power {
        Some(failure) => storage.lose_power(failure),
        None => storage.restart(),
    }
}

fn is_of_worker(command: &[u8]) -> bool {
    Command::decode(command).map_or(true, |command| command.header().origin.boot != 0)
}
