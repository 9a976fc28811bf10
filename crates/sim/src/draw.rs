//! Draws a day: a small exchange is founded, then many things happen often.

use crate::act::{Act, Trading, Which};
use crate::random::Random;
use tickyard_types::{OrderType, PlaceOrder, SelfTrade, Side, TriggerKind, Wallet};

/// What kind of act comes next.
#[derive(Clone, Copy, Debug)]
enum Sort {
    Place,
    Amend,
    Cancel,
    Money,
    Operate,
    Timer,
    Trigger,
    Clock,
    Delivery,
    Batch,
    Snapshot,
    Restart,
    Death,
    Disk,
    Flip,
}

const SORTS: [(u64, Sort); 15] = [
    (120, Sort::Place),
    (40, Sort::Amend),
    (40, Sort::Cancel),
    (20, Sort::Money),
    (8, Sort::Operate),
    (4, Sort::Timer),
    (30, Sort::Trigger),
    (40, Sort::Clock),
    (30, Sort::Delivery),
    (16, Sort::Batch),
    (3, Sort::Snapshot),
    (1, Sort::Restart),
    (3, Sort::Death),
    (1, Sort::Disk),
    (1, Sort::Flip),
];

/// One day's habits.
struct Day {
    random: Random,
    accounts: u32,
    assets: u32,
    /// Price bounds of each instrument.
    prices: Vec<(i64, i64)>,
    largest: i64,
    /// Where prices are at the moment, for each instrument.
    around: Vec<i64>,
    keys: u32,
    /// Whether many orders come at once.
    is_crowded: bool,
    weights: Vec<(u64, Sort)>,
}

/// The day of a seed, so many acts long after its founding.
#[must_use]
pub fn day(seed: u64, acts: usize) -> Vec<Act> {
    let mut random = Random::new(seed);
    let (accounts, assets) = (3 + random.below(8) as u32, 2 + random.below(3) as u32);
    // Every day has its own mood: some sorts are rare, some are missing.
    let mut weights: Vec<(u64, Sort)> =
        SORTS.iter().map(|(weight, sort)| (weight * random.below(5) * 4, *sort)).collect();
    let is_crowded = random.once_in(10);
    weights[0].0 = weights[0].0.max(600);
    let mut day = Day {
        random,
        accounts,
        assets,
        prices: Vec::new(),
        largest: 0,
        around: Vec::new(),
        keys: 0,
        is_crowded,
        weights,
    };
    let mut list = day.founding();
    let end = list.len() + acts;
    while list.len() < end {
        day.next(&mut list);
    }
    list
}

impl Day {
    fn founding(&mut self) -> Vec<Act> {
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
            list.push(Act::List { instrument, base, quote, tick, lot, sizes, prices, to: Trading::Open });
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
                list.push(Act::Credit { account, asset, wallet: Wallet::Trading, amount, key: self.keys });
            }
        }
        list
    }

    fn next(&mut self, list: &mut Vec<Act>) {
        let (account, instrument) = (self.account(), self.instrument());
        let act = match self.random.weighted(&self.weights) {
            Sort::Place if self.is_crowded && self.random.once_in(60) => self.crowd(),
            Sort::Place => self.place(),
            Sort::Amend => self.amend(),
            Sort::Cancel if self.random.once_in(25) => {
                Act::CancelAll { account, instrument: if self.random.once_in(2) { 0 } else { instrument } }
            }
            Sort::Cancel => Act::Cancel { account, instrument: self.own_or(instrument), which: self.which() },
            Sort::Money => self.money(),
            Sort::Operate => self.operate(),
            Sort::Timer => {
                let timeout_ms = self.random.pick(&[0, 10_000, 10_000, 30_000, 120_000, 9_999]);
                Act::Timer { account, timeout_ms, tag: self.random.below(4) as u8 }
            }
            Sort::Trigger => self.trigger(),
            Sort::Clock if self.random.once_in(12) => Act::StepBack { ms: self.random.pick(&[1, 400, 30_000]) },
            Sort::Clock if self.random.once_in(6) => Act::Tick,
            Sort::Clock => Act::Wait { ms: self.random.pick(&[1, 1, 1, 1, 17, 17, 400, 400, 2_500, 11_000]) },
            Sort::Delivery => self.delivery(),
            Sort::Batch => Act::Together { count: self.random.between(2, 12) as u8 },
            Sort::Snapshot => Act::Snapshot { keep: self.random.between(1, 3) as u8 },
            Sort::Restart => Act::Restart,
            Sort::Death => return self.death(list),
            Sort::Disk if self.random.once_in(2) => Act::FailSync,
            Sort::Disk => Act::Full { bytes: self.random.pick(&[0, 1, 4_000, 20_000, 60_000]) },
            Sort::Flip => Act::Flip {
                file: self.random.bits() as u8,
                at: self.random.bits() as u32,
                bit: self.random.below(8) as u8,
            },
        };
        list.push(act);
    }

    fn death(&mut self, list: &mut Vec<Act>) {
        if self.random.once_in(3) {
            list.push(Act::KillStart { after: self.random.between(1, 30) as u8 });
        }
        if self.random.once_in(3) {
            list.push(Act::Snapshot { keep: 2 });
        }
        let after = self.random.between(1, 9) as u8;
        let share = self.random.pick(&[0, 1, 64, 128, 255]);
        list.push(match self.random.below(2) {
            0 => Act::Kill { after, share },
            _ => Act::PowerOff { after, share, seed: self.random.bits() },
        });
        if self.random.once_in(2) {
            list.push(Act::Snapshot { keep: 1 });
        }
    }

    fn place(&mut self) -> Act {
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
    fn crowd(&mut self) -> Act {
        let (account, instrument, side) = (self.account(), self.instrument(), self.side());
        let price = self.price(instrument);
        Act::Crowd { account, instrument, side, price, size: 3, count: self.random.pick(&[40, 300, 510]) }
    }

    fn amend(&mut self) -> Act {
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

    /// A leg near where prices are: (trigger, price).
    fn leg(&mut self, instrument: u32) -> (i64, i64) {
        // A leg without a trigger is none, and the twin knows of no leg that is half there.
        let trigger = match self.price(instrument) {
            0 => 1,
            price => price,
        };
        (trigger, if self.random.once_in(2) { -1 } else { self.price(instrument) })
    }

    fn trigger(&mut self) -> Act {
        let (account, instrument, side) = (self.account(), self.instrument(), self.side());
        let (first, second, size) = (self.leg(instrument), self.leg(instrument), self.size());
        let name = self.random.weighted(&[(2, 0), (1, 1)]) * self.random.below(9) as u8;
        match self.random.below(10) {
            0 => Act::CancelTrigger { account, instrument: self.own_or(instrument), which: self.which() },
            1 | 2 => {
                let legs = self.random.pick(&[[first, (0, 0)], [(0, 0), second], [first, (-1, 0)], [(0, -1), (0, 0)]]);
                let flags = self.random.pick(&[0, 0, 1]);
                let which = self.which();
                Act::AmendTrigger { account, instrument: self.own_or(instrument), which, legs, size, flags }
            }
            3 | 4 => {
                let kind =
                    self.random.weighted(&[(4, OrderType::Limit), (1, OrderType::Market), (1, OrderType::PostOnly)]);
                let price = if kind == OrderType::Market { 0 } else { self.price(instrument) };
                // A market order lies between what is attached to it.
                let is_crossed = (first.0 < second.0) == (side == Side::Buy);
                let (first, second) =
                    if kind == OrderType::Market && is_crossed { (second, first) } else { (first, second) };
                let half = size / 2;
                let none = ([(0, 0); 2], 0);
                let attached = self.random.pick(&[
                    [([first, (0, 0)], 0), none, none],
                    [([first, second], 0), none, none],
                    [([first, (0, 0)], half), ([second, (0, 0)], size - half), ([(0, 0), second], 0)],
                ]);
                Act::PlaceAttached { account, instrument, side, kind, price, size, attached, name }
            }
            _ => {
                let kind = self.random.pick(TriggerKind::ALL);
                let legs = match kind {
                    TriggerKind::Conditional => self.random.pick(&[[first, (0, 0)], [(0, 0), second]]),
                    TriggerKind::OneCancelsOther => [first, second],
                    TriggerKind::Plain => [first, (0, 0)],
                    TriggerKind::Trailing => [(0, 0); 2],
                };
                let order_type = self.random.weighted(&[
                    (8, OrderType::Limit),
                    (1, OrderType::ImmediateOrCancel),
                    (1, OrderType::FillOrKill),
                ]);
                let is_trailing = kind == TriggerKind::Trailing;
                let by_ratio = self.random.once_in(2);
                let spread = self.random.between(1, 3);
                let ratio_ppb = self.random.pick(&[1_000_000, 100_000_000, 300_000_000, 1_000_000_000]);
                let active = if self.random.once_in(2) { self.price(instrument) } else { 0 };
                Act::Trigger {
                    account,
                    instrument,
                    kind,
                    side,
                    order_type,
                    legs,
                    size,
                    ratio_ppb: if is_trailing && by_ratio { ratio_ppb } else { 0 },
                    spread: if is_trailing && !by_ratio { spread } else { 0 },
                    active: if is_trailing { active } else { 0 },
                    flags: self.random.weighted(&[(6, 0), (1, 1)]),
                    name,
                }
            }
        }
    }

    fn money(&mut self) -> Act {
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

    fn operate(&mut self) -> Act {
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

    fn delivery(&mut self) -> Act {
        match self.random.below(16) {
            0..=5 => Act::Again { back: self.random.weighted(&[(6, 4), (3, 40), (1, 1_000)]) },
            6..=9 => Act::Delay,
            10..=12 => Act::Arrive { which: self.random.bits() as u8 },
            13 => Act::Worker,
            14 if self.random.once_in(6) => Act::Lost { commands: self.random.pick(&[1, 65_535, 65_536, 100_000]) },
            14 => Act::Worker,
            _ => Act::Garbled,
        }
    }

    fn account(&mut self) -> u32 {
        if self.random.once_in(150) {
            return self.random.pick(&[0, 1, 2, 15, 16 + self.accounts, u32::MAX]);
        }
        16 + self.random.below(u64::from(self.accounts)) as u32
    }

    fn instrument(&mut self) -> u32 {
        if self.random.once_in(150) {
            return self.random.pick(&[4, u32::MAX]);
        }
        1 + self.random.below(self.prices.len() as u64) as u32
    }

    fn own_or(&mut self, instrument: u32) -> u32 {
        if self.random.once_in(10) { instrument } else { 0 }
    }

    fn which(&mut self) -> Which {
        match self.random.below(8) {
            0 => Which::Back(self.random.below(60) as u8),
            1 => Which::Named(self.random.below(9) as u8),
            _ => Which::Live(self.random.bits() as u8),
        }
    }

    /// Near where prices are, which wander.
    fn price(&mut self, instrument: u32) -> i64 {
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

    fn size(&mut self) -> i64 {
        if self.random.once_in(100) {
            return self.random.pick(&[-1, 0, i64::MAX, self.largest + 1]);
        }
        let most = self.random.pick(&[4, self.largest]);
        self.random.between(1, most)
    }

    fn side(&mut self) -> Side {
        self.random.pick(Side::ALL)
    }

    fn self_trade(&mut self) -> SelfTrade {
        self.random.pick(&[SelfTrade::CancelMaker, SelfTrade::CancelTaker, SelfTrade::CancelBoth])
    }

    fn validity(&mut self) -> i64 {
        if self.random.once_in(20) { self.random.pick(&[-1_000, -1, 1, 60_000]) } else { 0 }
    }
}
