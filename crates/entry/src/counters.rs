//! What was done in a window of time, by whom: the memory behind rate limits, shared by all processes that serve clients.
//!
//! A window begins with the first thing that is counted in it and lasts as long as its limit says; so whoever never does
//! more than the number in any such time is never refused. What is refused is not counted. The memory has a fixed size: a
//! place is free again once its window is over. Nothing is locked: whoever dies on the way holds nobody up.

use std::sync::atomic::{AtomicU64, Ordering};

/// Words of a table that serves an exchange: two for each place.
pub const WORDS: usize = 1 << 18;

const BUCKET: usize = 8; // places that a key can lie in: two lines of the cache
const COUNT_BITS: u32 = 22;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;
const SUBJECT_BITS: u32 = 32;
const DETAIL_BITS: u32 = 22;
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15; // 2^64 by the golden ratio, odd: neighbours go far apart

/// So many in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many, at most 4,194,303.
    pub count: u32,
    /// The length of the window, in milliseconds.
    pub per_ms: u32,
}

/// What is counted: by which limit, for whom, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(u64);

impl Key {
    /// Makes a key; of `limit`, which is not 0, ten bits count, of `detail` twenty-two.
    #[must_use]
    pub fn new(limit: u16, subject: u32, detail: u32) -> Self {
        debug_assert!(
            limit > 0 && limit < 1 << (64 - SUBJECT_BITS - DETAIL_BITS),
            "Invariant: limits are numbered from 1"
        );
        let detail = u64::from(detail) & ((1 << DETAIL_BITS) - 1);
        Self(u64::from(limit) << (SUBJECT_BITS + DETAIL_BITS) | u64::from(subject) << DETAIL_BITS | detail)
    }
}

/// The counters in some memory, which may be shared with other processes.
#[derive(Clone, Copy, Debug)]
pub struct Counters<'a> {
    words: &'a [AtomicU64],
}

/// When a window ends, and what was counted in it; in one word, so that both change at once.
#[derive(Clone, Copy)]
struct Window(u64);

impl Window {
    fn new(end_ms: u64, count: u64) -> Self {
        Self(end_ms << COUNT_BITS | count)
    }

    const fn end_ms(self) -> u64 {
        self.0 >> COUNT_BITS
    }

    const fn count(self) -> u64 {
        self.0 & COUNT_MASK
    }
}

impl<'a> Counters<'a> {
    /// Takes memory, zeros at first.
    ///
    /// # Panics
    /// It is not a power of two of words, or too little for one key.
    #[must_use]
    pub fn new(words: &'a [AtomicU64]) -> Self {
        assert!(
            words.len().is_power_of_two() && words.len() >= 2 * BUCKET,
            "Invariant: the table's size is a power of two"
        );
        Self { words }
    }

    /// Counts up to `wanted` more; returns how many there was room for.
    #[must_use]
    pub fn take(self, key: Key, limit: Limit, wanted: u32, now_ms: u64) -> u32 {
        let (per_ms, most) = (u64::from(limit.per_ms), u64::from(limit.count).min(COUNT_MASK));
        loop {
            let place = self.place(key, now_ms);
            let seen = place[1].load(Ordering::Acquire);
            let window = Window(seen);
            // Processes read the clock a little before they count; an end much too far away is from before the clock
            // was put back.
            let is_over = window.end_ms() <= now_ms || window.end_ms() > now_ms + 2 * per_ms;
            let (end_ms, counted) = if is_over { (now_ms + per_ms, 0) } else { (window.end_ms(), window.count()) };
            let granted = u64::from(wanted).min(most.saturating_sub(counted));
            if granted == 0 {
                return 0;
            }
            let next = Window::new(end_ms, counted + granted);
            let swapped = place[1].compare_exchange(seen, next.0, Ordering::AcqRel, Ordering::Acquire);
            if swapped.is_ok() {
                return u32::try_from(granted).unwrap_or(wanted);
            }
        }
    }

    /// The place of a key; it is given one when it has none.
    fn place(self, key: Key, now_ms: u64) -> &'a [AtomicU64] {
        let bucket = self.bucket(key);
        loop {
            if let Some(place) = find(bucket, key) {
                return place;
            }
            // One whose window is over; else, in a table that is too full, the one whose window ends first.
            let ends = bucket.chunks_exact(2).map(|place| Window(place[1].load(Ordering::Acquire)).end_ms());
            let free = ends.enumerate().min_by_key(|(_, end_ms)| if *end_ms <= now_ms { 0 } else { *end_ms });
            let Some((at, _)) = free else { continue };
            let place = &bucket[2 * at..2 * at + 2];
            let (old, window) = (place[0].load(Ordering::Acquire), place[1].load(Ordering::Acquire));
            if place[0].compare_exchange(old, key.0, Ordering::AcqRel, Ordering::Acquire).is_err() {
                continue;
            }
            let _ = place[1].compare_exchange(window, 0, Ordering::AcqRel, Ordering::Acquire);
            // Two processes may have given it a place each: the first one counts.
            let Some(first) = find(bucket, key) else { continue };
            if !std::ptr::eq(first, place) {
                let _ = place[0].compare_exchange(key.0, 0, Ordering::AcqRel, Ordering::Acquire);
            }
            return first;
        }
    }

    fn bucket(self, key: Key) -> &'a [AtomicU64] {
        let buckets = self.words.len() / (2 * BUCKET);
        let mixed = key.0.wrapping_mul(SPREAD);
        let at = usize::try_from(mixed >> 32).unwrap_or(0) & (buckets - 1);
        &self.words[at * 2 * BUCKET..(at + 1) * 2 * BUCKET]
    }
}

fn find(bucket: &[AtomicU64], key: Key) -> Option<&[AtomicU64]> {
    bucket.chunks_exact(2).find(|place| place[0].load(Ordering::Acquire) == key.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_790_000_000_000;
    const TWO: Limit = Limit { count: 2, per_ms: 1_000 };

    fn memory(words: usize) -> Vec<AtomicU64> {
        (0..words).map(|_| AtomicU64::new(0)).collect()
    }

    fn key(subject: u32) -> Key {
        Key::new(1, subject, 0)
    }

    #[test]
    fn no_more_than_the_number_fits_into_a_window() {
        let words = memory(64);
        let counters = Counters::new(&words);
        let taken: Vec<u32> = (0..4).map(|at| counters.take(key(7), TWO, 1, NOW + at)).collect();
        assert_eq!(taken, [1, 1, 0, 0]);
    }

    #[test]
    fn a_window_begins_with_the_first_that_is_counted_and_the_next_after_its_length() {
        let words = memory(64);
        let counters = Counters::new(&words);
        assert_eq!(counters.take(key(7), TWO, 2, NOW), 2);
        assert_eq!(counters.take(key(7), TWO, 1, NOW + 999), 0);
        assert_eq!(counters.take(key(7), TWO, 2, NOW + 1_000), 2);
        assert_eq!(counters.take(key(7), TWO, 1, NOW + 1_999), 0);
    }

    #[test]
    fn of_many_as_many_are_counted_as_there_is_room_for() {
        let words = memory(64);
        let counters = Counters::new(&words);
        assert_eq!(counters.take(key(7), TWO, 1, NOW), 1);
        assert_eq!(counters.take(key(7), TWO, 5, NOW), 1);
    }

    #[test]
    fn limits_subjects_and_details_are_counted_apart() {
        let words = memory(1 << 10);
        let counters = Counters::new(&words);
        for key in [Key::new(1, 7, 0), Key::new(2, 7, 0), Key::new(1, 8, 0), Key::new(1, 7, 1)] {
            assert_eq!(counters.take(key, TWO, 3, NOW), 2);
        }
    }

    #[test]
    fn a_clock_that_was_put_back_ends_the_windows_of_the_future() {
        let words = memory(64);
        let counters = Counters::new(&words);
        assert_eq!(counters.take(key(7), TWO, 2, NOW), 2);
        assert_eq!(counters.take(key(7), TWO, 1, NOW - 500), 0, "a little is only another process's older reading");
        assert_eq!(counters.take(key(7), TWO, 1, NOW - 60_000), 1);
    }

    #[test]
    fn idle_entries_are_forgotten_and_a_full_table_forgets_what_ends_first() {
        let words = memory(16); // one bucket
        let counters = Counters::new(&words);
        for subject in 0..100 {
            assert_eq!(counters.take(key(subject), TWO, 2, NOW + u64::from(subject) * 1_000), 2);
        }
        for subject in 0..9 {
            assert_eq!(counters.take(key(subject), TWO, 2, NOW + 200_000 + u64::from(subject)), 2);
        }
        assert_eq!(counters.take(key(8), TWO, 1, NOW + 200_100), 0, "the newest is still known");
    }

    #[test]
    fn threads_together_get_no_more_than_the_number() {
        let words = memory(1 << 10);
        let counters = Counters::new(&words);
        let limit = Limit { count: 1_000, per_ms: 60_000 };
        assert_eq!(counters.take(key(7), limit, 1, NOW), 1);
        let taken: u32 = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| (0..1_000).map(|_| counters.take(key(7), limit, 1, NOW)).sum::<u32>()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(taken, 999);
    }
}
