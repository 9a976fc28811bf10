import pytest
from tests.support.small_exchange import BTC, SmallExchange

from tickyard.world.pair import Pair
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.settings import Kind
from tickyard.world.speculator import Means, Speculator, view
from tickyard.world.tickers import Ticker

PAIR = Pair.of(BTC)


def test_means_follow_a_price_each_at_its_own_pace() -> None:
    means = Means(10, 100)
    assert means.see(0, 100) == (100, 100)
    fast, slow = means.see(5, 110)
    assert 100 < slow < fast < 110
    for second in range(6, 2_000):
        fast, slow = means.see(second, 110)
    assert (fast, slow) == pytest.approx((110, 110))


def test_a_trend_follower_goes_with_a_move_and_a_reverter_against_it() -> None:
    risen, still = (101.0, 100.0), (100.0, 100.0)
    assert view(Kind.TREND, 102, risen, half_bps=1) == 1
    assert view(Kind.REVERSION, 102, risen, half_bps=1) == -1
    assert view(Kind.TREND, 100, still, half_bps=1) == view(Kind.REVERSION, 100, still, 1) == 0


@pytest.mark.parametrize(("kind", "way"), [(Kind.TREND, "buy"), (Kind.REVERSION, "sell")])
async def test_it_holds_what_it_believes_in_and_no_more(kind: Kind, way: str) -> None:
    exchange = SmallExchange()
    for side, price in (("buy", "65000"), ("sell", "66600")):
        order = {"instId": "BTC-USDT", "ordType": "limit", "sz": "9", "side": side, "px": price}
        exchange.place("mm", order)
    purse = Purse({"BTC": 10.0, "USDT": 650_000.0}, lambda asset: 65_000.0)
    someone = Speculator(kind, [PAIR], exchange.desk("someone"), purse, Rng(7, "someone"))
    for second in range(300):
        middle = 65_000.0 * (1 + second / 15_000)
        await someone.consider(PAIR, Ticker(middle - 1, middle + 1, 1, 1), second)
    sides = {trade["side"] for trade in exchange.trades}
    assert sides == {way}
    held = abs(purse.excess_usd("BTC"))
    assert 2_000 < held < 40_000
    assert exchange.resting("someone") == []
