"""Reading the tables of the read side, never older than what a caller has been told.

An acknowledgement carries the number of its command. Whoever asks for history afterwards names the newest number
that he can have seen, and the query runs only when the projection's cursor has reached it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from tickyard.base.errors import TickyardError
from tickyard.engine.database import Broken, Connection, ReadDatabase, Unavailable
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
    """A small pool of threads with connections that read the tables of a home."""

    def __init__(self, database: ReadDatabase, *, threads: int = 2) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="history")
        self._idle: SimpleQueue[Connection] = SimpleQueue()

    async def read(self, projection: str, seq: Seq, query: Callable[[Connection], T]) -> T:
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

    def _read_now(self, projection: str, seq: Seq, query: Callable[[Connection], T]) -> T:
        try:
            connection = self._idle_or_new()
        except (Unavailable, Broken):
            # No projector has made it yet, it has to be made again, or there is no server now.
            raise _Behind from None
        try:
            found = _as_of(connection, projection, seq, query)
        except (Unavailable, Broken):
            connection.close()
            raise _Behind from None
        except BaseException:
            self._idle.put(connection)
            raise
        self._idle.put(connection)
        return found

    def _idle_or_new(self) -> Connection:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._database.open_reader()


def _as_of(
    connection: Connection, projection: str, seq: Seq, query: Callable[[Connection], T]
) -> T:
    # One transaction, so that the rows are those of the cursor.
    connection.begin_reading()
    try:
        if _cursor(connection, projection) < seq:
            raise _Behind
        return query(connection)
    finally:
        connection.rollback()


def _cursor(connection: Connection, projection: str) -> int:
    row = connection.execute(
        "SELECT seq FROM cursors WHERE projection = ?", (projection,)
    ).fetchone()
    if row is None:
        raise _Behind
    return int(row[0])


def _now_ms(loop: asyncio.AbstractEventLoop) -> int:
    return int(loop.time() * 1000)
