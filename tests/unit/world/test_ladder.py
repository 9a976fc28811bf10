from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.support.small_exchange import BTC

from tickyard.world.ladder import Move, Side, Slot, apart, plan, targets, tolerance
from tickyard.world.pair import Pair
from tickyard.world.profiles import behaviour

PAIR = Pair.of(BTC)
HOW = behaviour("BTC-USDT")
FAIR = 65_000.0


def side(way: Side, fair: float | None = None, levels: int = 6) -> list[Slot]:
    """Slots of one side, standing where they should at a fair price, or empty."""
    slots = [Slot(PAIR, way, number, 1.0) for number in range(levels)]
    if fair is not None:
        for slot, price in zip(slots, targets(PAIR, HOW, fair, slots), strict=True):
            slot.price, slot.size = price, 100
    return slots


def after(moves: list[Move], bids: list[Slot], asks: list[Slot]) -> None:
    """Make the moves one after the other, as the exchange does, looking for a crossing at each."""
    for move in moves:
        move.slot.price = move.price
        best_bid = max((s.price for s in bids if not s.is_empty), default=0)
        best_ask = min((s.price for s in asks if not s.is_empty), default=best_bid + 1)
        assert best_bid < best_ask


def test_quotes_stand_around_the_fair_price_and_widen_outwards() -> None:
    bids = targets(PAIR, HOW, FAIR, side(Side.BUY))
    asks = targets(PAIR, HOW, FAIR, side(Side.SELL))
    assert bids[0] < FAIR / 0.1 < asks[0]
    assert bids == sorted(set(bids), reverse=True)
    assert asks == sorted(set(asks))
    gaps = [outer - inner for inner, outer in pairwise(asks[1:])]
    assert gaps == sorted(gaps)


def test_quotes_on_a_coarse_grid_still_differ() -> None:
    coarse = Pair.of(BTC | {"tickSz": "100"})
    asks = [Slot(coarse, Side.SELL, number, 1.0) for number in range(4)]
    found = targets(coarse, HOW, FAIR, asks)
    assert len(set(found)) == 4


def test_nothing_moves_while_the_price_stands() -> None:
    assert plan(PAIR, HOW, FAIR, side(Side.BUY, FAIR), side(Side.SELL, FAIR)) == []


def test_a_small_move_is_not_worth_an_amendment() -> None:
    hardly = FAIR + 0.05 * tolerance(PAIR, HOW, FAIR, 0)
    assert plan(PAIR, HOW, hardly, side(Side.BUY, FAIR), side(Side.SELL, FAIR)) == []


def test_the_best_quotes_move_first_and_not_all_at_once() -> None:
    bids, asks = side(Side.BUY, FAIR, levels=16), side(Side.SELL, FAIR, levels=16)
    moves = plan(PAIR, HOW, FAIR * 1.01, bids, asks)
    assert len(moves) <= HOW.moves_max
    assert {move.slot.number for move in moves} <= set(range(HOW.moves_max // 2 + 1))


@given(st.floats(0.98, 1.02), st.floats(0.98, 1.02))
def test_quotes_never_meet_each_other_on_the_way(first: float, second: float) -> None:
    bids, asks = side(Side.BUY, FAIR, levels=16), side(Side.SELL, FAIR, levels=16)
    for factor in (first, second, second, second):
        after(plan(PAIR, HOW, FAIR * factor, bids, asks), bids, asks)


@given(st.floats(0.98, 1.02), st.sets(st.integers(0, 11)))
def test_what_is_put_back_does_not_meet_what_stands(factor: float, gone: set[int]) -> None:
    bids, asks = side(Side.BUY, FAIR), side(Side.SELL, FAIR)
    slots = [*bids, *asks]
    for number in gone:
        slots[number].clear()
    wanted = [
        Move(slot, price)
        for ladder in (bids, asks)
        for slot, price in zip(ladder, targets(PAIR, HOW, FAIR * factor, ladder), strict=True)
        if slot.is_empty
    ]
    after(apart(wanted, bids, asks), bids, asks)


def test_names_are_the_same_in_every_run_and_fit_the_wire() -> None:
    names = [slot.client_id for slot in (*side(Side.BUY), *side(Side.SELL))]
    assert names == [slot.client_id for slot in (*side(Side.BUY), *side(Side.SELL))]
    assert len(set(names)) == len(names)
    assert all(name.isalnum() and len(name) <= 32 for name in names)
