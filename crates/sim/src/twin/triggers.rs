//! Trigger orders, in the most obvious code: every trade is shown to each of them.

use super::{Order, Outcome, Told, Twin};
use tickyard_types::{
    AmendTrigger, Attachment, CancelTrigger, ClientId, CommandHeader, CommandKind, Leg, OrderType, Origin, PlaceOrder,
    PlaceOrderAttached, PlaceTrigger, Refusal, SelfTrade, Side, Tag, TradeMode, TriggerKind, TriggerState,
};

/// How many things that were set off are carried out after a command.
const JOBS: usize = 8;

/// A trigger order that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    serial: u64,
    account: u32,
    instrument: u32,
    /// Serial of its order while it is attached, and after.
    parent: u64,
    state: TriggerState,
    kind: TriggerKind,
    side: Side,
    order_type: OrderType,
    stp: SelfTrade,
    flags: u8,
    size: i64,
    legs: [Leg; 2],
    ratio: i64,
    spread: i64,
    active: i64,
    /// A plain one is reached by a rise.
    rises: bool,
    /// A trailing one has seen this best price; 0 before its activation.
    extreme: i64,
    /// It is about to fire.
    is_due: bool,
    client_id: ClientId,
    tag: Tag,
}

/// What was set off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    Fire { serial: u64, leg: usize, trade: u64, price: i64 },
    Release { parent: u64, filled: i64 },
}

/// The newest trade of an instrument: number, price.
pub(crate) type Last = (u64, i64);

/// How a trigger order ended, as far as its order goes.
#[derive(Clone, Copy, Debug, Default)]
struct Fired {
    order: u64,
    size: i64,
    price: i64,
    leg: u8,
    by: Last,
    failure: u16,
}

impl Trigger {
    /// The price behind the best one at which a trailing one fires.
    fn behind(&self) -> i64 {
        let best = i128::from(self.extreme);
        let by_ratio = best * i128::from(self.ratio);
        let distance = match self.spread {
            // As far as the ratio says, and a part of a tick more where it says a part of one.
            0 => (by_ratio + 999_999_999) / 1_000_000_000,
            ticks => i128::from(ticks),
        };
        let price = if self.side == Side::Sell { best - distance } else { best + distance };
        price.min(i128::from(i64::MAX)) as i64
    }

    /// Which leg a price reaches, if it does; a trailing one has seen the price.
    fn reached(&self, price: i64) -> Option<usize> {
        let [first, second] = self.legs;
        let sells = self.side == Side::Sell;
        let is_at =
            |trigger: i64, by_rise: bool| trigger != 0 && if by_rise { price >= trigger } else { price <= trigger };
        match self.kind {
            TriggerKind::Plain => is_at(first.trigger, self.rises).then_some(0),
            TriggerKind::Trailing if self.extreme == 0 => None,
            TriggerKind::Trailing if sells => (price <= self.behind()).then_some(0),
            TriggerKind::Trailing => (price >= self.behind()).then_some(0),
            _ if is_at(first.trigger, sells) => Some(0),
            _ => is_at(second.trigger, !sells).then_some(1),
        }
    }

    fn leg(&self, leg: usize) -> Leg {
        if self.kind == TriggerKind::Trailing { Leg { trigger: 0, price: Leg::MARKET } } else { self.legs[leg] }
    }

    fn order(&self, leg: Leg) -> PlaceOrder {
        let is_market = leg.price == Leg::MARKET;
        PlaceOrder {
            header: CommandHeader {
                kind: CommandKind::PlaceOrder,
                flags: if is_market { self.flags } else { 0 },
                reserved: [0; 2],
                account: tickyard_types::AccountId(self.account),
                origin: Origin::default(),
            },
            instrument: tickyard_types::InstrumentId(self.instrument),
            side: self.side,
            order_type: if is_market { OrderType::Market } else { self.order_type },
            trade_mode: TradeMode::Cash,
            self_trade: self.stp,
            price: if is_market { 0 } else { leg.price },
            size: self.size,
            expires_at_ms: 0,
            client_id: [0; 32],
            tag: self.tag,
            reserved: [0; 24],
        }
    }
}

impl Twin {
    /// An account's trigger orders as an event would tell them. One that is about to fire follows no price any more.
    #[must_use]
    pub fn triggers(&self, account: u32) -> Vec<Told> {
        let own = self.triggers.values().filter(|trigger| trigger.account == account);
        let now = own.map(|trigger| match trigger.is_due {
            true => Trigger { extreme: 0, ..trigger.clone() },
            false => trigger.clone(),
        });
        now.map(|trigger| told(&trigger, trigger.state, Fired::default(), false)).collect()
    }

    pub(super) fn place_trigger(&mut self, place: &PlaceTrigger) -> Outcome {
        let id = place.header.account.0;
        self.user(id)?;
        self.listing(place.instrument.0)?;
        let last = self.last(place.instrument.0);
        let follows = place.kind == TriggerKind::Trailing && place.active_price == 0;
        let trigger = Trigger {
            serial: self.serial + 1,
            account: id,
            instrument: place.instrument.0,
            parent: 0,
            state: TriggerState::Live,
            kind: place.kind,
            side: place.side,
            order_type: place.order_type,
            stp: place.self_trade,
            flags: place.header.flags,
            size: place.size,
            legs: place.legs,
            ratio: place.callback_ratio_ppb,
            spread: place.callback_spread,
            active: place.active_price,
            rises: place.legs[0].trigger > last.1,
            extreme: if follows { last.1 } else { 0 },
            is_due: false,
            client_id: place.client_id,
            tag: place.tag,
        };
        self.would_be_taken(&trigger)?;
        self.is_name_free(id, &place.client_id)?;
        let class = |kind| match kind {
            TriggerKind::Conditional | TriggerKind::OneCancelsOther => 100,
            TriggerKind::Plain => 500,
            TriggerKind::Trailing => 50,
        };
        let alike = self.triggers.values().filter(|other| {
            (other.account, other.instrument, other.state) == (id, place.instrument.0, TriggerState::Live)
                && class(other.kind) == class(place.kind)
        });
        if alike.count() >= class(place.kind) {
            return Err(Refusal::TooManyTriggers);
        }
        is_ahead(&trigger, last)?;
        self.serial += 1;
        self.told.push(told(&trigger, TriggerState::Live, Fired::default(), false));
        let answer = Ok((trigger.serial, 0, trigger.client_id));
        self.triggers.insert(trigger.serial, trigger);
        answer
    }

    pub(super) fn cancel_trigger(&mut self, cancel: &CancelTrigger) -> Outcome {
        let id = cancel.header.account.0;
        self.user(id)?;
        self.listing(cancel.instrument.0)?;
        let found = self.find_trigger(id, cancel.instrument.0, cancel.trigger_id.serial(), &cancel.client_id);
        let trigger = found.filter(|trigger| trigger.state == TriggerState::Live).ok_or(Refusal::TriggerNotFound)?;
        if trigger.is_due {
            return Err(Refusal::TriggerFired);
        }
        self.end_trigger(&trigger, TriggerState::Canceled, Fired::default());
        Ok((trigger.serial, 0, trigger.client_id))
    }

    pub(super) fn amend_trigger(&mut self, amend: &AmendTrigger) -> Outcome {
        let id = amend.header.account.0;
        self.user(id)?;
        super::orders::is_open(&self.listing(amend.instrument.0)?)?;
        let found = self.find_trigger(id, amend.instrument.0, amend.trigger_id.serial(), &amend.client_id);
        let old = found.ok_or(Refusal::TriggerNotFound)?;
        let is_live = old.state == TriggerState::Live;
        if is_live && old.is_due {
            return Err(Refusal::TriggerFired);
        }
        match self.changed(&old, amend) {
            Ok(new) => {
                self.told.push(told(&new, new.state, Fired::default(), true));
                self.triggers.insert(new.serial, new);
            }
            Err(_) if is_live && amend.header.flags & AmendTrigger::CANCEL_ON_FAIL != 0 => {
                self.end_trigger(&old, TriggerState::Canceled, Fired::default());
            }
            Err(refusal) => return Err(refusal),
        }
        Ok((old.serial, 0, old.client_id))
    }

    fn changed(&self, old: &Trigger, amend: &AmendTrigger) -> Result<Trigger, Refusal> {
        let mut new = old.clone();
        if amend.size != 0 {
            new.size = amend.size;
        }
        for at in 0..2 {
            let change = amend.legs[at];
            if change.trigger == AmendTrigger::DROP_LEG {
                new.legs[at] = Leg::NONE;
                continue;
            }
            if change.trigger != 0 {
                new.legs[at].trigger = change.trigger;
            }
            if change.price != 0 {
                new.legs[at].price = change.price;
            }
        }
        if old.kind == TriggerKind::Trailing {
            return Err(Refusal::TriggerNotAmendable);
        }
        if old.kind != TriggerKind::Plain {
            let both = new.legs[0].trigger != 0 && new.legs[1].trigger != 0;
            new.kind = if both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional };
        }
        super::shape::legs(new.kind, new.legs)?;
        if new.state == TriggerState::Attached {
            self.accepts_legs(new.instrument, &new.legs)?;
            return Ok(new);
        }
        let last = self.last(new.instrument);
        new.rises = new.legs[0].trigger > last.1;
        self.would_be_taken(&new)?;
        is_ahead(&new, last)?;
        Ok(new)
    }

    /// An order with others that wait for its fill.
    pub(super) fn place_attached(&mut self, place: &PlaceOrderAttached) -> Outcome {
        let mut rehearsal = self.clone();
        rehearsal.place(&place.order)?;
        let used: Vec<&Attachment> = place.attachments.iter().filter(|attachment| attachment.is_there()).collect();
        for attachment in &used {
            self.accepts_legs(place.order.instrument.0, &attachment.legs)?;
            let namesakes = used.iter().filter(|other| other.client_id == attachment.client_id).count();
            if attachment.client_id != [0; 32] && namesakes > 1 {
                return Err(Refusal::TriggerIdInUse);
            }
            self.is_name_free(place.order.header.account.0, &attachment.client_id)?;
        }
        let best = self.best(place.order.instrument.0, place.order.side.opposite());
        if let Some(best) = best.filter(|_| place.order.order_type == OrderType::Market) {
            let buys = place.order.side == Side::Buy;
            let is_beyond = |price: i64| price == 0 || if buys { price > best } else { price < best };
            let is_behind = |price: i64| price == 0 || if buys { price < best } else { price > best };
            for attachment in &used {
                if !is_beyond(attachment.legs[0].trigger) {
                    return Err(Refusal::TakeProfitReached);
                }
                if !is_behind(attachment.legs[1].trigger) {
                    return Err(Refusal::StopLossReached);
                }
            }
        }
        self.place_with(&place.order, &place.attachments)
    }

    /// What is attached to an order that was accepted.
    pub(super) fn attach(&mut self, order: &PlaceOrder, parent: u64, attachments: &[Attachment]) {
        for attachment in attachments.iter().filter(|attachment| attachment.is_there()) {
            self.serial += 1;
            let both = attachment.legs[0].trigger != 0 && attachment.legs[1].trigger != 0;
            let trigger = Trigger {
                serial: self.serial,
                account: order.header.account.0,
                instrument: order.instrument.0,
                parent,
                state: TriggerState::Attached,
                kind: if both { TriggerKind::OneCancelsOther } else { TriggerKind::Conditional },
                side: order.side.opposite(),
                order_type: OrderType::Limit,
                stp: order.self_trade,
                flags: 0,
                size: attachment.size,
                legs: attachment.legs,
                ratio: 0,
                spread: 0,
                active: 0,
                rises: false,
                extreme: 0,
                is_due: false,
                client_id: attachment.client_id,
                tag: order.tag,
            };
            self.told.push(told(&trigger, TriggerState::Attached, Fired::default(), false));
            self.triggers.insert(trigger.serial, trigger);
        }
    }

    /// An order has ended.
    pub(super) fn is_over(&mut self, order: &Order) {
        if self
            .triggers
            .values()
            .any(|trigger| trigger.parent == order.serial && trigger.state == TriggerState::Attached)
        {
            self.jobs.push_back(Job::Release { parent: order.serial, filled: order.filled });
        }
    }

    /// Every trigger order of the instrument hears of a trade.
    pub(super) fn hear(&mut self, instrument: u32) {
        let (trade, price) = self.last(instrument);
        let hearing = self.triggers.values_mut().filter(|trigger| {
            trigger.instrument == instrument && trigger.state == TriggerState::Live && !trigger.is_due
        });
        for trigger in hearing {
            let sells = trigger.side == Side::Sell;
            if trigger.kind == TriggerKind::Trailing {
                let is_better = |than: i64| if sells { price > than } else { price < than };
                let begins = trigger.extreme == 0 && (is_better(trigger.active) || price == trigger.active);
                if begins || trigger.extreme != 0 && is_better(trigger.extreme) {
                    trigger.extreme = price;
                    continue;
                }
            }
            if let Some(leg) = trigger.reached(price) {
                trigger.is_due = true;
                self.jobs.push_back(Job::Fire { serial: trigger.serial, leg, trade, price });
            }
        }
    }

    /// Carries out what was set off, as far as one command goes.
    pub(super) fn do_jobs(&mut self) {
        for _ in 0..JOBS {
            match self.jobs.pop_front() {
                None => return,
                Some(Job::Fire { serial, leg, trade, price }) => self.fire(serial, leg, (trade, price)),
                Some(Job::Release { parent, filled }) => self.release(parent, filled),
            }
        }
    }

    fn fire(&mut self, serial: u64, leg: usize, by: Last) {
        let trigger = self.triggers.remove(&serial).expect("what fires is there");
        let at = self.told.len();
        let Leg { price, .. } = trigger.leg(leg);
        let mut order = trigger.order(trigger.leg(leg));
        let mut fired = Fired { size: order.size, price, leg: leg as u8 + 1, by, ..Fired::default() };
        let mut outcome = super::shape::place(&order).and_then(|()| self.place(&order));
        if outcome == Err(Refusal::InsufficientBalance) && order.order_type != OrderType::Market {
            let listing = self.listings[&trigger.instrument];
            let (asset, lot) = match order.side {
                Side::Buy => (listing.quote.0, i128::from(price) * self.unit(&listing)),
                Side::Sell => (listing.base.0, listing.lot),
            };
            let affordable = i64::try_from(self.free(trigger.account, asset, 0) / lot).unwrap_or(0);
            if affordable > 0 {
                order.size = affordable;
                outcome = self.place(&order);
            }
        }
        match outcome {
            Ok((serial, ..)) => {
                let Some(Told::Accepted { size, .. }) = self.told.get(at) else { panic!("it was accepted") };
                (fired.order, fired.size) = (serial, *size);
                self.told.insert(at, told(&trigger, TriggerState::Effective, fired, false));
            }
            Err(refusal) => {
                fired.failure = refusal.number();
                self.told.push(told(&trigger, TriggerState::Failed, fired, false));
            }
        }
    }

    fn release(&mut self, parent: u64, filled: i64) {
        let mut left = filled;
        let of_parent = |trigger: &&Trigger| trigger.parent == parent && trigger.state == TriggerState::Attached;
        let attached: Vec<Trigger> = self.triggers.values().filter(of_parent).cloned().collect();
        for mut trigger in attached {
            let is_part = trigger.size != 0 && trigger.legs[0].trigger != 0;
            let size = match trigger.size {
                0 => filled,
                size if is_part => size.min(left),
                size => size.min(filled),
            };
            if size == 0 {
                trigger.size = 0;
                self.end_trigger(&trigger, TriggerState::Canceled, Fired::default());
                continue;
            }
            if is_part {
                left -= size;
            }
            (trigger.state, trigger.size) = (TriggerState::Live, size);
            self.told.push(told(&trigger, TriggerState::Live, Fired::default(), false));
            let (trade, price) = self.last(trigger.instrument);
            if let Some(leg) = trigger.reached(price).filter(|_| trade != 0) {
                trigger.is_due = true;
                self.jobs.push_back(Job::Fire { serial: trigger.serial, leg, trade, price });
            }
            self.triggers.insert(trigger.serial, trigger);
        }
    }

    fn end_trigger(&mut self, trigger: &Trigger, state: TriggerState, fired: Fired) {
        self.triggers.remove(&trigger.serial);
        self.told.push(told(trigger, state, fired, false));
    }

    fn last(&self, instrument: u32) -> Last {
        self.last.get(&instrument).copied().unwrap_or_default()
    }

    fn is_name_free(&self, account: u32, name: &ClientId) -> Result<(), Refusal> {
        let mut own = self.triggers.values().filter(|trigger| trigger.account == account);
        let is_taken = *name != [0; 32] && own.any(|trigger| trigger.client_id == *name);
        if is_taken { Err(Refusal::TriggerIdInUse) } else { Ok(()) }
    }

    fn find_trigger(&self, account: u32, instrument: u32, serial: u64, name: &ClientId) -> Option<Trigger> {
        let mut own = self.triggers.values().filter(|trigger| trigger.account == account);
        let found = own.find(|trigger| if serial == 0 { trigger.client_id == *name } else { trigger.serial == serial });
        found.filter(|trigger| trigger.instrument == instrument).cloned()
    }

    /// Whether the instrument would take its orders.
    fn would_be_taken(&self, trigger: &Trigger) -> Result<(), Refusal> {
        let listing = self.listing(trigger.instrument)?;
        super::orders::is_open(&listing)?;
        for price in trigger.legs.map(|leg| leg.trigger).into_iter().chain([trigger.active]).filter(|price| *price != 0)
        {
            super::orders::accepts_price((listing.min_price, listing.max_price), price, false)?;
        }
        for leg in 0..2 {
            if trigger.leg(leg).price != 0 {
                self.price_of(&listing, &trigger.order(trigger.leg(leg)))?;
            }
        }
        Ok(())
    }

    fn accepts_legs(&self, instrument: u32, legs: &[Leg; 2]) -> Result<(), Refusal> {
        let listing = self.listing(instrument)?;
        for price in legs.iter().flat_map(|leg| [leg.trigger, leg.price]).filter(|price| *price > 0) {
            super::orders::accepts_price((listing.min_price, listing.max_price), price, false)?;
        }
        Ok(())
    }
}

fn is_ahead(trigger: &Trigger, last: Last) -> Result<(), Refusal> {
    let is_simple = matches!(trigger.kind, TriggerKind::Conditional | TriggerKind::OneCancelsOther);
    if last.0 == 0 {
        return if is_simple { Ok(()) } else { Err(Refusal::NoLastPrice) };
    }
    let sells = trigger.side == Side::Sell;
    let is_above = |price: i64| price > last.1;
    let is_below = |price: i64| price < last.1;
    let is_better = |price: i64| if sells { is_above(price) } else { is_below(price) };
    let is_worse = |price: i64| if sells { is_below(price) } else { is_above(price) };
    match trigger.kind {
        TriggerKind::Plain => Ok(()),
        TriggerKind::Trailing if trigger.active != 0 && !is_better(trigger.active) => Err(Refusal::ActivationReached),
        TriggerKind::Trailing => Ok(()),
        _ if trigger.legs[0].trigger != 0 && !is_better(trigger.legs[0].trigger) => Err(Refusal::TakeProfitReached),
        _ if trigger.legs[1].trigger != 0 && !is_worse(trigger.legs[1].trigger) => Err(Refusal::StopLossReached),
        _ => Ok(()),
    }
}

fn told(trigger: &Trigger, state: TriggerState, fired: Fired, is_amendment: bool) -> Told {
    Told::Trigger {
        serial: trigger.serial,
        parent: trigger.parent,
        state,
        kind: trigger.kind,
        size: trigger.size,
        legs: trigger.legs,
        extreme: trigger.extreme,
        order: fired.order,
        order_size: fired.size,
        order_price: fired.price,
        leg: fired.leg,
        by: fired.by,
        failure: fired.failure,
        is_amendment,
    }
}
