//! Risk: whether an account can pay for an order, and how much of it.

use crate::Engine;
use crate::market::Market;
use crate::seat::SeatId;
use crate::survey::{Found, Survey};
use crate::taker::{Quantity, Stop};
use tickyard_ledger::rounding::whole_units;
use tickyard_types::{AccountId, PlaceOrder, Refusal, Side, Wallet};

impl Engine {
    /// A limit order is covered whole at its price, or refused; returns its size. Fees need no cover, they come out of
    /// what is received.
    #[inline]
    pub(crate) fn covers_order(
        &self,
        market: &Market,
        order: &PlaceOrder,
        seat: Option<SeatId>,
        limit: i64,
    ) -> Result<i64, Refusal> {
        let available = self.available_to(market, order.header.account, order.side, seat);
        let is_covered = market.held(order.side, limit, order.size) <= available;
        if is_covered { Ok(order.size) } else { Err(Refusal::InsufficientBalance) }
    }

    /// The size that a market order's money allows, in the order's own unit.
    ///
    /// A market order reserves nothing: it is as large as the money that is there, or, if it may not shrink, refused.
    /// Source: OKX v5, POST /api/v5/trade/order, "banAmend", "tgtCcy".
    pub(crate) fn affordable_size(
        &self,
        market: &Market,
        order: &PlaceOrder,
        seat: Option<SeatId>,
        survey: Survey,
    ) -> Result<i64, Refusal> {
        let available = self.available_to(market, order.header.account, order.side, seat);
        let means = match order.side {
            Side::Buy => Quantity::Notional(whole_units(available, market.unit)),
            Side::Sell => Quantity::Lots(whole_units(available, market.listing.lot)),
        };
        let size = self.size_within(market, survey, means).filter(|&size| size > 0);
        let may_shrink = order.header.flags & PlaceOrder::BAN_AMEND == 0;
        size.filter(|&size| may_shrink || size == order.size).ok_or(Refusal::InsufficientBalance)
    }

    /// How much of what a market order wants its means reach for; `None` when they reach for no lot.
    fn size_within(&self, market: &Market, survey: Survey, means: Quantity) -> Option<i64> {
        match (survey.wanted, means) {
            // The same unit: no need to look at the book.
            (Quantity::Lots(wanted), Quantity::Lots(there)) => Some(wanted.min(there)),
            (Quantity::Notional(wanted), Quantity::Notional(there)) if wanted <= there => Some(wanted),
            (Quantity::Notional(_), Quantity::Notional(there)) => {
                let found = self.survey(market, Survey { wanted: means, ..survey });
                let buys_nothing = found.lots == 0 && found.stop == Stop::LessThanLot;
                (!buys_nothing).then_some(there)
            }
            // The book says what it costs.
            (wanted, means) if means.number() > 0 => {
                let Found { is_out_of_means, lots, left, .. } = self.survey(market, Survey { means, ..survey });
                match (is_out_of_means, lots) {
                    (false, _) => Some(wanted.number()),
                    (true, 0) => None,
                    (true, _) => Some(wanted.number() - left.number()),
                }
            }
            _ => None,
        }
    }

    /// What the account may spend on an order of this side.
    pub(crate) fn available_to(&self, market: &Market, account: AccountId, side: Side, seat: Option<SeatId>) -> i128 {
        let (asset, row) = match side {
            Side::Buy => (market.listing.quote, seat.map(|seat| self.seats[seat].quote_row)),
            Side::Sell => (market.listing.base, seat.map(|seat| self.seats[seat].base_row)),
        };
        match row {
            Some(row) => self.ledger.balance(row).available(Wallet::Trading),
            None => self.ledger.available(account, asset, Wallet::Trading),
        }
    }
}
