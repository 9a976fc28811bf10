//! Placing an order.

use crate::account::{Account, MAX_ORDERS, MAX_ORDERS_IN_INSTRUMENT, NO_ORDER};
use crate::client_index::Name;
use crate::engine::{Answer, market_index};
use crate::order::{LastTrade, OrderRecord};
use crate::seat::{Seat, SeatId};
use crate::survey::Survey;
use crate::taker::{Quantity, Stop, Taker};
use crate::triggers::{Source, Task};
use crate::{Engine, EventBuffer, shape};
use tickyard_book::Slot;
use tickyard_types::{
    AccountId, Attachment, CancelSource, EventKind, OrderAccepted, OrderClosed, OrderId, OrderState, OrderType,
    PlaceOrder, Refusal, SelfTrade, TriggerId,
};

/// What an order has to do with trigger orders.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cause<'a> {
    /// Nothing: a user placed it.
    User,
    /// One placed it.
    Trigger(Source),
    /// These wait for its fill.
    Attached(&'a [Attachment]),
}

/// An order that can be placed.
pub(crate) struct Checked {
    entry: Entry,
    seat: Option<SeatId>,
    /// Its size, in its own unit, as far as the money reaches.
    size: i64,
    /// It may rest, and meets nobody.
    rests_untouched: bool,
}

impl Checked {
    /// The id that it will have.
    pub(crate) const fn order_id(&self) -> OrderId {
        self.entry.id
    }

    /// The size with which it will be accepted.
    pub(crate) const fn size(&self) -> i64 {
        self.size
    }
}

/// What an order is when it comes to the book.
struct Entry {
    /// Names the slot that it will take, too.
    id: OrderId,
    /// The master of its account.
    owner: AccountId,
    /// The worst price at which it may trade, in ticks.
    limit: i64,
    self_trade: SelfTrade,
    name: Name,
}

impl Engine {
    /// Places an order: checks it, matches it, and rests or cancels what is left.
    ///
    /// Nothing is changed before the last check has passed, so a refusal leaves no trace. What the book decides
    /// (post-only would take, fill-or-kill cannot be filled, self-trade) is accepted and then cancelled.
    pub(crate) fn place(&mut self, order: &PlaceOrder, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let checked = self.checked(&order.header, |engine| engine.check_place(order))?;
        let order_id = checked.order_id();
        self.carry_placed(order, checked, Cause::User, events);
        Ok(Answer { order_id, client_id: order.client_id, value: 0 })
    }

    /// Places an order that was checked. From here on nothing is refused.
    #[inline]
    pub(crate) fn carry_placed(
        &mut self,
        order: &PlaceOrder,
        checked: Checked,
        cause: Cause<'_>,
        events: &mut EventBuffer,
    ) {
        let Checked { entry, seat, size, rests_untouched } = checked;
        let id = order.header.account;
        self.serial += 1;
        let seat = seat.unwrap_or_else(|| self.take_seat(id, order.instrument));
        self.touch_account(id);
        let header = events.header(EventKind::OrderAccepted);
        events.push(&OrderAccepted {
            header,
            order_id: entry.id,
            account: id,
            instrument: order.instrument,
            price: if order.order_type == OrderType::Market { 0 } else { entry.limit },
            size,
            side: order.side,
            order_type: order.order_type,
            trade_mode: order.trade_mode,
            self_trade: entry.self_trade,
            flags: order.header.flags,
            reserved: [0; 3],
            client_id: order.client_id,
            tag: order.tag,
            trigger_id: if let Cause::Trigger(source) = cause { source.trigger_id } else { TriggerId(0) },
            reserved2: [0; 8],
        });
        match cause {
            Cause::User => {}
            Cause::Trigger(source) if may_rest(order.order_type) => {
                self.triggers.sources.insert(entry.id, source);
            }
            Cause::Trigger(_) => {}
            Cause::Attached(attachments) => self.attach(order, entry.id, attachments, events),
        }
        if rests_untouched {
            // The usual way: it meets nobody.
            self.enter(order, seat, &entry, size);
            self.rest(entry.id.slot(), order.side);
        } else {
            self.meet_the_book(order, seat, &entry, size, events);
        }
    }

    /// Whether an order can be placed, and how.
    pub(crate) fn check_place(&self, order: &PlaceOrder) -> Result<Checked, Refusal> {
        shape::place(order)?;
        let id = order.header.account;
        let account = self.accounts.user(id)?;
        let self_trade = account.resolved(order.self_trade);
        shape::fill_or_kill_may(order.order_type, self_trade)?;
        let market = self.market(order.instrument)?;
        let limit = market.accepts(order, self.time_ns)?;
        let name = Name::of(id, &order.client_id);
        if self.find_name(name, id, &order.client_id).is_some() {
            return Err(Refusal::ClientIdInUse);
        }
        let seat = self.seats.find(&account.seats, order.instrument);
        let slot = self.has_room(order, account, seat)?;
        if may_rest(order.order_type) {
            market.has_room(order.side, order.size)?;
        }
        let entry = Entry { id: OrderId::new(self.serial + 1, slot), owner: account.master, limit, self_trade, name };
        let size = match order.order_type {
            OrderType::Market => self.affordable_size(market, order, seat, self.survey_for(order, &entry))?,
            _ => self.covers_order(market, order, seat, limit)?,
        };
        let rests_untouched = may_rest(order.order_type) && !market.book.crosses(order.side, limit);
        Ok(Checked { entry, seat, size, rests_untouched })
    }

    /// What becomes of an order that may not rest, or may trade.
    #[inline(never)]
    fn meet_the_book(&mut self, order: &PlaceOrder, seat: SeatId, entry: &Entry, size: i64, events: &mut EventBuffer) {
        let Seat { base_row, quote_row, account, .. } = self.seats[seat];
        let mut taker = Taker {
            id: entry.id,
            account,
            owner: entry.owner,
            instrument: order.instrument,
            side: order.side,
            limit: entry.limit,
            self_trade: entry.self_trade,
            base_row,
            quote_row,
            rate_ppb: self.rates(&self.accounts[account]).taker_ppb,
            left: wanted(order, size),
            filled: 0,
            cost: 0,
            fee_total: 0,
            last: LastTrade::default(),
        };
        if let Some(source) = self.verdict(order, entry) {
            self.triggers.sources.remove(&entry.id);
            tell_closed(&taker, size, OrderState::Canceled, source, events);
        } else if may_rest(order.order_type) {
            self.enter(order, seat, entry, size);
            return self.match_and_rest(&mut taker, events);
        } else {
            let stop = self.match_taker(&mut taker, events);
            end_at_once(&taker, size, stop, events);
        }
        // It never lived in the book, so nothing else tells its end.
        if order.header.flags & PlaceOrder::ATTACHED != 0 {
            self.triggers.agenda.push_back(Task::Release { parent: entry.id, filled: taker.filled });
        }
    }

    fn survey_for(&self, order: &PlaceOrder, entry: &Entry) -> Survey {
        let &Entry { owner, limit, self_trade, .. } = entry;
        let wanted = wanted(order, order.size);
        Survey { side: order.side, limit, owner, self_trade, wanted, means: Quantity::UNLIMITED }
    }

    /// Whether the account and the slab have room for one more order; returns the slot it will take.
    fn has_room(&self, order: &PlaceOrder, account: &Account, seat: Option<SeatId>) -> Result<Slot, Refusal> {
        let slot = self.orders.next_slot().ok_or(Refusal::TooManyOrders)?;
        if !may_rest(order.order_type) {
            return Ok(slot);
        }
        if account.orders >= MAX_ORDERS {
            return Err(Refusal::TooManyOrders);
        }
        if seat.is_some_and(|seat| self.seats[seat].orders >= MAX_ORDERS_IN_INSTRUMENT) {
            return Err(Refusal::TooManyOrdersInInstrument);
        }
        Ok(slot)
    }

    /// Why an order that was accepted is cancelled before it meets the book, if it is.
    fn verdict(&self, order: &PlaceOrder, entry: &Entry) -> Option<CancelSource> {
        let market = &self.markets[market_index(order.instrument)];
        match order.order_type {
            OrderType::PostOnly => market.book.crosses(order.side, entry.limit).then_some(CancelSource::PostOnly),
            OrderType::FillOrKill => match self.survey(market, self.survey_for(order, entry)).stop {
                Stop::Filled => None,
                Stop::Exhausted | Stop::LessThanLot => Some(CancelSource::FillOrKill),
                Stop::OwnOrder => Some(CancelSource::SelfTrade),
                Stop::TooManyMatches => Some(CancelSource::TooManyMatches),
            },
            OrderType::Market | OrderType::Limit | OrderType::ImmediateOrCancel => None,
        }
    }

    /// Makes an order that may rest a live one.
    fn enter(&mut self, order: &PlaceOrder, seat: SeatId, entry: &Entry, size: i64) {
        let id = self.orders.insert(entry.id.serial(), entry.owner, size);
        assert_eq!(id, Some(entry.id), "Invariant: an order takes the slot that it was promised");
        let slot = entry.id.slot();
        if slot as usize == self.records.len() {
            self.records.push(OrderRecord::VACANT);
        }
        let Seat { base_row, quote_row, .. } = self.seats[seat];
        // Written where it stays, so that it is not put together elsewhere first.
        self.records[slot as usize] = OrderRecord {
            cost: 0,
            fee_total: 0,
            rebate_total: 0,
            price: entry.limit,
            size,
            filled: 0,
            base_row,
            quote_row,
            seat,
            older: NO_ORDER,
            newer: NO_ORDER,
            order_type: order.order_type,
            trade_mode: order.trade_mode,
            self_trade: entry.self_trade,
            flags: order.header.flags,
            client_id: order.client_id,
            tag: order.tag,
            created_ns: self.time_ns,
            updated_ns: self.time_ns,
            last: LastTrade::default(),
        };
        self.admit(slot, entry.name);
    }

    /// Lets a live order that is in no book take what it can, and rests what is left.
    pub(crate) fn match_and_rest(&mut self, taker: &mut Taker, events: &mut EventBuffer) {
        let slot = taker.id.slot();
        let before = taker.filled;
        let stop = match self.markets[market_index(taker.instrument)].book.crosses(taker.side, taker.limit) {
            true => self.match_taker(taker, events),
            false => Stop::Exhausted,
        };
        if taker.filled != before {
            let record = &mut self.records[slot as usize];
            (record.filled, record.cost, record.fee_total) = (taker.filled, taker.cost, taker.fee_total);
            record.last = taker.last;
            if stop == Stop::Exhausted {
                self.orders.resize(slot, taker.left.number());
            }
        }
        if stop == Stop::Exhausted {
            return self.rest(slot, taker.side);
        }
        let size = self.records[slot as usize].size;
        self.retire(slot);
        end_at_once(taker, size, stop, events);
    }
}

/// Tells what becomes of an order that rests nowhere. One that is filled was told so by its last trade.
fn end_at_once(taker: &Taker, size: i64, stop: Stop, events: &mut EventBuffer) {
    let (state, source) = match stop {
        Stop::Filled => return,
        Stop::LessThanLot if taker.filled > 0 => (OrderState::Filled, CancelSource::System),
        Stop::LessThanLot | Stop::Exhausted => (OrderState::Canceled, CancelSource::ImmediateOrCancel),
        Stop::OwnOrder => (OrderState::Canceled, CancelSource::SelfTrade),
        Stop::TooManyMatches => (OrderState::Canceled, CancelSource::TooManyMatches),
    };
    tell_closed(taker, size, state, source, events);
}

fn tell_closed(taker: &Taker, size: i64, state: OrderState, source: CancelSource, events: &mut EventBuffer) {
    let header = events.header(EventKind::OrderClosed);
    events.push(&OrderClosed {
        header,
        order_id: taker.id,
        account: taker.account,
        instrument: taker.instrument,
        filled: taker.filled,
        size,
        state,
        source,
        reserved: [0; 38],
    });
}

/// Whether what is left of such an order waits in the book.
const fn may_rest(order_type: OrderType) -> bool {
    matches!(order_type, OrderType::Limit | OrderType::PostOnly)
}

/// A size in the order's own unit.
const fn wanted(order: &PlaceOrder, size: i64) -> Quantity {
    match order.header.flags & PlaceOrder::SIZE_IN_QUOTE {
        0 => Quantity::Lots(size),
        _ => Quantity::Notional(size),
    }
}
