"""What a slice keeps in the read database: tables that are derived from the events."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from tickyard.engine.database import Connection
from tickyard.engine.events import EventBatch


class Table(msgspec.Struct, frozen=True):
    """How a table is held against the same table, derived again from the events that are kept.

    Conditions are SQL over a row. They may name `:since_seq`, `:since_ms` and `:first_order`: the oldest kept command, its time and
    the first order accepted from there on, less than any when nothing was removed; `:until_ms` is the time of the cursor.
    """

    name: str
    older: str
    """Whether the row may come from events that are not kept."""
    partial: str = "FALSE"
    """Whether events that are not kept may have had a part in the row."""
    fleeting: str = "FALSE"
    """Whether the row may have been deleted already, or not yet."""
    unknown: Mapping[str, str] = {}
    """Columns whose values may come from events that are not kept, and in which rows."""


class Projection(Protocol):
    """One slice's tables in the read database."""

    @property
    def name(self) -> str:
        """Names the cursor. A new name builds the tables again from the oldest kept event."""
        ...

    @property
    def tables(self) -> Sequence[Table]:
        """Its tables, for whoever holds them against the events."""
        ...

    def migrate(self, connection: Connection) -> None:
        """Create the tables if they are not there, and forget what is known of rows. Runs at every start, inside a transaction."""
        ...

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        """Delete what came from the events that are kept; what is older stays.

        Args:
            connection: whose transaction the caller owns.
            since: where the kept events begin, by the names of `Table`.

        Returns:
            How many rows were deleted.
        """
        ...

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        """Store what the events mean. The caller owns the transaction and the cursor."""
        ...


def delete_newer(connection: Connection, tables: Sequence[Table], since: Mapping[str, int]) -> int:
    """Delete the rows that came from kept events alone; return how many."""
    return sum(
        connection.execute(f"DELETE FROM {table.name} WHERE NOT ({table.older})", since).rowcount  # noqa: S608
        for table in tables
    )
