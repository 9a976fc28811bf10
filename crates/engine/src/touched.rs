//! Levels that a command touched. Each is told once, at the end, with its final value.

use crate::engine::market_index;
use crate::{Engine, EventBuffer};
use tickyard_types::{EventKind, InstrumentId, LevelChanged, Side};

/// A list without duplicates at its end; the rest are removed when it is told.
#[derive(Clone, Debug)]
pub(crate) struct Touched {
    levels: Vec<(InstrumentId, Side, i64)>,
}

impl Default for Touched {
    /// With room for what all but the widest commands touch.
    fn default() -> Self {
        Self { levels: Vec::with_capacity(64) }
    }
}

impl Touched {
    /// Notes a level. Matching stays at one level for many orders, so the last one is compared.
    pub(crate) fn note(&mut self, instrument: InstrumentId, side: Side, price: i64) {
        let level = (instrument, side, price);
        if self.levels.last() != Some(&level) {
            self.levels.push(level);
        }
    }
}

impl Engine {
    /// Tells every touched level, by instrument, side and price, and forgets them.
    pub(crate) fn tell_levels(&mut self, events: &mut EventBuffer) {
        let levels = &mut self.touched.levels;
        if levels.len() > 1 {
            levels.sort_unstable();
            levels.dedup();
        }
        for at in 0..levels.len() {
            let (instrument, side, price) = self.touched.levels[at];
            self.tell_level(instrument, side, price, events);
        }
        self.touched.levels.clear();
    }

    #[inline]
    fn tell_level(&self, instrument: InstrumentId, side: Side, price: i64, events: &mut EventBuffer) {
        let level = self.markets[market_index(instrument)].book.level(side, price);
        let header = events.header(EventKind::LevelChanged);
        events.push(&LevelChanged {
            header,
            price,
            size: level.map_or(0, |level| level.size),
            instrument,
            orders: level.map_or(0, |level| level.orders),
            side,
            reserved: [0; 7],
        });
    }
}
