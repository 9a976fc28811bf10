//! An obvious twin judges the view: a list of levels, searched from end to end and sorted whenever somebody looks.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tickyard_types::{
    AccountDefined, AccountId, EventHeader, EventKind, InstrumentId, LevelChanged, SelfTrade, Seq, Side,
};
use tickyard_view::{Book, Grid, Level, MarketView, Picture, Window};
use zerocopy::IntoBytes;

const LISTED: [InstrumentId; 2] = [InstrumentId(3), InstrumentId(7)];
const UNLISTED: InstrumentId = InstrumentId(4);
const DEPTH: usize = 5;

/// One event of a batch: a change of a level, or something else.
#[derive(Clone, Copy, Debug)]
enum Step {
    Change { instrument: InstrumentId, side: Side, price: i64, size: i64 },
    Other(u32),
}

fn header(kind: EventKind, size: usize, seq: u64) -> EventHeader {
    EventHeader { kind, reserved: 0, size: size as u16, index: 0, seq: Seq(seq), time_ns: seq * 1_000_000 }
}

fn change(seq: u64, instrument: InstrumentId, side: Side, price: i64, size: i64) -> LevelChanged {
    let header = header(EventKind::LevelChanged, size_of::<LevelChanged>(), seq);
    LevelChanged { header, price, size, instrument, orders: u32::from(size > 0), side, reserved: [0; 7] }
}

fn other(seq: u64, account: u32) -> AccountDefined {
    let header = header(EventKind::AccountDefined, size_of::<AccountDefined>(), seq);
    let (account, master) = (AccountId(account), AccountId(account));
    AccountDefined { header, account, master, fee_level: 0, self_trade: SelfTrade::CancelMaker, reserved: [0; 6] }
}

fn listing() -> MarketView {
    let price = Grid::new(1, 1).expect("a grid");
    let size = Grid::new(1, 8).expect("a grid");
    MarketView::new(LISTED.map(|instrument| (instrument, price, size)))
}

/// The books as the rules say it.
#[derive(Default)]
struct Twin {
    levels: Vec<(InstrumentId, Side, Level)>,
    seqs: BTreeMap<InstrumentId, u64>,
    read_at: BTreeMap<InstrumentId, u64>,
}

impl Twin {
    /// Returns whether the book has changed.
    fn apply(&mut self, event: &LevelChanged) -> bool {
        let (instrument, seq) = (event.instrument, event.header.seq.0);
        if !LISTED.contains(&instrument) {
            return false;
        }
        let newest = self.seqs.entry(instrument).or_default();
        *newest = seq.max(*newest);
        if seq <= self.read_at.get(&instrument).copied().unwrap_or(0) {
            return false;
        }
        self.levels.retain(|&(of, side, level)| (of, side, level.price) != (instrument, event.side, event.price));
        if event.size > 0 {
            let level = Level { price: event.price, size: event.size, orders: event.orders };
            self.levels.push((instrument, event.side, level));
        }
        true
    }

    fn side(&self, instrument: InstrumentId, side: Side) -> Vec<Level> {
        let mut found: Vec<_> = self
            .levels
            .iter()
            .filter(|&&(of, on, _)| (of, on) == (instrument, side))
            .map(|&(_, _, level)| level)
            .collect();
        found.sort_by_key(|level| if side == Side::Buy { -level.price } else { level.price });
        found
    }
}

fn steps() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let instrument = prop::sample::select(vec![LISTED[0], LISTED[0], LISTED[1], UNLISTED]);
    let side = prop::sample::select(vec![Side::Buy, Side::Sell]);
    let change = (instrument, side, 1_i64..30, 0_i64..3).prop_map(|(instrument, side, price, size)| Step::Change {
        instrument,
        side,
        price,
        size,
    });
    let step = prop_oneof![9 => change, 1 => (16_u32..99).prop_map(Step::Other)];
    prop::collection::vec(prop::collection::vec(step, 0..12), 0..12)
}

/// What a subscriber has: price text to the rest of the level, taken from frames alone.
#[derive(Debug, Default, PartialEq)]
struct Copy(BTreeMap<String, String>);

impl Copy {
    fn take(&mut self, list: &[u8]) {
        let list = std::str::from_utf8(list).expect("text");
        for level in list.split("],[").filter(|level| !level.is_empty()) {
            let level = level.trim_matches(['[', ']']);
            let (price, rest) = level.split_once(',').expect("a price and more");
            if rest.starts_with("\"0\"") {
                assert!(self.0.remove(price).is_some(), "{price} was not there");
            } else {
                assert_ne!(self.0.insert(price.into(), rest.into()).as_deref(), Some(rest), "{price} was there");
            }
        }
    }

    fn of(book: &Book, side: Side) -> Self {
        let (mut list, mut copy) = (Vec::new(), Self::default());
        book.write_top(side, DEPTH, &mut list);
        copy.take(&list);
        copy
    }
}

proptest! {
    #[test]
    fn the_view_is_the_twin_after_every_batch(batches in steps(), read_at in 0_u64..40) {
        let (mut view, mut twin) = (listing(), Twin::default());
        let place = view.place(LISTED[0]).expect("listed");
        let picture = [Level { price: 11, size: 9, orders: 2 }];
        let (bids, asks) = (&picture[..], &[][..]);
        view.book_mut(place).load(&Picture { read_at: Seq(read_at), changed_at: Seq(0), time_ms: 5, bids, asks });
        twin.read_at.insert(LISTED[0], read_at);
        twin.levels.push((LISTED[0], Side::Buy, picture[0]));

        let mut seq = 0;
        for batch in batches {
            let (mut bytes, mut rest, mut changed) = (Vec::new(), Vec::new(), Vec::new());
            for step in batch {
                seq += 1;
                match step {
                    Step::Change { instrument, side, price, size } => {
                        let event = change(seq, instrument, side, price, size);
                        bytes.extend_from_slice(event.as_bytes());
                        if twin.apply(&event) && !changed.contains(&instrument) {
                            changed.push(instrument);
                        }
                    }
                    Step::Other(account) => {
                        bytes.extend_from_slice(other(seq, account).as_bytes());
                        rest.extend_from_slice(other(seq, account).as_bytes());
                    }
                }
            }
            let applied = view.apply(&bytes).expect("whole events");
            prop_assert_eq!(applied.changed, &changed[..]);
            prop_assert_eq!(applied.rest, &rest[..]);
            for instrument in LISTED {
                let book = view.book(view.place(instrument).expect("listed"));
                for (side, levels) in [(Side::Buy, book.bids()), (Side::Sell, book.asks())] {
                    let expected = twin.side(instrument, side);
                    prop_assert_eq!(levels.len(), expected.len());
                    prop_assert_eq!(levels.best(), expected.first().copied());
                    prop_assert_eq!(levels.iter().collect::<Vec<_>>(), expected);
                }
                prop_assert_eq!(book.seq().0, twin.seqs.get(&instrument).copied().unwrap_or(0));
            }
        }
    }

    #[test]
    fn whoever_takes_every_update_has_the_window_of_now(batches in steps()) {
        let mut view = listing();
        let place = view.place(LISTED[0]).expect("listed");
        let mut window = Window::of(view.book(place), DEPTH);
        let mut copies = [Copy::default(), Copy::default()];
        let mut seq = 0;
        for batch in batches {
            let mut bytes = Vec::new();
            for step in batch {
                seq += 1;
                if let Step::Change { instrument, side, price, size } = step {
                    bytes.extend_from_slice(change(seq, instrument, side, price, size).as_bytes());
                }
            }
            view.apply(&bytes).expect("whole events");
            let book = view.book(place);
            let mut lists = [Vec::new(), Vec::new()];
            let [asks, bids] = &mut lists;
            window.advance(book, asks, bids);
            for ((side, list), copy) in [Side::Sell, Side::Buy].into_iter().zip(&lists).zip(&mut copies) {
                copy.take(list);
                prop_assert_eq!(&*copy, &Copy::of(book, side));
                let mut whole = Vec::new();
                window.write_levels(side, &mut whole);
                let mut again = Copy::default();
                again.take(&whole);
                prop_assert_eq!(&*copy, &again);
            }
            prop_assert_eq!((window.seq(), window.time_ms()), (book.seq(), book.time_ms()));
            prop_assert_eq!(window.checksum(), Window::of(book, DEPTH).checksum());
        }
    }
}

#[test]
fn levels_are_listed_as_the_wire_writes_them() {
    let mut view = listing();
    let mut bytes = change(1, LISTED[0], Side::Buy, 600_001, 5).as_bytes().to_vec();
    bytes.extend_from_slice(change(2, LISTED[0], Side::Buy, 600_000, 300_000_000).as_bytes());
    view.apply(&bytes).expect("whole events");
    let book = view.book(view.place(LISTED[0]).expect("listed"));
    let (mut list, mut short, mut asks) = (Vec::new(), Vec::new(), Vec::new());
    book.write_top(Side::Buy, 2, &mut list);
    book.write_short_top(Side::Buy, 1, &mut short);
    book.write_top(Side::Sell, 2, &mut asks);
    assert_eq!(list, br#"["60000.1","0.00000005","0","1"],["60000","3","0","1"]"#);
    assert_eq!(short, br#"["60000.1","0.00000005","1"]"#);
    assert!(asks.is_empty());
}

#[test]
fn the_checksum_takes_bid_and_ask_by_turns_and_then_what_is_left() {
    let mut view = listing();
    let levels = [(Side::Buy, 33_661, 7), (Side::Buy, 33_660, 6), (Side::Sell, 33_662, 8), (Side::Buy, 33_659, 1)];
    for (seq, (side, price, size)) in (1..).zip(levels) {
        view.apply(change(seq, LISTED[0], side, price * 10, size * 100_000_000).as_bytes()).expect("an event");
    }
    let window = Window::of(view.book(view.place(LISTED[0]).expect("listed")), 400);
    assert_eq!(window.checksum(), crc32fast::hash(b"33661:7:33662:8:33660:6:33659:1").cast_signed());
}

#[test]
fn what_is_no_event_is_refused_with_its_place() {
    let whole = change(1, LISTED[0], Side::Buy, 5, 5).as_bytes().to_vec();
    let cut = [&whole[..], &whole[..whole.len() - 1]].concat();
    let mut unknown = whole.clone();
    unknown[0] = 99;
    let mut of_wrong_size = whole.clone();
    of_wrong_size[2] = 57;
    let mut of_no_side = whole.clone();
    of_no_side[48] = 3;
    for (bytes, at) in [(cut, whole.len()), (unknown, 0), (of_wrong_size, 0), (of_no_side, 0), (vec![6], 0)] {
        assert_eq!(listing().apply(&bytes).expect_err("no events").at, at);
    }
}

#[test]
fn a_change_that_the_picture_contained_moves_only_the_sequence() {
    let mut view = listing();
    let place = view.place(LISTED[1]).expect("listed");
    let bids = [Level { price: 100, size: 5, orders: 1 }];
    let picture = Picture { read_at: Seq(10), changed_at: Seq(7), time_ms: 1, bids: &bids, asks: &[] };
    view.book_mut(place).load(&picture);
    let applied = view.apply(change(9, LISTED[1], Side::Buy, 100, 0).as_bytes()).expect("an event");
    assert!(applied.changed.is_empty());
    let book = view.book(place);
    assert_eq!((book.bids().best(), book.seq(), book.time_ms()), (Some(bids[0]), Seq(9), 1));
}
