"""Holds the read database against the events: the tables are derived again, and compared row by row.

The new tables stand in a temporary file (of the system's folder for those, `TMPDIR`), so memory stays small however
much a home holds. All reads of the database are of one moment, also while the projector goes on.
"""

# ruff: noqa: S608  # queries are put together from the names of our own tables; values are parameters

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.engine.events import EventBatch, OrderAccepted
from tickyard.engine.projection import (
    EVENTS_PER_COMMIT,
    READ_DATABASE,
    Projection,
    Table,
    between,
    cursors,
    damaged,
    open_reader,
)
from tickyard.engine.records import Seq
from tickyard.engine.replay import Defect
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader

NAMED_ROWS: Final = 5
"""So many rows are named of each table and kind of difference; the others are counted."""
_NEVER: Final = 2**63 - 1
_TELL_EVERY: Final = 10_000


class Comparison(msgspec.Struct):
    """What a comparison found."""

    first_seq: Seq = Seq(1)
    """The oldest command whose events are kept."""
    rows: int = 0
    """Rows that were compared."""
    older_rows: int = 0
    """Rows that events before `first_seq` had a part in: nothing is left to hold them against."""
    defects: list[Defect] = msgspec.field(default_factory=list)


def compare(
    home: Path, projections: Sequence[Projection], progress: Callable[[Seq], object]
) -> Comparison:
    """Derive all tables from the kept events and compare them with those of the home.

    Args:
        home: the home folder; a host and a projector may be at work.
        projections: all of them, as `forget_late` as they can be; what they know of older events is forgotten.
        progress: told now and then how far the work is.

    Returns:
        What was compared; nothing when there is no database yet.

    Raises:
        OSError: the disk failed.
        ValueError: events or database are damaged.
    """
    if not (home / READ_DATABASE).exists():
        return Comparison()
    with tempfile.TemporaryDirectory(prefix="tickyard-") as folder:
        path = Path(folder) / "derived.sqlite"
        try:
            with (
                closing(sqlite3.connect(path, isolation_level=None)) as derived,
                closing(open_reader(home)) as read,
            ):
                return _compare(home, projections, progress, derived, read, path)
        except sqlite3.OperationalError as error:
            raise OSError(f"cannot compare {home / READ_DATABASE}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise damaged(home, error) from error


def _compare(
    home: Path,
    projections: Sequence[Projection],
    progress: Callable[[Seq], object],
    derived: sqlite3.Connection,
    read: sqlite3.Connection,
    path: Path,
) -> Comparison:
    for pragma in ("journal_mode = OFF", "synchronous = OFF"):
        derived.execute(f"PRAGMA {pragma}")
    read.execute("ATTACH ? AS derived", (str(path),))
    # From here on the database is seen as it is now.
    read.execute("BEGIN")
    known = _tables(read)
    ends = cursors(read) if "cursors" in known else {}
    ready = [projection for projection in projections if ends.get(projection.name)]
    for projection in ready:
        projection.migrate(derived)
    derivation = _Derivation(derived, ready, ends)
    first = derivation.run(SegmentReader(home / EVENTS_FOLDER), progress)
    found = Comparison(first_seq=first)
    for projection in ready:
        if derivation.reached < ends[projection.name]:
            # The events end before the cursor, which is told as a defect of the events.
            continue
        for table in projection.tables:
            if table.name not in known:
                what = (
                    f"it is missing, but the cursor of {projection.name} is {ends[projection.name]}"
                )
                found.defects.append(Defect(_place(table.name), what))
                continue
            values = {**derivation.values, "until_ms": derivation.times_ms[projection.name]}
            _TableComparison(read, table, values).run(found)
    return found


class _Derivation:
    """Derives tables from the kept events, each projection up to its cursor."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        projections: Sequence[Projection],
        ends: Mapping[str, Seq],
    ) -> None:
        self._connection = connection
        self._projections = projections
        self._ends = ends
        self.reached = Seq(0)
        self.times_ms: dict[str, int] = {}
        """When the newest command came, for each projection."""
        self.values: dict[str, int] = {"since_seq": 1, "since_ms": -1, "first_order": 0}

    def run(self, segments: SegmentReader, progress: Callable[[Seq], object]) -> Seq:
        """Derive everything; return the oldest command whose events are kept."""
        first = segments.oldest_seq()
        end = max((self._ends[projection.name] for projection in self._projections), default=Seq(0))
        if end < first:
            return first
        if first > 1:
            self.values |= {"since_seq": first, "first_order": _NEVER}
        stored = 0
        told = first
        self._connection.execute("BEGIN")
        for batch in segments.read_from(first):
            self._note_beginning(batch, first)
            self._apply(batch)
            self.reached = batch.last_seq
            stored += len(batch.events) + 1
            if stored > EVENTS_PER_COMMIT:
                self._connection.execute("COMMIT")
                self._connection.execute("BEGIN")
                stored = 0
            if batch.last_seq >= told + _TELL_EVERY:
                told = batch.last_seq
                progress(told)
            if batch.last_seq >= end:
                break
        self._connection.execute("COMMIT")
        return first

    def _note_beginning(self, batch: EventBatch, first: Seq) -> None:
        if first == 1:
            return
        if self.values["since_ms"] < 0:
            self.values["since_ms"] = batch.time_ns // NS_PER_MS
        if self.values["first_order"] == _NEVER:
            accepted = (e.order_id for e in batch.events if isinstance(e, OrderAccepted))
            self.values["first_order"] = next(accepted, _NEVER)

    def _apply(self, batch: EventBatch) -> None:
        for projection in self._projections:
            end = self._ends[projection.name]
            if batch.first_seq <= end:
                projection.apply(self._connection, between(batch, Seq(0), end))
                self.times_ms[projection.name] = batch.time_ns // NS_PER_MS


class _TableComparison:
    """Compares one table by its key, inside the database."""

    def __init__(
        self, connection: sqlite3.Connection, table: Table, values: Mapping[str, int]
    ) -> None:
        self._connection = connection
        self._table = table
        self._values = values
        columns = connection.execute(f"PRAGMA derived.table_info({table.name})").fetchall()
        self._columns = [str(name) for _, name, _, _, _, _ in columns]
        keys = sorted((place, str(name)) for _, name, _, _, _, place in columns if place)
        self._keys = [name for _, name in keys]

    def run(self, found: Comparison) -> None:
        """Add what differs, and count."""
        table = self._table
        same_key = " AND ".join(f"d.{key} = r.{key}" for key in self._keys)
        # The same names of columns mean both rows, so a condition stands where only one is seen.
        derived = f"(SELECT * FROM derived.{table.name} WHERE NOT ({table.partial}))"
        read = f"(SELECT * FROM main.{table.name} WHERE NOT ({table.older}))"
        found.rows += self._count(f"{derived} d JOIN main.{table.name} r ON {same_key}")
        found.older_rows += self._count(f"main.{table.name} WHERE {table.older}")
        fleeting = f"SELECT * FROM {derived} WHERE NOT ({table.fleeting})"
        missing = f"({fleeting}) d LEFT JOIN main.{table.name} r ON {same_key} WHERE r.{self._keys[0]} IS NULL"
        extra = f"{read} r LEFT JOIN derived.{table.name} d ON {same_key} WHERE d.{self._keys[0]} IS NULL"
        self._rows(found, "d", missing, "the row is missing")
        self._rows(found, "r", extra, "no event made this row")
        values = [column for column in self._columns if column not in self._keys]
        differing = " OR ".join(f"d.{column} IS NOT r.{column}" for column in values)
        if self._count(f"{derived} d JOIN main.{table.name} r ON {same_key} WHERE {differing}"):
            for column in values:
                self._differing(found, column, same_key)

    def _differing(self, found: Comparison, column: str, same_key: str) -> None:
        table = self._table
        hidden = table.unknown.get(column, "0")
        rows = (
            f"(SELECT * FROM derived.{table.name} WHERE NOT ({table.partial}) AND NOT ({hidden}))"
        )
        keys = ", ".join(f"d.{key}" for key in self._keys)
        where = (
            f"{rows} d JOIN main.{table.name} r ON {same_key} WHERE d.{column} IS NOT r.{column}"
        )
        for *key, derived, read in self._some(
            f"SELECT {keys}, d.{column}, r.{column} FROM {where}"
        ):
            place = f"{self._place(key)}, column {column}"
            found.defects.append(
                Defect(place, f"it is {read!r}, but the events make it {derived!r}")
            )
        self._rest(found, where, f"column {column} differs")

    def _rows(self, found: Comparison, side: str, where: str, what: str) -> None:
        keys = ", ".join(f"{side}.{key}" for key in self._keys)
        for key in self._some(f"SELECT {keys} FROM {where}"):
            found.defects.append(Defect(self._place(key), what))
        self._rest(found, where, what)

    def _rest(self, found: Comparison, where: str, what: str) -> None:
        more = self._count(where) - NAMED_ROWS
        if more > 0:
            found.defects.append(Defect(_place(self._table.name), f"{what} in {more:,} more rows"))

    def _some(self, query: str) -> Iterator[Sequence[object]]:
        return self._connection.execute(f"{query} LIMIT {NAMED_ROWS}", self._values)

    def _count(self, where: str) -> int:
        query = f"SELECT count(*) FROM {where}"
        (number,) = self._connection.execute(query, self._values).fetchone()
        return int(number)

    def _place(self, key: Sequence[object]) -> str:
        names = " ".join(f"{name} {value}" for name, value in zip(self._keys, key, strict=True))
        return f"{_place(self._table.name)}, {names}"


def _tables(connection: sqlite3.Connection) -> set[str]:
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    return {str(name) for (name,) in found}


def _place(table: str) -> str:
    return f"{READ_DATABASE}, table {table}"
