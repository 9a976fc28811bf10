"""Who is logged in. Keys that pages were given end with their sessions."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from tickyard.users.records import SESSIONS
from tickyard.users.store.keys import count_change


class SessionRow(msgspec.Struct, frozen=True):
    """Somebody who is logged in."""

    token_sha256: bytes
    person: int
    public_id: str
    created_ms: int
    seen_ms: int
    browser: str
    address: str


class StoredSessions:
    """Reads and writes sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, session: SessionRow) -> None:
        """Add a session."""
        with self._engine.begin() as connection:
            connection.execute(insert(SESSIONS).values(msgspec.structs.asdict(session)))

    def find(self, token_sha256: bytes) -> SessionRow | None:
        """Find a session."""
        query = select(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else SessionRow(*row)

    def of_person(self, person: int) -> Sequence[SessionRow]:
        """List a person's sessions, the one that was seen last first."""
        query = (
            select(SESSIONS)
            .where(SESSIONS.c.person == person)
            .order_by(SESSIONS.c.seen_ms.desc(), SESSIONS.c.public_id)
        )
        with self._engine.connect() as connection:
            return [SessionRow(*row) for row in connection.execute(query)]

    def touch(self, token_sha256: bytes, now_ms: int) -> None:
        """Note that somebody was seen."""
        with self._engine.begin() as connection:
            connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.token_sha256 == token_sha256)
                .values(seen_ms=now_ms)
            )

    def end(self, person: int, public_id: str) -> bool:
        """End a session of a person, and its keys; False when there is none of that name."""
        with self._engine.begin() as connection:
            return end_sessions(
                connection, (SESSIONS.c.person == person) & (SESSIONS.c.public_id == public_id)
            )

    def end_stale(self, seen_before_ms: int, created_before_ms: int) -> None:
        """End sessions that were not seen for long, or are old."""
        with self._engine.begin() as connection:
            end_sessions(
                connection,
                (SESSIONS.c.seen_ms < seen_before_ms) | (SESSIONS.c.created_ms < created_before_ms),
            )


def end_sessions(connection: Connection, condition: ColumnElement[bool]) -> bool:
    """End sessions, and with them their keys; False when there were none."""
    ended = connection.execute(delete(SESSIONS).where(condition)).rowcount
    if ended:
        count_change(connection)
    return bool(ended)
