"""Slows down whoever guesses: so many wrong answers, then a pause."""

from collections import OrderedDict
from typing import Final

from tickyard.base.clock import Clock
from tickyard.users.errors import TooManyAttempts

SUBJECTS_MAX: Final = 100_000
"""Remembered at most; whoever has been quiet longest is forgotten first."""


class Throttle:
    """Counts failures of each subject (an e-mail, an address) in a window that begins with the first."""

    def __init__(self, clock: Clock, *, most: int, window_s: int) -> None:
        """Allow `most` failures in `window_s` seconds."""
        self._clock = clock
        self._most = most
        self._window_ms = window_s * 1_000
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def check(self, subject: str) -> None:
        """Let pass whoever may try.

        Raises:
            TooManyAttempts: not before some seconds have passed.
        """
        since_ms, count = self._failures.get(subject, (0, 0))
        left_ms = since_ms + self._window_ms - self._clock.now_ms()
        if left_ms > 0 and count >= self._most:
            raise TooManyAttempts(-(-left_ms // 1_000))

    def failed(self, subject: str) -> None:
        """Count a failure."""
        now_ms = self._clock.now_ms()
        since_ms, count = self._failures.pop(subject, (0, 0))
        if since_ms + self._window_ms <= now_ms:
            since_ms, count = now_ms, 0
        self._failures[subject] = (since_ms, count + 1)
        if len(self._failures) > SUBJECTS_MAX:
            self._failures.popitem(last=False)

    def succeeded(self, subject: str) -> None:
        """Forget the failures of whoever has proved to be who they say."""
        self._failures.pop(subject, None)
