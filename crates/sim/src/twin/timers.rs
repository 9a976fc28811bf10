//! Cancel-all-after.

use super::{Outcome, Told, Twin};
use tickyard_types::{CancelAllAfter, CancelSource, Refusal};

impl Twin {
    /// When the earliest timer fires; now while something is still to be carried out.
    #[must_use]
    pub fn next_deadline_ns(&self) -> Option<u64> {
        if !self.jobs.is_empty() {
            return Some(self.now_ns);
        }
        self.timers.first_key_value().map(|((deadline_ms, ..), ())| deadline_ms * 1_000_000)
    }

    pub(super) fn fire_timers(&mut self) {
        while let Some((&(at_ms, account, tag), ())) = self.timers.first_key_value() {
            if at_ms > self.now_ns / 1_000_000 {
                return;
            }
            self.timers.remove(&(at_ms, account, tag));
            let canceled = self.cancel_where(CancelSource::CancelAllAfter, |order| {
                order.account == account && (tag == [0; 16] || order.tag == tag)
            });
            self.told.push(Told::Timer { account, tag, trigger_ms: 0, canceled, fired: true });
        }
    }

    pub(super) fn cancel_all_after(&mut self, timer: &CancelAllAfter) -> Outcome {
        let id = timer.header.account.0;
        self.user(id)?;
        let old = self.timers.keys().copied().find(|&(_, account, tag)| account == id && tag == timer.tag);
        let tagged = self.timers.keys().filter(|&&(_, account, tag)| account == id && tag != [0; 16]).count();
        if timer.timeout_ms != 0 && old.is_none() && timer.tag != [0; 16] && tagged >= 20 {
            return Err(Refusal::TooManyTimers);
        }
        if let Some(old) = old {
            self.timers.remove(&old);
        }
        let trigger_ms = if timer.timeout_ms == 0 { 0 } else { self.now_ns / 1_000_000 + timer.timeout_ms };
        if trigger_ms != 0 {
            self.timers.insert((trigger_ms, id, timer.tag), ());
        }
        if trigger_ms != 0 || old.is_some() {
            self.told.push(Told::Timer { account: id, tag: timer.tag, trigger_ms, canceled: 0, fired: false });
        }
        Ok((0, trigger_ms, [0; 32]))
    }
}
