"""SQLite through SQLAlchemy Core: one writer, many readers, and migrations that each slice keeps.

A database is in write-ahead mode: readers never wait for the writer. It is derived from the journal,
so a commit is atomic but not synced; what a power cut loses is projected again.
"""

from pathlib import Path
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, event

_ENVIRONMENT = Path(__file__).parent / "schema"
_BUSY_MS = 5_000
_DIRECTORY_MODE = 0o700


def open_writer(path: Path) -> Engine:
    """Open a database for the one process that writes it; create it when it is missing."""
    path.parent.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    pragmas = ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON")
    return _engine(path, "rwc", pragmas, begin="BEGIN IMMEDIATE")


def open_reader(path: Path) -> Engine:
    """Open an existing database for queries only."""
    # Not mode=ro: a reader may have to set up the shared memory of the write-ahead log.
    return _engine(path, "rw", ("query_only = ON",), begin="BEGIN")


def migrate(connection: Connection, name: str, migrations: Path) -> None:
    """Bring the tables of one slice to their newest version.

    Args:
        connection: of a writer, in a transaction.
        name: the slice; its version is kept in the table `<name>_version`.
        migrations: its folder of Alembic revisions, e.g. `trading/migrations`.
    """
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(migrations))
    config.attributes.update(connection=connection, version_table=f"{name}_version")
    command.upgrade(config, "head")


def _engine(path: Path, mode: str, pragmas: tuple[str, ...], *, begin: str) -> Engine:
    engine = sqlalchemy.create_engine(
        f"sqlite:///file:{path}?mode={mode}&uri=true", connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def connected(dbapi: Any, _record: object) -> None:  # noqa: ANN401  # DB-API has no types
        # sqlite3 would begin transactions late and end them before DDL; begin them ourselves.
        dbapi.isolation_level = None
        for pragma in (f"busy_timeout = {_BUSY_MS}", *pragmas):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
