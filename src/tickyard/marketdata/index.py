"""The index price of one instrument, in memory: what it is worth outside, and how that went."""

from collections.abc import Sequence
from typing import Final

import msgspec

from tickyard.engine import IndexPriceSet
from tickyard.instruments.model import Instrument
from tickyard.marketdata.bars import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Bar, BarSize
from tickyard.marketdata.day import Day, RollingDay
from tickyard.marketdata.recent import Recent

MINUTES_KEPT_MS: Final = DAY_MS + 2 * HOUR_MS
SECONDS_KEPT_MS: Final = 30 * MINUTE_MS


def index_name(name: str) -> str:
    """Clients ask for the index of a derivative by the name of that, e.g. "BTC-USDT-SWAP"."""
    return name.removesuffix("-SWAP")


class Sample(msgspec.Struct, frozen=True, gc=False):
    """An index price at a time. Nobody traded it, so its size is zero."""

    price: int
    time_ms: int
    size: int = 0

    @classmethod
    def of(cls, event: IndexPriceSet) -> "Sample":
        """Take what is shown of an event."""
        return cls(event.price, event.time_ns // 1_000_000)


class IndexPast(msgspec.Struct, frozen=True):
    """What an index begins with after a start."""

    minutes_since_ms: int
    minutes: Sequence[Bar]
    """One-minute candles from `minutes_since_ms` on."""
    price_before: int | None
    seconds_since_ms: int
    seconds: Sequence[Bar]
    """The same of one second."""
    seconds_price_before: int | None
    first_ms: int | None
    """When the oldest candle opens."""


class Index:
    """Price and candles of one index, whose name is that of its instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.first_ms: int | None = None
        self.last: Sample | None = None
        self._minutes = Recent(MINUTE_MS, MINUTES_KEPT_MS)
        self._seconds = Recent(SECOND_MS, SECONDS_KEPT_MS)
        self._day = RollingDay(self._minutes)

    def recall(self, past: IndexPast) -> None:
        """Begin with the stored past."""
        self._minutes.seed(past.minutes_since_ms, past.minutes, past.price_before)
        self._seconds.seed(past.seconds_since_ms, past.seconds, past.seconds_price_before)
        self.first_ms = past.first_ms
        newest = past.seconds[-1:] or past.minutes[-1:]
        if newest:
            self.last = Sample(newest[0].close, newest[0].open_ms)
        else:
            before = past.price_before
            self.last = None if before is None else Sample(before, past.minutes_since_ms)
        self._day.forget()

    def set(self, sample: Sample) -> None:
        """Take over a price. One that was taken over before changes nothing."""
        if self.last is not None and sample.time_ms < self.last.time_ms:
            return
        self.last = sample
        self._minutes.add(sample)
        self._seconds.add(sample)
        self._day.forget(sample.time_ms)
        if self.first_ms is None:
            self.first_ms = sample.time_ms - sample.time_ms % MINUTE_MS

    def day(self, now_ms: int) -> Day | None:
        """The last 24 hours; None before the first price."""
        return self._day.at(now_ms)

    def recent(self, size: BarSize) -> Recent:
        """The short candles that candles of this size are made of."""
        return self._seconds if size.base_ms == SECOND_MS else self._minutes
