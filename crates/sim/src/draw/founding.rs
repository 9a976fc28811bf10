//! How a day begins: its assets, instruments, fees and accounts, with money.

use super::Day;
use crate::act::{Act, Trading};
use tickyard_types::{PostingReason, Wallet};

impl Day {
    pub(super) fn founding(&mut self) -> Vec<Act> {
        let mut list = vec![Act::Wait { ms: 1_700_000_000_000 }];
        let once_in = self.random.pick(&[0, 3, 20, 200]);
        if once_in > 0 {
            list.push(Act::BadLuck { seed: self.random.bits(), once_in });
        }
        let digits: Vec<u8> = (0..self.assets).map(|_| self.random.pick(&[18, 18, 8])).collect();
        list.extend((1..).zip(&digits).map(|(asset, digits)| Act::Asset { asset, digits: *digits }));
        self.largest = self.random.pick(&[6, 60, 600]);
        // A lot that no rate divides, so that every fee is rounded.
        let lot: i128 = 123_456_790;
        for instrument in 1..=1 + self.random.below(3) as u32 {
            let base = 1 + (instrument - 1) % self.assets;
            let quote = 1 + base % self.assets;
            let tick = 10_i128.pow(u32::from(digits[base as usize - 1])) / 10;
            let lowest = self.random.between(1, 20);
            let prices = (lowest, lowest + self.random.pick(&[3, 30, 3_000]));
            let sizes = (self.random.between(1, 3), self.largest);
            let listing = Act::List { instrument, base, quote, tick, lot, sizes, prices, to: Trading::Open };
            list.push(listing);
            self.listings.push(listing);
            self.prices.push(prices);
            self.around.push(prices.0.midpoint(prices.1));
        }
        list.push(Act::Fees { level: 1, maker_ppb: -200_000, taker_ppb: 700_000 });
        list.push(Act::Fees { level: 2, maker_ppb: 300_000_000, taker_ppb: 999_999_999 });
        list.push(Act::Fees { level: 3, maker_ppb: -1_000_000_000, taker_ppb: 1_000_000_000 });
        for account in 16..16 + self.accounts {
            let master = if account > 16 && self.random.once_in(3) { 16 } else { account };
            let level = self.random.weighted(&[(4, 1), (3, 0), (2, 2), (1, 3)]);
            list.push(Act::Open { account, master, level, self_trade: self.self_trade() });
            for asset in 1..=self.assets {
                let lots = self.random.pick(&[3, 100, 5_000]) * i128::from(self.largest);
                let amount = lots * lot + i128::from(self.random.below(100)) + 1;
                self.keys += 1;
                let (wallet, reason) = (Wallet::Trading, PostingReason::Credit);
                list.push(Act::Credit { account, asset, wallet, reason, amount, key: self.keys });
            }
        }
        list
    }
}
