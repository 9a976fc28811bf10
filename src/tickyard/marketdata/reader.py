"""A worker's connection to the read database, for one query at a time, and the query that all candles share."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from tickyard.base.ids import InstrumentId
from tickyard.engine.database import Broken, Connection, NoTables, Readable, Rows, Unavailable
from tickyard.marketdata.bars import Bar
from tickyard.marketdata.errors import HistoryAway

_T = TypeVar("_T")
_LAST: Final = "book_changes"


class Reader:
    """Runs queries in threads, each on one consistent state.

    While the database has no tables yet, there is nothing.
    """

    def __init__(self, database: Readable) -> None:
        """Prepare to read; the database need not exist yet."""
        self._database = database
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()

    async def close(self) -> None:
        """Close the database."""
        async with self._lock:
            self._drop()

    async def read(self, query: Callable[[Connection], _T], nothing: _T) -> _T:
        """Run a query.

        Args:
            query: runs in a thread.
            nothing: the answer while there are no tables.

        Raises:
            HistoryAway: the database cannot be reached.
        """
        async with self._lock:
            return await asyncio.to_thread(self._read_now, query, nothing)

    def _read_now(self, query: Callable[[Connection], _T], nothing: _T) -> _T:
        try:
            if self._connection is None:
                self._connection = self._database.open_reader()
            # One transaction, so that all of it is of one moment.
            self._connection.begin_reading()
            try:
                # Made last, so the others are there too.
                return query(self._connection) if self._connection.has_table(_LAST) else nothing
            finally:
                self._connection.rollback()
        except NoTables:
            self._drop()
            return nothing
        except (Unavailable, Broken) as error:
            self._drop()
            raise HistoryAway from error

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Stretch(msgspec.Struct, frozen=True):
    """Which candles are read: those of one length that open in a span, its end excluded."""

    instrument: InstrumentId
    length_ms: int
    from_ms: int
    to_ms: int


def bar_rows(connection: Connection, select: str, stretch: Stretch) -> Rows:
    """Run a query for candles, oldest first.

    Args:
        connection: of the read database.
        select: the columns and the table, e.g. "SELECT open_ms FROM bars ".
        stretch: which.
    """
    return connection.execute(
        f"{select} WHERE instrument = ? AND length_ms = ? AND open_ms >= ? AND open_ms < ?"
        " ORDER BY open_ms",
        msgspec.structs.astuple(stretch),
    )


def traded_bars(connection: Connection, select: str, stretch: Stretch) -> list[Bar]:
    """Read candles with their volumes; see `bar_rows`."""
    return [traded_bar(row) for row in bar_rows(connection, select, stretch)]


def traded_bar(row: tuple[int, int, int, int, int, str, str]) -> Bar:
    """Make a candle of a row; sums are stored as text, because they may outgrow 64 bits."""
    open_ms, open_, high, low, close, volume, notional = row
    return Bar(open_ms, open_, high, low, close, int(volume), int(notional))
