from math import log

import pytest

from tickyard.world.fair import STEP_MS, FairPrices
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
    fair.advance(DAY_MS // 24)
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


def test_no_step_is_a_jump_and_no_price_leaves_its_surroundings() -> None:
    fair = prices()
    last = fair.price("BTC", "USDT")
    for step in range(1, 20_000):
        fair.advance(step * STEP_MS)
        price = fair.price("BTC", "USDT")
        assert abs(log(price / last)) < 0.001
        assert 0.5 < price / 65000 < 2
        last = price


def test_stable_coins_hardly_move() -> None:
    fair = prices()
    fair.advance(DAY_MS // 24)
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
