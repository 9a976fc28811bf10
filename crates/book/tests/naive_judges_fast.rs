//! The naive book judges the fast one: equal reports, and equal books after every message.

use proptest::prelude::*;
use tickyard_book::naive::NaiveMatcher;
use tickyard_book::{LimitOrder, Matcher, Matching, Report};
use tickyard_types::{OrderId, Side};

#[derive(Clone, Copy, Debug)]
enum Message {
    Place(LimitOrder),
    Cancel(OrderId),
    Amend(OrderId, i64, i64),
}

fn send(matcher: &mut impl Matching, message: Message) -> Vec<Report> {
    let mut reports = Vec::new();
    let report = &mut |report| reports.push(report);
    match message {
        Message::Place(order) => matcher.place(order, report),
        Message::Cancel(id) => matcher.cancel(id, report),
        Message::Amend(id, price, size) => matcher.amend(id, price, size, report),
    }
    reports
}

struct Pair {
    fast: Matcher,
    naive: NaiveMatcher,
}

impl Pair {
    fn new() -> Self {
        Self { fast: Matcher::new(1), naive: NaiveMatcher::new() }
    }

    fn send(&mut self, message: Message) {
        assert_eq!(send(&mut self.fast, message), send(&mut self.naive, message), "{message:?}");
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(self.fast.book().best(side), self.naive.best(side), "{message:?}");
        }
    }

    fn compare_books(&self) {
        let (book, orders) = (self.fast.book(), self.fast.orders());
        for side in [Side::Buy, Side::Sell] {
            let levels: Vec<_> = book.levels(side).collect();
            assert_eq!(levels, self.naive.levels(side));
            assert!(levels.iter().all(|&(price, level)| book.level(side, price) == Some(level)));
            assert!(levels.iter().all(|&(price, _)| book.level(side.opposite(), price).is_none()));
            let makers: Vec<_> =
                book.makers(orders, side).map(|maker| (maker.price, orders[maker.slot].id(), maker.size)).collect();
            assert_eq!(makers, self.naive.queue(side));
            assert_eq!(book.front(side), book.queue(orders, side).next());
            assert!(book.queue(orders, side).all(|slot| orders[slot].side() == Some(side)));
        }
    }
}

/// Where prices come from: one level, a narrow market, one wider than the window, the ends of the numbers.
fn prices() -> impl Strategy<Value = Vec<i64>> {
    let one = Just(vec![1]);
    let narrow = Just((95..106).collect::<Vec<i64>>());
    let scattered = proptest::collection::vec(1_i64..100_000, 2..30);
    let jumping = Just(vec![1, 2, 63, 64, 65, 20_000, 1 << 40, (1 << 40) + 16_384, i64::MAX - 1, i64::MAX]);
    let any = proptest::collection::vec(1_i64..=i64::MAX, 2..30);
    prop_oneof![one, narrow, scattered, jumping, any]
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    prices().prop_flat_map(|prices| {
        let (price, amended) = (proptest::sample::select(prices.clone()), proptest::sample::select(prices));
        let place =
            (0_u64..40, any::<bool>(), 0_u8..8, price, 0_i64..12).prop_map(|(id, is_buy, kind, price, size)| {
                let side = if is_buy { Side::Buy } else { Side::Sell };
                Message::Place(LimitOrder { id: OrderId(id), side, is_immediate: kind == 0, price, size })
            });
        let cancel = (0_u64..40).prop_map(|id| Message::Cancel(OrderId(id)));
        let amend =
            (0_u64..40, amended, 0_i64..12).prop_map(|(id, price, size)| Message::Amend(OrderId(id), price, size));
        proptest::collection::vec(prop_oneof![4 => place, 2 => cancel, 1 => amend], 1..300)
    })
}

proptest! {
    #[test]
    fn any_messages_leave_equal_books(messages in messages()) {
        let mut pair = Pair::new();
        for message in messages {
            pair.send(message);
            pair.compare_books();
        }
    }
}

/// A small fixed generator, so that the long days are the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Trades `messages` messages around a touch that drifts by up to `stride` ticks at a time and jumps now and then.
fn day(seed: u64, messages: u64, depth: u64, stride: i64, compare_every: u64) {
    let mut random = Random(seed);
    let mut pair = Pair::new();
    let mut touch = 30_000_i64;
    let mut ids: Vec<u64> = Vec::new();
    for number in 1..=messages {
        touch = (touch + random.below(2 * stride as u64 + 1) as i64 - stride).max(1_000);
        if random.below(5_000) == 0 {
            touch = 1_000 + random.below(1 << 20) as i64;
        }
        let away = random.below(depth).min(random.below(depth)) as i64;
        let side = if random.below(2) == 0 { Side::Buy } else { Side::Sell };
        let price = match side {
            Side::Buy => (touch + 3 - away).max(1),
            Side::Sell => (touch - 3 + away).max(1),
        };
        let size = 1 + random.below(100) as i64;
        let chosen = if ids.is_empty() { 0 } else { random.below(ids.len() as u64) as usize };
        let message = match random.below(10) {
            0..5 => {
                // Ids in no order; the old one of the same number may still live.
                let id = OrderId(1 + number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 1_000_003);
                ids.push(id.0);
                Message::Place(LimitOrder { id, side, is_immediate: random.below(8) == 0, price, size })
            }
            5..9 if !ids.is_empty() => Message::Cancel(OrderId(ids.swap_remove(chosen))),
            _ if !ids.is_empty() => Message::Amend(OrderId(ids[chosen]), price, size),
            _ => Message::Cancel(OrderId(number)),
        };
        pair.send(message);
        if number % compare_every == 0 {
            pair.compare_books();
        }
    }
    pair.compare_books();
}

#[test]
fn a_day_in_a_narrow_market_leaves_equal_books_after_every_message() {
    day(11, 20_000, 12, 0, 1);
}

#[test]
fn a_day_of_drifts_and_jumps_leaves_equal_books() {
    day(12, 200_000, 900, 20, 97);
}

#[test]
fn a_day_in_a_book_wider_than_the_window_leaves_equal_books() {
    day(13, 200_000, 30_000, 200, 997);
}
