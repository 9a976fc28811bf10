//! One price level, and how the wire writes it.

use crate::decimal::{Grid, write_whole};

/// What rests at one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Ticks.
    pub price: i64,
    /// Lots; more than zero.
    pub size: i64,
    /// Orders.
    pub orders: u32,
}

/// Prices and sizes of one instrument as text.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// Ticks.
    pub price: Grid,
    /// Lots.
    pub size: Grid,
}

impl Scale {
    /// Appends a level of a book to a list: price, size, a zero of old times, number of orders.
    pub fn write_level(&self, level: &Level, list: &mut Vec<u8>) {
        self.begin(level, list);
        list.extend_from_slice(b"\",\"0\",\"");
        write_whole(level.orders.into(), list);
        list.extend_from_slice(b"\"]");
    }

    /// Appends the same without the zero.
    pub fn write_short_level(&self, level: &Level, list: &mut Vec<u8>) {
        self.begin(level, list);
        list.extend_from_slice(b"\",\"");
        write_whole(level.orders.into(), list);
        list.extend_from_slice(b"\"]");
    }

    /// Appends to a list that nothing rests at a price any more.
    pub fn write_gone(&self, price: i64, list: &mut Vec<u8>) {
        separate(b',', list);
        list.extend_from_slice(b"[\"");
        self.price.write(price, list);
        list.extend_from_slice(b"\",\"0\",\"0\",\"0\"]");
    }

    /// Appends a level as a checksum sees it: exactly the price and size of [`Self::write_level`].
    pub fn write_sum(&self, level: &Level, sum: &mut Vec<u8>) {
        separate(b':', sum);
        self.price.write(level.price, sum);
        sum.push(b':');
        self.size.write(level.size, sum);
    }

    fn begin(&self, level: &Level, list: &mut Vec<u8>) {
        separate(b',', list);
        list.extend_from_slice(b"[\"");
        self.price.write(level.price, list);
        list.extend_from_slice(b"\",\"");
        self.size.write(level.size, list);
    }
}

fn separate(mark: u8, list: &mut Vec<u8>) {
    if !list.is_empty() {
        list.push(mark);
    }
}
