//! Amending a resting order, which keeps its id.

use crate::engine::{Answer, market_index};
use crate::market::{has_not_expired, is_clamped};
use crate::order::OrderRecord;
use crate::seat::Seat;
use crate::taker::{Quantity, Taker};
use crate::trigger::Trigger;
use crate::trigger_life::End;
use crate::{Engine, EventBuffer, shape};
use tickyard_book::Slot;
use tickyard_types::{
    AmendOrder, AmendOrderAttached, AmendResult, CancelSource, EventKind, InstrumentState, OrderAmended, OrderId,
    OrderState, OrderType, Refusal, Side, TriggerState, Wallet,
};

/// What a resting order is to become.
#[derive(Clone, Copy, Debug)]
struct Amendment {
    slot: Slot,
    side: Side,
    price: i64,
    /// Total lots, never below what is filled.
    size: i64,
}

/// What an amendment does to its order.
#[derive(Clone, Copy, Debug)]
enum Change {
    /// Its new size is filled already.
    Ends,
    Becomes(Amendment),
    /// It cannot become that, and its user wants it cancelled then.
    Fails,
}

impl Engine {
    /// Changes price or total size of a resting order.
    ///
    /// Its place in the queue survives only a size that is not larger at the same price. A size that is not above
    /// what was filled ends the order as filled. Source: OKX v5, POST /api/v5/trade/amend-order, "newSz".
    pub(crate) fn amend(&mut self, amend: &AmendOrder, events: &mut EventBuffer) -> Result<Answer, Refusal> {
        let (slot, change) = self.checked(&amend.header, |engine| engine.check_amend(amend))?;
        let (order_id, client_id) = (self.orders[slot].id(), self.records[slot as usize].client_id);
        match change {
            Change::Ends => self.end_as_filled(slot, amend, events),
            Change::Becomes(amendment) => self.carry_amendment(&amendment, amend, events),
            Change::Fails => self.fail(slot, amend, events),
        }
        Ok(Answer { order_id, client_id, value: 0 })
    }

    /// Changes an order and what is attached to it; an order that is cancelled instead takes that with it.
    pub(crate) fn amend_attached(
        &mut self,
        amend: &AmendOrderAttached,
        events: &mut EventBuffer,
    ) -> Result<Answer, Refusal> {
        let order = &amend.order;
        let (slot, change, attached) = self.checked(&order.header, |engine| {
            shape::attachment_changes(amend)?;
            let (slot, change) = engine.check_amend(order)?;
            Ok((slot, change, engine.check_attached(amend, engine.orders[slot].id())?))
        })?;
        let (order_id, client_id) = (self.orders[slot].id(), self.records[slot as usize].client_id);
        if !matches!(change, Change::Fails) {
            for trigger in attached {
                let trigger = Trigger { updated_ns: self.time_ns, ..trigger };
                self.triggers.put(trigger);
                self.tell_trigger(&trigger, trigger.state, &End::default(), Some(order.request_id), events);
            }
        }
        match change {
            // Only what is attached changes.
            _ if order.price == 0 && order.size == 0 => {}
            Change::Ends => self.end_as_filled(slot, order, events),
            Change::Becomes(amendment) => self.carry_amendment(&amendment, order, events),
            Change::Fails => self.fail(slot, order, events),
        }
        Ok(Answer { order_id, client_id, value: 0 })
    }

    /// What the changed ones of those attached to an order become.
    fn check_attached(&self, amend: &AmendOrderAttached, parent: OrderId) -> Result<Vec<Trigger>, Refusal> {
        let (account, instrument) = (amend.order.header.account, amend.order.instrument);
        let market = self.market(instrument)?;
        let changes = amend.changes.iter().filter(|change| change.is_there());
        let changed = changes.map(|change| {
            let found = self.triggers.find(account, instrument, change.trigger_id, &[0; 32]);
            let waits = found.filter(|old| old.parent == parent && old.state == TriggerState::Attached);
            self.changed(market, waits.ok_or(Refusal::TriggerNotFound)?, change.size, &change.legs)
        });
        changed.collect()
    }

    /// Which order is meant, and what becomes of it.
    fn check_amend(&self, amend: &AmendOrder) -> Result<(Slot, Change), Refusal> {
        shape::amend(amend)?;
        let account = amend.header.account;
        self.accounts.user(account)?;
        let market = self.market(amend.instrument)?;
        market.is_open()?;
        has_not_expired(amend.expires_at_ms, self.time_ns)?;
        let slot = self
            .find_order(account, amend.instrument, amend.order_id, &amend.client_id)
            .ok_or(Refusal::OrderNotFound)?;
        let record = &self.records[slot as usize];
        let size = if amend.size == 0 { record.size } else { amend.size };
        if size <= record.filled {
            return Ok((slot, Change::Ends));
        }
        market.accepts_size(size)?;
        let side = self.side_at_rest(slot);
        let price = match amend.price {
            0 => record.price,
            price => market.accepts_price(side, price, is_clamped(amend))?,
        };
        let amendment = Amendment { slot, side, price, size };
        match self.can_become(&amendment) {
            Ok(()) => Ok((slot, Change::Becomes(amendment))),
            Err(Refusal::Overflow) => Err(Refusal::Overflow),
            Err(_) if amend.header.flags & AmendOrder::CANCEL_ON_FAIL != 0 => Ok((slot, Change::Fails)),
            Err(refusal) => Err(refusal),
        }
    }

    /// What depends on the book and on money.
    fn can_become(&self, amendment: &Amendment) -> Result<(), Refusal> {
        let &Amendment { slot, side, price, size } = amendment;
        let record = &self.records[slot as usize];
        let market = &self.markets[market_index(self.seats[record.seat].instrument)];
        if record.keeps_its_place(price, size) {
            return Ok(());
        }
        market.has_room(side, size - record.filled)?;
        if market.book.crosses(side, price) {
            if record.order_type == OrderType::PostOnly {
                return Err(Refusal::AmendWouldTake);
            }
            if market.state == InstrumentState::PostOnly {
                return Err(Refusal::InstrumentPostOnly);
            }
        }
        let held = market.held(side, record.price, record.size - record.filled);
        let needed = market.held(side, price, size - record.filled);
        let available = self.ledger.balance(record.hold_row(side)).available(Wallet::Trading);
        if needed > available + held { Err(Refusal::InsufficientBalance) } else { Ok(()) }
    }

    /// Carries an amendment out that was checked.
    fn carry_amendment(&mut self, amendment: &Amendment, amend: &AmendOrder, events: &mut EventBuffer) {
        let &Amendment { slot, side, price, size } = amendment;
        if self.records[slot as usize].keeps_its_place(price, size) {
            self.cut(slot, side, size);
            return self.tell_amended(slot, amend, None, events);
        }
        self.lift(slot);
        let record = &mut self.records[slot as usize];
        (record.price, record.size) = (price, size);
        self.orders.resize(slot, size - record.filled);
        self.tell_amended(slot, amend, None, events);
        let mut taker = self.as_taker(slot, side);
        self.match_and_rest(&mut taker, events);
    }

    /// Makes an order smaller where it stands.
    fn cut(&mut self, slot: Slot, side: Side, size: i64) {
        let record = &mut self.records[slot as usize];
        let by = record.size - size;
        record.size = size;
        if by == 0 {
            return;
        }
        let (price, row, instrument) = (record.price, record.hold_row(side), self.seats[record.seat].instrument);
        let market = &mut self.markets[market_index(instrument)];
        *market.resting(side) -= by;
        market.book.reduce(&mut self.orders, slot, by);
        self.ledger.release(row, market.held(side, price, by));
        self.touched.note(instrument, side, price);
    }

    /// Ends an order whose new size is not above what was filled.
    fn end_as_filled(&mut self, slot: Slot, amend: &AmendOrder, events: &mut EventBuffer) {
        self.lift(slot);
        let record = &mut self.records[slot as usize];
        record.size = record.filled;
        self.tell_amended(slot, amend, Some(OrderState::Filled), events);
        self.retire(slot);
    }

    /// Cancels an order that could not be amended, because its user had asked for that.
    fn fail(&mut self, slot: Slot, amend: &AmendOrder, events: &mut EventBuffer) {
        self.tell_amended(slot, amend, Some(OrderState::Canceled), events);
        self.close(slot, CancelSource::User, events);
    }

    /// Tells an amendment; `end` is the order's state when it ends with it.
    fn tell_amended(&mut self, slot: Slot, amend: &AmendOrder, end: Option<OrderState>, events: &mut EventBuffer) {
        let record = &mut self.records[slot as usize];
        record.updated_ns = self.time_ns;
        let Seat { account, instrument, .. } = self.seats[record.seat];
        let (price, size, filled) = (record.price, record.size, record.filled);
        let state = end.unwrap_or(record.state());
        let is_canceled = state == OrderState::Canceled;
        let header = events.header(EventKind::OrderAmended);
        events.push(&OrderAmended {
            header,
            order_id: self.orders[slot].id(),
            account,
            instrument,
            price,
            size,
            filled,
            state,
            result: if is_canceled { AmendResult::Canceled } else { AmendResult::Amended },
            reserved: [0; 6],
            request_id: amend.request_id,
            reserved2: [0; 24],
        });
        self.touch_account(account);
    }

    /// A live order that is in no book, as a taker.
    fn as_taker(&self, slot: Slot, side: Side) -> Taker {
        let record = &self.records[slot as usize];
        let Seat { account: id, instrument, .. } = self.seats[record.seat];
        let account = &self.accounts[id];
        Taker {
            id: self.orders[slot].id(),
            account: id,
            owner: account.master,
            instrument,
            side,
            limit: record.price,
            self_trade: record.self_trade,
            base_row: record.base_row,
            quote_row: record.quote_row,
            rate_ppb: self.rates(account).taker_ppb,
            left: Quantity::Lots(record.size - record.filled),
            filled: record.filled,
            cost: record.cost,
            fee_total: record.fee_total,
            last: record.last,
        }
    }
}

impl OrderRecord {
    /// Only a size that is not larger at the same price keeps the place in the queue.
    const fn keeps_its_place(&self, price: i64, size: i64) -> bool {
        price == self.price && size <= self.size
    }
}
