from collections import Counter
from itertools import pairwise

from tests.support.small_exchange import BTC, SmallExchange

from tickyard.world.pair import Pair
from tickyard.world.rng import Rng
from tickyard.world.settings import behaviour
from tickyard.world.taker import Taker


def taker(exchange: SmallExchange) -> Taker:
    return Taker(
        Pair.of(BTC),
        behaviour("BTC-USDT"),
        exchange.desk("taker"),
        fair=lambda: 65_000.0,
        usd_per_base=lambda: 65_000.0,
        rng=Rng(7, "taker"),
        per_minute=60,
    )


async def test_it_buys_and_sells_and_leaves_nothing_behind() -> None:
    exchange = SmallExchange()
    item = {"instId": "BTC-USDT", "ordType": "limit", "sz": "9"}
    exchange.place("mm", item | {"side": "buy", "px": "64999"})
    exchange.place("mm", item | {"side": "sell", "px": "65001"})
    trading = taker(exchange)
    for _ in range(400):
        await trading.trade()
    sides = Counter(trade["side"] for trade in exchange.trades)
    assert min(sides["buy"], sides["sell"]) > 40
    assert exchange.resting("taker") == []
    sizes = {trade["sz"] for trade in exchange.trades}
    assert len(sizes) > 100


async def test_one_side_comes_in_runs() -> None:
    exchange = SmallExchange()
    item = {"instId": "BTC-USDT", "ordType": "limit", "sz": "9"}
    exchange.place("mm", item | {"side": "buy", "px": "64999"})
    exchange.place("mm", item | {"side": "sell", "px": "65001"})
    trading = taker(exchange)
    for _ in range(2_000):
        await trading.trade()
    ways = [trade["side"] for trade in exchange.trades]
    same = sum(a == b for a, b in pairwise(ways))
    assert same > 0.55 * len(ways)
