"""What `verify`, `replay` and `version` tell, in the words of the command line."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib.metadata import version

import msgspec

from tickyard.base.database import RECORDS_VARIABLE
from tickyard.engine import comparison, replay
from tickyard.engine.cursors import newest_cursor
from tickyard.engine.database import ReadDatabase
from tickyard.engine.records import Seq
from tickyard.node import tables as read_side
from tickyard.node.home import Home

Say = Callable[[str], None]
"""Shows a person how far the work is."""


class Findings(msgspec.Struct, frozen=True):
    """What `verify` found in a home."""

    report: replay.Report
    tables: comparison.Comparison | None
    """None when nothing could be compared."""

    @property
    def defects(self) -> list[replay.Defect]:
        """Everything that is wrong."""
        return [*self.report.defects, *(self.tables.defects if self.tables else ())]


def verify_home(home: Home, database: ReadDatabase, say: Say) -> Findings:
    """Check everything that a home holds; an unreadable one is a defect too.

    Args:
        home: may run meanwhile.
        database: where its tables stand.
        say: told how far the work is.

    Raises:
        OSError: the disk failed, or the database cannot be reached.
    """

    def tell(seq: Seq) -> None:
        say(f"verified up to command {seq:,} …")

    def tell_tables(seq: Seq) -> None:
        say(f"derived the tables again up to command {seq:,} …")

    cursor = f"the cursor of {database.place}"
    try:
        cursors = {cursor: newest_cursor(home.root, database)}
    except ValueError as error:
        report = replay.verify(home.root, tell)
        report.defects.append(replay.Defect(database.place, str(error)))
        report.defects.extend(_damaged_records(home))
        return Findings(report, None)
    report = replay.verify(home.root, tell, cursors)
    try:
        tables = comparison.compare(
            home.root, database, read_side.projections(to_compare=True), tell_tables
        )
    except ValueError as error:
        if not report.defects:
            report.defects.append(replay.Defect(database.place, str(error)))
        tables = None
    report.defects.extend(_damaged_records(home))
    return Findings(report, tables)


def _damaged_records(home: Home) -> list[replay.Defect]:
    """Look through the file of people and keys. Nothing is there to hold it against, but it must be whole."""
    path = home.records / "records.sqlite"
    if RECORDS_VARIABLE in os.environ or not path.exists():
        return []
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA query_only = ON")
            said = [str(line) for (line,) in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.OperationalError as error:
        raise OSError(f"cannot read {path}: {error}") from error
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    place = str(path.relative_to(home.root))
    return [replay.Defect(place, line) for line in said if line != "ok"]


def replay_home(home: Home, say: Say) -> replay.Replayed:
    """Apply the whole journal again.

    Raises:
        OSError: the disk failed.
        ValueError: the journal is damaged.
    """

    def tell(seq: Seq) -> None:
        say(f"replayed up to command {seq:,} …")

    return replay.replay(home.root, tell)


def facts(found: Findings) -> dict[str, object]:
    """Return what was found for people and programs."""
    report, tables = found.report, found.tables
    return {
        "verified": f"commands {report.first_seq} to {report.last_seq}",
        "stateHash": report.state_hash,
        "snapshots": report.snapshots,
        "eventsUntil": report.events_until,
        "rows": None if tables is None else tables.rows,
        "olderRows": None if tables is None else tables.older_rows,
        "ok": not found.defects,
    }


def versions() -> dict[str, object]:
    """Return the versions of the program, the rules of the core and its records."""
    return {
        "tickyard": version("tickyard"),
        "core": replay.CORE_VERSION,
        "records": replay.RECORD_VERSION,
    }
