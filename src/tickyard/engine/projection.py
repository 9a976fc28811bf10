"""The read side: tables that follow the event segments, exactly once.

Each projection has a cursor, the number of the last command whose events it has stored. Rows and cursor are
committed in one transaction, so a projector that dies anywhere resumes with the next command.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, Protocol

import msgspec
import structlog

from tickyard.base.clock import NS_PER_MS
from tickyard.engine.database import (
    Broken,
    Connection,
    Foreign,
    NoTables,
    ReadDatabase,
    Unavailable,
)
from tickyard.engine.events import EventBatch, OrderAccepted
from tickyard.engine.records import Seq
from tickyard.engine.segments import EVENTS_FOLDER, POLL_MS, SegmentReader, oldest_events

_logger = structlog.get_logger()

EVENTS_PER_COMMIT: Final = 4_096
"""A transaction ends after about so many events, so that readers see progress while much is caught up."""
_TRY_AGAIN_MS: Final = 1_000
_NEVER: Final = 2**63 - 1


class Table(msgspec.Struct, frozen=True):
    """How a table is held against the same table, derived again from the events that are kept.

    Conditions are SQL over a row. They may name `:since_seq`, `:since_ms` and `:first_order`: the oldest kept command, its time and
    the first order accepted from there on, less than any when nothing was removed; `:until_ms` is the time of the cursor.
    """

    name: str
    older: str
    """Whether the row may come from events that are not kept."""
    partial: str = "FALSE"
    """Whether events that are not kept may have had a part in the row."""
    fleeting: str = "FALSE"
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

    def migrate(self, connection: Connection) -> None:
        """Create the tables if they are not there, and forget what is known of rows. Runs at every start, inside a transaction."""
        ...

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept; what is older stays.

        Args:
            connection: whose transaction the caller owns.
            since: where the kept events begin, by the names of `Table`.

        Returns:
            How many rows were deleted.
        """
        ...

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store what the events mean. The caller owns the transaction and the cursor."""
        ...


class Projector:
    """Carries events into the tables of all projections. There is one per home."""

    def __init__(
        self,
        connection: Connection,
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
        self._connection.begin_writing()
        try:
            if self._began_again():
                self._connection.rollback()
                return True
            some = [batch]
            stored = len(batch.events) + 1
            while stored < EVENTS_PER_COMMIT and (batch := next(self._batches)) is not None:
                some.append(batch)
                stored += len(batch.events) + 1
            self._apply(join(some))
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
        """Follow from where somebody has set the cursors back to, as `empty` does."""
        found = cursors(self._connection)
        if all(found[name] == seq for name, seq in self._cursors.items()):
            return False
        for projection in self._projections:
            projection.migrate(self._connection)
        self._cursors = {name: found[name] for name in self._cursors}
        self._batches = self._segments.tail(self.next_seq)
        return True

    def _apply(self, batch: EventBatch) -> None:
        for projection in self._projections:
            cursor = self._cursors[projection.name]
            if batch.last_seq <= cursor:
                continue
            assert batch.first_seq <= cursor + 1, "Invariant: events come without gaps"
            projection.apply(self._connection, between(batch, cursor, batch.last_seq))
            self._cursors[projection.name] = batch.last_seq

    def _prepare(self, oldest: Seq) -> dict[str, Seq]:
        self._connection.begin_writing()
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS cursors (projection TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID"
        )
        for projection in self._projections:
            projection.migrate(self._connection)
            self._connection.execute(
                "INSERT INTO cursors VALUES (?, 0) ON CONFLICT (projection) DO NOTHING",
                (projection.name,),
            )
        # New tables begin with what is kept; tables that have begun must not leave anything out.
        self._connection.execute("UPDATE cursors SET seq = ? WHERE seq = 0", (oldest - 1,))
        self._connection.commit()
        found = cursors(self._connection)
        return {projection.name: found[projection.name] for projection in self._projections}


Aside = Callable[[Connection], Iterator[bool]]
"""Other work on the read database, which has one writer: yields after each piece, whether it did something."""


def _nothing(_connection: Connection) -> Iterator[bool]:
    return iter(())


def _quiet(_reason: str) -> None:
    pass


async def run(
    home: Path,
    database: ReadDatabase,
    projections: Sequence[Projection],
    stop: asyncio.Event,
    aside: Aside = _nothing,
    tell: Callable[[str], None] = _quiet,
) -> None:
    """Follow the events of a home until told to stop. A database that cannot be used is tried again and again.

    Args:
        home: the home folder.
        database: where the tables stand.
        projections: all of them.
        stop: ends the work, between two transactions.
        aside: is carried on, a piece at a time, whenever the events have been caught up with.
        tell: hears why the database cannot be used, and an empty text once it can be again.

    Raises:
        ValueError: the event segments are damaged, or no longer reach back to a cursor, or the database is damaged.
    """
    trouble = ""

    def found(reason: str) -> None:
        nonlocal trouble
        if reason == trouble:
            return
        trouble = reason
        tell(reason)
        if reason:
            _logger.warning("read_database.unavailable", reason=reason)
        else:
            _logger.info("read_database.available")

    while not stop.is_set():
        try:
            await _follow(home, database, projections, stop, aside, lambda: found(""))
        except Unavailable as error:
            found(str(error))
            await _wait(stop, _TRY_AGAIN_MS)
        except Broken as error:
            raise damaged(home, database, error) from error


async def _follow(
    home: Path,
    database: ReadDatabase,
    projections: Sequence[Projection],
    stop: asyncio.Event,
    aside: Aside,
    works: Callable[[], None],
) -> None:
    with closing(database.open_writer()) as connection:
        connection.begin_writing()
        database.claim(connection)
        connection.commit()
        projector = Projector(connection, projections, SegmentReader(home / EVENTS_FOLDER))
        pieces = aside(connection)
        while not stop.is_set():
            is_behind = projector.step() or next(pieces, False)
            works()
            if is_behind:
                await asyncio.sleep(0)
            else:
                await _wait(stop, POLL_MS)


async def _wait(stop: asyncio.Event, for_ms: int) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(for_ms / 1000):
            await stop.wait()


class CannotRebuild(Exception):
    """The tables cannot be made again from the events; the message says why. Nothing was changed."""


class Emptied(msgspec.Struct, frozen=True):
    """What `empty` has done."""

    rows: int
    """So many were dropped."""
    since: Seq
    """The command from which on they are made again; 1 for all."""


def empty(home: Path, database: ReadDatabase, projections: Sequence[Projection]) -> Emptied:
    """Drop the tables of all projections, so that the projector makes them again from the oldest kept event on.

    Rows that came from events which are not kept stay. The projector may run meanwhile: it notices. Whoever reads history
    waits until it has caught up.

    Args:
        home: the home folder.
        database: where the tables stand.
        projections: all of them. Other tables stay.

    Raises:
        CannotRebuild: the database cannot be used, or is another home's.
        ValueError: the events are damaged.
    """
    since = oldest_kept(SegmentReader(home / EVENTS_FOLDER))
    oldest = Seq(since["since_seq"])
    try:
        with closing(database.open_writer()) as connection:
            if not connection.has_table("cursors"):
                return Emptied(0, oldest)
            connection.begin_dropping()
            database.own(connection)
            dropped = 0
            for projection in projections:
                projection.migrate(connection)
                if oldest == 1:
                    dropped += sum(_drop(connection, table) for table in projection.tables)
                    projection.migrate(connection)
                else:
                    dropped += projection.rewind(connection, since)
            connection.execute("UPDATE cursors SET seq = ?", (oldest - 1,))
            connection.commit()
    except (Unavailable, Foreign) as error:
        raise CannotRebuild(str(error)) from error
    return Emptied(dropped, oldest)


def _drop(connection: Connection, table: Table) -> int:
    (rows,) = connection.execute(f"SELECT COUNT(*) FROM {table.name}").fetchone()  # noqa: S608  # a name of ours
    connection.execute(f"DROP TABLE {table.name}")
    return int(rows)


def delete_newer(connection: Connection, tables: Sequence[Table], since: Mapping[str, int]) -> int:
    """Delete the rows that came from kept events alone; return how many."""
    return sum(
        connection.execute(f"DELETE FROM {table.name} WHERE NOT ({table.older})", since).rowcount  # noqa: S608
        for table in tables
    )


def oldest_kept(segments: SegmentReader) -> Mapping[str, int]:
    """Return where the kept events begin, by the names that conditions of a `Table` have for it."""
    first = segments.oldest_seq()
    found = {"since_seq": int(first), "since_ms": -1, "first_order": 0}
    if first == 1:
        return found
    found["first_order"] = _NEVER
    for batch in segments.read_from(first):
        if found["since_ms"] < 0:
            found["since_ms"] = batch.time_ns // NS_PER_MS
        orders = (event.order_id for event in batch.events if isinstance(event, OrderAccepted))
        if (order := next(orders, None)) is not None:
            return found | {"first_order": order}
    return found


def join(batches: Sequence[EventBatch]) -> EventBatch:
    """Make one batch of some that follow each other: a database stores many events at once in less time."""
    if len(batches) == 1:
        return batches[0]
    pairs = itertools.pairwise(batches)
    assert all(b.first_seq == a.last_seq + 1 for a, b in pairs), (
        "Invariant: events come without gaps"
    )
    events = [event for batch in batches for event in batch.events]
    return EventBatch(batches[0].first_seq, batches[-1].last_seq, batches[-1].time_ns, events)


def between(batch: EventBatch, after: Seq, until: Seq) -> EventBatch:
    """Leave out of a batch what came up to one command, and what came after another."""
    if batch.first_seq > after and batch.last_seq <= until:
        return batch
    events = [event for event in batch.events if after < event.seq <= until]
    first, last = max(batch.first_seq, Seq(after + 1)), min(batch.last_seq, until)
    return EventBatch(first, last, batch.time_ns, events)


def cursors(connection: Connection, schema: str = "") -> dict[str, Seq]:
    """Return the cursors of a read database by the names of their projections; `schema` ends with a dot."""
    found = connection.execute(f"SELECT projection, seq FROM {schema}cursors")  # noqa: S608
    return {name: Seq(seq) for name, seq in found}


def kept_cursors(home: Path, database: ReadDatabase) -> dict[str, Seq]:
    """Return the cursors of a home by the names of their projections; none when there are no tables.

    Raises:
        Unavailable: nobody can tell now.
        ValueError: the database is damaged.
    """
    if not database.is_made():
        return {}
    try:
        with closing(database.open_reader()) as connection:
            return cursors(connection)
    except NoTables:
        # They were never finished, and are built again.
        return {}
    except Broken as error:
        raise damaged(home, database, error) from error


def newest_cursor(home: Path, database: ReadDatabase) -> Seq:
    """Return the newest command that some projection of a home has stored; 0 for none, or when nobody can tell.

    The journal must reach that far: a projection stores only what was durable.

    Raises:
        ValueError: the database is damaged.
    """
    try:
        return max(kept_cursors(home, database).values(), default=Seq(0))
    except Unavailable:
        return Seq(0)


def damaged(home: Path, database: ReadDatabase, error: Broken) -> ValueError:
    """Say what is damaged, and what helps."""
    return database.damage(error, oldest_events(home))
