import pytest
from tests.support.market_events import traded
from tests.support.market_history import MarketDatabase, btc

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tickyard.base.ids import InstrumentId
from tickyard.marketdata import imported, wire
from tickyard.marketdata.bars import Bar
from tickyard.marketdata.candles import Candle, CandleQuery, candles
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.reader import Stretch
from tickyard.marketdata.tape import Trade

FIRST_MS = 20_000 * DAY_MS + 12 * HOUR_MS + 30 * MINUTE_MS
"""The minute of the first start."""
NOW_MS = FIRST_MS + 5 * MINUTE_MS + 30_000


@pytest.fixture
def market(markets: Markets, database: MarketDatabase) -> Market:
    """A market with two hours and a half of imported minutes; the last price is 150."""
    found = btc(markets)
    opens = range(FIRST_MS - 150 * MINUTE_MS, FIRST_MS, MINUTE_MS)
    minutes = [
        Bar(open_ms, price, price + 5, price - 5, price + 1, 2, 2 * price)
        for price, open_ms in enumerate(opens)
    ]
    span = imported.Span(opens[0], FIRST_MS, is_complete=False)
    with database.transaction() as connection:
        imported.add(connection, MINUTE_MS, span, {found.instrument.instrument: minutes})
        imported.complete(connection)
    return found


async def ask(
    market: Market, database: MarketDatabase, bar: str, limit: int = 100, now_ms: int = NOW_MS
) -> list[Candle]:
    store = database.reader()
    stored = await store.stored([market.instrument.instrument], now_ms)
    market.recall(stored.pasts[market.instrument.instrument])
    found = await candles(market.chart, store, CandleQuery(wire.BARS[bar], limit), now_ms)
    await store.close()
    return found


async def test_before_anybody_traded_the_chart_goes_on_from_the_import(
    market: Market, database: MarketDatabase
) -> None:
    found = await ask(market, database, "1m", 8)
    assert [(c.open, c.close, c.volume) for c in found] == [
        *[(150, 150, 0)] * 6,
        (149, 150, 2),
        (148, 149, 2),
    ]
    assert len(await ask(market, database, "1m", 300)) == 156


async def test_without_an_imported_candle_in_sight_its_last_price_stands(
    market: Market, database: MarketDatabase
) -> None:
    assert [c.close for c in await ask(market, database, "1m", 2)] == [150, 150]


async def test_the_hour_of_the_first_start_is_made_of_both(
    market: Market, database: MarketDatabase
) -> None:
    database.store(traded(1, 400, 3, ms=FIRST_MS + 1_000))
    now, before, *_ = await ask(market, database, "1H")
    assert (now.open, now.high, now.low, now.close) == (120, 400, 115, 400)
    assert now.volume == 30 * 2 + 3
    assert (before.open, before.close, before.volume) == (60, 120, 120)


async def test_trades_made_later_follow_the_import(
    market: Market, database: MarketDatabase
) -> None:
    database.store(traded(1, 400, 3, ms=FIRST_MS + 60_000))
    found = await ask(market, database, "1m", 8)
    assert [c.close for c in found] == [400, 400, 400, 400, 400, 150, 150, 149]


async def test_nothing_but_candles_is_imported(market: Market, database: MarketDatabase) -> None:
    assert await ask(market, database, "1s") == []
    assert market.chart.day(NOW_MS) is None
    assert market.tape.last is None
    market.trade(Trade.of(traded(1, 400, 3, ms=NOW_MS)))
    day = market.chart.day(NOW_MS)
    assert day is not None
    assert (day.open, day.low, day.volume) == (400, 400, 3)


def test_an_import_that_begins_anew_leaves_nothing_of_the_one_before(
    market: Market, database: MarketDatabase
) -> None:
    key = InstrumentId(market.instrument.instrument)
    with database.transaction() as connection:
        imported.begin(connection)
        assert imported.spans(connection) == {}
        assert imported.bars(connection, Stretch(key, MINUTE_MS, 0, NOW_MS)) == []
