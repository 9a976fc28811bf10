"""The read side: tables that follow the event segments, exactly once.

Each projection has a cursor, the number of the last command whose events it has stored. Rows and cursor are
committed in one transaction, so a projector that dies anywhere resumes with the next command.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, Protocol

import msgspec

from tickyard.engine.events import EventBatch
from tickyard.engine.records import Seq
from tickyard.engine.segments import EVENTS_FOLDER, POLL_MS, SegmentReader, oldest_events

READ_DATABASE: Final = Path("read") / "read.sqlite"
"""Where the tables stand in a home."""
EVENTS_PER_COMMIT: Final = 4_096
"""A transaction ends after about so many events, so that readers see progress while much is caught up."""
_FOLDER_MODE: Final = 0o700
_BUSY_MS: Final = 5_000


class Table(msgspec.Struct, frozen=True):
    """How a table is held against the same table, derived again from the events that are kept.

    Conditions are SQL over a row. They may name `:since_seq`, `:since_ms` and `:first_order`: the oldest kept command, its time and
    the first order accepted from there on, less than any when nothing was removed; `:until_ms` is the time of the cursor.
    """

    name: str
    older: str
    """Whether the row may come from events that are not kept."""
    partial: str = "0"
    """Whether events that are not kept may have had a part in the row."""
    fleeting: str = "0"
    """Whether the row may have been deleted already, or not yet."""
    unknown: Mapping[str, str] = {}
    """Columns whose values may come from events that are not kept, and in which rows."""


class Projection(Protocol):
    """One slice's tables in the read database."""

    @property
    def name(self) -> str:
        """Names the cursor. A new name builds the tables again from the oldest kept event."""
        ...

    @property
    def tables(self) -> Sequence[Table]:
        """Its tables, for whoever holds them against the events."""
        ...

    def migrate(self, connection: sqlite3.Connection) -> None:
        """Create the tables if they are not there. Runs at every start, inside a transaction."""
        ...

    def apply(self, connection: sqlite3.Connection, batch: EventBatch) -> None:
        """Store what the events mean. The caller owns the transaction and the cursor."""
        ...


class Projector:
    """Carries events into the tables of all projections. There is one per home."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        projections: Sequence[Projection],
        batches: SegmentReader,
    ) -> None:
        """Create what tables are missing and find the cursors.

        Args:
            connection: of `open_writer`; the caller closes it.
            projections: all of them, with names that differ.
            batches: the event segments of the home.
        """
        self._connection = connection
        self._projections = tuple(projections)
        self._segments = batches
        self._cursors = self._prepare(batches.oldest_seq())
        self._version = self._data_version()
        self._batches: Iterator[EventBatch | None] = batches.tail(self.next_seq)

    @property
    def next_seq(self) -> Seq:
        """The oldest command that some projection has not stored."""
        return Seq(min(self._cursors.values()) + 1)

    def step(self) -> bool:
        """Store what there is, up to about `EVENTS_PER_COMMIT` events, in one transaction.

        Returns:
            Whether there may be more at once.
        """
        if self._began_again():
            return True
        batch = next(self._batches)
        if batch is None:
            return False
        stored = 0
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self._began_again():
                self._connection.rollback()
                return True
            while batch is not None and stored < EVENTS_PER_COMMIT:
                self._apply(batch)
                stored += len(batch.events) + 1
                batch = next(self._batches) if stored < EVENTS_PER_COMMIT else None
            self._connection.executemany(
                "UPDATE cursors SET seq = ? WHERE projection = ?",
                [(seq, name) for name, seq in self._cursors.items()],
            )
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        return stored >= EVENTS_PER_COMMIT

    def _began_again(self) -> bool:
        """Follow from the beginning when somebody has emptied the tables, as `empty` does."""
        version = self._data_version()
        if version == self._version:
            return False
        self._version = version
        found = cursors(self._connection)
        if all(found[name] == seq for name, seq in self._cursors.items()):
            return False
        self._cursors = {name: found[name] for name in self._cursors}
        self._batches = self._segments.tail(self.next_seq)
        return True

    def _data_version(self) -> int:
        """What SQLite counts up whenever another connection has changed something."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _apply(self, batch: EventBatch) -> None:
        for projection in self._projections:
            cursor = self._cursors[projection.name]
            if batch.last_seq <= cursor:
                continue
            assert batch.first_seq <= cursor + 1, "Invariant: events come without gaps"
            projection.apply(self._connection, between(batch, cursor, batch.last_seq))
            self._cursors[projection.name] = batch.last_seq

    def _prepare(self, oldest: Seq) -> dict[str, Seq]:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS cursors (projection TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID"
        )
        for projection in self._projections:
            projection.migrate(self._connection)
            self._connection.execute(
                "INSERT OR IGNORE INTO cursors VALUES (?, 0)", (projection.name,)
            )
        # New tables begin with what is kept; tables that have begun must not leave anything out.
        self._connection.execute("UPDATE cursors SET seq = ? WHERE seq = 0", (oldest - 1,))
        self._connection.commit()
        found = cursors(self._connection)
        return {projection.name: found[projection.name] for projection in self._projections}


Aside = Callable[[sqlite3.Connection], Iterator[bool]]
"""Other work on the read database, which has one writer: yields after each piece, whether it did something."""


def _nothing(_connection: sqlite3.Connection) -> Iterator[bool]:
    return iter(())


async def run(
    home: Path, projections: Sequence[Projection], stop: asyncio.Event, aside: Aside = _nothing
) -> None:
    """Follow the events of a home until told to stop.

    Args:
        home: the home folder.
        projections: all of them.
        stop: ends the work, between two transactions.
        aside: is carried on, a piece at a time, whenever the events have been caught up with.

    Raises:
        ValueError: the event segments are damaged, or no longer reach back to a cursor, or the database is damaged.
    """
    try:
        await _follow(home, projections, stop, aside)
    except sqlite3.OperationalError:
        # A full disk, a lock: trying again may help.
        raise
    except sqlite3.DatabaseError as error:
        raise damaged(home, error) from error


async def _follow(
    home: Path, projections: Sequence[Projection], stop: asyncio.Event, aside: Aside
) -> None:
    with closing(open_writer(home)) as connection:
        projector = Projector(connection, projections, SegmentReader(home / EVENTS_FOLDER))
        pieces = aside(connection)
        while not stop.is_set():
            if projector.step() or next(pieces, False):
                await asyncio.sleep(0)
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_MS / 1000):
                        await stop.wait()


class CannotRebuild(Exception):
    """The tables cannot be made again from the events; the message says why. Nothing was changed."""


def empty(home: Path, projections: Sequence[Projection]) -> int:
    """Drop the tables of all projections, so that the projector makes them again from the first event on.

    It may run meanwhile: it notices. Whoever reads history waits until it has caught up.

    Args:
        home: the home folder.
        projections: all of them. Other tables stay.

    Returns:
        How many rows were dropped.

    Raises:
        CannotRebuild: events were removed from which some rows came.
    """
    oldest = oldest_events(home)
    if oldest != 1:
        raise CannotRebuild(
            f"the events before command {oldest:,} were removed, and with them what older rows were made of: the tables stay"
        )
    dropped = 0
    with closing(open_writer(home)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for projection in projections:
            projection.migrate(connection)
            for table in projection.tables:
                (rows,) = connection.execute(f"SELECT COUNT(*) FROM {table.name}").fetchone()  # noqa: S608  # a name of ours
                dropped += rows
                connection.execute(f"DROP TABLE {table.name}")
            projection.migrate(connection)
        connection.execute("UPDATE cursors SET seq = 0")
        connection.commit()
    return dropped


def open_writer(home: Path) -> sqlite3.Connection:
    """Open the read database for its one writer, and create it where it is missing.

    It is derived, so a commit is atomic but not synced: what a power cut takes is projected again.
    """
    path = home / READ_DATABASE
    path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (f"busy_timeout = {_BUSY_MS}", "journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_reader(home: Path) -> sqlite3.Connection:
    """Open the read database for queries, for use by any thread, one at a time.

    Raises:
        sqlite3.OperationalError: there is none yet.
    """
    # Not mode=ro: a reader may have to set up the shared memory of the write-ahead log.
    uri = f"{(home / READ_DATABASE).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in (f"busy_timeout = {_BUSY_MS}", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def between(batch: EventBatch, after: Seq, until: Seq) -> EventBatch:
    """Leave out of a batch what came up to one command, and what came after another."""
    if batch.first_seq > after and batch.last_seq <= until:
        return batch
    events = [event for event in batch.events if after < event.seq <= until]
    first, last = max(batch.first_seq, Seq(after + 1)), min(batch.last_seq, until)
    return EventBatch(first, last, batch.time_ns, events)


def cursors(connection: sqlite3.Connection) -> dict[str, Seq]:
    """Return the cursors of a read database by the names of their projections."""
    return {
        name: Seq(seq) for name, seq in connection.execute("SELECT projection, seq FROM cursors")
    }


def kept_cursors(home: Path) -> dict[str, Seq]:
    """Return the cursors of a home by the names of their projections; none when there is no database.

    Raises:
        ValueError: the database is damaged.
    """
    if not (home / READ_DATABASE).exists():
        return {}
    try:
        with closing(open_reader(home)) as connection:
            return cursors(connection)
    except sqlite3.OperationalError:
        # It was never finished, and is built again.
        return {}
    except sqlite3.DatabaseError as error:
        raise damaged(home, error) from error


def newest_cursor(home: Path) -> Seq:
    """Return the newest command that some projection of a home has stored; 0 for none.

    The journal must reach that far: a projection stores only what was durable.

    Raises:
        ValueError: the database is damaged.
    """
    return max(kept_cursors(home).values(), default=Seq(0))


def damaged(home: Path, error: sqlite3.DatabaseError) -> ValueError:
    """Say which file is damaged, and what helps."""
    path = home / READ_DATABASE
    oldest = oldest_events(home)
    if oldest == 1:
        advice = f"delete the folder {path.parent}, it is built again"
    else:
        advice = (
            f"move the folder {path.parent} away: it is built again from command {oldest:,} on, the oldest whose"
            " events are kept; older orders, fills, bills and candles are only in the copy that was moved"
        )
    return ValueError(f"{path} is damaged: {error}; {advice}")
