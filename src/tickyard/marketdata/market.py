"""Everything the public sees of one instrument, in memory."""

from collections.abc import Iterator, Sequence

import msgspec

from tickyard.base.ids import InstrumentId
from tickyard.engine import BookView, MarketView
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import Grid
from tickyard.instruments.model import Instrument
from tickyard.marketdata.bars import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Bar, BarSize
from tickyard.marketdata.day import Day, RollingDay
from tickyard.marketdata.index import Index
from tickyard.marketdata.recent import Recent
from tickyard.marketdata.tape import Tape, Trade

MINUTES_KEPT_MS = DAY_MS + 2 * HOUR_MS
"""One hour more than the longest look back (1440 one-minute candles, 24 hours), rounded up to whole hours."""
SECONDS_KEPT_MS = 30 * MINUTE_MS


class Past(msgspec.Struct, frozen=True):
    """What an instrument begins with after a start: its stored trades and candles."""

    trades: Sequence[Trade]
    """The newest ones, oldest first."""
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


class Market:
    """Book, trades and candles of one instrument."""

    def __init__(self, instrument: Instrument, book: BookView) -> None:
        self.instrument = instrument
        self.book = book
        self.index = Index(instrument)
        self.tape = Tape()
        self.minutes = Recent(MINUTE_MS, MINUTES_KEPT_MS)
        self.seconds = Recent(SECOND_MS, SECONDS_KEPT_MS)
        self.first_ms: int | None = None
        self._day = RollingDay(self.minutes)

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
        self.minutes.seed(past.minutes_since_ms, past.minutes, past.minutes_price_before)
        self.seconds.seed(past.seconds_since_ms, past.seconds, past.seconds_price_before)
        self.first_ms = past.first_ms
        self._day.forget()

    def trade(self, trade: Trade) -> bool:
        """Take over a trade; False when it was known."""
        if not self.tape.add(trade):
            return False
        self.minutes.add(trade)
        self.seconds.add(trade)
        self._day.forget(trade.time_ms)
        if self.first_ms is None:
            self.first_ms = trade.time_ms - trade.time_ms % MINUTE_MS
        return True

    def day(self, now_ms: int) -> Day | None:
        """The last 24 hours; None before the first trade."""
        return self._day.at(now_ms)

    def recent(self, size: BarSize) -> Recent:
        """The short candles that candles of this size are made of."""
        return self.seconds if size.base_ms == SECOND_MS else self.minutes


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
