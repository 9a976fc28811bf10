//! Cancelling: one order, or all of an account.

use crate::account::NO_ORDER;
use crate::engine::Answer;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{AccountId, CancelOrder, CancelSource, InstrumentId, MassCancel, Refusal, Tag};

impl Engine {
    /// Cancels one order, in every state of its instrument.
    ///
    /// Another user's order, another instrument's and one that has ended are all the same: not found.
    pub(crate) fn cancel(&mut self, cancel: &CancelOrder, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let slot = self.checked(&cancel.header, |engine| {
            shape::cancel(cancel)?;
            let account = cancel.header.account;
            engine.accounts.user(account)?;
            engine.market(cancel.instrument)?;
            let slot = engine.find_order(account, cancel.instrument, cancel.order_id, &cancel.client_id);
            slot.ok_or(Refusal::OrderNotFound)
        })?;

        let (order_id, client_id) = (self.orders[slot].id(), self.records[slot as usize].client_id);
        self.close(slot, CancelSource::User, events);
        Ok(Answer { order_id, client_id, value: 0 })
    }

    /// Cancels every live order of the account, in one instrument or in all, oldest first.
    pub(crate) fn mass_cancel(&mut self, cancel: &MassCancel, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let instrument = self.checked(&cancel.header, |engine| {
            shape::mass_cancel(cancel)?;
            engine.accounts.user(cancel.header.account)?;
            match cancel.instrument {
                InstrumentId(0) => Ok(None),
                _ => Ok(Some(engine.market(cancel.instrument)?.listing.instrument)),
            }
        })?;

        let canceled = self.cancel_all(cancel.header.account, instrument, None, CancelSource::User, events);
        Ok(Answer::value(u64::from(canceled)))
    }

    /// Cancels the account's orders of an instrument or a tag or all, oldest first; returns how many.
    pub(crate) fn cancel_all(
        &mut self,
        account: AccountId,
        instrument: Option<InstrumentId>,
        tag: Option<Tag>,
        source: CancelSource,
        events: &mut EventBuffer,
    ) -> u32 {
        let mut canceled = 0;
        let mut slot = self.accounts[account].oldest_order;
        while slot != NO_ORDER {
            let record = &self.records[slot as usize];
            let next = record.newer;
            let is_of_instrument = instrument.is_none_or(|only| self.seats[record.seat].instrument == only);
            if is_of_instrument && tag.is_none_or(|only| record.tag == only) {
                self.close(slot, source, events);
                canceled += 1;
            }
            slot = next;
        }
        canceled
    }
}
