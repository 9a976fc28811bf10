import pytest
from tests.support.market_events import traded
from tests.support.market_history import MarketDatabase, btc

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS
from tickyard.engine import Traded
from tickyard.marketdata import wire
from tickyard.marketdata.candles import Candle, CandleQuery, candles
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.tape import Trade

NOW_MS = 20_000 * DAY_MS + 12 * HOUR_MS + 30_000
MINUTE = wire.BARS["1m"]


def at(trade_id: int, price: int, ago_ms: int) -> Traded:
    return traded(trade_id, price, 2, ms=NOW_MS - ago_ms)


async def begin(markets: Markets, database: MarketDatabase, *live: Traded) -> Market:
    """Load a market from the database, then let it see trades."""
    market = btc(markets)
    store = database.reader()
    stored = await store.stored([market.instrument.instrument], NOW_MS)
    await store.close()
    market.recall(stored.pasts[market.instrument.instrument])
    for event in live:
        market.trade(Trade.of(event))
    return market


async def ask(market: Market, database: MarketDatabase, query: CandleQuery) -> list[Candle]:
    store = database.reader()
    found = await candles(market.chart, store, query, NOW_MS)
    await store.close()
    return found


async def test_minutes_without_trades_repeat_the_price(
    markets: Markets, database: MarketDatabase
) -> None:
    market = await begin(markets, database, at(1, 100, 3 * MINUTE_MS), at(2, 110, MINUTE_MS))
    found = await ask(market, database, CandleQuery(MINUTE, limit=10))
    assert [(c.open, c.close, c.volume, c.is_final) for c in found] == [
        (110, 110, 0, False),
        (110, 110, 2, True),
        (100, 100, 0, True),
        (100, 100, 2, True),
    ]


async def test_before_the_first_trade_there_are_no_candles(
    markets: Markets, database: MarketDatabase
) -> None:
    market = await begin(markets, database)
    assert await ask(market, database, CandleQuery(MINUTE, limit=10)) == []


async def test_bounds_are_exclusive(markets: Markets, database: MarketDatabase) -> None:
    market = await begin(markets, database, at(1, 100, 60 * MINUTE_MS))
    newest = MINUTE.open_of(NOW_MS)
    query = CandleQuery(
        MINUTE, limit=10, before_ms=newest - MINUTE_MS, after_ms=newest - 4 * MINUTE_MS
    )
    found = await ask(market, database, query)
    assert [(newest - c.open_ms) // MINUTE_MS for c in found] == [2, 3]


@pytest.mark.parametrize("bar", ["1s", "1m", "1W", "1Mutc", "3M"])
async def test_a_bound_in_a_far_future_is_none(
    markets: Markets, database: MarketDatabase, bar: str
) -> None:
    market = await begin(markets, database, at(1, 100, 60 * MINUTE_MS))
    size = wire.BARS[bar]
    far = await ask(market, database, CandleQuery(size, limit=3, before_ms=(1 << 63) - 1))
    assert far == await ask(market, database, CandleQuery(size, limit=3)) != []


async def test_a_lower_bound_alone_gives_the_newest(
    markets: Markets, database: MarketDatabase
) -> None:
    market = await begin(markets, database, at(1, 100, 60 * MINUTE_MS))
    newest = MINUTE.open_of(NOW_MS)
    found = await ask(
        market, database, CandleQuery(MINUTE, limit=2, after_ms=newest - 30 * MINUTE_MS)
    )
    assert [c.open_ms for c in found] == [newest, newest - MINUTE_MS]


async def test_when_everything_was_seen_there_is_nothing_more(
    markets: Markets, database: MarketDatabase
) -> None:
    market = await begin(markets, database, at(1, 100, 3 * MINUTE_MS))
    oldest = MINUTE.open_of(NOW_MS - 3 * MINUTE_MS)
    assert await ask(market, database, CandleQuery(MINUTE, limit=10, before_ms=oldest)) == []


async def test_only_so_many_recent_candles_can_be_seen(
    markets: Markets, database: MarketDatabase
) -> None:
    market = await begin(markets, database, at(1, 100, 60 * MINUTE_MS))
    found = await ask(market, database, CandleQuery(MINUTE, limit=300, depth_max=5))
    assert len(found) == 5


async def test_disk_and_memory_join_without_a_seam(
    markets: Markets, database: MarketDatabase
) -> None:
    hours_ago = (100, 60, 30, 27, 25, 3, 1)
    fills = [at(n, 100 + n, hours * HOUR_MS) for n, hours in enumerate(hours_ago, 1)]
    database.store(*fills[:5])
    market = await begin(markets, database, *fills[5:])
    for bar in ("1m", "1H", "4H", "1D", "1Dutc", "1W", "1Mutc"):
        size = wire.BARS[bar]
        found = await ask(market, database, CandleQuery(size, limit=10_000))
        assert sum(c.volume for c in found) == 2 * len(fills), bar
        assert sum(c.notional for c in found) == sum(f.price * f.size for f in fills), bar
        assert found[0].close == fills[-1].price, bar
        assert found[-1].open == fills[0].price, bar
        following = [size.next_open(c.open_ms) for c in found[1:]]
        assert following == [c.open_ms for c in found[:-1]], bar


async def test_a_page_of_the_past_begins_with_the_price_that_stood(
    markets: Markets, database: MarketDatabase
) -> None:
    database.store(at(1, 100, 90 * HOUR_MS), at(2, 120, 50 * HOUR_MS))
    market = await begin(markets, database)
    size = wire.BARS["1H"]
    before_ms = size.open_of(NOW_MS - 55 * HOUR_MS)
    found = await ask(market, database, CandleQuery(size, limit=2, before_ms=before_ms))
    assert [(c.close, c.volume) for c in found] == [(100, 0), (100, 0)]
