"""The index price of one instrument, in memory: what it is worth outside, and how that went."""

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.engine import IndexPriceSet
from tickyard.instruments.model import Instrument
from tickyard.marketdata.chart import Chart, ChartPast


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
        return cls(event.price, event.time_ns // NS_PER_MS)


class Index:
    """Price and candles of one index, whose name is that of its instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.last: Sample | None = None
        self.chart = Chart(instrument)

    def recall(self, past: ChartPast) -> None:
        """Begin with the stored past."""
        self.chart.recall(past)
        newest = past.seconds[-1:] or past.minutes[-1:]
        if newest:
            self.last = Sample(newest[0].close, newest[0].open_ms)
        else:
            before = past.minutes_price_before
            self.last = None if before is None else Sample(before, past.minutes_since_ms)

    def set(self, sample: Sample) -> None:
        """Take over a price. One that was taken over before changes nothing."""
        if self.last is not None and sample.time_ms < self.last.time_ms:
            return
        self.last = sample
        self.chart.add(sample)
