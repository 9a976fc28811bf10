import pytest
from tests.support.small_exchange import BTC, ETH, SmallExchange

from tickyard.world.arbitrage import Arbitrageur, best_round, triangles
from tickyard.world.pair import Pair
from tickyard.world.purse import Purse
from tickyard.world.rng import Rng
from tickyard.world.tickers import Ticker

CROSS = ETH | {"instId": "ETH-BTC", "instIdCode": 5, "quoteCcy": "BTC", "tickSz": "0.00001"}
PAIRS = [Pair.of(row) for row in (BTC, ETH, CROSS)]
USD = {"BTC": 65_000.0, "ETH": 3_250.0, "USDT": 1.0}


def prices(eth: float) -> dict[str, Ticker]:
    """The three pairs, of which ETH-BTC says 0.05: fair for ETH at 3250."""
    return {
        "BTC-USDT": Ticker(64_999, 65_001, 5, 5),
        "ETH-USDT": Ticker(eth - 0.1, eth + 0.1, 5, 5),
        "ETH-BTC": Ticker(0.04999, 0.05001, 5, 5),
    }


def test_triangles_are_found_in_the_listing() -> None:
    (found,) = triangles(PAIRS)
    assert [pair.inst_id for pair in (found.cross, found.middle, found.direct)] == [
        "ETH-BTC",
        "BTC-USDT",
        "ETH-USDT",
    ]


def test_prices_that_agree_leave_nothing_to_gain() -> None:
    (triangle,) = triangles(PAIRS)
    assert best_round(triangle, prices(3_250)) is None
    assert best_round(triangle, {}) is None


@pytest.mark.parametrize(("eth", "direct"), [(3_200, "buy"), (3_300, "sell")])
async def test_it_buys_where_it_is_cheap_and_sells_where_it_is_dear(
    eth: float, direct: str
) -> None:
    exchange = SmallExchange(BTC, ETH, CROSS)
    for pair, price in (("BTC-USDT", 65_000), ("ETH-USDT", eth), ("ETH-BTC", 0.05)):
        for side in ("buy", "sell"):
            item = {"instId": pair, "ordType": "limit", "sz": "5", "side": side, "px": str(price)}
            exchange.place("mm", item)
    stake = {asset: 1e6 / usd for asset, usd in USD.items()}
    purse = Purse(stake, USD.__getitem__)
    someone = Arbitrageur(triangles(PAIRS), exchange.desk("arb"), purse, Rng(7, "arb"))
    await someone.consider(prices(eth))
    sides = {trade["instId"]: trade["side"] for trade in exchange.trades}
    other = "sell" if direct == "buy" else "buy"
    assert sides == {"ETH-USDT": direct, "ETH-BTC": other, "BTC-USDT": other}
    sizes = {trade["instId"]: float(trade["sz"]) for trade in exchange.trades}
    assert sizes["ETH-USDT"] == sizes["ETH-BTC"]
    assert sizes["BTC-USDT"] == pytest.approx(sizes["ETH-BTC"] * 0.05, rel=0.02)


async def test_a_gain_smaller_than_the_fees_is_left() -> None:
    exchange = SmallExchange(BTC, ETH, CROSS)
    purse = Purse({asset: 1e6 / usd for asset, usd in USD.items()}, USD.__getitem__)
    someone = Arbitrageur(triangles(PAIRS), exchange.desk("arb"), purse, Rng(7, "arb"))
    await someone.consider(prices(3_252))
    assert exchange.operations == 0
