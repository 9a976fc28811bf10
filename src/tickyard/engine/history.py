"""Reading the tables of the read side, never older than what a caller has been told.

An acknowledgement carries the number of its command. Whoever asks for history afterwards names the newest number
that he can have seen, and the query runs only when the projection's cursor has reached it.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from tickyard.base.errors import TickyardError
from tickyard.engine.projection import open_reader
from tickyard.engine.records import Seq

WAIT_MS: Final = 5_000
"""How long a query waits for the projector."""
_PAUSES_MS: Final = (2, 5, 10, 20)
"""Between two looks at the cursor; the last one repeats."""

T = TypeVar("T")


class HistoryLate(TickyardError):
    """The projector has not come as far as the caller within five seconds; nothing was read."""

    code = "50004"

    def __init__(self) -> None:
        super().__init__("history has not caught up with the latest command yet, try again")


class _Behind(Exception):
    """The cursor has not reached the command yet."""


class History:
    """A small pool of threads with read-only connections to the read database of a home."""

    def __init__(self, home: Path, *, threads: int = 2) -> None:
        self._home = home
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="history")
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    async def read(self, projection: str, seq: Seq, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query on tables that hold everything up to a command.

        Args:
            projection: whose tables are read, by the name of its cursor.
            seq: the command that must have been stored; 0 for whatever there is.
            query: runs in a thread and sees one consistent state.

        Raises:
            HistoryLate: the projection was not there within five seconds.
        """
        loop = asyncio.get_running_loop()
        deadline_ms = _now_ms(loop) + WAIT_MS
        pauses_ms = iter(_PAUSES_MS)
        pause_ms = 0
        while True:
            try:
                return await loop.run_in_executor(
                    self._threads, self._read_now, projection, seq, query
                )
            except _Behind:
                pause_ms = next(pauses_ms, pause_ms)
            if _now_ms(loop) + pause_ms > deadline_ms:
                raise HistoryLate
            await asyncio.sleep(pause_ms / 1000)

    def close(self) -> None:
        """End the threads and close their connections, after what runs."""
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().close()

    def _read_now(self, projection: str, seq: Seq, query: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection()
        try:
            # One transaction, so that the rows are those of the cursor.
            connection.execute("BEGIN")
            try:
                if _cursor(connection, projection) < seq:
                    raise _Behind
                return query(connection)
            finally:
                connection.rollback()
        finally:
            self._idle.put(connection)

    def _connection(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except Empty:
            pass
        try:
            return open_reader(self._home)
        except sqlite3.OperationalError:
            # The projector of a new home has not made it yet.
            raise _Behind from None


def _cursor(connection: sqlite3.Connection, projection: str) -> int:
    try:
        row = connection.execute(
            "SELECT seq FROM cursors WHERE projection = ?", (projection,)
        ).fetchone()
    except sqlite3.OperationalError:
        raise _Behind from None
    if row is None:
        raise _Behind
    return int(row[0])


def _now_ms(loop: asyncio.AbstractEventLoop) -> int:
    return int(loop.time() * 1000)
