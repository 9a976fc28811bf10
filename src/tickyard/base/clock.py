"""Two clocks that are never mixed.

*Wall time* serves transport: signature windows, idle timers, rate limits, certificates.
*Exchange time* is what the core stamps on each frame of the journal; every record, candle, expiry
and deadline uses it and nothing else, so that it can be stepped and a replay sees the same.
"""

import time
from typing import NewType, Protocol

TimestampMs = NewType("TimestampMs", int)
"""Milliseconds since 1970-01-01 UTC."""

NS_PER_MS = 1_000_000
NS_PER_US = 1_000
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


class Clock(Protocol):
    """Anything that tells the time."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""
        ...

    def now_us(self) -> int:
        """Return microseconds since 1970-01-01 UTC."""
        ...

    def now_ms(self) -> TimestampMs:
        """Return milliseconds since 1970-01-01 UTC."""
        ...


class WallClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""
        return time.time_ns()

    def now_us(self) -> int:
        """Return microseconds since 1970-01-01 UTC."""
        return time.time_ns() // NS_PER_US

    def now_ms(self) -> TimestampMs:
        """Return milliseconds since 1970-01-01 UTC."""
        return TimestampMs(time.time_ns() // NS_PER_MS)


class ExchangeClock:
    """Exchange time as a process outside the core knows it.

    It runs with the wall clock, `offset_ns` apart, and is never behind the newest frame seen: what
    the core has stamped has happened.
    """

    def __init__(self, wall: Clock, *, offset_ns: int = 0) -> None:
        self.offset_ns = offset_ns
        self._wall = wall
        self._newest_ns = 0

    def observe(self, frame_time_ns: int) -> None:
        """Note the exchange time of a frame, in nanoseconds."""
        self._newest_ns = max(self._newest_ns, frame_time_ns)

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""
        return max(self._wall.now_ns() + self.offset_ns, self._newest_ns)

    def now_us(self) -> int:
        """Return microseconds since 1970-01-01 UTC."""
        return self.now_ns() // NS_PER_US

    def now_ms(self) -> TimestampMs:
        """Return milliseconds since 1970-01-01 UTC."""
        return TimestampMs(self.now_ns() // NS_PER_MS)


class ManualClock:
    """A clock that stands still until it is told otherwise; for tests and simulations."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def advance_ms(self, by_ms: int) -> None:
        """Move forward by `by_ms` milliseconds."""
        self._now_ns += by_ms * NS_PER_MS

    def now_ns(self) -> int:
        """Return nanoseconds since 1970-01-01 UTC."""
        return self._now_ns

    def now_us(self) -> int:
        """Return microseconds since 1970-01-01 UTC."""
        return self._now_ns // NS_PER_US

    def now_ms(self) -> TimestampMs:
        """Return milliseconds since 1970-01-01 UTC."""
        return TimestampMs(self._now_ns // NS_PER_MS)
