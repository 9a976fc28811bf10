"""The recent past of one instrument as short candles, in memory and complete."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter

from tickyard.marketdata.bars import Bar, Priced

_opens = attrgetter("open_ms")


class Recent:
    """All candles of one length that have trades, from `since_ms` on."""

    def __init__(self, length_ms: int, keep_ms: int) -> None:
        self._length_ms = length_ms
        self._keep_ms = keep_ms
        self._bars: list[Bar] = []
        self._price_before: int | None = None
        self.since_ms = 0

    def seed(self, since_ms: int, bars: Iterable[Bar], price_before: int | None) -> None:
        """Begin with what is known.

        Args:
            since_ms: from here on `bars` is complete; a multiple of the length.
            bars: candles from there on, oldest first.
            price_before: the last price before `since_ms`, in ticks; None when there was no trade.
        """
        self.since_ms = since_ms
        self._bars = list(bars)
        self._price_before = price_before

    def add(self, trade: Priced) -> None:
        """Take over a trade, which is the newest."""
        open_ms = trade.time_ms - trade.time_ms % self._length_ms
        if self._bars and self._bars[-1].open_ms >= open_ms:
            self._bars[-1].add(trade)
            return
        self._bars.append(Bar.of(open_ms, trade))
        if self._bars[0].open_ms < open_ms - 2 * self._keep_ms:
            self._forget(open_ms - self._keep_ms)

    def between(self, from_ms: int, to_ms: int) -> Sequence[Bar]:
        """The candles that open in a span, its end excluded, oldest first."""
        first = bisect_left(self._bars, from_ms, key=_opens)
        return self._bars[first : bisect_left(self._bars, to_ms, first, key=_opens)]

    def price_at(self, time_ms: int) -> int | None:
        """The last price before a time; before the first trade, the first price after it."""
        price = self.price_before(time_ms)
        if price is None and self._bars:
            return self._bars[0].open
        return price

    def price_before(self, time_ms: int) -> int | None:
        """The last price before a time, as far back as is known."""
        after = bisect_left(self._bars, time_ms, key=_opens)
        return self._bars[after - 1].close if after else self._price_before

    def _forget(self, before_ms: int) -> None:
        """Drop old candles, seldom and many at once."""
        kept = bisect_left(self._bars, before_ms, key=_opens)
        self._price_before = self._bars[kept - 1].close
        self.since_ms = before_ms
        del self._bars[:kept]
