//! Draws a day: a small exchange is founded, then many things happen often.

mod founding;
mod house;
mod mishaps;
mod orders;
mod triggers;
mod values;

use crate::act::Act;
use crate::random::Random;

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
    (8, Sort::Timer),
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
    /// The instruments as they were listed.
    listings: Vec<Act>,
    /// Where prices are at the moment, for each instrument.
    around: Vec<i64>,
    keys: u32,
    /// Who has attached something to an order last.
    parent_of: u32,
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
        listings: Vec::new(),
        around: Vec::new(),
        keys: 0,
        parent_of: 16,
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
    fn next(&mut self, list: &mut Vec<Act>) {
        let (account, instrument) = (self.account(), self.instrument());
        let act = match self.random.weighted(&self.weights) {
            Sort::Place if self.is_crowded && self.random.once_in(60) => self.crowd(),
            Sort::Trigger if self.random.once_in(20) => self.trigger_crowd(),
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
                // More tags than an account may have timers, now and then.
                let tag = self.random.weighted(&[(3, 4), (1, 30)]);
                Act::Timer { account, timeout_ms, tag: self.random.below(tag) as u8 }
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
}
