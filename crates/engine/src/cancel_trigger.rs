//! Cancelling a trigger order.

use crate::engine::Answer;
use crate::trigger_life::End;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{CancelTrigger, OrderId, Refusal, TriggerState};

impl Engine {
    /// Cancels a trigger order that has not fired.
    pub(crate) fn cancel_trigger(
        &mut self,
        cancel: &CancelTrigger,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let trigger = self.checked(&cancel.header, |engine| {
            shape::cancel_trigger(cancel)?;
            let account = cancel.header.account;
            engine.accounts.user(account)?;
            let market = engine.market(cancel.instrument)?;
            let found = engine.triggers.find(account, cancel.instrument, cancel.trigger_id, &cancel.client_id);
            let live = found.filter(|trigger| trigger.state == TriggerState::Live);
            let trigger = *live.ok_or(Refusal::TriggerNotFound)?;
            if trigger.is_waiting(&market.watch) { Ok(trigger) } else { Err(Refusal::TriggerFired) }
        })?;
        self.end_trigger(&trigger, TriggerState::Canceled, &End::default(), events);
        Ok(Answer { order_id: OrderId(trigger.id.0), client_id: trigger.client_id, value: 0 })
    }
}
