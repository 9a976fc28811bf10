from tests.support.market_events import Listener, level, live, subscribe, traded
from tests.support.market_history import btc

from tickyard.base.clock import ManualClock
from tickyard.gateway.channels import Topics
from tickyard.marketdata.channels.tickers import TickersChannel
from tickyard.marketdata.market import Markets
from tickyard.marketdata.tape import Trade

NOW_MS = 1_786_620_000_000
FIELDS = [
    "instType",
    "instId",
    "last",
    "lastSz",
    "askPx",
    "askSz",
    "bidPx",
    "bidSz",
    "open24h",
    "high24h",
    "low24h",
    "volCcy24h",
    "vol24h",
    "sodUtc0",
    "sodUtc8",
    "ts",
]


def channel(markets: Markets, topics: Topics) -> TickersChannel:
    return TickersChannel(markets, topics, ManualClock(NOW_MS * 1_000_000))


async def test_the_first_frame_comes_at_once_and_has_every_field(markets: Markets) -> None:
    topics, listener = Topics(), Listener()
    await subscribe(topics, channel(markets, topics), listener, "BTC-USDT")
    (row,) = listener.rows()
    assert list(row) == FIELDS
    assert all(isinstance(value, str) for value in row.values())
    assert (row["last"], row["lastSz"], row["vol24h"]) == ("", "0", "0")


async def test_a_trade_or_a_new_best_price_is_sent_and_nothing_else(markets: Markets) -> None:
    topics, listener = Topics(), Listener()
    tickers, market = channel(markets, topics), btc(markets)
    await subscribe(topics, tickers, listener, "BTC-USDT")
    listener.take()

    def push() -> list[str]:
        tickers.cadence.mark(market)
        tickers.cadence.flush()
        return [f"{row['bidPx']}/{row['last']}" for row in listener.rows()]

    live(markets.view, level(1, "bid", 600_000, 5))
    assert push() == ["60000/"]
    live(markets.view, level(2, "bid", 599_000, 5))
    assert push() == []
    market.trade(Trade.of(traded(1, 600_000, 3, ms=NOW_MS)))
    assert push() == ["60000/60000"]


async def test_volumes_are_in_base_and_in_quote(markets: Markets) -> None:
    topics, listener = Topics(), Listener()
    market = btc(markets)
    half = market.instrument.size_to_lots("0.5")
    market.trade(Trade.of(traded(1, 600_000, half, ms=NOW_MS)))
    market.trade(Trade.of(traded(2, 600_020, half, ms=NOW_MS)))
    await subscribe(topics, channel(markets, topics), listener, "BTC-USDT")
    (row,) = listener.rows()
    assert (row["vol24h"], row["volCcy24h"], row["last"]) == ("1", "60001", "60002")
    assert (row["open24h"], row["high24h"], row["low24h"]) == ("60000", "60002", "60000")
