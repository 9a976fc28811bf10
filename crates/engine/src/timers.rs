//! Cancel-all-after: timers that cancel an account's orders unless it keeps saying that it is alive.

use crate::engine::Answer;
use crate::{Engine, EventBuffer, shape};
use std::collections::{BTreeMap, BTreeSet};
use tickyard_types::{AccountId, CancelAllAfter, CancelSource, EventKind, Refusal, Tag, TimerChanged};

/// Most timers with a tag that an account may have. Source: OKX v5, POST /api/v5/trade/cancel-all-after, "tag".
const MAX_TAGS: usize = 20;

/// The tag of the timer that cancels all orders.
const NO_TAG: Tag = [0; 16];

/// Armed timers, each by its deadline and by its name.
#[derive(Clone, Debug)]
pub(crate) struct Timers {
    by_deadline: BTreeSet<(u64, AccountId, Tag)>,
    by_name: BTreeMap<(AccountId, Tag), u64>,
    /// The earliest deadline, beside the set because every command asks.
    earliest_ns: u64,
}

impl Default for Timers {
    fn default() -> Self {
        Self { by_deadline: BTreeSet::new(), by_name: BTreeMap::new(), earliest_ns: u64::MAX }
    }
}

impl Timers {
    /// The earliest deadline, in ms.
    pub(crate) fn next_ms(&self) -> Option<u64> {
        self.by_deadline.first().map(|&(deadline_ms, ..)| deadline_ms)
    }

    /// Every armed timer, by deadline, then account, then tag.
    pub(crate) fn armed(&self) -> impl ExactSizeIterator<Item = &(u64, AccountId, Tag)> {
        self.by_deadline.iter()
    }

    /// Sets a timer's deadline, whether it was armed before or not.
    pub(crate) fn arm(&mut self, account: AccountId, tag: Tag, deadline_ms: u64) {
        self.disarm(account, tag);
        self.by_name.insert((account, tag), deadline_ms);
        self.by_deadline.insert((deadline_ms, account, tag));
        self.earliest_ns = self.earliest_ns.min(deadline_ms.saturating_mul(1_000_000));
    }

    /// Whether there is room for this timer of the account.
    pub(crate) fn has_room(&self, account: AccountId, tag: Tag) -> bool {
        let tagged =
            self.by_name.range((account, NO_TAG)..=(account, [u8::MAX; 16])).filter(|((_, tag), _)| *tag != NO_TAG);
        tag == NO_TAG || self.by_name.contains_key(&(account, tag)) || tagged.count() < MAX_TAGS
    }

    /// Takes a timer away; false when it was not armed.
    fn disarm(&mut self, account: AccountId, tag: Tag) -> bool {
        let Some(deadline_ms) = self.by_name.remove(&(account, tag)) else { return false };
        let was_armed = self.by_deadline.remove(&(deadline_ms, account, tag));
        self.earliest_ns = self.next_ms().map_or(u64::MAX, |ms| ms.saturating_mul(1_000_000));
        was_armed
    }

    /// Takes the earliest timer away if it is due.
    fn take_due(&mut self, now_ms: u64) -> Option<(AccountId, Tag)> {
        let &(deadline_ms, account, tag) = self.by_deadline.first()?;
        (deadline_ms <= now_ms && self.disarm(account, tag)).then_some((account, tag))
    }
}

impl Engine {
    /// Arms, re-arms or disarms a timer. Answers with the time at which it fires.
    pub(crate) fn cancel_all_after(
        &mut self,
        timer: &CancelAllAfter,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let account = timer.header.account;
        self.checked(&timer.header, |engine| {
            shape::cancel_all_after(timer)?;
            engine.accounts.user(account)?;
            let has_room = timer.timeout_ms == 0 || engine.timers.has_room(account, timer.tag);
            if has_room { Ok(()) } else { Err(Refusal::TooManyTimers) }
        })?;

        if timer.timeout_ms == 0 {
            if self.timers.disarm(account, timer.tag) {
                self.tell_timer(account, timer.tag, 0, None, events);
            }
            return Ok(Answer::value(0));
        }
        let trigger_ms = self.time_ns / 1_000_000 + timer.timeout_ms;
        self.timers.arm(account, timer.tag, trigger_ms);
        self.tell_timer(account, timer.tag, trigger_ms, None, events);
        Ok(Answer::value(trigger_ms))
    }

    /// Fires every timer that is due by now, by deadline, then account, then tag.
    pub(crate) fn fire_due_timers(&mut self, events: &mut EventBuffer) {
        if self.time_ns < self.timers.earliest_ns {
            // Nearly always there is nothing to do.
            return;
        }
        while let Some((account, tag)) = self.timers.take_due(self.time_ns / 1_000_000) {
            let only = (tag != NO_TAG).then_some(tag);
            let canceled = self.cancel_all(account, None, only, CancelSource::CancelAllAfter, events);
            self.tell_timer(account, tag, 0, Some(canceled), events);
        }
    }

    /// Tells what became of a timer; `fired` is the number of orders that it cancelled.
    fn tell_timer(
        &mut self,
        account: AccountId,
        tag: Tag,
        trigger_ms: u64,
        fired: Option<u32>,
        events: &mut EventBuffer,
    ) {
        self.touch_account(account);
        let header = events.header(EventKind::TimerChanged);
        events.push(&TimerChanged {
            header,
            trigger_ms,
            tag,
            account,
            canceled: fired.unwrap_or(0),
            has_fired: u8::from(fired.is_some()),
            reserved: [0; 7],
        });
    }
}
