"""The database of what cannot be derived: people, keys, sessions. SQLite, or PostgreSQL by its address.

Each slice has its tables; `migrating` makes them.
"""

import os
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

RECORDS_VARIABLE: Final = "TICKYARD_RECORDS_URL"
"""Names another database than the home's own, e.g. "postgresql+psycopg://user@host/tickyard"."""
_BUSY_MS: Final = 5_000
_PRAGMAS: Final = (
    "journal_mode = WAL",
    # This is the only copy of what it holds, so a commit is on the disk.
    "synchronous = FULL",
    "foreign_keys = ON",
    f"busy_timeout = {_BUSY_MS}",
)


def records_url(folder: Path) -> str:
    """Return where the records are: what the environment says, else a file in the folder."""
    return os.environ.get(RECORDS_VARIABLE) or f"sqlite:///{folder / 'records.sqlite'}"


def open_database(url: str) -> Engine:
    """Open a database for use from any thread.

    Args:
        url: as SQLAlchemy writes it. Nothing is connected to before the first statement.
    """
    engine = create_engine(url, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
