from pathlib import Path

import pytest
from tests.support.market_events import BTC, level, traded
from tests.support.market_history import MarketDatabase

from tickyard.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tickyard.base.ids import TradeId
from tickyard.engine.database import Connection, ReadDatabase, Unavailable
from tickyard.engine.postgres import Address, PostgresDatabase
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.marketdata.errors import HistoryAway
from tickyard.marketdata.store import TradeStore
from tickyard.marketdata.trade_pages import TRADE_ID_MAX


async def test_candles_grow_over_batches(database: MarketDatabase) -> None:
    database.store(traded(1, 10, 2, ms=1_000), traded(2, 12, 1, ms=2_000))
    database.store(traded(3, 9, 4, ms=3_000))
    store = database.reader()
    for length_ms in (MINUTE_MS, HOUR_MS):
        (bar,) = await store.bars(BTC, length_ms, 0, HOUR_MS)
        assert (bar.open, bar.high, bar.low, bar.close) == (10, 12, 9, 9)
        assert (bar.volume, bar.notional) == (7, 20 + 12 + 36)
    await store.close()


async def test_sums_may_outgrow_64_bits(database: MarketDatabase) -> None:
    huge = 2**62
    for trade_id in (1, 2, 3):
        database.store(traded(trade_id, huge, huge))
    store = database.reader()
    (bar,) = await store.bars(BTC, HOUR_MS, 0, 1)
    assert (bar.volume, bar.notional) == (3 * huge, 3 * huge * huge)
    await store.close()


async def test_second_candles_are_made_of_trades(database: MarketDatabase) -> None:
    database.store(
        traded(1, 10, 2, ms=1_000), traded(2, 12, 1, ms=1_900), traded(3, 11, 1, ms=5_000)
    )
    store = database.reader()
    found = await store.bars(BTC, SECOND_MS, 0, 10_000)
    assert [(bar.open_ms, bar.close, bar.volume) for bar in found] == [
        (1_000, 12, 3),
        (5_000, 11, 1),
    ]
    await store.close()


async def test_pages_go_backwards_by_id_and_by_time(database: MarketDatabase) -> None:
    database.store(*(traded(trade_id, 10, 1, ms=trade_id // 2) for trade_id in range(1, 10)))
    store = database.reader()
    by_id = await store.trades_by_id(BTC, older_than=TradeId(6), newer_than=TradeId(2), limit=2)
    assert [trade.trade_id for trade in by_id] == [5, 4]
    by_time = await store.trades_by_time(BTC, before_ms=2, limit=10)
    assert [trade.trade_id for trade in by_time] == [3, 2, 1]
    newest = await store.trades_by_id(BTC, older_than=TRADE_ID_MAX, newer_than=TradeId(0), limit=1)
    assert newest[0].trade_id == 9
    await store.close()


async def test_the_last_price_before_a_time_is_found(database: MarketDatabase) -> None:
    database.store(traded(1, 10, 1, ms=5), traded(2, 11, 1, ms=5), traded(3, 12, 1, ms=9))
    store = database.reader()
    assert await store.price_before(BTC, 9) == 11
    assert await store.price_before(BTC, 5) is None
    await store.close()


async def test_markets_begin_with_what_is_stored(database: MarketDatabase) -> None:
    now_ms = 1_000 * HOUR_MS
    database.store(
        traded(1, 10, 1, seq=3, ms=now_ms - 48 * HOUR_MS), level(3, "bid", 10, 4, ms=now_ms)
    )
    database.store(traded(2, 20, 1, seq=8, ms=now_ms - HOUR_MS), level(9, "bid", 10, 0, ms=now_ms))
    store = database.reader()
    stored = await store.stored([BTC], now_ms)
    past = stored.pasts[BTC]
    assert stored.book_changes == {BTC: 9}
    assert [trade.trade_id for trade in past.trades] == [1, 2]
    assert [bar.close for bar in past.chart.minutes] == [20]
    assert (past.chart.minutes_price_before, past.chart.seconds_price_before) == (10, 20)
    assert past.chart.first_ms == now_ms - 48 * HOUR_MS
    await store.close()


async def test_before_the_tables_are_made_there_is_nothing(
    read_database: ReadDatabase,
) -> None:
    store = TradeStore(read_database)
    assert (await store.stored([BTC], HOUR_MS)).book_changes == {}
    assert await store.bars(BTC, HOUR_MS, 0, HOUR_MS) == []
    await store.close()


async def test_while_no_server_answers_history_is_refused_and_markets_begin_all_the_same(
    tmp_path: Path,
) -> None:
    address = Address.parse(f"postgresql://nobody@/none?host={tmp_path}")
    store = TradeStore(PostgresDatabase(tmp_path, address))
    for asked in (
        store.bars(BTC, HOUR_MS, 0, HOUR_MS),
        store.trades_by_time(BTC, before_ms=HOUR_MS, limit=1),
        store.imported(HOUR_MS),
    ):
        with pytest.raises(HistoryAway) as refused:
            await asked
        assert refused.value.code == "50004"
    assert (await store.stored([BTC], HOUR_MS)).book_changes == {}
    await store.close()


async def test_what_was_imported_is_known_when_the_server_goes_away(tmp_path: Path) -> None:
    database = AwayAtTimes(SqliteDatabase(tmp_path))
    store = TradeStore(database)
    assert await store.imported(HOUR_MS) is None
    database.is_away = True
    assert await store.imported(HOUR_MS) is None
    await store.close()


class AwayAtTimes:
    """A server that stops answering."""

    def __init__(self, database: ReadDatabase) -> None:
        self._database = database
        self.is_away = False

    def open_reader(self) -> Connection:
        if self.is_away:
            raise Unavailable("no answer")
        return self._database.open_reader()


def test_making_the_tables_again_changes_nothing(database: MarketDatabase) -> None:
    database.store(traded(1, 10, 2, ms=1_000))
    MarketDatabase(database.place).close()
    assert database.rows("SELECT COUNT(*) FROM trades") == [(1,)]
