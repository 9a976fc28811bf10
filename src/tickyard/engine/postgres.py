"""The read side in PostgreSQL: the tables of a home are one schema of a database that is named by its address.

Only this file knows the server's ways. Values travel as text with their types, through the statements that both
databases share; rows are inserted many at a time, because each statement is a round trip.
"""

import re
import secrets
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from pg8000.core import CoreConnection
from pg8000.exceptions import DatabaseError, InterfaceError

from tickyard.engine.database import (
    Broken,
    Comparing,
    Connection,
    Foreign,
    NoTables,
    Rows,
    Unavailable,
    Values,
)

SCHEMES: Final = ("postgresql", "postgres")
_PORT: Final = 5432
_TOKEN: Final = Path("read") / "postgresql.token"
"""What shows that tables on a server are this home's; a copy by `backup` leaves it out."""
_ANSWER_WITHIN_S: Final = 5
"""A query of a reader. It is a client who waits."""
_WRITE_WITHIN_S: Final = 600
_VALUES_MAX: Final = 30_000
"""In one statement; the protocol allows 65,535."""
_INT8, _TEXT, _BYTEA, _UNKNOWN = 20, 25, 17, 0
_PLACE: Final = re.compile(r"\?|:([a-z_]+)")
_INSERT: Final = re.compile(r"(INSERT INTO .+? VALUES )(\([?, ]+\))(.*)", re.DOTALL)
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_TYPES: Final = {"INTEGER": "BIGINT", "BLOB": "BYTEA", "WITHOUT ROWID": ""}
_TYPE: Final = re.compile("|".join(rf"\b{word}\b" for word in _TYPES))

# States of SQL, by their beginnings. Source: PostgreSQL 15, Appendix A.
_NO_TABLES: Final = ("42P01", "3F000")
_TEMPORARY: Final = ("08", "28", "3D000", "40", "53", "55", "57", "58")
_DAMAGED: Final = ("XX", "23", "42P07")


class Address(msgspec.Struct, frozen=True):
    """Where a server is, and what there is ours."""

    user: str
    database: str
    host: str = "localhost"
    """A name, or the folder of the server's socket."""
    port: int = _PORT
    schema: str = "tickyard"
    password_file: str = ""
    is_verified: bool = False
    """Whether the server must show a certificate that the system trusts."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address such as `postgresql://user@host:5432/database?schema=tickyard`.

        Raises:
            ValueError: the message says what is wrong.
        """
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        host = options.pop("host", "") or parts.hostname or "localhost"
        schema = options.pop("schema", "tickyard")
        password_file = options.pop("password_file", "")
        mode = options.pop("sslmode", "prefer")
        database = unquote(parts.path.removeprefix("/"))
        for is_wrong, reason in (
            (parts.scheme not in SCHEMES, 'it begins with "postgresql://"'),
            (parts.password is not None, "a password is in a file, named by ?password_file="),
            (not parts.username, "it names a user: postgresql://user@host/database"),
            (not database or "/" in database, "it ends with the name of a database"),
            (_NAME.fullmatch(schema) is None, "a schema has small letters, digits and _"),
            (mode not in {"prefer", "verify-full"}, 'sslmode is "prefer" or "verify-full"'),
            (bool(options), f"unknown: {', '.join(options)}"),
        ):
            if is_wrong:
                raise ValueError(reason)
        return cls(
            unquote(parts.username or ""),
            database,
            unquote(host),
            parts.port or _PORT,
            schema,
            password_file,
            mode == "verify-full",
        )

    def __str__(self) -> str:
        """Name it for people."""
        host = "" if self.host.startswith("/") else f"{self.host}:{self.port}"
        return f"postgresql://{self.user}@{host}/{self.database}, schema {self.schema}"

    def connect(self, within_s: int) -> CoreConnection:
        """Connect; each answer must come within the time."""
        password = None
        if self.password_file:
            try:
                password = Path(self.password_file).expanduser().read_text().strip()
            except OSError as error:
                raise Unavailable(f"{self}: {error}") from error
        is_local = self.host.startswith("/")
        try:
            return CoreConnection(
                self.user,
                host=None if is_local else self.host,
                unix_sock=f"{self.host}/.s.PGSQL.{self.port}" if is_local else None,
                port=self.port,
                database=self.database,
                password=password,
                ssl_context=ssl.create_default_context() if self.is_verified else None,
                timeout=within_s,
                application_name="tickyard",
            )
        except (DatabaseError, InterfaceError, OSError) as error:
            reason = _text(error) if isinstance(error, DatabaseError) else _cause(error)
            raise Unavailable(f"{self}: {reason}") from error


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
            _raise(error)
        return Rows([tuple(row) for row in found.rows or ()], found.row_count)

    def _simple(self, statements: str) -> None:
        try:
            self._connection.execute_simple(statements)
        except (DatabaseError, InterfaceError, OSError) as error:
            _raise(error)


class PostgresDatabase:
    """The schema of one home. Fulfils `database.ReadDatabase`."""

    def __init__(self, home: Path, address: Address) -> None:
        self._token = home / _TOKEN
        self._address = address

    @property
    def place(self) -> str:
        """The address."""
        return str(self._address)

    def is_made(self) -> bool:
        """Whether there may be tables."""
        return True

    def open_writer(self) -> PostgresConnection:
        """Open it for writing, and make the schema where it is missing.

        It is derived, so a commit does not wait for the server's disk.
        """
        connection = PostgresConnection(self._address, within_s=_WRITE_WITHIN_S)
        try:
            connection.execute("SET synchronous_commit TO off")
            # Not IF NOT EXISTS alone: that asks for the right to make one even where it is there.
            there = "SELECT 1 FROM pg_namespace WHERE nspname = ?"
            if connection.execute(there, (self._address.schema,)).fetchone() is None:
                connection.execute(f"CREATE SCHEMA IF NOT EXISTS {self._address.schema}")
        except BaseException:
            connection.close()
            raise
        return connection

    def open_reader(self) -> PostgresConnection:
        """Open it for queries."""
        return PostgresConnection(self._address, within_s=_ANSWER_WITHIN_S)

    def own(self, connection: Connection) -> None:
        """Make sure that the tables are this home's."""
        connection.execute("CREATE TABLE IF NOT EXISTS owner (token TEXT PRIMARY KEY)")
        owner = connection.execute("SELECT token FROM owner").fetchone()
        if owner is None:
            connection.execute("INSERT INTO owner VALUES (?)", (self._own_token(),))
        elif not self._token.exists() or owner[0] != self._token.read_text():
            raise Foreign(
                f"{self.place} holds the history of another exchange: name another schema in read_database with"
                f" ?schema=, or drop this one: DROP SCHEMA {self._address.schema} CASCADE"
            )

    def claim(self, connection: Connection) -> None:
        """Make sure that this home alone writes, as long as the connection lives."""
        lock = "SELECT pg_try_advisory_lock(hashtext(?))"
        (is_alone,) = connection.execute(lock, (self._address.schema,)).fetchone() or (False,)
        if not is_alone:
            raise Unavailable(f"{self.place}: another process writes there")
        self.own(connection)

    @contextmanager
    def compare(self) -> Iterator[Comparing]:
        """Derive into temporary tables of the session that compares."""
        schema = self._address.schema
        with closing(
            PostgresConnection(self._address, within_s=_WRITE_WITHIN_S, path="pg_temp")
        ) as connection:
            is_made = connection.has_table(f"{schema}.cursors")
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            if is_made:
                connection.execute(f"LOCK TABLE {schema}.cursors IN ACCESS SHARE MODE")
            yield Comparing(connection, connection, "pg_temp", schema, "IS DISTINCT FROM")

    def damage(self, error: Broken, oldest: int) -> ValueError:
        """Say what is damaged, and what helps."""
        if isinstance(error, Foreign):
            return ValueError(str(error))
        advice = "`tickyard rebuild` makes the tables again"
        if oldest > 1:
            advice += (
                f" from command {oldest:,} on, the oldest whose events are kept; copy the schema before,"
                " older orders, fills, bills and candles are only there"
            )
        return ValueError(f"{self.place} is damaged: {error}; {advice}")

    def _own_token(self) -> str:
        if not self._token.exists():
            self._token.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._token.write_text(secrets.token_hex(16))
        return self._token.read_text()


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


def _raise(error: Exception) -> NoReturn:
    if not isinstance(error, DatabaseError):
        raise Unavailable(_cause(error)) from error
    state = str(error.args[0].get("C", "")) if error.args else ""
    if state in _NO_TABLES:
        raise NoTables(_text(error)) from error
    if state.startswith(_TEMPORARY):
        raise Unavailable(_text(error)) from error
    if state.startswith(_DAMAGED):
        raise Broken(_text(error)) from error
    raise error


def _text(error: DatabaseError) -> str:
    found = error.args[0] if error.args else {}
    return str(found.get("M", found)) if isinstance(found, dict) else str(found)


def _cause(error: Exception) -> str:
    return f"{error}: {error.__cause__}" if error.__cause__ else str(error) or repr(error)
