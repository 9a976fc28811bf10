import pytest

from tickyard.world.profiles import tiers
from tickyard.world.stance import Turbulence, share, stance

HOW = tiers("BTC-USDT")[0]
FAIR = 65_000.0


def test_a_calm_market_without_inventory_is_quoted_around_the_fair_price() -> None:
    seen = stance(HOW, FAIR, variance=0, inventory=0)
    assert (seen.middle, seen.half_bps) == (FAIR, HOW.half_spread_bps)


def test_spreads_widen_when_the_price_moves_and_not_without_end() -> None:
    widths = [stance(HOW, FAIR, variance, 0).half_bps for variance in (0, 1, 10, 1e9)]
    assert widths == sorted(widths)
    assert widths[-1] == 6 * HOW.half_spread_bps


def test_who_has_too_much_asks_for_less_but_never_crosses_a_maker_who_has_too_little() -> None:
    long, short = stance(HOW, FAIR, 5, 9), stance(HOW, FAIR, 5, -9)
    assert long.middle < FAIR < short.middle
    highest_bid = short.middle * (1 - short.half_bps / 10_000)
    lowest_ask = long.middle * (1 + long.half_bps / 10_000)
    assert highest_bid < lowest_ask


def test_sizes_shrink_on_the_side_that_makes_it_worse() -> None:
    assert share(0, is_buying=True) == share(0, is_buying=False) == 1
    assert share(0.5, is_buying=True) < share(0.5, is_buying=False) == 1
    assert share(9, is_buying=True) == share(-9, is_buying=False) == 0.25


def test_turbulence_is_the_variance_of_late() -> None:
    seen = Turbulence()
    price = FAIR
    for second in range(600):
        price *= 1.0002 if second % 2 else 1 / 1.0002
        seen.see(second, price)
    assert seen.variance == pytest.approx(4, rel=0.05)
    for second in range(600, 1200):
        seen.see(second, price)
    assert seen.variance < 0.01
