//! Five days of trading, drawn from a seed.
//!
//! Every order rests on its own side of a middle that moves as the scenario says; it trades where the market comes
//! to it, or where small immediate orders reach for it. 15 % of the orders are immediate. Of the others 20 % are
//! amended (a larger size, mostly one tick nearer as well) and 95 % are cancelled after an exponential lifetime that
//! is longer far from the middle; 2 % of the cancels are sent twice. Lifetimes overlap, so a cancel meets any of the
//! live orders, and ids come in random order.
//!
//! The shares, the profile of the depth and the names of the scenarios follow a published benchmark, so that figures
//! can be compared roughly: github.com/flash1-dev/matching-engine-benchmark, "Methodology". Its orders live one
//! after the other; ours live at the same time, which is harder on caches.

use crate::random::{Depth, Random};
use tickyard_book::LimitOrder;
use tickyard_types::{OrderId, Side};

/// What a client sends.
#[derive(Clone, Copy)]
pub enum Message {
    Place(LimitOrder),
    Cancel(OrderId),
    Amend { id: OrderId, price: i64, size: i64 },
}

/// One kind of day.
pub struct Scenario {
    pub name: &'static str,
    /// Where the middle is when this much of the day has passed (of 1,000), in thousandths of the opening price;
    /// straight lines between the points.
    path: &'static [(i64, i64)],
    /// How far the middle strays from the path at most, in ticks.
    noise_ticks: i64,
}

pub const SCENARIOS: [Scenario; 5] = [
    Scenario { name: "static", path: &[(0, 1_000), (1_000, 1_000)], noise_ticks: 0 },
    Scenario { name: "normal", path: &[(0, 1_000), (250, 1_010), (750, 990), (1_000, 1_000)], noise_ticks: 335 },
    Scenario { name: "swing-25", path: &[(0, 1_000), (500, 1_250), (1_000, 1_000)], noise_ticks: 335 },
    Scenario { name: "swing-40", path: &[(0, 1_000), (500, 1_400), (1_000, 1_000)], noise_ticks: 335 },
    Scenario {
        name: "flash-crash",
        path: &[(0, 1_000), (400, 1_000), (450, 400), (650, 900), (1_000, 900)],
        noise_ticks: 335,
    },
];

const ORDERS: u64 = 1_100_000;
const OPENING_TICKS: i64 = 33_504;
/// Median lifetime of an order next to the middle, in orders that come after it.
const LIFETIME: u64 = 250;
/// Units of time from one order to the next.
const PACE: u64 = 1 << 10;
/// The middle is counted in this part of a tick.
const PART: i64 = 1 << 10;

impl Scenario {
    /// All messages of the day, in order.
    pub fn messages(&self, seed: u64) -> Vec<Message> {
        let mut random = Random::new(seed);
        let depth = Depth::new();
        let mut ids: Vec<u64> = (1..=ORDERS).collect();
        random.shuffle(&mut ids);
        let mut timed = Vec::with_capacity(ORDERS as usize * 5 / 2);
        let mut noise = 0;
        for (number, id) in (0..).zip(ids) {
            noise = self.stray(noise, &mut random);
            if random.percent(15) {
                let order = self.immediate(&mut random, number, OrderId(id), noise);
                timed.push((number * PACE, Message::Place(order)));
            } else {
                self.live(&mut timed, &mut random, &depth, number, OrderId(id), noise);
            }
        }
        timed.sort_by_key(|&(time, _)| time);
        timed.into_iter().map(|(_, message)| message).collect()
    }

    /// A small order that reaches over the middle.
    fn immediate(&self, random: &mut Random, number: u64, id: OrderId, noise: i64) -> LimitOrder {
        let (side, towards) = side(random);
        let price = self.middle(number, noise) + towards * random.below(4) as i64;
        LimitOrder { id, side, is_immediate: true, price, size: 1 + random.below(10) as i64 }
    }

    /// Adds the whole life of an order that rests.
    fn live(
        &self,
        timed: &mut Vec<(u64, Message)>,
        random: &mut Random,
        depth: &Depth,
        number: u64,
        id: OrderId,
        noise: i64,
    ) {
        let (side, towards) = side(random);
        let distance = depth.sample(random);
        let price = (self.middle(number, noise) - towards * distance).max(1);
        let size = 1 + random.below(100) as i64;
        let time = number * PACE;
        timed.push((time, Message::Place(LimitOrder { id, side, is_immediate: false, price, size })));
        let mut life = random.exponential(LIFETIME * PACE * (1 + distance as u64).isqrt());
        if random.percent(90) {
            while life > PACE && towards * (self.middle(number + life / PACE, noise) - price) <= 1 {
                life = life * 3 / 4;
            }
        }
        if random.percent(20) {
            let price = if random.percent(80) { price + towards } else { price };
            timed.push((time + random.below(life + 1), Message::Amend { id, price, size: size + 1 }));
        }
        if random.percent(95) {
            timed.push((time + life, Message::Cancel(id)));
            if random.percent(2) {
                timed.push((time + life + PACE, Message::Cancel(id)));
            }
        }
    }

    /// The middle of the market when so many orders have come, in ticks.
    fn middle(&self, number: u64, noise: i64) -> i64 {
        let now = number.min(ORDERS) as i64 * 1_000 * PART / ORDERS as i64;
        let after = self.path.iter().position(|&(time, _)| time * PART > now).unwrap_or(self.path.len() - 1);
        let ((t0, p0), (t1, p1)) = (self.path[after - 1], self.path[after]);
        let per_mille = p0 * PART + (p1 - p0) * (now - t0 * PART) / (t1 - t0);
        (OPENING_TICKS * per_mille / 1_000 + noise) / PART
    }

    /// One step of the noise around the path.
    fn stray(&self, noise: i64, random: &mut Random) -> i64 {
        let step = random.below(PART as u64 / 4 + 1) as i64 - PART / 8;
        (noise + step).clamp(-self.noise_ticks * PART, self.noise_ticks * PART)
    }
}

/// A side, and the direction from its orders towards the middle.
fn side(random: &mut Random) -> (Side, i64) {
    if random.percent(50) { (Side::Buy, 1) } else { (Side::Sell, -1) }
}
