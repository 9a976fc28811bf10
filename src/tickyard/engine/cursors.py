"""How far the tables of the read database have come: for each projection, the last command that it has stored."""

from contextlib import closing
from pathlib import Path

from tickyard.engine.database import Broken, Connection, NoTables, ReadDatabase, Unavailable
from tickyard.engine.records import Seq
from tickyard.engine.segments import oldest_events


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
