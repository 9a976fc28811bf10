"""Books are kept in Rust; what the crate's own tests cannot know is that their text is that of the other slices."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.checksum import checksum
from tests.support.market_events import BTC, level, live
from tests.support.market_history import catalog

from tickyard.base.ids import Seq
from tickyard.engine import BookView, MarketView
from tickyard.instruments.grid import Grid
from tickyard.marketdata.market import Markets

sides = st.sampled_from(["bid", "ask"])


def book_of(bids: list[tuple[str, str]], asks: list[tuple[str, str]]) -> BookView:
    """A book with these prices and sizes, in tenths and in whole lots."""
    view = MarketView([(BTC, (1, 1), (1, 0))])
    price = Grid(1, 1).count
    for side, levels in (("bid", bids), ("ask", asks)):
        for seq, (at, size) in enumerate(levels, 1):
            live(view, level(seq, side, price(at), int(size)))
    return view.book(BTC)


# Source: OKX v5, "Order book channel", "Checksum".
@pytest.mark.parametrize(
    ("bids", "asks", "expected"),
    [
        ([("3366.1", "7"), ("3366", "6")], [("3366.8", "9"), ("3368", "8")], -1881014294),
        ([("3366.1", "7")], [("3366.8", "9"), ("3368", "8"), ("3372", "8")], 831078360),
        ([], [], 0),
    ],
)
def test_checksum_equals_the_vectors_of_okx(
    bids: list[tuple[str, str]], asks: list[tuple[str, str]], expected: int
) -> None:
    assert book_of(bids, asks).window(400).checksum() == expected
    texts = ([f"{p}:{s}".encode() for p, s in levels] for levels in (bids, asks))
    assert checksum(*texts) == expected


def test_only_the_best_25_levels_of_a_side_are_summed() -> None:
    levels = [(str(price), "1") for price in range(99, 60, -1)]
    assert (
        book_of(levels, []).window(400).checksum() == book_of(levels[:25], []).window(25).checksum()
    )


@given(st.integers(1, 2**62), st.integers(1, 2**62), sides)
def test_levels_are_written_as_the_instrument_writes_prices_and_sizes(
    price: int, size: int, side: str
) -> None:
    markets = Markets(catalog())
    for market in markets:
        pair = market.instrument
        live(markets.view, level(1, side, price, size, instrument=pair.instrument))
        texts = [pair.ticks_to_text(price), pair.lots_to_text(size)]
        asks, bids = market.book.top(1)
        short_asks, short_bids = market.book.short_top(1)
        assert json.loads(asks or bids) == [*texts, "0", "1"]
        assert json.loads(short_asks or short_bids) == [*texts, "1"]
        assert bool(bids) is (side == "bid")


@given(st.integers(1, 2**63 - 1), st.integers(0, 36), st.integers(0, 2**63 - 1))
def test_any_grid_is_written_as_grids_write_themselves(mantissa: int, digits: int, n: int) -> None:
    view = MarketView([(BTC, (mantissa, digits), (1, 0))])
    live(view, level(1, "bid", n, 1))
    _, bids = view.book(BTC).top(1)
    assert json.loads(bids)[0] == Grid(mantissa, digits).text(n)


def test_a_loaded_book_holds_older_changes_already() -> None:
    book = book_of([], [])
    book.load(read_at=Seq(10), changed_at=Seq(7), time_ms=1, bids=[(2, 5, 3), (3, 1, 1)], asks=[])
    assert (book.best_bid, book.best_ask, book.level_counts) == ((3, 1, 1), None, (0, 2))
    assert (book.seq, book.time_ms) == (7, 1)


def test_the_sequence_is_that_of_the_newest_change_whatever_was_read_when() -> None:
    early, late = MarketView([(BTC, (1, 0), (1, 0))]), MarketView([(BTC, (1, 0), (1, 0))])
    early.book(BTC).load(read_at=5, changed_at=5, time_ms=1, bids=[], asks=[])
    late.book(BTC).load(read_at=12, changed_at=5, time_ms=1, bids=[(100, 5, 1)], asks=[])
    change = level(9, "bid", 100, 5)
    assert live(early, change).books == (BTC,)
    assert live(late, change).books == ()
    assert early.book(BTC).seq == late.book(BTC).seq == 9
    assert early.book(BTC).top(1) == late.book(BTC).top(1)


def test_what_is_not_listed_has_no_book() -> None:
    view = MarketView([(BTC, (1, 0), (1, 0))])
    with pytest.raises(KeyError):
        view.book(BTC + 1)
    assert live(view, level(1, "bid", 1, 1, instrument=BTC + 1)).books == ()


def test_bytes_that_are_no_events_are_refused() -> None:
    with pytest.raises(ValueError, match="no event at byte 0"):
        MarketView([]).apply(b"abc")


def test_a_step_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        MarketView([(BTC, (0, 0), (1, 0))])


def test_a_batch_of_megabytes_is_applied_as_a_small_one() -> None:
    view = MarketView([(BTC, (1, 0), (1, 0))])
    changes = [level(seq, "ask", seq, 1) for seq in range(1, 20_001)]
    assert live(view, *changes).books == (BTC,)
    assert view.book(BTC).level_counts == (20_000, 0)
