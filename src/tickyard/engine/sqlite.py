"""The read side in SQLite: one file in the home, in WAL mode. Nothing has to be set up for it."""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from tickyard.engine.database import (
    Broken,
    Comparing,
    Connection,
    NoTables,
    Rows,
    Unavailable,
    Values,
)

READ_DATABASE: Final = Path("read") / "read.sqlite"
"""Where the tables stand in a home."""
_FOLDER_MODE: Final = 0o700
_BUSY_MS: Final = 5_000
_BESIDE: Final = ("-wal", "-shm")


class SqliteConnection:
    """Fulfils `database.Connection`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take over a connection that begins no transactions by itself."""
        self._connection = connection
        self._path: Path | None = None
        self._file = (0, 0)

    def watch(self, path: Path) -> None:
        """Serve no longer than the file that is open stands at its path: whoever opens the path again finds another."""
        self._path, self._file = path, _identity(path)

    def execute(self, statement: str, values: Values = ()) -> Rows:
        """Run one statement."""
        if not self._connection.in_transaction:
            self._check_file()
        try:
            cursor = self._connection.execute(statement, values)
            return Rows(cursor.fetchall(), cursor.rowcount)
        except sqlite3.DatabaseError as error:
            raise _meaning(error) from error

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of some rows."""
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.DatabaseError as error:
            raise _meaning(error) from error

    def begin_reading(self) -> None:
        """Begin a transaction that sees one state of the database."""
        self.execute("BEGIN")

    def begin_writing(self) -> None:
        """Begin a transaction, when nobody else writes any more."""
        self.execute("BEGIN IMMEDIATE")

    def begin_dropping(self) -> None:
        """Begin a transaction that drops tables; readers go on with the state that they see."""
        self.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """End the transaction; everything holds."""
        self.execute("COMMIT")

    def rollback(self) -> None:
        """End the transaction; nothing holds."""
        self._connection.rollback()

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def has_table(self, table: str) -> bool:
        """Whether the table is there."""
        schema, _, name = table.rpartition(".")
        query = f"SELECT 1 FROM {schema or 'main'}.sqlite_master WHERE type = 'table' AND name = ?"  # noqa: S608
        return self.execute(query, (name,)).fetchone() is not None

    def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""
        return [name for _, name, *_ in self._info(table)]

    def keys(self, table: str) -> Sequence[str]:
        """Return the names of the columns of a table's primary key, in its order."""
        named = [(place, name) for _, name, *_, place in self._info(table) if place]
        return [name for _, name in sorted(named)]

    def _check_file(self) -> None:
        if self._path is not None and _identity(self._path) != self._file:
            raise Unavailable(f"{self._path} was removed or replaced meanwhile")

    def _info(self, table: str) -> Rows:
        schema, _, name = table.rpartition(".")
        return self.execute(f"PRAGMA {schema or 'main'}.table_info({name})")


class SqliteDatabase:
    """The file of one home. Fulfils `database.ReadDatabase`."""

    def __init__(self, home: Path) -> None:
        self.path = home / READ_DATABASE

    @property
    def place(self) -> str:
        """The path in the home."""
        return str(READ_DATABASE)

    def is_made(self) -> bool:
        """Whether the file is there."""
        return self.path.exists()

    def open_writer(self) -> SqliteConnection:
        """Open it for writing, and make it where it is missing.

        It is derived, so a commit is atomic but not synced: what a power cut takes is projected again.
        """
        self.path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        if not self.is_made():
            # What a file that was removed has left beside it is no part of a new one.
            for suffix in _BESIDE:
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        try:
            connection = sqlite3.connect(self.path, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise _meaning(error) from error
        return _watched(connection, self.path, "journal_mode = WAL", "synchronous = NORMAL")

    def open_reader(self) -> SqliteConnection:
        """Open it for queries."""
        if not self.is_made():
            raise NoTables(f"{self.path} is not there yet")
        # Not mode=ro: a reader may have to set up the shared memory of the write-ahead log.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        try:
            connection = sqlite3.connect(
                uri, uri=True, isolation_level=None, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise _meaning(error) from error
        return _watched(connection, self.path, "query_only = ON")

    def own(self, connection: Connection) -> None:
        """Do nothing: what is in a home is its own."""

    def claim(self, connection: Connection) -> None:
        """Do nothing: the lock on the home sees to it that there is one writer."""

    @contextmanager
    def compare(self) -> Iterator[Comparing]:
        """Attach a temporary file (of the system's folder for those, `TMPDIR`), so that memory stays small."""
        with tempfile.TemporaryDirectory(prefix="tickyard-") as folder:
            path = Path(folder) / "derived.sqlite"
            opened = sqlite3.connect(path, isolation_level=None)
            with (
                closing(_prepared(opened, "journal_mode = OFF", "synchronous = OFF")) as derived,
                closing(self.open_reader()) as read,
            ):
                read.execute("ATTACH ? AS derived", (str(path),))
                read.begin_reading()
                derived.begin_writing()
                yield Comparing(derived, read, "derived", "main", "IS NOT")

    def damage(self, error: Broken, oldest: int) -> ValueError:
        """Say what is damaged, and what helps."""
        folder = self.path.parent
        if oldest == 1:
            advice = f"delete the folder {folder}, it is built again"
        else:
            advice = (
                f"move the folder {folder} away: it is built again from command {oldest:,} on, the oldest whose"
                " events are kept; older orders, fills, bills and candles are only in the copy that was moved"
            )
        return ValueError(f"{self.path} is damaged: {error}; {advice}")


def _watched(connection: sqlite3.Connection, path: Path, *pragmas: str) -> SqliteConnection:
    prepared = _prepared(connection, *pragmas)
    prepared.watch(path)
    return prepared


def _identity(path: Path) -> tuple[int, int]:
    """Tell a file from any other; zeros where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _prepared(connection: sqlite3.Connection, *pragmas: str) -> SqliteConnection:
    prepared = SqliteConnection(connection)
    try:
        for pragma in (f"busy_timeout = {_BUSY_MS}", *pragmas):
            prepared.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return prepared


def _meaning(error: sqlite3.DatabaseError) -> Exception:
    if isinstance(error, sqlite3.OperationalError):
        if "readonly" in str(error):
            return error  # a bug of ours, which no waiting helps
        if str(error).startswith("no such table"):
            return NoTables(str(error))
        return Unavailable(str(error))
    return Broken(str(error))
