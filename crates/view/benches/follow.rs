//! What it takes to follow one change of a level, and to write one update of a stream, in small books and large ones.
//!
//! Prints one line of JSON for each. CPU time, because other work on the machine must not count.

#[allow(dead_code, reason = "there are no rounds here")]
#[path = "../../book/benches/book/timing.rs"]
mod timing;

use std::hint::black_box;
use tickyard_types::{EventHeader, EventKind, InstrumentId, LevelChanged, Seq, Side};
use tickyard_view::{Grid, MarketView, Window};
use timing::cpu_ns;
use zerocopy::IntoBytes;

const PAIR: InstrumentId = InstrumentId(1);
const MIDDLE: i64 = 1_000_000;
const BATCHES: usize = 400;
const CHANGES: usize = 256;
/// Nine of ten changes come so near to the touch.
const NEAR: u64 = 200;
const DEPTH: usize = 400;

fn main() {
    for levels in [400, 100_000] {
        let mut market = Market::new(levels);
        let batches: Vec<Vec<u8>> = (0..BATCHES).map(|_| market.batch()).collect();
        let (mut list, mut frames) = (Vec::new(), 0);
        let mut view = market.view;
        let mut window = Window::of(view.book(0), DEPTH);
        let (mut follow_ns, mut update_ns) = (0, 0);
        for batch in &batches {
            let begun = cpu_ns();
            black_box(view.apply(black_box(batch)).expect("events"));
            let applied = cpu_ns();
            list.clear();
            let mut bids = Vec::new();
            window.advance(view.book(0), &mut list, &mut bids);
            black_box(window.checksum());
            frames += bids.len() + list.len();
            update_ns += cpu_ns() - applied;
            follow_ns += applied - begun;
        }
        let changes = (BATCHES * CHANGES) as u64;
        print("follow_change", levels, follow_ns / changes, &format!("{changes} changes in batches of {CHANGES}"));
        let bytes = frames / BATCHES;
        print("follow_update", levels, update_ns / BATCHES as u64, &format!("depth {DEPTH}, {bytes} bytes a frame"));
    }
}

fn print(name: &str, levels: i64, ns: u64, what: &str) {
    println!(
        r#"{{"name": "{name}_{levels}", "unit": "ns", "value": {ns}, "conditions": "{levels} levels a side; {what}"}}"#
    );
}

/// One pair whose levels change at random, by a fixed seed.
struct Market {
    view: MarketView,
    levels: i64,
    seq: u64,
    random: u64,
}

impl Market {
    fn new(levels: i64) -> Self {
        let grid = Grid::new(1, 8).expect("a grid");
        let mut view = MarketView::new([(PAIR, grid, grid)]);
        let all: Vec<u8> = (1..=levels)
            .flat_map(|away| [(Side::Buy, MIDDLE - away), (Side::Sell, MIDDLE + away)])
            .flat_map(|(side, price)| change(1, side, price, 1_000_000).as_bytes().to_vec())
            .collect();
        view.apply(&all).expect("events");
        Self { view, levels, seq: 1, random: 1 }
    }

    fn batch(&mut self) -> Vec<u8> {
        (0..CHANGES).flat_map(|_| self.change().as_bytes().to_vec()).collect()
    }

    fn change(&mut self) -> LevelChanged {
        self.seq += 1;
        let near = NEAR.min(self.levels as u64);
        let reach = if self.draw(10) == 0 { self.levels as u64 } else { near };
        let away = 1 + self.draw(reach) as i64;
        let size = self.draw(4) as i64 * 120_000;
        if self.draw(2) == 0 {
            change(self.seq, Side::Buy, MIDDLE - away, size)
        } else {
            change(self.seq, Side::Sell, MIDDLE + away, size)
        }
    }

    /// A number below `end`: splitmix64.
    fn draw(&mut self, end: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ z >> 31) % end
    }
}

fn change(seq: u64, side: Side, price: i64, size: i64) -> LevelChanged {
    let header = EventHeader {
        kind: EventKind::LevelChanged,
        reserved: 0,
        size: size_of::<LevelChanged>() as u16,
        index: 0,
        seq: Seq(seq),
        time_ns: seq,
    };
    LevelChanged { header, price, size, instrument: PAIR, orders: u32::from(size > 0), side, reserved: [0; 7] }
}
