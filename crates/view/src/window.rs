//! What the subscribers of one stream of book updates have.

use crate::book::Book;
use crate::level::{Level, Scale};
use crate::side::{SideLevels, rank};
use std::mem::swap;
use tickyard_types::{Seq, Side};

/// So many levels of each side are in a checksum. Source: OKX v5, "Order book channel", "Checksum".
const SUMMED: usize = 25;

/// The best levels of a book as of the last frame that was sent.
#[derive(Clone, Debug)]
pub struct Window {
    depth: usize,
    scale: Scale,
    bids: Vec<Level>,
    asks: Vec<Level>,
    /// Kept, so that a move allocates nothing.
    spare: Vec<Level>,
    seq: Seq,
    time_ms: u64,
}

impl Window {
    /// The best `depth` levels of each side of a book as it is.
    #[must_use]
    pub fn of(book: &Book, depth: usize) -> Self {
        Self {
            depth,
            scale: *book.scale(),
            bids: book.bids().iter().take(depth).collect(),
            asks: book.asks().iter().take(depth).collect(),
            spare: Vec::new(),
            seq: book.seq(),
            time_ms: book.time_ms(),
        }
    }

    /// The newest command that changed the book in it.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// Exchange time of that change.
    #[must_use]
    pub const fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// Moves to the book as it is, and appends what turns the old window into the new one, best price first: levels
    /// that are new or differ, and levels that are gone.
    ///
    /// A level beyond the window is gone for the subscriber, and new when it moves in.
    pub fn advance(&mut self, book: &Book, asks: &mut Vec<u8>, bids: &mut Vec<u8>) {
        (self.seq, self.time_ms) = (book.seq(), book.time_ms());
        for (side, old, now, list) in
            [(Side::Sell, &mut self.asks, book.asks(), asks), (Side::Buy, &mut self.bids, book.bids(), bids)]
        {
            self.spare.clear();
            write_changes(side, old, now, self.depth, &self.scale, &mut self.spare, list);
            swap(old, &mut self.spare);
        }
    }

    /// Appends all levels of a side.
    pub fn write_levels(&self, side: Side, list: &mut Vec<u8>) {
        let levels = match side {
            Side::Buy => &self.bids,
            Side::Sell => &self.asks,
        };
        levels.iter().for_each(|level| self.scale.write_level(level, list));
    }

    /// The CRC-32 of the best levels, bid and ask by turns, as a signed number.
    ///
    /// Source: OKX v5, "Order book channel", "Checksum"; clients of that time still verify it.
    #[must_use]
    pub fn checksum(&self) -> i32 {
        let mut text = Vec::new();
        let (bids, asks) = (summed(&self.bids), summed(&self.asks));
        for turn in 0..bids.len().max(asks.len()) {
            for level in [bids.get(turn), asks.get(turn)].into_iter().flatten() {
                self.scale.write_sum(level, &mut text);
            }
        }
        crc32fast::hash(&text).cast_signed()
    }
}

fn summed(levels: &[Level]) -> &[Level] {
    &levels[..levels.len().min(SUMMED)]
}

/// Walks both windows side by side; `next` takes the new one.
fn write_changes(
    side: Side,
    old: &[Level],
    now: &SideLevels,
    depth: usize,
    scale: &Scale,
    next: &mut Vec<Level>,
    list: &mut Vec<u8>,
) {
    let mut old = old.iter().peekable();
    for level in now.iter().take(depth) {
        next.push(level);
        let here = rank(side, level.price);
        while let Some(gone) = old.next_if(|before| rank(side, before.price) < here) {
            scale.write_gone(gone.price, list);
        }
        let before = old.next_if(|before| before.price == level.price);
        if before != Some(&level) {
            scale.write_level(&level, list);
        }
    }
    old.for_each(|gone| scale.write_gone(gone.price, list));
}
