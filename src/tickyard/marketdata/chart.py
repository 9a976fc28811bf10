"""What candles of an instrument, or of its index, are made of in memory: short candles, and the sums of 24 hours."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from tickyard.instruments.model import Instrument
from tickyard.marketdata.bars import Bar, BarSize, Priced
from tickyard.marketdata.day import Day, RollingDay
from tickyard.marketdata.recent import Recent

MINUTES_KEPT_MS: Final = DAY_MS + 2 * HOUR_MS
"""One hour more than the longest look back (1440 one-minute candles, 24 hours), rounded up to whole hours."""
SECONDS_KEPT_MS: Final = 30 * MINUTE_MS

Bars = Callable[[int, int, int], Sequence[Bar]]
"""Reads stored candles: of this length, that open in a span, its end excluded, oldest first."""


class ChartPast(msgspec.Struct, frozen=True):
    """What a chart begins with after a start."""

    minutes_since_ms: int
    minutes: Sequence[Bar]
    """One-minute candles from `minutes_since_ms` on."""
    minutes_price_before: int | None
    seconds_since_ms: int
    seconds: Sequence[Bar]
    """One-second candles from `seconds_since_ms` on."""
    seconds_price_before: int | None
    first_ms: int | None
    """When the oldest candle opens."""

    @classmethod
    def read(
        cls,
        now_ms: int,
        bars: Bars,
        price_before: Callable[[int], int | None],
        first_ms: int | None,
    ) -> "ChartPast":
        """Read as much as a chart keeps.

        Args:
            now_ms: exchange time.
            bars: where candles are stored.
            price_before: finds the last price before a time, in ticks.
            first_ms: when the oldest candle opens.
        """
        minutes_since_ms = now_ms - now_ms % HOUR_MS - MINUTES_KEPT_MS
        seconds_since_ms = now_ms - now_ms % MINUTE_MS - SECONDS_KEPT_MS
        return cls(
            minutes_since_ms=minutes_since_ms,
            minutes=bars(MINUTE_MS, minutes_since_ms, now_ms + HOUR_MS),
            minutes_price_before=price_before(minutes_since_ms),
            seconds_since_ms=seconds_since_ms,
            seconds=bars(SECOND_MS, seconds_since_ms, now_ms + HOUR_MS),
            seconds_price_before=price_before(seconds_since_ms),
            first_ms=first_ms,
        )

    @classmethod
    def empty(cls, now_ms: int) -> "ChartPast":
        """Begin with nothing."""
        return cls.read(now_ms, lambda *_span: (), lambda _time_ms: None, None)


class Chart:
    """Grows by every price, be it of a trade or of an index."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.first_ms: int | None = None
        """When the oldest candle opens that was not imported; None when there is none."""
        self._minutes = Recent(MINUTE_MS, MINUTES_KEPT_MS)
        self._seconds = Recent(SECOND_MS, SECONDS_KEPT_MS)
        self._day = RollingDay(self._minutes)

    def recall(self, past: ChartPast) -> None:
        """Begin with the stored past."""
        self._minutes.seed(past.minutes_since_ms, past.minutes, past.minutes_price_before)
        self._seconds.seed(past.seconds_since_ms, past.seconds, past.seconds_price_before)
        self.first_ms = past.first_ms
        self._day.forget()

    def add(self, price: Priced) -> None:
        """Take over a price, which is the newest."""
        self._minutes.add(price)
        self._seconds.add(price)
        self._day.forget(price.time_ms)
        if self.first_ms is None:
            self.first_ms = price.time_ms - price.time_ms % MINUTE_MS

    def day(self, now_ms: int) -> Day | None:
        """The last 24 hours; None before the first price."""
        return self._day.at(now_ms)

    def recent(self, size: BarSize) -> Recent:
        """The short candles that candles of this size are made of."""
        return self._seconds if size.base_ms == SECOND_MS else self._minutes
