"""The read side: tables that follow the event segments, exactly once.

Each projection has a cursor, the number of the last command whose events it has stored. Rows and cursor are
committed in one transaction, so a projector that dies anywhere resumes with the next command.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from tickyard.base.log import logger
from tickyard.engine.cursors import cursors, damaged
from tickyard.engine.database import Broken, Connection, Foreign, ReadDatabase, Unavailable
from tickyard.engine.events import EventBatch
from tickyard.engine.projection import Projection
from tickyard.engine.rebuilding import begin_anew, oldest_kept, table_with_rows
from tickyard.engine.records import Seq
from tickyard.engine.segments import EVENTS_FOLDER, POLL_MS, SegmentReader

_logger = logger("engine")
EVENTS_PER_COMMIT: Final = 4_096
"""A transaction ends after about so many events, so that readers see progress while much is caught up."""
_TRY_AGAIN_MS: Final = 1_000


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
        if all(found.get(name) == seq for name, seq in self._cursors.items()):
            return False
        if lost := self._cursors.keys() - found.keys():
            # Whoever opens it again begins anew with their tables.
            raise Unavailable(f"the read database has lost cursors: {', '.join(sorted(lost))}")
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
        known = cursors(self._connection)
        for projection in self._projections:
            projection.migrate(self._connection)
            if projection.name in known:
                continue
            if table_with_rows(self._connection, projection):
                # They have lost their cursor, and would have the same rows stored once more.
                begin_anew(self._connection, projection, oldest_kept(self._segments))
            self._connection.execute("INSERT INTO cursors VALUES (?, 0)", (projection.name,))
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
    """Follow the events of a home until told to stop. A database that cannot be used, or is damaged, is tried again and again.

    Args:
        home: the home folder.
        database: where the tables stand.
        projections: all of them.
        stop: ends the work, between two transactions.
        aside: is carried on, a piece at a time, whenever the events have been caught up with.
        tell: hears why the database cannot be used, and an empty text once it can be again.

    Raises:
        ValueError: the event segments are damaged, or no longer reach back to a cursor, or the database is another home's.
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
        except Foreign as error:
            raise damaged(home, database, error) from error
        except Broken as error:
            # Nobody trades by it: whoever takes it away has it built again.
            found(str(damaged(home, database, error)))
            await _wait(stop, _TRY_AGAIN_MS)


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
