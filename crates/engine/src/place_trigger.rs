//! Placing a trigger order.

use crate::attach::accepts_legs;
use crate::engine::Answer;
use crate::market::Market;
use crate::trigger::Trigger;
use crate::trigger_life::End;
use crate::{Engine, EventBuffer, shape};
use tickyard_types::{
    Leg, OrderId, PlaceOrder, PlaceTrigger, Refusal, Side, TradeId, TriggerId, TriggerKind, TriggerState,
};

impl Engine {
    /// Places a trigger order. It freezes nothing and meets nobody until its price is reached.
    pub(crate) fn place_trigger(&mut self, place: &PlaceTrigger, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let trigger = self.checked(&place.header, |engine| engine.check_trigger(place))?;
        self.serial += 1;
        self.start_waiting(&trigger);
        self.triggers.put(trigger);
        self.tell_trigger(&trigger, TriggerState::Live, &End::default(), None, events);
        Ok(Answer { order_id: OrderId(trigger.id.0), client_id: trigger.client_id, value: 0 })
    }

    /// Whether a trigger order can be placed, and what it is.
    fn check_trigger(&self, place: &PlaceTrigger) -> Result<Trigger, Refusal> {
        shape::place_trigger(place)?;
        let account = place.header.account;
        self.accounts.user(account)?;
        let market = self.market(place.instrument)?;
        let last = market.last.price;
        let is_rise = place.legs[Leg::TAKE_PROFIT].trigger > last;
        let trigger = Trigger {
            id: TriggerId::new(self.serial + 1),
            account,
            instrument: place.instrument,
            parent: OrderId(0),
            size: place.size,
            legs: place.legs,
            callback_ratio_ppb: place.callback_ratio_ppb,
            callback_spread: place.callback_spread,
            active_price: place.active_price,
            created_ns: self.time_ns,
            updated_ns: self.time_ns,
            client_id: place.client_id,
            tag: place.tag,
            kind: place.kind,
            side: place.side,
            order_type: place.order_type,
            trade_mode: place.trade_mode,
            self_trade: place.self_trade,
            flags: place.header.flags,
            price_types: place.price_types,
            state: TriggerState::Live,
            rises: u8::from(place.kind == TriggerKind::Plain && is_rise),
            follows: u8::from(place.kind == TriggerKind::Trailing && place.active_price == 0),
            reserved: [0; 5],
        };
        self.accepts_trigger(market, &trigger)?;
        if !self.triggers.is_free(account, &place.client_id) {
            return Err(Refusal::TriggerIdInUse);
        }
        if !self.triggers.has_room(account, place.instrument, place.kind) {
            return Err(Refusal::TooManyTriggers);
        }
        is_ahead(market, &trigger)?;
        Ok(trigger)
    }

    /// Whether the instrument would take its orders now, and has such prices.
    pub(crate) fn accepts_trigger(&self, market: &Market, trigger: &Trigger) -> Result<(), Refusal> {
        market.is_open()?;
        accepts_legs(market, &trigger.legs)?;
        if trigger.active_price != 0 {
            market.accepts_trigger_price(trigger.active_price)?;
        }
        let trailing = Leg { trigger: 0, price: Leg::MARKET };
        let is_trailing = trigger.kind == TriggerKind::Trailing;
        let legs = trigger.legs.iter().filter(|leg| leg.is_there()).chain(is_trailing.then_some(&trailing));
        for leg in legs {
            let mut order = trigger.order(*leg);
            // What the index allows is asked when it fires: today's limits say nothing of those of that day.
            order.header.flags |= PlaceOrder::CLAMP_PRICE;
            market.accepts(&order, self.time_ns)?;
        }
        Ok(())
    }
}

/// Whether the prices of a trigger order are still to be reached. Where nothing was traded yet, a take-profit and a
/// stop-loss wait for the first trade, and nothing else can be placed.
pub(crate) fn is_ahead(market: &Market, trigger: &Trigger) -> Result<(), Refusal> {
    if market.last.trade == TradeId(0) {
        let needs_a_price = matches!(trigger.kind, TriggerKind::Plain | TriggerKind::Trailing);
        return if needs_a_price { Err(Refusal::NoLastPrice) } else { Ok(()) };
    }
    let last = market.last.price;
    // Seen from a sell; a buy is its mirror image.
    let above = |price: i64| if trigger.side == Side::Sell { price > last } else { price < last };
    let below = |price: i64| if trigger.side == Side::Sell { price < last } else { price > last };
    let [first, second] = trigger.legs;
    match trigger.kind {
        TriggerKind::Plain => Ok(()),
        TriggerKind::Trailing if trigger.active_price != 0 && !above(trigger.active_price) => {
            Err(Refusal::ActivationReached)
        }
        TriggerKind::Trailing => Ok(()),
        _ if first.is_there() && !above(first.trigger) => Err(Refusal::TakeProfitReached),
        _ if second.is_there() && !below(second.trigger) => Err(Refusal::StopLossReached),
        _ => Ok(()),
    }
}
