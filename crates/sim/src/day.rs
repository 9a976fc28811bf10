//! Lives through a day: carries its acts out on the machine, and has twin and reader judge every step.

mod deaths;
mod summary;

pub use summary::{Failure, Summary};

use crate::act::Act;
use crate::commands::{advance_time, bytes};
use crate::desk::Desk;
use crate::flaw::Flaw;
use crate::judge::Judge;
use crate::machine::{self, Applied, Machine};
use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tickyard_buggify::Plan;
use tickyard_engine::Engine;
use tickyard_journal::testing::{FaultyStorage, PowerFailure};
use tickyard_types::{OrderId, OrderType, Origin, SelfTrade, Seq, Side, TradeMode, TriggerId, TriggerKind};

/// Lives through a day.
///
/// # Errors
/// The first thing that went wrong.
pub fn live(acts: &[Act], flaw: Option<Flaw>) -> Result<Summary, Failure> {
    let mut step = 0;
    Plan::default().install();
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let mut day = Day::begin(flaw)?;
        for (at, act) in acts.iter().enumerate() {
            step = at;
            day.act(act)?;
        }
        step = acts.len();
        day.end()
    }));
    Plan::default().install();
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
    judge: Judge,
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
    /// The hash of the state after the newest command.
    hash: [u8; 32],
    /// The history as it was judged: all of what a replay must give again.
    history: Vec<Applied>,
    summary: Summary,
}

impl Desk for Day {
    fn engine(&self) -> Option<&Engine> {
        Some(&self.machine.engine)
    }

    fn now_ms(&self) -> u64 {
        self.wall_ns / 1_000_000
    }

    fn order_before(&self, back: u64) -> Option<OrderId> {
        self.judge.reader.order_before(back)
    }

    fn trigger_before(&self, back: u64) -> Option<TriggerId> {
        self.judge.reader.trigger_before(back)
    }
}

impl Day {
    fn begin(flaw: Option<Flaw>) -> Result<Self, String> {
        let machine = Machine::open(&FaultyStorage::new())?;
        Ok(Self {
            hash: machine.engine.state_hash(),
            machine,
            judge: Judge::new(flaw.filter(|flaw| *flaw != Flaw::AcknowledgesEarly)),
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
            Act::BadLuck { seed, once_in } => Plan::new(seed, u64::from(once_in)).install(),
            Act::Snapshot { keep } => {
                self.flush()?;
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
            Act::FailSync => self.machine.storage.fail_syncs(true),
            Act::Full { bytes } => self.fill_disk(usize::from(bytes))?,
            Act::Flip { file, at, bit } => self.flip(file, at, bit)?,
            Act::Crowd { account, instrument, side, price, size, count } => {
                self.send_together(&limit_order(account, instrument, side, price, size), count)?;
            }
            Act::TriggerCrowd { account, instrument, side, leg, size, count } => {
                self.send_together(&take_profit(account, instrument, side, leg, size), count)?;
            }
            _ => self.send(act)?,
        }
        Ok(())
    }

    /// So many times the same, in one frame.
    fn send_together(&mut self, act: &Act, count: u16) -> Result<(), String> {
        self.flush()?;
        self.together = usize::from(count);
        for _ in 0..count {
            self.send(act)?;
        }
        self.flush()
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
            self.judge.follow(seq, time_ns, &one)?;
            self.judge.compare(&self.machine.engine)?;
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
}

/// One of a crowd.
const fn limit_order(account: u32, instrument: u32, side: Side, price: i64, size: i64) -> Act {
    Act::Place {
        account,
        instrument,
        side,
        kind: OrderType::Limit,
        mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        price,
        size,
        flags: 0,
        slippage_ppb: 0,
        name: 0,
        tag: 0,
        valid_ms: 0,
    }
}

/// The same, of trigger orders.
const fn take_profit(account: u32, instrument: u32, side: Side, leg: (i64, i64), size: i64) -> Act {
    Act::Trigger {
        account,
        instrument,
        kind: TriggerKind::Conditional,
        side,
        order_type: OrderType::Limit,
        mode: TradeMode::Cash,
        self_trade: SelfTrade::AccountDefault,
        legs: [leg, (0, 0)],
        size,
        ratio_ppb: 0,
        spread: 0,
        active: 0,
        flags: 0,
        name: 0,
        tag: 0,
    }
}
