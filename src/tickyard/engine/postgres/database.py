"""The tables of a home in a schema of their own."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from tickyard.engine.database import Broken, Comparing, Connection, Foreign, Unavailable
from tickyard.engine.postgres.address import Address
from tickyard.engine.postgres.connection import PostgresConnection

_TOKEN: Final = Path("read") / "postgresql.token"
"""What shows that tables on a server are this home's; a copy by `backup` leaves it out."""
_ANSWER_WITHIN_S: Final = 5
"""A query of a reader. It is a client who waits."""
_WRITE_WITHIN_S: Final = 600


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
