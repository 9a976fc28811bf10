from functools import cache
from itertools import pairwise
from math import exp, log, sqrt
from statistics import correlation, mean

import pytest

from tickyard.world.fair import STEP_MS, FairPrices
from tickyard.world.profiles import motion
from tickyard.world.rng import Rng

REFERENCES = {
    "BTC-USDT": "65000",
    "ETH-USDT": "3200",
    "USDC-USDT": "1",
    "ETH-BTC": "0.0492",
    "BTC-USDC": "65000",
}
DAY_MS = 86_400_000


def prices(seed: int = 7, *, is_moving: bool = True) -> FairPrices:
    return FairPrices(REFERENCES, Rng(seed, "fair prices"), is_moving=is_moving)


def test_prices_begin_at_the_references() -> None:
    assert prices().price("BTC", "USDT") == pytest.approx(65000)


def test_all_quotes_of_a_coin_agree() -> None:
    fair = prices()
    fair.advance(DAY_MS // 96)
    cross = fair.price("ETH", "BTC") * fair.price("BTC", "USDC") * fair.price("USDC", "USDT")
    assert cross == pytest.approx(fair.price("ETH", "USDT"))


def test_the_path_depends_on_the_seed_and_not_on_who_looks_when() -> None:
    often, seldom = prices(), prices()
    for elapsed_ms in range(0, 60_000, 70):
        often.advance(elapsed_ms)
    often.advance(60_000)
    seldom.advance(60_000)
    assert often.price("BTC", "USDT") == seldom.price("BTC", "USDT")
    other = prices(seed=8)
    other.advance(60_000)
    assert other.price("BTC", "USDT") != often.price("BTC", "USDT")


@cache
def returns() -> dict[str, list[float]]:
    """Logarithms of what prices did in each minute of half a day."""
    fair = prices(seed=9)
    found: dict[str, list[float]] = {"BTC": [], "ETH": []}
    last = {asset: fair.usd(asset) for asset in found}
    for minute in range(1, 720):
        fair.advance(minute * 60_000)
        for asset, moves in found.items():
            moves.append(log(fair.usd(asset) / last[asset]))
            last[asset] = fair.usd(asset)
    return found


def test_prices_move_as_much_as_the_profile_says() -> None:
    # The variance of a day differs; its order does not.
    for asset in ("BTC", "ETH"):
        yearly = sqrt(mean(move**2 for move in returns()[asset]) * 365 * 1440)
        assert 0.5 < yearly / motion(asset).volatility < 1.8


def test_returns_have_heavy_tails_and_do_not_tell_the_next_one() -> None:
    moves = returns()["ETH"]
    variance = mean(move**2 for move in moves)
    assert mean(move**4 for move in moves) / variance**2 > 3.1
    assert abs(mean(a * b for a, b in pairwise(moves)) / variance) < 0.1


def test_coins_move_together_and_not_alike() -> None:
    assert 0.5 < correlation(returns()["BTC"], returns()["ETH"]) < 0.95


def test_jumps_are_as_many_and_as_large_as_the_profile_says() -> None:
    fair = prices()
    jumps = [fair._jump(per_week=1_000, percent=2, step_ms=STEP_MS) for _ in range(100_000)]
    made = sorted(abs(jump) for jump in jumps if jump)
    assert len(made) == pytest.approx(100_000 * 1_000 * STEP_MS / (7 * DAY_MS), rel=0.3)
    assert made[len(made) // 2] == pytest.approx(0.02, rel=0.3)


def test_a_jump_takes_seconds_and_is_complete() -> None:
    fair = FairPrices(REFERENCES, Rng(7, "fair prices"), is_moving=True)
    before = fair.price("BTC", "USDT")
    fair._news["BTC"] = 0.05
    fair.advance(1_000)
    assert log(fair.price("BTC", "USDT") / before) < 0.02
    fair.advance(60_000)
    assert log(fair.price("BTC", "USDT") / before) == pytest.approx(0.05, abs=0.005)


def test_prices_stay_in_their_surroundings() -> None:
    fair = prices()
    fair._news["BTC"] = 9.0
    fair.advance(60_000)
    assert fair.price("BTC", "USDT") == pytest.approx(65_000 * exp(0.7), rel=0.01)


def test_stable_coins_hardly_move() -> None:
    fair = prices()
    fair.advance(DAY_MS // 96)
    assert fair.price("USDC", "USDT") == pytest.approx(1, abs=0.002)
    assert fair.usd("USDT") == 1


def test_a_quiet_market_stands_still() -> None:
    fair = prices(is_moving=False)
    fair.advance(DAY_MS)
    assert fair.price("BTC", "USDT") == pytest.approx(65000)


def test_a_later_start_begins_where_the_market_stands() -> None:
    fair = prices()
    fair.begin_at([("BTC-USDT", 70_000.0), ("ETH-BTC", 0.5), ("NO-SUCH", 1.0)])
    assert fair.price("BTC", "USDT") == pytest.approx(70_000)
    assert fair.price("ETH", "USDT") == pytest.approx(3200)


def test_an_asset_without_a_dollar_pair_has_no_price() -> None:
    assert prices().knows("ETH", "BTC")
    assert not prices().knows("XYZ", "BTC")
