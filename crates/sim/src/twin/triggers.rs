//! Trigger orders, in the most obvious code: every trade is shown to each of them.

mod attached;
mod firing;
mod owners;

pub(crate) use firing::Job;

use super::Twin;
use super::told::{header, order_id};
use crate::reader::Event;
use tickyard_types::{
    AccountId, ClientId, CommandHeader, CommandKind, EventKind, InstrumentId, Leg, OrderType, Origin, PlaceOrder,
    PriceType, Refusal, RequestId, SelfTrade, Seq, Side, Tag, TradeId, TradeMode, TriggerChanged, TriggerId,
    TriggerKind, TriggerState,
};

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
    mode: TradeMode,
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
    created_ns: u64,
    updated_ns: u64,
}

/// The newest trade of an instrument; zeros before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Last {
    pub trade: u64,
    pub price: i64,
    /// The command that made it, and its time.
    pub seq: u64,
    pub ns: u64,
}

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
                account: AccountId(self.account),
                origin: Origin::default(),
            },
            instrument: InstrumentId(self.instrument),
            side: self.side,
            order_type: if is_market { OrderType::Market } else { self.order_type },
            trade_mode: self.mode,
            self_trade: self.stp,
            price: if is_market { 0 } else { leg.price },
            size: self.size,
            expires_at_ms: 0,
            client_id: [0; 32],
            tag: self.tag,
            slippage_ppb: 0,
            reserved: [0; 16],
        }
    }
}

impl Twin {
    /// An account's trigger orders as an event would tell them, each after the time of its last change. One that is about to fire follows no price any more.
    #[must_use]
    pub fn triggers(&self, account: u32) -> Vec<(u64, Event)> {
        let own = self.triggers.values().filter(|trigger| trigger.account == account);
        let now = own.map(|trigger| match trigger.is_due {
            true => Trigger { extreme: 0, ..trigger.clone() },
            false => trigger.clone(),
        });
        now.map(|trigger| (trigger.updated_ns, told(&trigger, trigger.state, Fired::default(), None))).collect()
    }

    fn end_trigger(&mut self, trigger: &Trigger, state: TriggerState, fired: Fired) {
        self.triggers.remove(&trigger.serial);
        self.told.push(told(trigger, state, fired, None));
    }

    /// The number of an instrument's newest trade; 0 before the first.
    #[must_use]
    pub fn last_trade(&self, instrument: u32) -> u64 {
        self.last(instrument).trade
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

    fn accepts_legs(&self, instrument: u32, legs: &[Leg; 2]) -> Result<(), Refusal> {
        let listing = self.listing(instrument)?;
        for price in legs.iter().flat_map(|leg| [leg.trigger, leg.price]).filter(|price| *price > 0) {
            super::orders::accepts_price((listing.min_price, listing.max_price), price, false)?;
        }
        Ok(())
    }
}

/// With the name of the amendment that it is.
fn told(trigger: &Trigger, state: TriggerState, fired: Fired, amendment: Option<RequestId>) -> Event {
    Event::TriggerChanged(TriggerChanged {
        header: header(EventKind::TriggerChanged),
        trigger_id: TriggerId::new(trigger.serial),
        account: AccountId(trigger.account),
        instrument: InstrumentId(trigger.instrument),
        parent: order_id(trigger.parent),
        size: trigger.size,
        legs: trigger.legs,
        callback_ratio_ppb: trigger.ratio,
        callback_spread: trigger.spread,
        active_price: trigger.active,
        extreme: trigger.extreme,
        order_id: order_id(fired.order),
        order_size: fired.size,
        order_price: fired.price,
        fired_trade: TradeId(fired.by.trade),
        fired_price: fired.by.price,
        fired_seq: Seq(fired.by.seq),
        fired_ns: fired.by.ns,
        created_ns: trigger.created_ns,
        client_id: trigger.client_id,
        tag: trigger.tag,
        request_id: amendment.unwrap_or([0; 32]),
        failure: fired.failure,
        kind: trigger.kind,
        side: trigger.side,
        order_type: trigger.order_type,
        trade_mode: trigger.mode,
        state,
        fired_leg: fired.leg,
        flags: trigger.flags,
        price_types: [PriceType::Last; 2],
        is_amendment: u8::from(amendment.is_some()),
        reserved: [0; 4],
    })
}
