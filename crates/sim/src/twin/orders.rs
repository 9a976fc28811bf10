//! Placing, amending and cancelling.

use super::matching::{End, Wish};
use super::{NOTHING, Order, Outcome, Twin};
use tickyard_types::{
    AmendOrder, AmendResult, Attachment, CancelOrder, CancelSource, ClientId, DefineInstrument, InstrumentState,
    MassCancel, OrderState, OrderType, PlaceOrder, Refusal, SelfTrade, Side,
};

/// Most live orders of an account, and of an account in one instrument.
const ORDERS: usize = 4_000;
const ORDERS_IN_INSTRUMENT: usize = 500;

impl Twin {
    pub(super) fn place(&mut self, order: &PlaceOrder) -> Outcome {
        self.place_with(order, &[], None)
    }

    /// Places an order with others that wait for its fill, or for a trigger order: its number and name.
    pub(super) fn place_with(
        &mut self,
        order: &PlaceOrder,
        attachments: &[Attachment],
        trigger: Option<(u64, ClientId)>,
    ) -> Outcome {
        let id = order.header.account.0;
        let account = self.user(id)?;
        let stp = if order.self_trade == SelfTrade::AccountDefault { account.stp } else { order.self_trade };
        if order.order_type == OrderType::FillOrKill && stp == SelfTrade::CancelBoth {
            return Err(Refusal::FillOrKillCancelBoth);
        }
        let listing = self.listing(order.instrument.0)?;
        let price = self.price_of(&listing, order)?;
        if order.client_id != [0; 32] && self.named(id, &order.client_id).is_some() {
            return Err(Refusal::ClientIdInUse);
        }
        if matches!(order.order_type, OrderType::Limit | OrderType::PostOnly) {
            let own = || self.orders.values().filter(|other| other.account == id);
            if own().count() >= ORDERS {
                return Err(Refusal::TooManyOrders);
            }
            if own().filter(|other| other.instrument == order.instrument.0).count() >= ORDERS_IN_INSTRUMENT {
                return Err(Refusal::TooManyOrdersInInstrument);
            }
        }
        let mut taker = Order {
            serial: self.serial + 1,
            account: id,
            instrument: order.instrument.0,
            side: order.side,
            kind: order.order_type,
            mode: order.trade_mode,
            flags: order.header.flags,
            stp,
            price,
            size: order.size,
            filled: 0,
            cost: 0,
            fee_total: 0,
            rebate_total: 0,
            client_id: order.client_id,
            tag: order.tag,
            created_ns: self.now_ns,
            updated_ns: self.now_ns,
            last: (0, 0, 0, 0),
            trigger,
        };
        let in_quote = order.header.flags & PlaceOrder::SIZE_IN_QUOTE != 0;
        let is_market = order.order_type == OrderType::Market;
        if is_market {
            taker.size = self.size_that_is_paid(&listing, &taker, in_quote);
            let is_cut = taker.size < order.size && order.header.flags & PlaceOrder::BAN_AMEND != 0;
            if taker.size <= 0 || is_cut {
                return Err(Refusal::InsufficientBalance);
            }
        } else {
            let (asset, needed) = self.needed(&taker);
            if self.free(id, asset, 0) < needed {
                return Err(Refusal::InsufficientBalance);
            }
        }

        self.serial += 1;
        self.tell_accepted(&taker);
        self.attach(order, taker.serial, attachments);
        let answer = Ok((taker.serial, 0, order.client_id));
        let wish = if in_quote { Wish::Quote(taker.size) } else { Wish::Lots(taker.size) };
        match order.order_type {
            OrderType::PostOnly if self.crosses(taker.instrument, taker.side, price) => {
                self.tell_end(&taker, OrderState::Canceled, CancelSource::PostOnly);
            }
            OrderType::PostOnly => self.rest(taker),
            OrderType::FillOrKill => match self.rehearse(&taker, wish, Wish::Lots(i64::MAX)).2 {
                End::Filled => {
                    self.take(&mut taker, wish);
                    self.is_over(&taker);
                }
                End::Nothing | End::NoLot | End::Poor => {
                    self.tell_end(&taker, OrderState::Canceled, CancelSource::FillOrKill);
                }
                End::Own => self.tell_end(&taker, OrderState::Canceled, CancelSource::SelfTrade),
                End::Many => self.tell_end(&taker, OrderState::Canceled, CancelSource::TooManyMatches),
            },
            OrderType::Market | OrderType::Limit | OrderType::ImmediateOrCancel => {
                let end = self.take(&mut taker, wish);
                self.end(taker, end, order.order_type == OrderType::Limit);
            }
        }
        answer
    }

    /// Whether the instrument takes the order; returns the worst price at which it trades.
    pub(super) fn price_of(&self, listing: &DefineInstrument, order: &PlaceOrder) -> Result<i64, Refusal> {
        is_open(listing)?;
        if listing.state == InstrumentState::PostOnly && order.order_type != OrderType::PostOnly {
            return Err(Refusal::InstrumentPostOnly);
        }
        self.is_in_time(order.expires_at_ms)?;
        let in_quote = order.header.flags & PlaceOrder::SIZE_IN_QUOTE != 0;
        if order.order_type != OrderType::Market {
            accepts_size(listing, order.size)?;
            let bounds = self.bounds(listing, order.side);
            return accepts_price(bounds, order.price, order.header.flags & PlaceOrder::CLAMP_PRICE != 0);
        }
        let (least, most) = match in_quote {
            false => (listing.min_size, listing.max_market_size),
            true => (listing.min_size * listing.min_price, listing.max_market_amount),
        };
        if order.size < least {
            return Err(Refusal::SizeBelowMinimum);
        }
        if order.size > most {
            return Err(Refusal::MarketSizeAboveMaximum);
        }
        let furthest = if order.side == Side::Buy { listing.max_price } else { listing.min_price };
        if order.slippage_ppb == 0 {
            return Ok(furthest);
        }
        Ok(self.furthest_near(order).unwrap_or(furthest))
    }

    /// The worst price of the other side whose distance from its best price is within an order's limit of slippage.
    fn furthest_near(&self, order: &PlaceOrder) -> Option<i64> {
        let other = (order.instrument.0, order.side.opposite());
        let best = self.best(other.0, other.1)?;
        let is_near = |price: i64| {
            i128::from((price - best).abs()) * 1_000_000_000 <= i128::from(best) * i128::from(order.slippage_ppb)
        };
        let near = self.books[&other].keys().copied().filter(|price| is_near(*price));
        if order.side == Side::Buy { near.max() } else { near.min() }
    }

    /// The lowest and the highest price of an order.
    pub(super) fn bounds(&self, listing: &DefineInstrument, side: Side) -> (i64, i64) {
        let index = self.indices.get(&listing.instrument.0).copied().unwrap_or_default();
        let said = |price, otherwise| if price == 0 { otherwise } else { price };
        match side {
            Side::Buy => (listing.min_price, said(index.highest_buy, listing.max_price)),
            Side::Sell => (said(index.lowest_sell, listing.min_price), listing.max_price),
        }
    }

    const fn is_in_time(&self, expires_at_ms: u64) -> Result<(), Refusal> {
        if expires_at_ms != 0 && self.now_ns > expires_at_ms * 1_000_000 { Err(Refusal::Expired) } else { Ok(()) }
    }

    /// The size of a market order that its money pays for; 0 when it pays for nothing.
    fn size_that_is_paid(&self, listing: &DefineInstrument, taker: &Order, in_quote: bool) -> i64 {
        let (asset, per_unit) = match taker.side {
            Side::Buy => (listing.quote.0, self.unit(listing)),
            Side::Sell => (listing.base.0, listing.lot),
        };
        let there = i64::try_from(self.free(taker.account, asset, 0) / per_unit).unwrap_or(i64::MAX);
        if there == 0 {
            return 0;
        }
        let wish = |size| if in_quote { Wish::Quote(size) } else { Wish::Lots(size) };
        match (taker.side, in_quote) {
            (Side::Sell, false) => taker.size.min(there),
            (Side::Buy, true) if taker.size <= there => taker.size,
            (Side::Buy, true) => match self.rehearse(taker, Wish::Quote(there), Wish::Lots(i64::MAX)) {
                // Money that ends before the first lot is no money.
                (0, _, End::NoLot) => 0,
                _ => there,
            },
            (side, _) => {
                let means = if side == Side::Buy { Wish::Quote(there) } else { Wish::Lots(there) };
                match self.rehearse(taker, wish(taker.size), means) {
                    (_, left, End::Poor) => taker.size - left.number(),
                    _ => taker.size,
                }
            }
        }
    }

    fn end(&mut self, taker: Order, end: End, rests: bool) {
        match end {
            End::Filled => self.is_over(&taker),
            End::Nothing if rests => self.rest(taker),
            End::NoLot if taker.filled > 0 => self.tell_end(&taker, OrderState::Filled, CancelSource::System),
            End::Own => self.tell_end(&taker, OrderState::Canceled, CancelSource::SelfTrade),
            End::Many => self.tell_end(&taker, OrderState::Canceled, CancelSource::TooManyMatches),
            _ => self.tell_end(&taker, OrderState::Canceled, CancelSource::ImmediateOrCancel),
        }
    }

    fn tell_end(&mut self, order: &Order, state: OrderState, source: CancelSource) {
        self.is_over(order);
        self.tell_closed(order, state, source);
    }

    pub(super) fn amend(&mut self, amend: &AmendOrder) -> Outcome {
        let id = amend.header.account.0;
        self.user(id)?;
        let listing = self.listing(amend.instrument.0)?;
        is_open(&listing)?;
        self.is_in_time(amend.expires_at_ms)?;
        let old = self.find(id, amend.instrument.0, amend.order_id.serial(), &amend.client_id)?;
        let (answer, request) = (Ok((old.serial, 0, old.client_id)), amend.request_id);
        let size = if amend.size == 0 { old.size } else { amend.size };
        if size <= old.filled {
            self.take_away(old.serial);
            self.is_over(&old);
            self.tell_amended(&Order { size: old.filled, ..old }, OrderState::Filled, AmendResult::Amended, request);
            return answer;
        }
        accepts_size(&listing, size)?;
        let price = match amend.price {
            0 => old.price,
            price => accepts_price(
                self.bounds(&listing, old.side),
                price,
                amend.header.flags & AmendOrder::CLAMP_PRICE != 0,
            )?,
        };
        let state = if old.filled == 0 { OrderState::Live } else { OrderState::PartiallyFilled };
        let mut new = Order { price, size, updated_ns: self.now_ns, ..old.clone() };
        if price == old.price && size <= old.size {
            self.tell_amended(&new, state, AmendResult::Amended, request);
            self.orders.insert(new.serial, new);
            return answer;
        }

        let crosses = self.crosses(new.instrument, new.side, price);
        let (asset, needed) = self.needed(&new);
        let failure = match () {
            () if crosses && new.kind == OrderType::PostOnly => Some(Refusal::AmendWouldTake),
            () if crosses && listing.state == InstrumentState::PostOnly => Some(Refusal::InstrumentPostOnly),
            () if self.free(id, asset, new.serial) < needed => Some(Refusal::InsufficientBalance),
            () => None,
        };
        match failure {
            Some(_) if amend.header.flags & AmendOrder::CANCEL_ON_FAIL != 0 => {
                self.tell_amended(&old, OrderState::Canceled, AmendResult::Canceled, request);
                self.close(old.serial, CancelSource::User);
            }
            Some(refusal) => return Err(refusal),
            None => {
                self.take_away(old.serial);
                self.tell_amended(&new, state, AmendResult::Amended, request);
                let wish = Wish::Lots(new.left());
                let end = if crosses { self.take(&mut new, wish) } else { End::Nothing };
                self.end(new, end, true);
            }
        }
        answer
    }

    pub(super) fn cancel(&mut self, cancel: &CancelOrder) -> Outcome {
        let id = cancel.header.account.0;
        self.user(id)?;
        self.listing(cancel.instrument.0)?;
        let order = self.find(id, cancel.instrument.0, cancel.order_id.serial(), &cancel.client_id)?;
        self.close(order.serial, CancelSource::User);
        Ok((order.serial, 0, order.client_id))
    }

    pub(super) fn mass_cancel(&mut self, cancel: &MassCancel) -> Outcome {
        let (id, instrument) = (cancel.header.account.0, cancel.instrument.0);
        self.user(id)?;
        if instrument != 0 {
            self.listing(instrument)?;
        }
        let canceled = self.cancel_where(CancelSource::User, |order| {
            order.account == id && (instrument == 0 || order.instrument == instrument)
        });
        Ok((NOTHING.0, u64::from(canceled), NOTHING.2))
    }

    /// Cancels oldest first.
    pub(super) fn cancel_where(&mut self, source: CancelSource, is_meant: impl Fn(&Order) -> bool) -> u32 {
        let meant = self.orders.values().filter(|order| is_meant(order));
        let serials: Vec<u64> = meant.map(|order| order.serial).collect();
        for serial in &serials {
            self.close(*serial, source);
        }
        serials.len() as u32
    }

    /// A live order by its client's name.
    fn named(&self, account: u32, name: &ClientId) -> Option<&Order> {
        self.orders.values().find(|order| order.account == account && order.client_id == *name)
    }

    fn find(&self, account: u32, instrument: u32, serial: u64, name: &ClientId) -> Result<Order, Refusal> {
        let order = if serial == 0 { self.named(account, name) } else { self.orders.get(&serial) };
        let order = order.filter(|order| order.account == account && order.instrument == instrument);
        order.cloned().ok_or(Refusal::OrderNotFound)
    }
}

pub(super) const fn is_open(listing: &DefineInstrument) -> Result<(), Refusal> {
    match listing.state {
        InstrumentState::Preopen => Err(Refusal::InstrumentPreopen),
        InstrumentState::Suspended => Err(Refusal::InstrumentSuspended),
        InstrumentState::CancelOnly => Err(Refusal::InstrumentCancelOnly),
        InstrumentState::Live | InstrumentState::PostOnly => Ok(()),
    }
}

const fn accepts_size(listing: &DefineInstrument, size: i64) -> Result<(), Refusal> {
    if size < listing.min_size {
        return Err(Refusal::SizeBelowMinimum);
    }
    if size > listing.max_limit_size { Err(Refusal::LimitSizeAboveMaximum) } else { Ok(()) }
}

pub(super) fn accepts_price((lowest, highest): (i64, i64), price: i64, is_clamped: bool) -> Result<i64, Refusal> {
    let is_within = price >= lowest && price <= highest;
    if !is_within && !is_clamped {
        return Err(Refusal::PriceOutOfBounds);
    }
    Ok(price.clamp(lowest, highest))
}
