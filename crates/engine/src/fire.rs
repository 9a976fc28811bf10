//! What trades set off: trigger orders fire, and attached ones come to life.
//!
//! A trade only notes what its price reaches. What was noted is carried out after the command, oldest first, and no
//! more than [`TASKS`] of it; what remains waits at the head of the agenda, in the state, and [`Engine::next_deadline_ns`]
//! says that it is due, so that the host goes on with it at once. So no command does more than its own work and a
//! bounded number of orders' more, however many stops one trade sets off and whatever these set off in turn.

use crate::engine::market_index;
use crate::market::Market;
use crate::place::Cause;
use crate::trigger::{PriceEvent, Trigger};
use crate::trigger_life::End;
use crate::triggers::{Source, Task};
use crate::watch::Part;
use crate::{Engine, EventBuffer};
use tickyard_book::Slot;
use tickyard_types::{
    InstrumentId, Leg, OrderId, OrderType, PlaceOrder, Refusal, Side, TradeId, TriggerKind, TriggerState,
};

/// How much of the agenda is carried out after one command.
const TASKS: usize = 8;

impl Engine {
    /// Notes what the newest trade of an instrument reaches.
    #[cold]
    pub(crate) fn note_reached(&mut self, instrument: InstrumentId) {
        let market = &mut self.markets[market_index(instrument)];
        let by = market.last;
        for (serial, part, extreme) in market.watch.hear(by.price) {
            if part == Part::Activation {
                self.activate(serial, by.price);
            } else {
                self.triggers.agenda.push_back(Task::Fire { serial, part, extreme, by });
            }
        }
    }

    /// A trailing stop begins to follow.
    fn activate(&mut self, serial: u64, price: i64) {
        let Some(trigger) = self.triggers.get(serial).copied() else { return };
        let market = &mut self.markets[market_index(trigger.instrument)];
        market.watch.follow(trigger.side, price, trigger.distance(), serial);
        self.triggers.put(Trigger { follows: 1, ..trigger });
    }

    /// An order of which trigger orders know has ended.
    #[cold]
    pub(crate) fn unlink(&mut self, slot: Slot) {
        let order_id = self.orders[slot].id();
        let record = &self.records[slot as usize];
        let (flags, filled) = (record.flags, record.filled);
        if flags & PlaceOrder::TRIGGERED != 0 {
            self.triggers.sources.remove(&order_id);
        }
        if flags & PlaceOrder::ATTACHED != 0 {
            self.triggers.agenda.push_back(Task::Release { parent: order_id, filled });
        }
    }

    /// Carries out what was set off, as far as one command goes.
    #[inline]
    pub(crate) fn work_off(&mut self, events: &mut EventBuffer) {
        if !self.triggers.agenda.is_empty() {
            self.carry_agenda(events);
        }
    }

    #[cold]
    fn carry_agenda(&mut self, events: &mut EventBuffer) {
        for _ in 0..TASKS {
            let Some(task) = self.triggers.next_task() else { return };
            self.triggers.agenda.pop_front();
            match task {
                Task::Fire { serial, part, extreme, by } => self.fire(serial, part, extreme, by, events),
                Task::Release { parent, filled } => self.release_attached(parent, filled, events),
            }
        }
        self.triggers.next_task();
    }

    /// A trigger order fires: it ends, and its order is placed, or was refused.
    fn fire(&mut self, serial: u64, part: Part, extreme: i64, by: PriceEvent, events: &mut EventBuffer) {
        let Some(trigger) = self.triggers.get(serial).copied() else { return };
        let leg = trigger.leg(part);
        let mut order = trigger.order(leg);
        let mut order_price = leg.price;
        if order.order_type != OrderType::Market {
            // A stop that was refused now would leave its owner without it.
            order_price = self.markets[market_index(order.instrument)].within_bounds(order.side, order.price);
            order.price = order_price;
        }
        let checked = self.checked(&order.header, |engine| {
            engine.check_place(&order).map(|checked| (order, checked)).or_else(|refusal| {
                let shrunk = engine.shrunk(&order, refusal)?;
                engine.check_place(&shrunk).map(|checked| (shrunk, checked))
            })
        });
        let mut end = End {
            leg: if part == Part::Second { 2 } else { 1 },
            order_size: order.size,
            order_price,
            by,
            extreme,
            ..End::default()
        };
        match checked {
            Err(refusal) => {
                end.failure = refusal.number();
                self.end_trigger(&trigger, TriggerState::Failed, &end, events);
            }
            Ok((mut order, checked)) => {
                order.header.flags |= PlaceOrder::TRIGGERED
                    | match trigger.kind {
                        TriggerKind::Conditional | TriggerKind::OneCancelsOther => PlaceOrder::BY_LEG,
                        TriggerKind::Trailing => PlaceOrder::BY_TRAILING,
                        TriggerKind::Plain => 0,
                    };
                (end.order_id, end.order_size) = (checked.order_id(), checked.size());
                self.end_trigger(&trigger, TriggerState::Effective, &end, events);
                let source = Source { trigger_id: trigger.id, client_id: trigger.client_id };
                self.carry_placed(&order, checked, Cause::Trigger(source), events);
            }
        }
    }

    /// A limit order that the account cannot pay whole, as large as it can.
    ///
    /// Nothing was frozen for a trigger order, so its size gives way when it fires, as a market order's does.
    fn shrunk(&self, order: &PlaceOrder, refusal: Refusal) -> Result<PlaceOrder, Refusal> {
        let market = self.market(order.instrument)?;
        let is_short = refusal == Refusal::InsufficientBalance && order.order_type != OrderType::Market;
        let account = order.header.account;
        let seat = self.seats.find(&self.accounts.user(account)?.seats, order.instrument);
        let lots =
            self.available_to(market, account, order.side, seat) / market.held(order.side, order.price.max(1), 1);
        match i64::try_from(lots) {
            Ok(size) if is_short && size > 0 => Ok(PlaceOrder { size, ..*order }),
            _ => Err(refusal),
        }
    }

    /// The order of attached trigger orders has ended: they live for what was filled, or end with it.
    fn release_attached(&mut self, parent: OrderId, filled: i64, events: &mut EventBuffer) {
        let mut left = filled;
        for trigger in self.triggers.attached_to(parent) {
            let has_stop_only = !trigger.legs[Leg::TAKE_PROFIT].is_there();
            let size = match trigger.size {
                0 => filled,
                part => part.min(if has_stop_only { filled } else { left }),
            };
            if size == 0 {
                // It has never lived, which the size tells.
                let nothing = Trigger { size: 0, ..trigger };
                self.end_trigger(&nothing, TriggerState::Canceled, &End::default(), events);
                continue;
            }
            left -= if trigger.size == 0 || has_stop_only { 0 } else { size };
            self.come_to_life(&trigger, size, events);
        }
    }

    fn come_to_life(&mut self, attached: &Trigger, size: i64, events: &mut EventBuffer) {
        let live = Trigger { state: TriggerState::Live, size, updated_ns: self.time_ns, ..*attached };
        self.triggers.put(live);
        self.start_waiting(&live);
        self.tell_trigger(&live, TriggerState::Live, &End::default(), None, events);
        let market = &mut self.markets[market_index(live.instrument)];
        let by = market.last;
        if let Some(part) = reached(market, &live) {
            // It fires by the last trade, and waits for that price no more.
            for (price, from, _) in live.waits().filter(|wait| wait.2 == part) {
                market.watch.forget(price, from, live.serial(), part);
            }
            self.triggers.agenda.push_back(Task::Fire { serial: live.serial(), part, extreme: 0, by });
        }
    }
}

/// What of a take-profit and stop-loss the last trade has reached before they came to life.
fn reached(market: &Market, trigger: &Trigger) -> Option<Part> {
    if market.last.trade == TradeId(0)
        || !matches!(trigger.kind, TriggerKind::Conditional | TriggerKind::OneCancelsOther)
    {
        return None;
    }
    let last = market.last.price;
    let [first, second] = trigger.legs;
    let (is_above, is_below) = match trigger.side {
        Side::Sell => (last >= first.trigger, last <= second.trigger),
        Side::Buy => (last <= first.trigger, last >= second.trigger),
    };
    match (first.is_there() && is_above, second.is_there() && is_below) {
        (true, _) => Some(Part::First),
        (_, true) => Some(Part::Second),
        _ => None,
    }
}
