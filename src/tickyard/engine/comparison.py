"""Holds the read database against the events: the tables are derived again, and compared row by row.

The new tables are temporary ones, on a disk, so memory stays small however much a home holds. All reads of the database
are of one moment, also while the projector goes on.
"""

# ruff: noqa: S608  # queries are put together from the names of our own tables; values are parameters

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.engine.cursors import cursors, damaged
from tickyard.engine.database import Broken, Comparing, Connection, ReadDatabase, Unavailable
from tickyard.engine.events import EventBatch
from tickyard.engine.projection import Projection, Table
from tickyard.engine.projector import EVENTS_PER_COMMIT, between, join
from tickyard.engine.rebuilding import oldest_kept, table_with_rows
from tickyard.engine.records import Seq
from tickyard.engine.replay import Defect
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader

NAMED_ROWS: Final = 5
"""So many rows are named of each table and kind of difference; the others are counted."""
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
    home: Path,
    database: ReadDatabase,
    projections: Sequence[Projection],
    progress: Callable[[Seq], object],
) -> Comparison:
    """Derive all tables from the kept events and compare them with those of the home.

    Args:
        home: the home folder; a host and a projector may be at work.
        database: where its tables stand.
        projections: all of them, as `forget_late` as they can be; what they know of older events is forgotten.
        progress: told now and then how far the work is.

    Returns:
        What was compared; nothing when there is no database yet.

    Raises:
        OSError: the disk failed, or the database cannot be reached.
        ValueError: events or database are damaged.
    """
    if not database.is_made():
        return Comparison()
    try:
        with database.compare() as opened:
            return _compare(home, database.place, projections, progress, opened)
    except Unavailable as error:
        raise OSError(f"cannot compare {database.place}: {error}") from error
    except Broken as error:
        raise damaged(home, database, error) from error


def _compare(
    home: Path,
    place: str,
    projections: Sequence[Projection],
    progress: Callable[[Seq], object],
    opened: Comparing,
) -> Comparison:
    read, schema = opened.read, opened.read_schema
    ends = cursors(read, f"{schema}.") if read.has_table(f"{schema}.cursors") else {}
    astray = _astray_cursors(projections, ends, opened, place)
    ready = [projection for projection in projections if ends.get(projection.name)]
    for projection in ready:
        projection.migrate(opened.derived)
    derivation = _Derivation(opened.derived, ready, ends)
    first = derivation.run(SegmentReader(home / EVENTS_FOLDER), progress)
    if opened.derived is not read:
        opened.derived.commit()
    found = Comparison(first_seq=first, defects=astray)
    for projection in ready:
        if derivation.reached < ends[projection.name]:
            # The events end before the cursor, which is told as a defect of the events.
            continue
        for table in projection.tables:
            if not read.has_table(f"{schema}.{table.name}"):
                what = (
                    f"it is missing, but the cursor of {projection.name} is {ends[projection.name]}"
                )
                found.defects.append(Defect(f"{place}, table {table.name}", what))
                continue
            values = {**derivation.values, "until_ms": derivation.times_ms[projection.name]}
            _TableComparison(opened, place, table, values).run(found)
    return found


def _astray_cursors(
    projections: Sequence[Projection], ends: Mapping[str, Seq], opened: Comparing, place: str
) -> list[Defect]:
    """Tell cursors of nothing, and tables whose cursor is lost: a projector would store their rows once more."""
    names = {projection.name for projection in projections}
    found = [
        Defect(f"{place}, table cursors, projection {name}", "no projection has this name")
        for name in sorted(ends.keys() - names)
    ]
    for projection in projections:
        if ends.get(projection.name):
            continue
        if table := table_with_rows(opened.read, projection, f"{opened.read_schema}."):
            what = f"it is missing, but table {table.name} has rows; a start of the exchange makes them again"
            found.append(Defect(f"{place}, table cursors, projection {projection.name}", what))
    return found


class _Derivation:
    """Derives tables from the kept events, each projection up to its cursor."""

    def __init__(
        self,
        connection: Connection,
        projections: Sequence[Projection],
        ends: Mapping[str, Seq],
    ) -> None:
        self._connection = connection
        self._projections = projections
        self._ends = ends
        self.reached = Seq(0)
        self.times_ms: dict[str, int] = {}
        """When the newest command came, for each projection."""
        self.values: Mapping[str, int] = {}

    def run(self, segments: SegmentReader, progress: Callable[[Seq], object]) -> Seq:
        """Derive everything; return the oldest command whose events are kept."""
        self.values = oldest_kept(segments)
        first = Seq(self.values["since_seq"])
        end = max((self._ends[projection.name] for projection in self._projections), default=Seq(0))
        if end < first:
            return first
        bounds = sorted(set(self._ends.values()), reverse=True)
        told = first
        waiting: list[EventBatch] = []
        for batch in segments.read_from(first):
            waiting.append(batch)
            # The time of a cursor is that of its own batch.
            if batch.last_seq >= bounds[-1] or sum(map(_size, waiting)) >= EVENTS_PER_COMMIT:
                self._apply(join(waiting))
                waiting = []
                while bounds and bounds[-1] <= batch.last_seq:
                    bounds.pop()
            if batch.last_seq >= told + _TELL_EVERY:
                told = batch.last_seq
                progress(told)
            if not bounds or batch.last_seq >= end:
                break
        if waiting:
            self._apply(join(waiting))
        return first

    def _apply(self, batch: EventBatch) -> None:
        for projection in self._projections:
            end = self._ends[projection.name]
            if batch.first_seq <= end:
                projection.apply(self._connection, between(batch, Seq(0), end))
                self.times_ms[projection.name] = batch.time_ns // NS_PER_MS
        self.reached = batch.last_seq


class _TableComparison:
    """Compares one table by its key, inside the database."""

    def __init__(
        self, opened: Comparing, place: str, table: Table, values: Mapping[str, int]
    ) -> None:
        self._connection = opened.read
        self._table = table
        self._values = values
        self._named = f"{place}, table {table.name}"
        self._read = f"{opened.read_schema}.{table.name}"
        self._derived = f"{opened.derived_schema}.{table.name}"
        self._differs = opened.differs
        self._columns = self._connection.columns(self._derived)
        self._keys = self._connection.keys(self._derived)

    def run(self, found: Comparison) -> None:
        """Add what differs, and count."""
        table = self._table
        same_key = " AND ".join(f"d.{key} = r.{key}" for key in self._keys)
        # The same names of columns mean both rows, so a condition stands where only one is seen.
        derived = f"(SELECT * FROM {self._derived} WHERE NOT ({table.partial}))"
        read = f"(SELECT * FROM {self._read} WHERE NOT ({table.older}))"
        found.rows += self._count(f"{derived} d JOIN {self._read} r ON {same_key}")
        found.older_rows += self._count(f"{self._read} WHERE {table.older}")
        fleeting = f"SELECT * FROM {derived} AS kept WHERE NOT ({table.fleeting})"
        missing = (
            f"({fleeting}) d LEFT JOIN {self._read} r ON {same_key} WHERE r.{self._keys[0]} IS NULL"
        )
        extra = (
            f"{read} r LEFT JOIN {self._derived} d ON {same_key} WHERE d.{self._keys[0]} IS NULL"
        )
        self._rows(found, "d", missing, "the row is missing")
        self._rows(found, "r", extra, "no event made this row")
        values = [column for column in self._columns if column not in self._keys]
        differing = " OR ".join(f"d.{column} {self._differs} r.{column}" for column in values)
        if self._count(f"{derived} d JOIN {self._read} r ON {same_key} WHERE {differing}"):
            for column in values:
                self._differing(found, column, same_key)

    def _differing(self, found: Comparison, column: str, same_key: str) -> None:
        table = self._table
        hidden = table.unknown.get(column, "FALSE")
        rows = f"(SELECT * FROM {self._derived} WHERE NOT ({table.partial}) AND NOT ({hidden}))"
        keys = ", ".join(f"d.{key}" for key in self._keys)
        where = f"{rows} d JOIN {self._read} r ON {same_key} WHERE d.{column} {self._differs} r.{column}"
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
            found.defects.append(Defect(self._named, f"{what} in {more:,} more rows"))

    def _some(self, query: str) -> Iterable[Sequence[object]]:
        return self._connection.execute(f"{query} LIMIT {NAMED_ROWS}", self._values)

    def _count(self, where: str) -> int:
        query = f"SELECT count(*) FROM {where}"
        (number,) = self._connection.execute(query, self._values).fetchone()
        return int(number)

    def _place(self, key: Sequence[object]) -> str:
        names = " ".join(f"{name} {value}" for name, value in zip(self._keys, key, strict=True))
        return f"{self._named}, {names}"


def _size(batch: EventBatch) -> int:
    return len(batch.events) + 1
