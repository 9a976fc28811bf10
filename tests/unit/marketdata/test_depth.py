from hypothesis import given
from hypothesis import strategies as st
from tests.support.market_events import level

from tickyard.base.ids import Seq
from tickyard.marketdata.depth import Depth


def prices(depth: Depth) -> tuple[list[int], list[int]]:
    return [bid.price for bid in depth.bids], [ask.price for ask in depth.asks]


def test_bids_fall_and_asks_rise_from_the_touch() -> None:
    depth = Depth()
    for seq, (side, price) in enumerate(
        [("bid", 99), ("ask", 102), ("bid", 100), ("ask", 101), ("bid", 98)], 1
    ):
        depth.apply(level(seq, side, price, 5))
    assert prices(depth) == ([100, 99, 98], [101, 102])


def test_a_level_of_size_zero_is_gone() -> None:
    depth = Depth()
    depth.apply(level(1, "bid", 100, 5))
    depth.apply(level(2, "bid", 100, 0))
    assert depth.bids.best() is None
    assert depth.seq == 2


def test_a_change_that_the_picture_contained_changes_no_level_twice() -> None:
    depth = Depth()
    depth.load(read_at=Seq(10), changed_at=Seq(7), time_ms=1, bids=[(100, 5, 1)], asks=[])
    assert not depth.apply(level(9, "bid", 100, 0))
    best = depth.bids.best()
    assert best is not None
    assert (best.price, best.size) == (100, 5)


def test_the_sequence_is_that_of_the_newest_change_whatever_was_read_when() -> None:
    early, late = Depth(), Depth()
    early.load(read_at=Seq(5), changed_at=Seq(5), time_ms=1, bids=[], asks=[])
    early.apply(level(9, "bid", 100, 5))
    late.load(read_at=Seq(12), changed_at=Seq(5), time_ms=1, bids=[(100, 5, 1)], asks=[])
    late.apply(level(9, "bid", 100, 5))
    assert early.seq == late.seq == 9


@given(st.lists(st.tuples(st.sampled_from(["bid", "ask"]), st.integers(1, 30), st.integers(0, 3))))
def test_a_ladder_holds_exactly_the_levels_that_rest(changes: list[tuple[str, int, int]]) -> None:
    depth = Depth()
    resting: dict[str, dict[int, int]] = {"bid": {}, "ask": {}}
    for seq, (side, price, size) in enumerate(changes, 1):
        depth.apply(level(seq, side, price, size))
        resting[side][price] = size
    bids = sorted((p for p, s in resting["bid"].items() if s), reverse=True)
    asks = sorted(p for p, s in resting["ask"].items() if s)
    assert prices(depth) == (bids, asks)
    assert [bid.price for bid in depth.bids.top(2)] == bids[:2]
