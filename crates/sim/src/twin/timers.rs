//! Cancel-all-after.

use super::told::header;
use super::{Outcome, Twin};
use crate::reader::Event;
use tickyard_types::{AccountId, CancelAllAfter, CancelSource, EventKind, Refusal, Tag, TimerChanged};

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
            self.tell_timer(account, tag, 0, Some(canceled));
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
            self.tell_timer(id, timer.tag, trigger_ms, None);
        }
        Ok((0, trigger_ms, [0; 32]))
    }

    /// `fired` is the number of orders that it cancelled.
    fn tell_timer(&mut self, account: u32, tag: Tag, trigger_ms: u64, fired: Option<u32>) {
        self.told.push(Event::TimerChanged(TimerChanged {
            header: header(EventKind::TimerChanged),
            trigger_ms,
            tag,
            account: AccountId(account),
            canceled: fired.unwrap_or(0),
            has_fired: u8::from(fired.is_some()),
            reserved: [0; 7],
        }));
    }
}
