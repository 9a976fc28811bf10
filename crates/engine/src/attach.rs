//! Orders with trigger orders attached: placed together or not at all.

use crate::engine::Answer;
use crate::market::Market;
use crate::place::Cause;
use crate::trigger::Trigger;
use crate::trigger_life::End;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{
    Attachment, Leg, OrderId, OrderType, PlaceOrder, PlaceOrderAttached, PriceType, Refusal, Side, TriggerId,
    TriggerKind, TriggerState,
};

impl Engine {
    /// Places an order, and what comes to life when it is filled.
    pub(crate) fn place_attached(
        &mut self,
        place: &PlaceOrderAttached,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let checked = self.checked(&place.order.header, |engine| {
            shape::attachments(place)?;
            let flags = place.order.header.flags & !PlaceOrder::ATTACHED;
            let header = tickyard_types::CommandHeader { flags, ..place.order.header };
            let checked = engine.check_place(&PlaceOrder { header, ..place.order })?;
            engine.check_attachments(place)?;
            Ok(checked)
        })?;
        let id = checked.order_id();
        self.carry_placed(&place.order, checked, Cause::Attached(&place.attachments), events);
        Ok(Answer { order_id: id, client_id: place.order.client_id, value: 0 })
    }

    fn check_attachments(&self, place: &PlaceOrderAttached) -> Result<(), Refusal> {
        let account = place.order.header.account;
        let market = self.market(place.order.instrument)?;
        let attachments = || place.attachments.iter().filter(|attachment| attachment.is_there());
        for attachment in attachments() {
            accepts_legs(market, &attachment.legs)?;
            let is_twice = attachments().filter(|other| other.client_id == attachment.client_id).count() > 1;
            let has_name = attachment.client_id != [0; 32];
            if has_name && is_twice || !self.triggers.is_free(account, &attachment.client_id) {
                return Err(Refusal::TriggerIdInUse);
            }
        }
        match market.book.best(place.order.side.opposite()) {
            Some(best) if place.order.order_type == OrderType::Market => {
                attachments().try_for_each(|attachment| is_around(attachment, place.order.side, best))
            }
            _ => Ok(()),
        }
    }

    /// Enters what is attached to an order that was accepted.
    pub(crate) fn attach(
        &mut self,
        order: &PlaceOrder,
        id: OrderId,
        attachments: &[Attachment],
        events: &mut EventBuffer,
    ) {
        for attachment in attachments.iter().filter(|attachment| attachment.is_there()) {
            self.serial += 1;
            let has_both = attachment.legs.iter().all(Leg::is_there);
            let trigger = Trigger {
                id: TriggerId::new(self.serial),
                account: order.header.account,
                instrument: order.instrument,
                parent: id,
                size: attachment.size,
                legs: attachment.legs,
                callback_ratio_ppb: 0,
                callback_spread: 0,
                active_price: 0,
                created_ns: self.time_ns,
                updated_ns: self.time_ns,
                client_id: attachment.client_id,
                tag: order.tag,
                kind: if has_both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional },
                side: order.side.opposite(),
                order_type: OrderType::Limit,
                trade_mode: order.trade_mode,
                self_trade: order.self_trade,
                flags: 0,
                price_types: [PriceType::Last; 2],
                state: TriggerState::Attached,
                rises: 0,
                follows: 0,
                reserved: [0; 5],
            };
            self.triggers.put(trigger);
            self.tell_trigger(&trigger, TriggerState::Attached, &End::default(), None, events);
        }
    }
}

/// Whether the best price at which a market order meets somebody lies between a take-profit and a stop-loss of it.
const fn is_around(attachment: &Attachment, side: Side, best: i64) -> Result<(), Refusal> {
    let [take, stop] = attachment.legs;
    let (is_taken, is_stopped) = match side {
        Side::Buy => (take.trigger <= best, stop.trigger >= best),
        Side::Sell => (take.trigger >= best, stop.trigger <= best),
    };
    if take.is_there() && is_taken {
        return Err(Refusal::TakeProfitReached);
    }
    if stop.is_there() && is_stopped { Err(Refusal::StopLossReached) } else { Ok(()) }
}

/// Whether the instrument has such prices.
pub(crate) fn accepts_legs(market: &Market, legs: &[Leg; 2]) -> Result<(), Refusal> {
    for leg in legs.iter().filter(|leg| leg.is_there()) {
        market.accepts_trigger_price(leg.trigger)?;
        if leg.price != Leg::MARKET {
            market.accepts_trigger_price(leg.price)?;
        }
    }
    Ok(())
}
