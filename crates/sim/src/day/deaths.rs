//! How a core dies, how it starts again, and what must be true then.

use super::{Day, Summary};
use crate::machine::Machine;
use tickyard_journal::testing::{FaultyStorage, PowerFailure, Stop};
use tickyard_types::{Command, Seq};

impl Day {
    pub(super) fn arm(&mut self, after: u8, share: u8, power: Option<u64>) {
        let step = self.machine.storage.steps() + u64::from(after).max(1);
        self.machine.storage.stop_at(Stop { step, share });
        self.power = power.map(PowerFailure::KeepsSome);
    }

    pub(super) fn fill_disk(&mut self, bytes: usize) -> Result<(), String> {
        let mut used = 0;
        for file in Machine::files(&self.machine.storage)? {
            used += self.machine.storage.bytes(&file).len();
        }
        self.machine.storage.limit(Some(used + bytes));
        Ok(())
    }

    /// The core has said that its disk failed: only faults that were ordered make it do that.
    pub(super) fn died(&self, why: &str) -> Result<(), String> {
        let is_expected = self.machine.storage.is_dead() || why.contains("os error");
        if is_expected { Ok(()) } else { Err(format!("disk: nothing was wrong, yet {why}")) }
    }

    /// The machine is turned off and on.
    pub(super) fn start_after(&mut self, failure: PowerFailure) -> Result<(), String> {
        self.machine.storage.lose_power(failure);
        self.start(None)
    }

    /// The core starts on what the disk holds. `unknown` is what was being made durable when it died.
    pub(super) fn start(&mut self, unknown: Option<(u64, Vec<Vec<u8>>)>) -> Result<(), String> {
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
    pub(super) fn flip(&mut self, file: u8, at: u32, bit: u8) -> Result<(), String> {
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
    pub(super) fn end(mut self) -> Result<Summary, String> {
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
        Ok(Summary { orders: self.judge.reader.orders(), ..self.summary })
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
