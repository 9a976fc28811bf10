from collections import Counter
from decimal import Decimal

from tests.support.small_exchange import BTC, SmallExchange

from tickyard.base.clock import WallClock
from tickyard.world.flow import Flow
from tickyard.world.ladder import Side
from tickyard.world.pair import Pair
from tickyard.world.profiles import behaviour
from tickyard.world.purse import Purse
from tickyard.world.retail import Retail, Trader
from tickyard.world.rng import Rng

PAIR = Pair.of(BTC)
STAKE = {"BTC": 10.0, "USDT": 650_000.0}


def purse() -> Purse:
    return Purse(STAKE, lambda asset: 65_000.0 if asset == "BTC" else 1.0)


def crowd_of(exchange: SmallExchange) -> Retail:
    return Retail(
        PAIR,
        behaviour("BTC-USDT"),
        [Trader(exchange.desk(name), purse()) for name in ("ann", "ben", "cas")],
        fair=lambda: 65_000.0,
        usd_per_base=lambda: 65_000.0,
        rng=Rng(7, "retail"),
        per_minute=60,
        clock=WallClock(),
    )


async def test_it_buys_and_sells_and_leaves_nothing_behind() -> None:
    exchange = SmallExchange()
    item = {"instId": "BTC-USDT", "ordType": "limit", "sz": "9"}
    exchange.place("mm", item | {"side": "buy", "px": "64999"})
    exchange.place("mm", item | {"side": "sell", "px": "65001"})
    retail = crowd_of(exchange)
    for number in range(400):
        await retail.trade(Side.BUY if number % 2 else Side.SELL)
    assert Counter(trade["side"] for trade in exchange.trades) == {"buy": 200, "sell": 200}
    assert {trade["account"] for trade in exchange.trades} == {"ann", "ben", "cas"}
    assert {trade["ordType"] for trade in exchange.trades} == {"market", "ioc"}
    assert {order["account"] for order in exchange.resting()} == {"mm"}


async def test_sizes_are_mostly_small_seldom_large_and_often_round() -> None:
    exchange = SmallExchange()
    exchange.place("mm", {"instId": "BTC-USDT", "ordType": "limit", "sz": "9", "side": "sell", "px": "65001"})  # fmt: skip
    retail = crowd_of(exchange)
    for _ in range(1_000):
        await retail.trade(Side.BUY)
    sizes = sorted(Decimal(trade["sz"]) for trade in exchange.trades)
    assert sizes[-1] > 10 * sizes[500]
    round_ones = sum(len(size.normalize().as_tuple().digits) == 1 for size in sizes)
    assert 250 < round_ones < 500


def test_who_runs_out_of_something_buys_it_back() -> None:
    trader = Trader(SmallExchange().desk("ann"), purse())
    assert trader.side(PAIR, Side.BUY) is Side.BUY
    trader.purse.moved(PAIR, 5, 65_000, is_bought=True)
    assert trader.side(PAIR, Side.BUY) is Side.SELL
    trader.purse.moved(PAIR, 10, 65_000, is_bought=False)
    assert trader.side(PAIR, Side.SELL) is Side.BUY


def test_nobody_runs_dry_in_a_day() -> None:
    """A day of the busiest pair: what the crowd buys and sells, from makers with 50 million each."""
    how = behaviour("BTC-USDT")
    rng = Rng(7, "retail BTC-USDT")
    flow = Flow(rng, how.trades_per_minute / 60)
    net_usd, furthest_usd, at_s = 0.0, 0.0, 0.0
    while at_s < 86_400:
        at_s, side = flow.next()
        usd = min(rng.skewed(how.trade_usd, 1.2), how.trade_usd * 25)
        net_usd += usd if side is Side.BUY else -usd
        furthest_usd = max(furthest_usd, abs(net_usd))
    assert furthest_usd < 20_000_000
