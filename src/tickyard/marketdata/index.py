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

    def recall(self, past: IndexPast, now_ms: int) -> None:
        """Begin with the stored past; candles of seconds are not stored."""
        self._minutes.seed(past.minutes_since_ms, past.minutes, past.price_before)
        last = past.minutes[-1].close if past.minutes else past.price_before
        self._seconds.seed(now_ms - now_ms % MINUTE_MS - SECONDS_KEPT_MS, (), last)
        self.first_ms = past.first_ms
        newest_ms = past.minutes[-1].open_ms if past.minutes else past.minutes_since_ms
        self.last = None if last is None else Sample(last, newest_ms)
        self._day.forget()

    def set(self, sample: Sample) -> None:
        """Take over a price. One that was taken over before changes nothing."""
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
