"""Candles: when they open, and how trades and shorter candles make them.

Prices are ticks, volumes lots, amounts of quote money notional units.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from tickyard.base.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

UTC8_SHIFT_MS = -8 * HOUR_MS
"""Days open at midnight in UTC+8, which is 16:00 UTC of the day before."""
_MONDAY_MS = 4 * DAY_MS  # 1970-01-01 was a Thursday
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS_A_YEAR = 12


class Priced(Protocol):
    """Something that gives a price at a time: a trade, or an index price, whose size is zero."""

    @property
    def price(self) -> int:
        """In ticks."""
        ...

    @property
    def size(self) -> int:
        """In lots."""
        ...

    @property
    def time_ms(self) -> int:
        """Exchange time."""
        ...


class BarSize(msgspec.Struct, frozen=True):
    """How long candles last and when they open: every so many milliseconds, or every so many months."""

    length_ms: int = 0
    months: int = 0
    shift_ms: int = 0
    """What an opening time leaves when divided by the length; for months, the opening time at a first of the month."""

    @classmethod
    def weeks(cls, count: int, shift_ms: int = 0) -> "BarSize":
        """Candles that open on Mondays."""
        return cls(length_ms=7 * DAY_MS * count, shift_ms=_MONDAY_MS + shift_ms)

    @property
    def base_ms(self) -> int:
        """The length of the stored candles that these are made of."""
        for base_ms in (HOUR_MS, MINUTE_MS):
            if self.length_ms % base_ms == 0:
                return base_ms
        return SECOND_MS

    def open_of(self, time_ms: int) -> int:
        """When the candle opens that contains a time."""
        if not self.months:
            return time_ms - (time_ms - self.shift_ms) % self.length_ms
        moment = _EPOCH + timedelta(milliseconds=time_ms - self.shift_ms)
        month = moment.year * _MONTHS_A_YEAR + moment.month - 1
        return self._month_opens(month - month % self.months)

    def next_open(self, open_ms: int) -> int:
        """When the candle after the one that opens then opens, which is when that one closes."""
        if not self.months:
            return open_ms + self.length_ms
        moment = _EPOCH + timedelta(milliseconds=open_ms - self.shift_ms)
        return self._month_opens(moment.year * _MONTHS_A_YEAR + moment.month - 1 + self.months)

    def opens_back(self, open_ms: int) -> Iterator[int]:
        """Opening times from one backwards, without end."""
        while True:
            yield open_ms
            open_ms = self.open_of(open_ms - 1)

    def _month_opens(self, month: int) -> int:
        opens = datetime(month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1, tzinfo=UTC)
        return (opens - _EPOCH) // timedelta(milliseconds=1) + self.shift_ms


class Bar:
    """A candle that has trades. It grows."""

    __slots__ = ("close", "high", "low", "notional", "open", "open_ms", "volume")

    def __init__(
        self, open_ms: int, open_: int, high: int, low: int, close: int, volume: int, notional: int
    ) -> None:
        self.open_ms = open_ms
        self.open = open_
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.notional = notional

    @classmethod
    def of(cls, open_ms: int, trade: Priced) -> "Bar":
        """Begin a candle with its first trade."""
        price = trade.price
        return cls(open_ms, price, price, price, price, trade.size, price * trade.size)

    def add(self, trade: Priced) -> None:
        """Let it grow by a trade."""
        price = trade.price
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        self.close = price
        self.volume += trade.size
        self.notional += price * trade.size

    def extend(self, later: "Bar") -> None:
        """Let it grow by a whole later candle."""
        self.high = max(self.high, later.high)
        self.low = min(self.low, later.low)
        self.close = later.close
        self.volume += later.volume
        self.notional += later.notional

    def copy_at(self, open_ms: int) -> "Bar":
        """The same figures as a candle of their own."""
        return Bar(open_ms, self.open, self.high, self.low, self.close, self.volume, self.notional)


def join(bars: Iterable[Bar], size: BarSize) -> list[Bar]:
    """Make longer candles of shorter ones, oldest first; those without trades stay out."""
    joined: list[Bar] = []
    for bar in bars:
        open_ms = size.open_of(bar.open_ms)
        if joined and joined[-1].open_ms == open_ms:
            joined[-1].extend(bar)
        else:
            joined.append(bar.copy_at(open_ms))
    return joined


def bars_of(trades: Iterable[Priced], length_ms: int) -> list[Bar]:
    """Make candles of trades, oldest first."""
    bars: list[Bar] = []
    for trade in trades:
        open_ms = trade.time_ms - trade.time_ms % length_ms
        if bars and bars[-1].open_ms == open_ms:
            bars[-1].add(trade)
        else:
            bars.append(Bar.of(open_ms, trade))
    return bars
