"""Market data against OKX's lists of fields.

Source: OKX v5, response parameters of each endpoint and push parameters of each channel, as of 2026-06-27;
books5 and bbo-tbt as they are described in "Order book channel".
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.fields import assert_fields, documented
from tests.support.market_desk import MarketDesk
from tests.support.market_events import Listener, level, live, subscribe, traded
from tests.support.market_history import MarketDatabase

from tickyard.engine.sqlite import SqliteDatabase

VECTORS = "marketdata_fields.json"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[MarketDesk]:
    database = MarketDatabase(SqliteDatabase(tmp_path))
    found = MarketDesk(database)
    await found.live.load()
    found.rest("bid", 600_000)
    found.rest("ask", 600_010)
    found.trade(600_000)
    yield found
    await found.store.close()
    database.close()


@pytest.mark.parametrize(
    "path",
    [
        "market/ticker",
        "market/tickers",
        "market/books",
        "market/books-full",
        "market/trades",
        "market/history-trades",
        "market/platform-24-volume",
    ],
)
async def test_a_row_has_every_documented_field(desk: MarketDesk, path: str) -> None:
    rows = await desk.get(path, instId="BTC-USDT", instType="SPOT")
    fields = documented(VECTORS, f"GET /api/v5/{path}")
    assert rows
    for row in rows:
        assert_fields(row, fields)


@pytest.mark.parametrize("path", ["market/candles", "market/history-candles"])
async def test_a_candle_has_as_many_figures_as_documented(desk: MarketDesk, path: str) -> None:
    (row,) = await desk.get(path, instId="BTC-USDT")
    assert len(row) == len(documented(VECTORS, f"GET /api/v5/{path}"))


@pytest.mark.parametrize(
    "name", ["tickers", "trades", "trades-all", "books", "books5", "bbo-tbt", "books50-l2-tbt"]
)
async def test_a_pushed_row_has_every_documented_field(desk: MarketDesk, name: str) -> None:
    channel = next(c for c in desk.streams.channels() if c.name == name)
    listener = Listener()
    await subscribe(desk.topics, channel, listener, "BTC-USDT")
    desk.live.apply(live(desk.markets.view, traded(9, 600_000, 1), level(9, "bid", 600_000, 4)))
    rows = listener.rows()
    assert rows
    for row in rows:
        assert_fields(row, documented(VECTORS, f"WS {name}"))


async def test_a_pushed_candle_has_as_many_figures_as_documented(desk: MarketDesk) -> None:
    channel = next(c for c in desk.streams.channels() if c.name == "candle1Dutc")
    listener = Listener()
    await subscribe(desk.topics, channel, listener, "BTC-USDT")
    (row,) = listener.rows()
    assert len(row) == len(documented(VECTORS, "WS candle{bar}"))


async def test_a_row_of_an_index_has_every_documented_field(desk: MarketDesk) -> None:
    desk.say_index(650_000)
    (row,) = await desk.get("market/index-tickers", instId="BTC-USDT")
    assert_fields(row, documented(VECTORS, "GET /api/v5/market/index-tickers"))
    (pushed,) = await _first_push(desk, "index-tickers")
    assert_fields(pushed, documented(VECTORS, "WS index-tickers"))
    for path in ("market/index-candles", "market/history-index-candles"):
        (candle,) = await desk.get(path, instId="BTC-USDT")
        assert len(candle) == len(documented(VECTORS, f"GET /api/v5/{path}"))
    (pushed,) = await _first_push(desk, "index-candle1m")
    assert len(pushed) == len(documented(VECTORS, "WS index-candle{bar}"))


@pytest.mark.parametrize("bar", ["1s", "1m", "1H", "1Dutc"])
async def test_candles_of_an_index_are_the_same_over_rest_and_channel_and_after_a_restart(
    desk: MarketDesk, bar: str
) -> None:
    for ago_ms, price in ((61_000, 640_000), (2_000, 650_000), (300, 660_000), (100, 655_000)):
        desk.say_index(price, ago_ms=ago_ms)
    shown = await desk.get("market/index-candles", instId="BTC-USDT", bar=bar)
    again = MarketDesk(desk.database)
    await again.live.load()
    for other in (desk, again):
        for path in ("market/index-candles", "market/history-index-candles"):
            assert await other.get(path, instId="BTC-USDT", bar=bar) == shown
        assert await _first_push(other, f"index-candle{bar}") == shown[:1]
    await again.store.close()


async def _first_push(desk: MarketDesk, name: str) -> list[Any]:
    channel = next(c for c in desk.streams.channels() if c.name == name)
    listener = Listener()
    await subscribe(desk.topics, channel, listener, "BTC-USDT")
    return listener.rows()


async def test_numbers_are_strings_but_for_sequences_and_the_checksum(desk: MarketDesk) -> None:
    (row,) = await desk.get("market/books", instId="BTC-USDT")
    assert {name for name, value in row.items() if isinstance(value, int)} == {"seqId"}
    channel = next(c for c in desk.streams.channels() if c.name == "books")
    listener = Listener()
    await subscribe(desk.topics, channel, listener, "BTC-USDT")
    (pushed,) = listener.rows()
    numbers = {name for name, value in pushed.items() if isinstance(value, int)}
    assert numbers == {"seqId", "prevSeqId", "checksum"}


async def test_the_book_has_one_sequence_over_rest_and_all_channels(desk: MarketDesk) -> None:
    listener = Listener()
    for channel in desk.streams.channels():
        if channel.name.startswith(("books", "bbo")):
            await subscribe(desk.topics, channel, listener, "BTC-USDT")
    (row,) = await desk.get("market/books", instId="BTC-USDT")
    assert {pushed["seqId"] for pushed in listener.rows()} == {row["seqId"]}
