import pytest
from tests.support.market_events import traded
from tests.support.market_history import MarketDatabase, btc

from tickyard.base.ids import TradeId
from tickyard.marketdata.market import Markets
from tickyard.marketdata.tape import LENGTH, Trade
from tickyard.marketdata.trade_pages import TRADE_ID_MAX, page_by_id, page_by_time

COUNT = LENGTH + 20
BEHIND = 3


@pytest.fixture
def full(markets: Markets, database: MarketDatabase) -> Markets:
    """More trades than memory keeps, and a database that lacks the newest; a trade each 10 ms."""
    events = [traded(n, 600_000 + n, 1, ms=n * 10) for n in range(1, COUNT + 1)]
    database.store(*events[:-BEHIND])
    for event in events:
        btc(markets).trade(Trade.of(event))
    return markets


@pytest.mark.parametrize("limit", [1, 2, 7, 100, LENGTH, COUNT * 2])
async def test_pages_by_id_leave_nothing_out(
    full: Markets, database: MarketDatabase, limit: int
) -> None:
    store, seen, older_than = database.reader(), [], TRADE_ID_MAX
    while page := await page_by_id(
        btc(full), store, older_than=older_than, newer_than=TradeId(0), limit=limit
    ):
        assert len(page) <= limit
        seen += [trade.trade_id for trade in page]
        older_than = page[-1].trade_id
    assert seen == list(range(COUNT, 0, -1))
    await store.close()


@pytest.mark.parametrize("limit", [1, 9, 100, COUNT * 2])
async def test_pages_by_time_leave_nothing_out(
    full: Markets, database: MarketDatabase, limit: int
) -> None:
    store, seen, before_ms = database.reader(), [], 10**12
    while page := await page_by_time(btc(full), store, before_ms=before_ms, limit=limit):
        assert len(page) <= limit
        seen += [trade.trade_id for trade in page]
        before_ms = page[-1].time_ms
    assert seen == list(range(COUNT, 0, -1))
    await store.close()


async def test_both_bounds_are_exclusive(full: Markets, database: MarketDatabase) -> None:
    store = database.reader()
    for oldest in (5, 25, 300):
        page = await page_by_id(
            btc(full), store, older_than=TradeId(oldest + 3), newer_than=TradeId(oldest), limit=9
        )
        assert [trade.trade_id for trade in page] == [oldest + 2, oldest + 1]
    await store.close()
