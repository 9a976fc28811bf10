//! Orders and their changes.

use super::Day;
use crate::act::{Act, Which};
use tickyard_types::{OrderType, PlaceOrder};

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
        let slippage_ppb = match is_market != self.random.once_in(300) {
            true => self.random.pick(&[0, 0, 1, 999_999, 4_000_000, 50_000_000]),
            false => self.random.weighted(&[(300, 0), (1, 50_000_000), (1, 50_000_001), (1, -1)]),
        };
        Act::Place {
            account: self.account(),
            instrument,
            side: self.side(),
            kind,
            mode: self.mode(),
            self_trade: self.any_self_trade(),
            price: if is_market { 0 } else { price },
            size: if in_quote {
                size.saturating_mul(price.max(1)).saturating_add(self.random.between(-2, 2))
            } else {
                size
            },
            flags,
            slippage_ppb,
            name: self.name(),
            tag: self.tag(),
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
            request: self.random.below(3) as u8,
        }
    }

    /// An order together with what is attached to it.
    pub(super) fn amend_attached(&mut self) -> Act {
        let instrument = self.instrument();
        let (price, size) = (self.price(instrument), self.size());
        // The last ones mostly fail: nobody has the money, or a maker would take.
        let (price, size) = self.random.pick(&[
            (0, 0),
            (0, 0),
            (price, size),
            (price, 0),
            (0, size),
            (0, self.largest),
            (price.saturating_add(6), 0),
        ]);
        let which = match self.random.below(6) {
            0 => self.which(),
            _ => Which::Parent(self.random.bits() as u8),
        };
        let changes = [0, 1, 2].map(|at| {
            let (first, second, size) = (self.leg(instrument), self.leg(instrument), self.size());
            let legs = self.random.pick(&[
                [first, (0, 0)],
                [(0, 0), second],
                [first, second],
                [(0, 0), (-1, 0)],
                [(-1, 0), second],
                [(0, first.1), (0, 0)],
                [(0, 0); 2],
            ]);
            let size = self.random.pick(&[0, 0, size]);
            // Mostly one after the other, now and then one twice or none at all.
            let nth = self.random.below(4) as u8;
            let nth = self.random.weighted(&[(10, at + 1), (1, nth), (1, 255)]);
            (if at == 0 || self.random.once_in(3) { nth } else { 0 }, legs, size)
        });
        let any = self.account();
        Act::AmendAttached {
            account: self.random.weighted(&[(5, self.parent_of), (1, any)]),
            instrument: self.own_or(instrument),
            which,
            price,
            size,
            flags: self.random.pick(&[0, 1, 1, 4, 5]),
            valid_ms: self.validity(),
            request: self.random.below(3) as u8,
            changes,
        }
    }
}
