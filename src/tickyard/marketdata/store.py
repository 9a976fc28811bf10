"""Trades, candles and index prices in the read database.

Candles of a minute and of an hour are stored, only where there were trades; those of a second are made
of the trades, longer ones of hours. Sums are text, because they may outgrow 64 bits.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec

from tickyard.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tickyard.base.ids import InstrumentId, Seq, TradeId
from tickyard.engine import EventBatch, IndexPriceSet, LevelChanged, Side, Traded
from tickyard.engine.database import Connection, Readable
from tickyard.engine.projection import Table, delete_newer
from tickyard.marketdata import imported, index_store
from tickyard.marketdata.bars import Bar, bars_of
from tickyard.marketdata.chart import ChartPast
from tickyard.marketdata.errors import HistoryAway
from tickyard.marketdata.index import Sample
from tickyard.marketdata.index_store import IndexHistory
from tickyard.marketdata.market import Past
from tickyard.marketdata.reader import Reader, Stretch, traded_bar, traded_bars
from tickyard.marketdata.tape import LENGTH, Trade

STORED_MS: Final = (MINUTE_MS, HOUR_MS)
"""The lengths of the stored candles."""

_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS trades (
        instrument INTEGER NOT NULL, trade_id INTEGER NOT NULL, price INTEGER NOT NULL,
        size INTEGER NOT NULL, taker_side INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL,
        PRIMARY KEY (instrument, trade_id)) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS trades_by_time ON trades (instrument, time_ms, trade_id)",
    """CREATE TABLE IF NOT EXISTS bars (
        instrument INTEGER NOT NULL, length_ms INTEGER NOT NULL, open_ms INTEGER NOT NULL,
        open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
        volume TEXT NOT NULL, notional TEXT NOT NULL,
        PRIMARY KEY (instrument, length_ms, open_ms)) WITHOUT ROWID""",
    *imported.TABLES,
    *index_store.TABLES,
    """CREATE TABLE IF NOT EXISTS book_changes (
        instrument INTEGER NOT NULL PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID""",
)
_TRADE: Final = "SELECT trade_id, price, size, taker_side, seq, time_ms FROM trades "
_BAR: Final = "SELECT open_ms, open, high, low, close, volume, notional FROM bars "
_SAVE_BAR: Final = (
    "INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (instrument, length_ms, open_ms)"
    " DO UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low,"
    " close = excluded.close, volume = excluded.volume, notional = excluded.notional"
)
_BOOK_CHANGE: Final = "INSERT INTO book_changes VALUES (?, ?) ON CONFLICT (instrument) DO UPDATE SET seq = excluded.seq"
_BEGUN_BEFORE: Final = "FROM bars WHERE open_ms <= :since_ms AND open_ms + length_ms > :since_ms"


class TradesProjection:
    """Stores trades, candles of trades and of index prices, and which command changed each book last."""

    name: Final = "trades"
    tables: Final = (
        Table("trades", older="seq < :since_seq"),
        Table("bars", older="open_ms <= :since_ms", partial="open_ms <= :since_ms"),
        Table(
            "index_bars",
            older="open_ms <= :since_ms",
            partial="open_ms <= :since_ms",
            fleeting=index_store.FLEETING,
        ),
        Table("book_changes", older="seq < :since_seq"),
    )

    def migrate(self, connection: Connection) -> None:
        """Create the tables if they are not there."""
        for statement in _TABLES:
            connection.execute(statement)

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept; candles that had begun before are made of older trades again.

        Candles of index prices grow by the same prices to the same values, so they may stay.
        """
        deleted = delete_newer(connection, self.tables, since)
        begun = connection.execute(f"SELECT instrument, length_ms, open_ms {_BEGUN_BEFORE}", since)
        deleted += connection.execute(f"DELETE {_BEGUN_BEFORE}", since).rowcount
        for instrument, length_ms, open_ms in begun:
            older = _trades(
                connection,
                "WHERE instrument = ? AND time_ms >= ? AND time_ms < ? ORDER BY trade_id",
                (instrument, open_ms, open_ms + length_ms),
            )
            for bar in bars_of(older, length_ms):
                _grow(connection, instrument, length_ms, bar)
        return deleted

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store the trades of a batch and let the candles grow by them."""
        traded: dict[InstrumentId, list[Trade]] = {}
        changed: dict[InstrumentId, Seq] = {}
        said: dict[InstrumentId, list[Sample]] = {}
        for event in batch.events:
            if isinstance(event, Traded):
                traded.setdefault(event.instrument, []).append(Trade.of(event))
            elif isinstance(event, LevelChanged):
                changed[event.instrument] = event.seq
            elif isinstance(event, IndexPriceSet) and event.price:
                said.setdefault(event.instrument, []).append(Sample.of(event))
        for instrument, samples in said.items():
            index_store.grow(connection, instrument, samples)
        for instrument, trades in traded.items():
            connection.executemany(
                "INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (instrument, t.trade_id, t.price, t.size, t.taker_side, t.seq, t.time_ms)
                    for t in trades
                ],
            )
            for length_ms in STORED_MS:
                for bar in bars_of(trades, length_ms):
                    _grow(connection, instrument, length_ms, bar)
        connection.executemany(_BOOK_CHANGE, changed.items())


class Stored(msgspec.Struct, frozen=True):
    """What the database holds of the markets, as of one moment."""

    pasts: dict[InstrumentId, Past]
    indices: dict[InstrumentId, ChartPast]
    book_changes: dict[InstrumentId, Seq]
    """The newest command that changed each book."""


class TradeStore:
    """Reads what the projection has stored. Fulfils `model.History`.

    Until the projection has made its tables, there is nothing.
    """

    def __init__(self, database: Readable) -> None:
        """Prepare to read; the database need not exist yet."""
        self._reader = Reader(database)
        self._spans: dict[int, imported.Span] | None = None
        self.indices = IndexHistory(self._reader, self)

    async def close(self) -> None:
        """Close the database."""
        await self._reader.close()

    async def stored(self, instruments: Sequence[InstrumentId], now_ms: int) -> Stored:
        """Read what markets begin with; without a database that is what the kept events tell."""
        empty = Past((), ChartPast.empty(now_ms))
        nothing = Stored(dict.fromkeys(instruments, empty), {}, {})
        with suppress(HistoryAway):
            return await self._reader.read(
                lambda connection: Stored(
                    {
                        instrument: _past(connection, instrument, now_ms)
                        for instrument in instruments
                    },
                    {
                        instrument: index_store.past(connection, instrument, now_ms)
                        for instrument in instruments
                    },
                    dict(connection.execute("SELECT instrument, seq FROM book_changes")),
                ),
                nothing,
            )
        return nothing

    async def trades_by_id(
        self, instrument: InstrumentId, *, older_than: TradeId, newer_than: TradeId, limit: int
    ) -> Sequence[Trade]:
        """The newest trades within both bounds, newest first."""
        return await self._trades(
            "WHERE instrument = ? AND trade_id < ? AND trade_id > ? ORDER BY trade_id DESC LIMIT ?",
            (instrument, older_than, newer_than, limit),
        )

    async def trades_by_time(
        self, instrument: InstrumentId, *, before_ms: int, limit: int
    ) -> Sequence[Trade]:
        """The newest trades before a time, newest first."""
        return await self._trades(
            "WHERE instrument = ? AND time_ms < ? ORDER BY time_ms DESC, trade_id DESC LIMIT ?",
            (instrument, before_ms, limit),
        )

    async def bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Candles of one second, minute or hour that open in a span, its end excluded, oldest first."""
        return await self._reader.read(
            lambda connection: _bars(connection, Stretch(instrument, length_ms, from_ms, to_ms)), []
        )

    async def price_before(self, instrument: InstrumentId, time_ms: int) -> int | None:
        """The last price before a time, in ticks."""
        return await self._reader.read(
            lambda connection: _price_before(connection, instrument, time_ms), None
        )

    async def imported(self, length_ms: int) -> imported.Span | None:
        """Where imported candles of one length lie; None when there are none."""
        span = (self._spans or {}).get(length_ms)
        if span is not None and span.is_complete:
            return span
        try:
            spans: dict[int, imported.Span] = await self._reader.read(imported.spans, {})
        except HistoryAway:
            if self._spans is None:
                raise
            return span
        self._spans = spans
        return spans.get(length_ms)

    async def imported_bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Imported candles that open in a span, its end excluded, oldest first."""
        return await self._reader.read(
            lambda connection: imported.bars(
                connection, Stretch(instrument, length_ms, from_ms, to_ms)
            ),
            [],
        )

    async def _trades(self, where: str, values: tuple[int, ...]) -> list[Trade]:
        return await self._reader.read(lambda connection: _trades(connection, where, values), [])


def _grow(connection: Connection, instrument: InstrumentId, length_ms: int, bar: Bar) -> None:
    row = connection.execute(
        _BAR + "WHERE instrument = ? AND length_ms = ? AND open_ms = ?",
        (instrument, length_ms, bar.open_ms),
    ).fetchone()
    whole = bar
    if row is not None:
        whole = traded_bar(row)
        whole.extend(bar)
    connection.execute(
        _SAVE_BAR,
        (
            instrument,
            length_ms,
            whole.open_ms,
            whole.open,
            whole.high,
            whole.low,
            whole.close,
            str(whole.volume),
            str(whole.notional),
        ),
    )


def _past(connection: Connection, instrument: InstrumentId, now_ms: int) -> Past:
    newest = _trades(
        connection, "WHERE instrument = ? ORDER BY trade_id DESC LIMIT ?", (instrument, LENGTH)
    )
    (first_ms,) = connection.execute(
        "SELECT MIN(open_ms) FROM bars WHERE instrument = ? AND length_ms = ?",
        (instrument, MINUTE_MS),
    ).fetchone()
    chart = ChartPast.read(
        now_ms,
        lambda length_ms, from_ms, to_ms: _bars(
            connection, Stretch(instrument, length_ms, from_ms, to_ms)
        ),
        lambda time_ms: _price_before(connection, instrument, time_ms),
        first_ms,
    )
    return Past(newest[::-1], chart)


def _bars(connection: Connection, stretch: Stretch) -> list[Bar]:
    if stretch.length_ms == SECOND_MS:
        return bars_of(
            _trades(
                connection,
                "WHERE instrument = ? AND time_ms >= ? AND time_ms < ? ORDER BY trade_id",
                (stretch.instrument, stretch.from_ms, stretch.to_ms),
            ),
            stretch.length_ms,
        )
    return traded_bars(connection, _BAR, stretch)


def _price_before(connection: Connection, instrument: InstrumentId, time_ms: int) -> int | None:
    """The last trade before a time; before the first trade of all, the last candle."""
    row = (
        connection.execute(
            "SELECT price FROM trades WHERE instrument = ? AND time_ms < ?"
            " ORDER BY time_ms DESC, trade_id DESC LIMIT 1",
            (instrument, time_ms),
        ).fetchone()
        or connection.execute(
            "SELECT close FROM bars WHERE instrument = ? AND length_ms = ? AND open_ms + length_ms <= ?"
            " ORDER BY open_ms DESC LIMIT 1",
            (instrument, MINUTE_MS, time_ms),
        ).fetchone()
    )
    return None if row is None else row[0]


def _trades(connection: Connection, where: str, values: tuple[int, ...]) -> list[Trade]:
    return [
        Trade(trade_id, price, size, Side(side), seq, time_ms)
        for trade_id, price, size, side, seq, time_ms in connection.execute(_TRADE + where, values)
    ]
