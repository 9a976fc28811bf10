import pytest
from tests.support.market_desk import NOW_MS, MarketDesk
from tests.support.market_events import BTC, live
from tests.support.market_history import MarketDatabase

from tickyard.base.clock import MINUTE_MS
from tickyard.base.ids import Seq
from tickyard.engine import IndexPriceSet
from tickyard.marketdata.index_store import SECONDS_STORED_MS

INST = {"instId": "BTC-USDT"}


@pytest.fixture
async def exchange(database: MarketDatabase) -> MarketDesk:
    found = MarketDesk(database)
    await found.live.load()
    return found


def index(seq: int, price: int, ago_ms: int = 0) -> IndexPriceSet:
    return IndexPriceSet(Seq(seq), 0, (NOW_MS - ago_ms) * 1_000_000, BTC, price, 0, 0)


def follow(exchange: MarketDesk, *events: IndexPriceSet) -> None:
    exchange.database.store(*events)
    exchange.live.apply(live(exchange.markets.view, *events))


async def test_before_the_first_price_there_is_no_index(exchange: MarketDesk) -> None:
    assert await exchange.get("market/index-tickers", **INST) == []
    assert await exchange.get("market/index-candles", **INST) == []


async def test_the_ticker_is_the_price_and_its_day(exchange: MarketDesk) -> None:
    follow(exchange, index(1, 650_000, MINUTE_MS), index(2, 660_000), index(3, 655_000))
    rows = await exchange.get("market/index-tickers", quoteCcy="USDT")
    assert rows == await exchange.get("market/index-tickers", instId="BTC-USDT-SWAP")
    assert rows == [
        {
            "instId": "BTC-USDT",
            "idxPx": "65500",
            "high24h": "66000",
            "low24h": "65000",
            "open24h": "65000",
            "sodUtc0": "65000",
            "sodUtc8": "65000",
            "ts": str(NOW_MS),
        }
    ]
    assert await exchange.refusal("market/index-tickers") == "50014"
    assert await exchange.refusal("market/index-tickers", instId="XYZ-USDT") == "51001"


async def test_candles_have_no_volume_and_are_there_after_a_restart(
    exchange: MarketDesk, database: MarketDatabase
) -> None:
    follow(exchange, index(1, 650_000, MINUTE_MS), index(2, 660_000), index(3, 655_000))
    found = await exchange.get("market/index-candles", **INST)
    assert [row[1:] for row in found] == [
        ["66000", "66000", "65500", "65500", "0"],
        ["65000", "65000", "65000", "65000", "1"],
    ]
    again = MarketDesk(database)
    await again.live.load()
    assert await again.get("market/history-index-candles", **INST) == found
    assert (await again.get("market/index-tickers", **INST))[0]["idxPx"] == "65500"


async def test_candles_of_a_second_are_kept_for_an_hour(
    exchange: MarketDesk, database: MarketDatabase
) -> None:
    follow(exchange, index(1, 640_000, SECONDS_STORED_MS + 1), index(2, 650_000, SECONDS_STORED_MS))
    follow(exchange, index(3, 660_000))
    rows = database.rows("SELECT close FROM index_bars WHERE length_ms = 1000 ORDER BY open_ms")
    assert rows == [(650_000,), (660_000,)]
    oldest = NOW_MS - SECONDS_STORED_MS + 2_000
    again = MarketDesk(database)
    await again.live.load()
    found = await again.get(
        "market/history-index-candles", **INST, bar="1s", after=str(oldest), limit="100"
    )
    # What was before is not made up.
    assert [row[4] for row in found] == ["65000"]


async def test_older_prices_that_are_told_again_after_a_restart_change_nothing(
    exchange: MarketDesk, database: MarketDatabase
) -> None:
    old, new = index(1, 690_000, 5_000), index(2, 650_000)
    follow(exchange, old, new)
    again = MarketDesk(database)
    await again.live.load()
    again.live.apply(live(again.markets.view, old, new))
    for bar in ("1s", "1m"):
        assert await again.get("market/index-candles", **INST, bar=bar) == await exchange.get(
            "market/index-candles", **INST, bar=bar
        )


async def test_an_index_that_is_told_again_after_a_restart_changes_nothing(
    exchange: MarketDesk,
) -> None:
    follow(exchange, index(1, 650_000), index(2, 660_000))
    exchange.live.apply(live(exchange.markets.view, index(2, 660_000)))
    (row, *_) = await exchange.get("market/index-candles", **INST)
    assert row[1:] == ["65000", "66000", "65000", "66000", "0"]
