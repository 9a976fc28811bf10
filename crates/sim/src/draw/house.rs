//! What the house does: money in and out, settings of what is traded and of who trades.

use super::Day;
use crate::act::{Act, Trading};
use tickyard_types::{PostingReason, SelfTrade, Wallet};

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
            at @ (0 | 1) => {
                let usual = if at == 0 { PostingReason::Credit } else { PostingReason::Debit };
                let any = self.random.pick(PostingReason::ALL);
                let reason = self.random.weighted(&[(5, usual), (1, any)]);
                match at {
                    0 => Act::Credit { account, asset, wallet, reason, amount: amount.min(1 << 126), key },
                    _ => Act::Debit { account, asset, wallet, reason, amount, key },
                }
            }
            _ => {
                let by = self.random.pick(&[account, account, 16, other]);
                let to = if self.random.once_in(2) { account } else { other };
                Act::Transfer { by, from: (account, wallet), to: (to, into), asset, amount, key }
            }
        }
    }

    pub(super) fn operate(&mut self) -> Act {
        let instrument = self.instrument();
        let level = self.random.below(5) as u8;
        match self.random.below(10) {
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
            5 | 6 => self.index(instrument),
            7 => self.list(),
            8 => {
                let account = 16 + self.accounts;
                self.accounts += 1;
                let master = self.random.pick(&[account, 16, 17, account + 1]);
                Act::Open { account, master, level: level.min(3), self_trade: self.self_trade() }
            }
            _ => Act::Asset { asset: self.random.below(6) as u32, digits: 18 },
        }
    }

    /// Mostly one that leaves room to trade, now and then a strange one.
    fn index(&mut self, instrument: u32) -> Act {
        let at = (instrument as usize).wrapping_sub(1);
        let around = self.around.get(at).copied().unwrap_or(1);
        let elsewhere = self.price(instrument);
        let price = self.random.pick(&[around, around, 0, elsewhere]);
        let far = self.random.pick(&[1, 4, 9]);
        let bounds = self.random.pick(&[(0, 0), (around + far, (around - far).max(1)), (around + far, 0), (1, 2)]);
        Act::Index { instrument, price, bounds }
    }

    /// An instrument that is listed is listed again, in other words perhaps, or a new one like it.
    fn list(&mut self) -> Act {
        let old = self.random.below(self.listings.len() as u64) as usize;
        let Act::List { instrument, base, quote, tick, lot, sizes, prices, to } = self.listings[old] else {
            unreachable!("listings are")
        };
        match self.random.below(4) {
            0 => self.listings[old],
            1 => Act::List { instrument, base, quote, tick, lot, sizes: (sizes.0, sizes.1 + 1), prices, to },
            2 => Act::List { instrument: 9, base, quote: base, tick, lot, sizes, prices, to },
            _ if self.listings.len() == 4 => self.listings[old],
            _ => {
                let instrument = self.listings.len() as u32 + 1;
                let listing = Act::List { instrument, base, quote, tick, lot, sizes, prices, to: Trading::Unopened };
                self.listings.push(listing);
                self.prices.push(prices);
                self.around.push(prices.0.midpoint(prices.1));
                listing
            }
        }
    }
}
