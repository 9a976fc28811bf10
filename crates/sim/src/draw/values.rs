//! The values of acts: mostly sensible ones, now and then one that must be refused.

use super::Day;
use crate::act::Which;
use tickyard_types::{SelfTrade, Side, TradeMode};

impl Day {
    pub(super) fn account(&mut self) -> u32 {
        if self.random.once_in(150) {
            return self.random.pick(&[0, 1, 2, 15, 16 + self.accounts, u32::MAX]);
        }
        16 + self.random.below(u64::from(self.accounts)) as u32
    }

    pub(super) fn instrument(&mut self) -> u32 {
        if self.random.once_in(150) {
            return self.random.pick(&[4, u32::MAX]);
        }
        1 + self.random.below(self.prices.len() as u64) as u32
    }

    pub(super) fn own_or(&mut self, instrument: u32) -> u32 {
        if self.random.once_in(10) { instrument } else { 0 }
    }

    pub(super) fn which(&mut self) -> Which {
        match self.random.below(9) {
            8 => Which::Parent(self.random.bits() as u8),
            0 => Which::Back(self.random.below(60) as u8),
            1 => Which::Named(self.random.below(9) as u8),
            _ => Which::Live(self.random.bits() as u8),
        }
    }

    /// Near where prices are, which wander.
    pub(super) fn price(&mut self, instrument: u32) -> i64 {
        if self.random.once_in(100) {
            return self.random.pick(&[-1, 0, i64::MAX, 1]);
        }
        let Some(at) = (instrument as usize).checked_sub(1).filter(|at| *at < self.prices.len()) else { return 1 };
        let (lowest, highest) = self.prices[at];
        if self.random.once_in(30) {
            return self.random.between(lowest - 2, highest + 2);
        }
        self.around[at] = (self.around[at] + self.random.between(-1, 1)).clamp(lowest, highest);
        self.around[at] + self.random.between(-4, 4)
    }

    pub(super) fn size(&mut self) -> i64 {
        if self.random.once_in(100) {
            return self.random.pick(&[-1, 0, i64::MAX, self.largest + 1]);
        }
        let most = self.random.pick(&[4, self.largest]);
        self.random.between(1, most)
    }

    pub(super) fn side(&mut self) -> Side {
        self.random.pick(Side::ALL)
    }

    pub(super) fn self_trade(&mut self) -> SelfTrade {
        self.random.pick(&[SelfTrade::CancelMaker, SelfTrade::CancelTaker, SelfTrade::CancelBoth])
    }

    pub(super) fn mode(&mut self) -> TradeMode {
        self.random.weighted(&[(5, TradeMode::Cash), (1, TradeMode::Cross)])
    }

    /// The account's own mode mostly.
    pub(super) fn any_self_trade(&mut self) -> SelfTrade {
        let any = self.random.pick(SelfTrade::ALL);
        self.random.weighted(&[(3, SelfTrade::AccountDefault), (1, any)])
    }

    /// Of an order or a trigger order; few, so that they come again.
    pub(super) fn name(&mut self) -> u8 {
        self.random.weighted(&[(2, 0), (1, 1)]) * self.random.below(9) as u8
    }

    pub(super) fn tag(&mut self) -> u8 {
        self.random.below(4) as u8
    }

    pub(super) fn validity(&mut self) -> i64 {
        if self.random.once_in(20) { self.random.pick(&[-1_000, -1, 1, 60_000]) } else { 0 }
    }
}
