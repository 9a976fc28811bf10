"""A connection: values travel as text with their types, through the statements that both databases share.

Rows are inserted many at a time, because each statement is a round trip.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import Final

from pg8000.exceptions import DatabaseError, InterfaceError

from tickyard.engine.database import Rows, Unavailable, Values
from tickyard.engine.postgres.address import Address
from tickyard.engine.postgres.failures import raise_as_ours

_VALUES_MAX: Final = 30_000
"""In one statement; the protocol allows 65,535."""
_INT8, _TEXT, _BYTEA, _UNKNOWN = 20, 25, 17, 0
_PLACE: Final = re.compile(r"\?|:([a-z_]+)")
_INSERT: Final = re.compile(r"(INSERT INTO .+? VALUES )(\([?, ]+\))(.*)", re.DOTALL)
_TYPES: Final = {"INTEGER": "BIGINT", "BLOB": "BYTEA", "WITHOUT ROWID": ""}
_TYPE: Final = re.compile("|".join(rf"\b{word}\b" for word in _TYPES))


class PostgresConnection:
    """Fulfils `database.Connection`."""

    def __init__(self, address: Address, *, within_s: int, path: str = "") -> None:
        """Connect.

        Args:
            address: of the server.
            within_s: how long each answer may take.
            path: the schema for names without one; that of the address by default.
        """
        self._connection = address.connect(within_s)
        self._simple(f"SET search_path TO {path or address.schema}")

    def execute(self, statement: str, values: Values = ()) -> Rows:
        """Run one statement."""
        text, names = _placed(statement)
        given = [values[name] for name in names] if isinstance(values, Mapping) else values
        return self._run(text, given)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement for each of some rows."""
        insert = _INSERT.fullmatch(statement)
        if insert is None:
            for row in rows:
                self.execute(statement, row)
            return
        begin, marks, end = insert.groups()
        width = marks.count("?")
        waiting = iter(rows)
        while some := list(islice(waiting, _VALUES_MAX // width)):
            self._run(_inserting(begin, end, len(some), width), [v for row in some for v in row])

    def begin_reading(self) -> None:
        """Begin a transaction that sees one state of the database.

        The lock waits for tables that are being dropped, so that nobody sees old cursors with new tables.
        """
        self._simple(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; LOCK TABLE cursors IN ACCESS SHARE MODE"
        )

    def begin_writing(self) -> None:
        """Begin a transaction, when nobody else writes any more."""
        self._simple("BEGIN")
        if self.has_table("cursors"):
            self._simple("LOCK TABLE cursors IN SHARE ROW EXCLUSIVE MODE")

    def begin_dropping(self) -> None:
        """Begin a transaction that drops tables, when nobody else reads or writes any more."""
        self._simple("BEGIN; LOCK TABLE cursors IN ACCESS EXCLUSIVE MODE")

    def commit(self) -> None:
        """End the transaction; everything holds."""
        self._simple("COMMIT")

    def rollback(self) -> None:
        """End the transaction; nothing holds."""
        with suppress(Unavailable):
            self._simple("ROLLBACK")

    def close(self) -> None:
        """Close it."""
        with suppress(InterfaceError, OSError, AttributeError):
            self._connection.close()

    def has_table(self, table: str) -> bool:
        """Whether the table is there."""
        (found,) = self.execute("SELECT to_regclass(?) IS NOT NULL", (table,)).fetchone() or (0,)
        return bool(found)

    def columns(self, table: str) -> Sequence[str]:
        """Return the names of a table's columns."""
        found = self.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum",
            (table,),
        )
        return [str(name) for (name,) in found]

    def keys(self, table: str) -> Sequence[str]:
        """Return the names of the columns of a table's primary key, in its order."""
        found = self.execute(
            "SELECT a.attname FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
            " WHERE i.indrelid = to_regclass(?) AND i.indisprimary ORDER BY k.place",
            (table,),
        )
        return [str(name) for (name,) in found]

    def _run(self, text: str, values: Sequence[object]) -> Rows:
        wires, types = [], []
        for value in values:
            wire, kind = _encoded(value)
            wires.append(wire)
            types.append(kind)
        try:
            found = self._connection.execute_unnamed(text, wires, types)
        except (DatabaseError, InterfaceError, OSError) as error:
            raise_as_ours(error)
        return Rows([tuple(row) for row in found.rows or ()], found.row_count)

    def _simple(self, statements: str) -> None:
        try:
            self._connection.execute_simple(statements)
        except (DatabaseError, InterfaceError, OSError) as error:
            raise_as_ours(error)


@lru_cache(512)
def _placed(statement: str) -> tuple[str, Sequence[str]]:
    """Write a statement for the server; return the names of its values in their order, if they have names."""
    names: list[str] = []

    def number(mark: re.Match[str]) -> str:
        names.append(mark[1] or str(len(names)))
        return f"${len(names)}"

    if statement.startswith("CREATE TABLE"):
        statement = _TYPE.sub(lambda word: _TYPES[word[0]], statement)
    return _PLACE.sub(number, statement), names


@lru_cache(256)
def _inserting(begin: str, end: str, rows: int, width: int) -> str:
    numbers = iter(range(1, rows * width + 1))
    places = ", ".join(
        f"({', '.join(f'${n}' for n in islice(numbers, width))})" for _ in range(rows)
    )
    return f"{begin}{places}{end}"


def _encoded(value: object) -> tuple[str | None, int]:
    """Return a value as the server reads it, and its type."""
    if value is None:
        return None, _UNKNOWN
    if isinstance(value, str):
        return value, _TEXT
    if isinstance(value, bytes):
        return rf"\x{value.hex()}", _BYTEA
    assert isinstance(value, int), f"Invariant: no column holds {type(value)}"
    return format(int(value), "d"), _INT8
