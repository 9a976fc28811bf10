"""Tables of the read database are dropped, so that the projector makes them again from the events that are kept."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.engine.cursors import damaged
from tickyard.engine.database import Broken, Connection, Foreign, ReadDatabase, Unavailable
from tickyard.engine.events import OrderAccepted
from tickyard.engine.projection import Projection, Table
from tickyard.engine.records import Seq
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader

_NEVER: Final = 2**63 - 1


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
                dropped += begin_anew(connection, projection, since)
            connection.execute("UPDATE cursors SET seq = ?", (oldest - 1,))
            connection.commit()
    except (Unavailable, Foreign) as error:
        raise CannotRebuild(str(error)) from error
    except Broken as error:
        raise CannotRebuild(str(damaged(home, database, error))) from error
    return Emptied(dropped, oldest)


def begin_anew(connection: Connection, projection: Projection, since: Mapping[str, int]) -> int:
    """Drop what a projection has made of the events that are kept, and have its tables ready for them.

    Args:
        connection: whose transaction the caller owns.
        projection: its tables need not be there.
        since: as `oldest_kept` tells.

    Returns:
        How many rows were dropped.
    """
    projection.migrate(connection)
    if since["since_seq"] > 1:
        return projection.rewind(connection, since)
    dropped = sum(_drop(connection, table) for table in projection.tables)
    projection.migrate(connection)
    return dropped


def table_with_rows(
    connection: Connection, projection: Projection, schema: str = ""
) -> Table | None:
    """Return a table of a projection that holds something, if one does; `schema` ends with a dot."""
    for table in projection.tables:
        name = f"{schema}{table.name}"
        if not connection.has_table(name):
            continue
        if connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is not None:  # noqa: S608  # a name of ours
            return table
    return None


def _drop(connection: Connection, table: Table) -> int:
    (rows,) = connection.execute(f"SELECT COUNT(*) FROM {table.name}").fetchone()  # noqa: S608  # a name of ours
    connection.execute(f"DROP TABLE {table.name}")
    return int(rows)


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
