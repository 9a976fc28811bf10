"""Everything the public sees of one instrument, in memory."""

from collections.abc import Iterator, Sequence

import msgspec

from tickyard.base.ids import InstrumentId
from tickyard.engine import BookView, MarketView
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import Grid
from tickyard.instruments.model import Instrument
from tickyard.marketdata.chart import Chart, ChartPast
from tickyard.marketdata.index import Index
from tickyard.marketdata.tape import Tape, Trade


class Past(msgspec.Struct, frozen=True):
    """What a market begins with after a start."""

    trades: Sequence[Trade]
    """The newest ones, oldest first."""
    chart: ChartPast


class Market:
    """Book, trades and candles of one instrument."""

    def __init__(self, instrument: Instrument, book: BookView) -> None:
        self.instrument = instrument
        self.book = book
        self.index = Index(instrument)
        self.tape = Tape()
        self.chart = Chart(instrument)

    @property
    def time_ms(self) -> int:
        """Exchange time of the newest change of book or trades."""
        last = self.tape.last
        return max(self.book.time_ms, 0 if last is None else last.time_ms)

    def recall(self, past: Past) -> None:
        """Begin with the stored past."""
        self.tape = Tape()
        for trade in past.trades:
            self.tape.add(trade)
        self.chart.recall(past.chart)

    def trade(self, trade: Trade) -> bool:
        """Take over a trade; False when it was known."""
        if not self.tape.add(trade):
            return False
        self.chart.add(trade)
        return True


class Markets:
    """The markets of all listed instruments.

    Their books are one `view`, which whoever reads the feed lets follow the events.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.view = MarketView(
            [
                (pair.instrument, _step(pair.price_grid), _step(pair.size_grid))
                for pair in catalog.instruments
            ]
        )
        self._by_id = {
            pair.instrument: Market(pair, self.view.book(pair.instrument))
            for pair in catalog.instruments
        }
        self._by_symbol = {market.instrument.symbol: market for market in self._by_id.values()}

    def __iter__(self) -> Iterator[Market]:
        return iter(self._by_id.values())

    def __getitem__(self, instrument: InstrumentId) -> Market:
        return self._by_id[instrument]

    def get(self, instrument: InstrumentId) -> Market | None:
        """The market of an id; None when it is not in this listing."""
        return self._by_id.get(instrument)

    def by_symbol(self, symbol: str) -> Market | None:
        """The market of a name, e.g. "BTC-USDT"."""
        return self._by_symbol.get(symbol)


def _step(grid: Grid) -> tuple[int, int]:
    return grid.mantissa, grid.digits
