from typing import Any

import pytest
from tests.support.market_desk import NOW_MS, MarketDesk
from tests.support.market_history import MarketDatabase, btc, catalog

from tickyard.base.clock import MINUTE_MS
from tickyard.gateway.route import Access

INST = {"instId": "BTC-USDT"}


@pytest.fixture
async def exchange(database: MarketDatabase) -> Any:
    found = MarketDesk(database)
    await found.live.load()
    yield found
    await found.store.close()


async def test_before_the_books_are_loaded_the_service_is_unavailable(
    database: MarketDatabase,
) -> None:
    starting = MarketDesk(database)
    assert await starting.refusal("market/ticker", **INST) == "50001"


@pytest.mark.parametrize(
    "path",
    [
        "market/ticker",
        "market/books",
        "market/books-full",
        "market/trades",
        "market/history-trades",
        "market/candles",
        "market/history-candles",
    ],
)
async def test_an_instrument_must_be_named_and_exist(exchange: MarketDesk, path: str) -> None:
    assert await exchange.refusal(path) == "50014"
    assert await exchange.refusal(path, instId="NO-SUCH") == "51001"


async def test_every_listed_pair_has_a_ticker_and_other_products_none(exchange: MarketDesk) -> None:
    rows = await exchange.get("market/tickers", instType="SPOT")
    assert [row["instId"] for row in rows] == [pair.symbol for pair in catalog().instruments]
    assert await exchange.get("market/tickers", instType="SWAP", uly="BTC-USDT") == []
    assert await exchange.refusal("market/tickers") == "50014"
    assert await exchange.refusal("market/tickers", instType="spot") == "51000"


async def test_spot_has_no_mark_prices_and_wrong_questions_about_them_are_refused(
    exchange: MarketDesk,
) -> None:
    assert await exchange.get("public/mark-price", instType="MARGIN") == []
    assert await exchange.get("public/mark-price", **INST) == []
    assert await exchange.get("market/mark-price-candles", **INST, bar="1H") == []
    assert await exchange.refusal("public/mark-price") == "50014"
    assert await exchange.refusal("public/mark-price", instType="x") == "51000"
    assert await exchange.refusal("public/mark-price", instId="NO-SUCH") == "51001"
    assert await exchange.refusal("market/history-mark-price-candles", **INST, bar="x") == "51000"


async def test_a_book_is_one_level_deep_unless_asked_for_more(exchange: MarketDesk) -> None:
    for price in (600_000, 599_990, 599_980):
        exchange.rest("bid", price)
    exchange.rest("ask", 600_010)
    (one,) = await exchange.get("market/books", **INST)
    assert one == {
        "asks": [["60001", "0.00000005", "0", "1"]],
        "bids": [["60000", "0.00000005", "0", "1"]],
        "ts": str(NOW_MS),
        "seqId": 4,
    }
    (three,) = await exchange.get("market/books", **INST, sz="400")
    assert [bid[0] for bid in three["bids"]] == ["60000", "59999", "59998"]
    (full,) = await exchange.get("market/books-full", **INST, sz="5000")
    assert full["bids"][2] == ["59998", "0.00000005", "1"]
    assert set(full) == {"asks", "bids", "ts"}


@pytest.mark.parametrize(
    ("path", "sz"),
    [
        ("market/books", "401"),
        ("market/books", "0"),
        ("market/books", "-1"),
        ("market/books", "1.5"),
        ("market/books-full", "5001"),
    ],
)
async def test_a_depth_out_of_range_is_refused(exchange: MarketDesk, path: str, sz: str) -> None:
    assert await exchange.refusal(path, **INST, sz=sz) == "51000"


async def test_trades_come_newest_first_and_too_large_a_limit_is_cut(exchange: MarketDesk) -> None:
    exchange.trade(*range(600_000, 600_520))
    rows = await exchange.get("market/trades", **INST, limit="12000")
    assert (len(rows), rows[0]["tradeId"]) == (500, "520")
    assert len(await exchange.get("market/trades", **INST)) == 100
    assert list(rows[0]) == ["instId", "tradeId", "px", "sz", "side", "source", "ts", "count"]
    assert await exchange.refusal("market/trades", **INST, limit="many") == "51000"


async def test_older_trades_are_paged_by_id(exchange: MarketDesk) -> None:
    exchange.trade(*range(600_000, 600_520))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while page := await exchange.get("market/history-trades", **INST, **cursor):
        seen += [row["tradeId"] for row in page]
        cursor = {"after": seen[-1]}
    assert seen == [str(n) for n in range(520, 0, -1)]
    newer = await exchange.get("market/history-trades", **INST, before="518")
    assert [row["tradeId"] for row in newer] == ["520", "519"]
    between = await exchange.get("market/history-trades", **INST, after="6", before="3")
    assert [row["tradeId"] for row in between] == ["5", "4"]
    assert list(newer[0]) == ["instId", "tradeId", "px", "sz", "side", "source", "ts"]


async def test_older_trades_are_paged_by_time(exchange: MarketDesk) -> None:
    for ago_ms in (30, 20, 20, 10):
        exchange.trade(600_000, ago_ms=ago_ms)
    page = {"type": "2", "after": str(NOW_MS - 10)}
    rows = await exchange.get("market/history-trades", **INST, **page)
    assert [row["tradeId"] for row in rows] == ["3", "2", "1"]
    assert await exchange.refusal("market/history-trades", **INST, type="2", before="1") == "50039"
    assert await exchange.refusal("market/history-trades", **INST, type="3") == "51000"


async def test_candles_are_rows_of_strings_newest_first(exchange: MarketDesk) -> None:
    exchange.trade(600_000, ago_ms=MINUTE_MS)
    exchange.trade(600_010)
    rows = await exchange.get("market/candles", **INST)
    minute = NOW_MS - NOW_MS % MINUTE_MS
    assert rows == [
        [str(minute), *["60001"] * 4, "1", "60001", "60001", "0"],
        [str(minute - MINUTE_MS), *["60000"] * 4, "1", "60000", "60000", "1"],
    ]


async def test_candles_between_cursors_as_ccxt_asks_for_them(exchange: MarketDesk) -> None:
    exchange.trade(600_000, ago_ms=100 * MINUTE_MS)
    since = NOW_MS - NOW_MS % MINUTE_MS - 50 * MINUTE_MS
    rows = await exchange.get(
        "market/candles",
        **INST,
        bar="1m",
        limit="10",
        before=str(since - 1),
        after=str(since + 10 * MINUTE_MS),
    )
    assert [int(row[0]) for row in rows] == [since + n * MINUTE_MS for n in range(9, -1, -1)]


async def test_recent_candles_end_after_1440_and_old_ones_do_not(exchange: MarketDesk) -> None:
    exchange.trade(600_000, ago_ms=2_000 * MINUTE_MS)
    far = str(NOW_MS - 1_440 * MINUTE_MS)
    assert await exchange.get("market/candles", **INST, after=far) == []
    assert len(await exchange.get("market/history-candles", **INST, after=far, limit="300")) == 300


@pytest.mark.parametrize("bar", ["1d", "60", "2m", "1MUTC"])
async def test_an_unknown_bar_is_refused(exchange: MarketDesk, bar: str) -> None:
    assert await exchange.refusal("market/candles", **INST, bar=bar) == "51000"


async def test_turnover_is_in_dollars(exchange: MarketDesk) -> None:
    exchange.trade(600_000, size=btc(exchange.markets).instrument.size_to_lots("2"))
    (row,) = await exchange.get("market/platform-24-volume")
    assert row == {"volUsd": "120000.00", "volCny": "", "ts": str(NOW_MS)}


@pytest.mark.parametrize(
    "path",
    [
        "market/mark-price-candles",
        "market/history-mark-price-candles",
        "public/mark-price",
    ],
)
async def test_what_spot_does_not_have_is_empty(exchange: MarketDesk, path: str) -> None:
    assert await exchange.get(path, **INST) == []


def test_every_route_is_public_and_declares_its_limit(database: MarketDatabase) -> None:
    for route in MarketDesk(database).routes.values():
        assert route.access is Access.PUBLIC
        assert route.limit is not None
        assert route.summary
