//! The book of one instrument as the public sees it: price levels, no orders.

use crate::level::{Level, Scale};
use crate::side::SideLevels;
use tickyard_types::{InstrumentId, LevelChanged, Seq, Side};

const NS_PER_MS: u64 = 1_000_000;

/// Both sides, and which command changed them last.
#[derive(Clone, Debug)]
pub struct Book {
    instrument: InstrumentId,
    scale: Scale,
    bids: SideLevels,
    asks: SideLevels,
    seq: Seq,
    time_ms: u64,
    read_at: Seq,
}

/// A book as the core told it when it was asked.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The newest command that it contains; older changes are in it already.
    pub read_at: Seq,
    /// The newest command not above `read_at` that changed this book.
    pub changed_at: Seq,
    /// Its exchange time.
    pub time_ms: u64,
    /// In any order.
    pub bids: &'a [Level],
    /// In any order.
    pub asks: &'a [Level],
}

impl Book {
    pub(crate) const fn new(instrument: InstrumentId, scale: Scale) -> Self {
        Self {
            instrument,
            scale,
            bids: SideLevels::new(Side::Buy),
            asks: SideLevels::new(Side::Sell),
            seq: Seq(0),
            time_ms: 0,
            read_at: Seq(0),
        }
    }

    /// Whose book it is.
    #[must_use]
    pub const fn instrument(&self) -> InstrumentId {
        self.instrument
    }

    /// The newest applied command that changed this book.
    ///
    /// It depends on the journal alone, so it is the same in every worker, on every channel and endpoint.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// Exchange time of the newest change; 0 before the first.
    #[must_use]
    pub const fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// Who wants to buy.
    #[must_use]
    pub const fn bids(&self) -> &SideLevels {
        &self.bids
    }

    /// Who wants to sell.
    #[must_use]
    pub const fn asks(&self) -> &SideLevels {
        &self.asks
    }

    pub(crate) const fn scale(&self) -> &Scale {
        &self.scale
    }

    /// Replaces everything by a picture.
    pub fn load(&mut self, picture: &Picture<'_>) {
        self.bids = SideLevels::new(Side::Buy);
        self.asks = SideLevels::new(Side::Sell);
        for (side, levels) in [(&mut self.bids, picture.bids), (&mut self.asks, picture.asks)] {
            for level in levels {
                side.set(*level);
            }
        }
        (self.read_at, self.seq, self.time_ms) = (picture.read_at, picture.changed_at, picture.time_ms);
    }

    /// Takes over a change; `false` when the loaded picture contained it.
    pub fn apply(&mut self, change: &LevelChanged) -> bool {
        if change.header.seq <= self.read_at {
            self.seq = self.seq.max(change.header.seq);
            return false;
        }
        let side = match change.side {
            Side::Buy => &mut self.bids,
            Side::Sell => &mut self.asks,
        };
        side.set(Level { price: change.price, size: change.size, orders: change.orders });
        self.seq = change.header.seq;
        self.time_ms = change.header.time_ns / NS_PER_MS;
        true
    }

    /// Appends the best levels of a side as the wire lists them.
    pub fn write_top(&self, side: Side, count: usize, list: &mut Vec<u8>) {
        self.side(side).iter().take(count).for_each(|level| self.scale.write_level(&level, list));
    }

    /// Appends the best levels of a side as the wire lists them in whole books: without the zero of old times.
    pub fn write_short_top(&self, side: Side, count: usize, list: &mut Vec<u8>) {
        self.side(side).iter().take(count).for_each(|level| self.scale.write_short_level(&level, list));
    }

    const fn side(&self, side: Side) -> &SideLevels {
        match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        }
    }
}
