"""Who is logged in: a random token with the browser, its hash with us.

Thirty minutes without a sign of life, or twelve hours, end a session.
"""

import secrets
from hashlib import sha256
from typing import Final

from tickyard.base.clock import HOUR_MS, Clock
from tickyard.users.store import SessionRow, StoredSessions

IDLE_MS: Final = 30 * 60_000
AGE_MS: Final = 12 * HOUR_MS
SEEN_EVERY_MS: Final = 60_000
"""Signs of life are written down no more often."""
_TOKEN_BYTES: Final = 32
_ID_BYTES: Final = 8
_BROWSER_MAX: Final = 200


class Sessions:
    """Begins, finds and ends sessions. Blocks; call it from a thread."""

    def __init__(self, stored: StoredSessions, wall: Clock) -> None:
        self._stored = stored
        self._wall = wall

    def begin(self, person: int, *, browser: str, address: str) -> tuple[str, SessionRow]:
        """Begin a session; always with a new token, so that nobody can have planted it.

        Returns:
            The token for the browser, which is not kept, and the session.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        now_ms = self._wall.now_ms()
        session = SessionRow(
            token_sha256=_hash(token),
            person=person,
            public_id=secrets.token_hex(_ID_BYTES),
            created_ms=now_ms,
            seen_ms=now_ms,
            browser=browser[:_BROWSER_MAX],
            address=address,
        )
        self._stored.end_stale(now_ms - IDLE_MS, now_ms - AGE_MS)
        self._stored.add(session)
        return token, session

    def find(self, token: str, *, browser: str) -> SessionRow | None:
        """Find the session of a token; None when there is none, it has ended, or another browser has the token."""
        session = self._stored.find(_hash(token))
        now_ms = self._wall.now_ms()
        if session is None or family(session.browser) != family(browser):
            return None
        if now_ms - session.seen_ms > IDLE_MS or now_ms - session.created_ms > AGE_MS:
            self._stored.end(session.person, session.public_id)
            return None
        if now_ms - session.seen_ms > SEEN_EVERY_MS:
            self._stored.touch(session.token_sha256, now_ms)
        return session


def family(browser: str) -> str:
    """Return what stays the same of a browser's name when it is updated."""
    return "".join(letter for letter in browser if letter.isalpha())


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
