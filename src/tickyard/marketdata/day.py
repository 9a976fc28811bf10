"""The last 24 hours of one instrument, rolling by the minute."""

from collections.abc import Sequence

import msgspec

from tickyard.base.clock import DAY_MS, MINUTE_MS
from tickyard.marketdata.bars import UTC8_SHIFT_MS, Bar, BarSize
from tickyard.marketdata.recent import Recent

_UTC_DAY = BarSize(DAY_MS)
_UTC8_DAY = BarSize(DAY_MS, shift_ms=UTC8_SHIFT_MS)


class Day(msgspec.Struct, frozen=True):
    """Figures of the last 24 hours: prices in ticks, volume in lots, notional in notional units."""

    open: int
    high: int
    low: int
    volume: int
    notional: int
    open_utc: int
    """The price when the day began in UTC."""
    open_utc8: int
    """The price when the day began in UTC+8."""


class RollingDay:
    """Keeps the sums over all minutes but the current one, which only change when a minute ends."""

    def __init__(self, minutes: Recent) -> None:
        self._minutes = minutes
        self._minute_ms = 0
        self._past: Bar | None = None

    def forget(self, since_ms: int = 0) -> None:
        """Sum up again at the next look, if anything from a time on was part of the sums."""
        if since_ms < self._minute_ms:
            self._minute_ms = 0

    def at(self, now_ms: int) -> Day | None:
        """The last 24 hours as seen at a time; None before the first trade."""
        minute_ms = now_ms - now_ms % MINUTE_MS
        from_ms = minute_ms - DAY_MS + MINUTE_MS
        if minute_ms != self._minute_ms:
            self._past = _sum(self._minutes.between(from_ms, minute_ms))
            self._minute_ms = minute_ms
        opened = self._minutes.price_at(from_ms)
        opened_utc = self._minutes.price_at(_UTC_DAY.open_of(now_ms))
        opened_utc8 = self._minutes.price_at(_UTC8_DAY.open_of(now_ms))
        if opened is None or opened_utc is None or opened_utc8 is None:
            return None
        current = self._minutes.between(minute_ms, minute_ms + DAY_MS)
        whole = _sum(current if self._past is None else (self._past, *current))
        if whole is None:  # nobody traded: the price stood still
            return Day(opened, opened, opened, 0, 0, opened_utc, opened_utc8)
        # The price that stood when the 24 hours began is part of them.
        high, low = max(opened, whole.high), min(opened, whole.low)
        return Day(opened, high, low, whole.volume, whole.notional, opened_utc, opened_utc8)


def _sum(bars: Sequence[Bar]) -> Bar | None:
    whole: Bar | None = None
    for bar in bars:
        if whole is None:
            whole = bar.copy_at(bar.open_ms)
        else:
            whole.extend(bar)
    return whole
