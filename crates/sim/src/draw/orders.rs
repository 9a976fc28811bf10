//! Orders and their changes.

use super::Day;
use crate::act::Act;
use tickyard_types::{OrderType, PlaceOrder, SelfTrade};

impl Day {
    pub(super) fn place(&mut self) -> Act {
        let instrument = self.instrument();
        let kind = self.random.weighted(&[
            (10, OrderType::Limit),
            (3, OrderType::Market),
            (3, OrderType::PostOnly),
            (2, OrderType::ImmediateOrCancel),
            (2, OrderType::FillOrKill),
        ]);
        let is_market = (kind == OrderType::Market) != self.random.once_in(200);
        let any = self.random.pick(SelfTrade::ALL);
        let self_trade = self.random.weighted(&[(3, SelfTrade::AccountDefault), (1, any)]);
        let in_quote = is_market && self.random.once_in(2);
        let size = self.size();
        let price = self.price(instrument);
        let mut flags = 0;
        if in_quote {
            flags |= PlaceOrder::SIZE_IN_QUOTE;
        }
        if self.random.once_in(4) {
            flags |= if is_market { PlaceOrder::BAN_AMEND } else { PlaceOrder::CLAMP_PRICE };
        }
        if self.random.once_in(300) {
            flags = self.random.below(16) as u8;
        }
        Act::Place {
            account: self.account(),
            instrument,
            side: self.side(),
            kind,
            self_trade,
            price: if is_market { 0 } else { price },
            size: if in_quote {
                size.saturating_mul(price.max(1)).saturating_add(self.random.between(-2, 2))
            } else {
                size
            },
            flags,
            name: self.random.weighted(&[(2, 0), (1, 1)]) * self.random.below(9) as u8,
            tag: self.random.below(4) as u8,
            valid_ms: self.validity(),
        }
    }

    /// Enough for the limits of open orders and of meetings.
    pub(super) fn crowd(&mut self) -> Act {
        let (account, instrument, side) = (self.account(), self.instrument(), self.side());
        let price = self.price(instrument);
        Act::Crowd { account, instrument, side, price, size: 3, count: self.random.pick(&[40, 300, 510]) }
    }

    pub(super) fn amend(&mut self) -> Act {
        let instrument = self.instrument();
        let (price, size) = (self.price(instrument), self.size());
        let (price, size) = self.random.pick(&[(price, size), (price, 0), (0, size), (0, size)]);
        Act::Amend {
            account: self.account(),
            instrument: self.own_or(instrument),
            which: self.which(),
            price,
            size,
            flags: self.random.pick(&[0, 0, 1, 4, 5]),
            valid_ms: self.validity(),
        }
    }
}
