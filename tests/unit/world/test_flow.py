"""The moments of trades: how many, how they cluster, and that chance has a seed."""

from itertools import pairwise
from statistics import mean, stdev

import pytest

from tickyard.world.flow import BRANCHING, Flow
from tickyard.world.ladder import Side
from tickyard.world.rng import Rng

PER_SECOND = 2.0


def moments(seed: int = 7, count: int = 20_000, busy: float = 1.0) -> list[tuple[float, Side]]:
    flow = Flow(Rng(seed, "flow"), PER_SECOND)
    return [flow.next(busy) for _ in range(count)]


def test_the_seed_decides_everything() -> None:
    assert moments(count=200) == moments(count=200)
    assert moments(count=200) != moments(8, count=200)


def test_there_are_as_many_as_were_asked_for() -> None:
    found = moments()
    assert len(found) / found[-1][0] == pytest.approx(PER_SECOND, rel=0.2)


def test_a_busy_hour_has_more() -> None:
    calm, busy = moments(), moments(busy=1.5)
    assert calm[-1][0] / busy[-1][0] == pytest.approx(1.5, rel=0.2)


def test_trades_come_in_bursts() -> None:
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(moments())]
    # 1 for events that know nothing of each other
    assert 1.5 < stdev(gaps) / mean(gaps) < 4


def test_one_side_comes_in_runs_and_none_prevails() -> None:
    sides = [side for _, side in moments()]
    same = sum(a is b for a, b in pairwise(sides)) / len(sides)
    assert 0.55 < same < 0.85
    assert 0.45 < sides.count(Side.BUY) / len(sides) < 0.55


def test_a_trade_excites_its_own_side_most_and_the_excitement_passes() -> None:
    flow = Flow(Rng(7, "flow"), PER_SECOND)
    calm = flow.intensity(Side.BUY)
    assert calm == flow.intensity(Side.SELL) == pytest.approx(PER_SECOND * (1 - BRANCHING) / 2)
    _, side = flow.next()
    other = Side.SELL if side is Side.BUY else Side.BUY
    assert flow.intensity(side) > flow.intensity(other) > calm
    flow._go_on(300)
    assert flow.intensity(side) == pytest.approx(calm)
