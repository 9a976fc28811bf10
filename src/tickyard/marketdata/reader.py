"""A worker's connection to the read database, for one query at a time, and the query that all candles share."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from tickyard.base.ids import InstrumentId

_T = TypeVar("_T")


class Reader:
    """Runs queries in threads, each on one consistent state.

    Until the projection has made its tables, there is nothing.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Prepare to read.

        Args:
            connect: opens the read database as `engine.projection.open_reader` does; it need not exist yet.
        """
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._lock = asyncio.Lock()

    async def close(self) -> None:
        """Close the database."""
        async with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    async def read(self, query: Callable[[sqlite3.Connection], _T], nothing: _T) -> _T:
        """Run a query.

        Args:
            query: runs in a thread.
            nothing: the answer while there are no tables.
        """
        async with self._lock:
            return await asyncio.to_thread(self._read_now, query, nothing)

    def _read_now(self, query: Callable[[sqlite3.Connection], _T], nothing: _T) -> _T:
        if self._connection is None:
            self._connection = _open(self._connect)
        if self._connection is None:
            return nothing
        # One transaction, so that all of it is of one moment.
        self._connection.execute("BEGIN")
        try:
            return query(self._connection)
        finally:
            self._connection.execute("COMMIT")


def _open(connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection | None:
    try:
        connection = connect()
    except sqlite3.OperationalError:
        return None  # no projector has run yet
    # Made last, so the others are there too.
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'book_changes'").fetchone()
    if made is None:
        connection.close()
        return None
    return connection


def bar_rows(
    connection: sqlite3.Connection,
    select: str,
    instrument: InstrumentId,
    length_ms: int,
    from_ms: int,
    to_ms: int,
) -> sqlite3.Cursor:
    """Run a query for the candles that open in a span, its end excluded, oldest first.

    Args:
        connection: of the read database.
        select: the columns and the table, e.g. "SELECT open_ms FROM bars ".
        instrument: whose candles.
        length_ms: of each.
        from_ms: beginning of the span.
        to_ms: its end.
    """
    return connection.execute(
        f"{select} WHERE instrument = ? AND length_ms = ? AND open_ms >= ? AND open_ms < ?"
        " ORDER BY open_ms",
        (instrument, length_ms, from_ms, to_ms),
    )
