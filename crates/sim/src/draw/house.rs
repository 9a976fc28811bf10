//! What the house does: money in and out, settings of what is traded and of who trades.

use super::Day;
use crate::act::{Act, Trading};
use tickyard_types::{SelfTrade, Wallet};

impl Day {
    pub(super) fn money(&mut self) -> Act {
        let (account, other, asset) =
            (self.account(), self.account(), 1 + self.random.below(u64::from(self.assets)) as u32);
        let asset = if self.random.once_in(50) { 9 } else { asset };
        let amount = self.random.pick(&[1, 123_456_790, 1_234_567_900, 98_765_432_100, 0, -1, i128::MAX, 1 << 124]);
        let wallet = self.random.pick(Wallet::ALL);
        let into = self.random.pick(Wallet::ALL);
        // Some keys come twice, for the same or for another movement.
        self.keys += u32::from(!self.random.once_in(6));
        let key = self.keys;
        match self.random.below(4) {
            0 => Act::Credit { account, asset, wallet, amount: amount.min(1 << 126), key },
            1 => Act::Debit { account, asset, wallet, amount, key },
            _ => {
                let by = if self.random.once_in(3) { 16 } else { account };
                let to = if self.random.once_in(2) { account } else { other };
                Act::Transfer { by, from: (account, wallet), to: (to, into), asset, amount, key }
            }
        }
    }

    pub(super) fn operate(&mut self) -> Act {
        let instrument = self.instrument();
        let level = self.random.below(5) as u8;
        match self.random.below(6) {
            0..=2 => {
                let to = self.random.weighted(&[
                    (16, Trading::Open),
                    (3, Trading::MakersOnly),
                    (1, Trading::CancelsOnly),
                    (1, Trading::Halted),
                    (1, Trading::Unopened),
                ]);
                Act::Set { instrument, to }
            }
            3 => Act::Fees {
                level,
                maker_ppb: self.random.between(-600_000, 500_000),
                taker_ppb: self.random.between(500_000, 900_000),
            },
            4 => {
                let account = self.account();
                let master = self.random.pick(&[account, 16]);
                Act::Open { account, master, level, self_trade: self.random.pick(SelfTrade::ALL) }
            }
            _ => Act::Asset { asset: self.random.below(6) as u32, digits: 18 },
        }
    }
}
