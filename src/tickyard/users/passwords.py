"""Passwords: what is accepted, and what is kept instead of them.

Length counts, and not being among what is tried first; composition and age do not.
Source: OWASP ASVS 5.0, V6.2; argon2id with 19 MiB and two passes.
"""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from tickyard.site.errors import Overloaded
from tickyard.users.errors import WeakPassword

T = TypeVar("T")

LENGTH_MIN: Final = 8
LENGTH_MAX: Final = 128
_SCORE_MIN: Final = 2
"""Of zxcvbn: 2 is beyond ten million guesses."""
_JUDGED: Final = 72
"""Judging takes longer than it is worth beyond this; so much is strong if it is not one repetition."""
_AT_ONCE: Final = 1
"""Hashes computed at the same time: logging in must not slow trading down."""
_WAITING_MAX: Final = 64


def check_strength(password: str, email: str) -> None:
    """Refuse a password that would be found.

    Raises:
        WeakPassword: with the reason, in a sentence.
    """
    if len(password) < LENGTH_MIN:
        raise WeakPassword(f"A password has at least {LENGTH_MIN} characters.")
    if len(password) > LENGTH_MAX:
        raise WeakPassword(f"A password has at most {LENGTH_MAX} characters.")
    judged = zxcvbn(password[:_JUDGED], user_inputs=[email, *email.split("@"), "tickyard"])
    if judged["score"] < _SCORE_MIN:
        why = judged["feedback"]["warning"] or "This is easy to guess."
        raise WeakPassword(f"{why.rstrip('.')}. A few unrelated words are better.")


class Passwords:
    """Hashes and verifies, a few at a time and in threads of their own."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        # As expensive to refuse somebody unknown as somebody known.
        self._nobody = self._hasher.hash("nobody has this password")
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return what is kept.

        Raises:
            Overloaded: too many wait.
        """
        return await self._in_turn(lambda: self._hasher.hash(password))

    async def verify(self, kept: str | None, password: str) -> bool:
        """Tell whether a password is the one of which the hash was kept; None for nobody's.

        Raises:
            Overloaded: too many wait.
        """

        def verify() -> bool:
            try:
                self._hasher.verify(kept or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
            return kept is not None

        return await self._in_turn(verify)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= _WAITING_MAX:
            raise Overloaded
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
