"""What the read side asks of a database; `sqlite` and `postgres` fulfil it.

The SQL of the slices is one text for both: question marks for values, `INTEGER` for whole numbers of 64 bits, `BLOB` for
bytes, `WITHOUT ROWID` for a table that is kept in the order of its key. Each database writes that in its own way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

Values = Sequence[object] | Mapping[str, int]
"""Of question marks, or of names such as `:since_seq`."""


class Unavailable(Exception):
    """The database cannot be used now: no server, no tables yet, no room, a lock. Trying again may help."""


class NoTables(Unavailable):
    """Nobody has made the tables yet."""


class Broken(Exception):
    """What is stored is damaged, or not what this home has stored."""


class Foreign(Broken):
    """The tables are another home's; the message says what helps."""


class Rows:
    """What a statement gave."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount
        """How many rows were written."""

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def fetchone(self) -> Any:  # noqa: ANN401  # a row has what was asked for
        """Return the first row, or None."""
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[Any]:
        """Return all rows."""
        return self._rows


class Connection(Protocol):
    """For one thread at a time. Outside of a transaction each statement is one.

    Every method raises `Unavailable` or `Broken`; after that the connection is only good for closing.
    """

    def execute(self, statement: str, values: Values = ()) -> Rows:
        """Run one statement."""
        ...

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of some rows. Of an `INSERT`, no two rows may have one key."""
        ...

    def begin_reading(self) -> None:
        """Begin a transaction that sees one state of the database."""
        ...

    def begin_writing(self) -> None:
        """Begin a transaction, when nobody else writes any more."""
        ...

    def begin_dropping(self) -> None:
        """Begin a transaction that drops tables, when nobody else reads or writes any more."""
        ...

    def commit(self) -> None:
        """End the transaction; everything holds."""
        ...

    def rollback(self) -> None:
        """End the transaction; nothing holds."""
        ...

    def close(self) -> None:
        """Close it; what was not committed is gone."""
        ...

    def has_table(self, table: str) -> bool:
        """Whether the table is there."""
        ...

    def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""
        ...

    def keys(self, table: str) -> Sequence[str]:
        """Return the names of the columns of a table's primary key, in its order."""
        ...


class Comparing(msgspec.Struct, frozen=True):
    """The tables as they were at one moment, and empty room for the same tables, derived again."""

    derived: Connection
    """Where tables are made and written; it never commits before all are."""
    read: Connection
    """Sees both, by these names before that of a table."""
    derived_schema: str
    read_schema: str
    differs: str
    """The operator of SQL for "is not the same as" that takes NULL for a value."""


class Readable(Protocol):
    """Where tables are read."""

    def open_reader(self) -> Connection:
        """Open it for queries, by any thread, one at a time.

        Raises:
            Unavailable: there is none yet.
        """
        ...


class ReadDatabase(Readable, Protocol):
    """Where the tables of one home stand. Asking it for a connection is the first that touches it."""

    @property
    def place(self) -> str:
        """What people call it: a path in the home, or an address."""
        ...

    def is_made(self) -> bool:
        """Whether there may be tables; a server always may have some."""
        ...

    def open_writer(self) -> Connection:
        """Open it for writing, and make it where it is missing."""
        ...

    def own(self, connection: Connection) -> None:
        """Make sure, inside a transaction, that the tables are this home's; where there are none, they will be.

        Raises:
            Foreign: they are another home's.
        """
        ...

    def claim(self, connection: Connection) -> None:
        """Do as `own`, and let no other process do so as long as the connection lives.

        Raises:
            Foreign: the tables are another home's.
            Unavailable: another process has done so.
        """
        ...

    def compare(self) -> AbstractContextManager[Comparing]:
        """Open it for a comparison of its tables with the same tables, derived again."""
        ...

    def damage(self, error: Broken, oldest: int) -> ValueError:
        """Say what is damaged, and what helps.

        Args:
            error: what was found.
            oldest: the oldest command whose events are kept; 1 for all.
        """
        ...
