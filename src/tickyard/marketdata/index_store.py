"""Index prices in the read database: candles of a minute and of an hour, and for a while those of a second.

There is a price every second of each index, and nothing that candles of a second could be made of again; kept for ever, they
would be most of the database.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from tickyard.base.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from tickyard.base.ids import InstrumentId
from tickyard.engine.database import Connection
from tickyard.marketdata.bars import Bar, bars_of
from tickyard.marketdata.chart import SECONDS_KEPT_MS, ChartPast
from tickyard.marketdata.imported import Span
from tickyard.marketdata.index import Sample
from tickyard.marketdata.model import BarHistory
from tickyard.marketdata.reader import Reader, Stretch, bar_rows

SECONDS_STORED_MS: Final = 2 * SECONDS_KEPT_MS
"""Candles of a second are stored for so long: as long as a worker may have them in memory."""
FLEETING: Final = f"length_ms = {SECOND_MS} AND open_ms < :until_ms - {SECONDS_STORED_MS}"
"""Which rows may have been deleted already, or not yet."""
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS index_bars (
        instrument INTEGER NOT NULL, length_ms INTEGER NOT NULL, open_ms INTEGER NOT NULL,
        open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
        PRIMARY KEY (instrument, length_ms, open_ms)) WITHOUT ROWID""",
)
_BAR: Final = "SELECT open_ms, open, high, low, close FROM index_bars "


def grow(connection: Connection, instrument: InstrumentId, samples: Sequence[Sample]) -> None:
    """Let the candles of an index grow by its prices, oldest first."""
    connection.executemany(
        "INSERT INTO index_bars VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (instrument, length_ms, open_ms) DO UPDATE SET"
        " high = CASE WHEN excluded.high > index_bars.high THEN excluded.high ELSE index_bars.high END,"
        " low = CASE WHEN excluded.low < index_bars.low THEN excluded.low ELSE index_bars.low END,"
        " close = excluded.close",
        [
            (instrument, length_ms, bar.open_ms, bar.open, bar.high, bar.low, bar.close)
            for length_ms in (SECOND_MS, MINUTE_MS, HOUR_MS)
            for bar in bars_of(samples, length_ms)
        ],
    )
    connection.execute(
        "DELETE FROM index_bars WHERE instrument = ? AND length_ms = ? AND open_ms < ?",
        (instrument, SECOND_MS, samples[-1].time_ms - SECONDS_STORED_MS),
    )


def past(connection: Connection, instrument: InstrumentId, now_ms: int) -> ChartPast:
    """Return what an index begins with."""
    (first_ms,) = connection.execute(
        "SELECT MIN(open_ms) FROM index_bars WHERE instrument = ? AND length_ms = ?",
        (instrument, MINUTE_MS),
    ).fetchone()
    return ChartPast.read(
        now_ms,
        lambda length_ms, from_ms, to_ms: _bars(
            connection, Stretch(instrument, length_ms, from_ms, to_ms)
        ),
        lambda time_ms: _price_before(connection, instrument, time_ms),
        first_ms,
    )


class IndexHistory:
    """Candles of indices that are older than memory. Fulfils `model.BarHistory`.

    Before the first start an index had the price of its instrument, so it shares the imported candles.
    """

    def __init__(self, reader: Reader, markets: BarHistory) -> None:
        self._reader = reader
        self._markets = markets

    async def bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Candles of one second, minute or hour that open in a span, its end excluded, oldest first."""
        return await self._reader.read(
            lambda connection: _bars(connection, Stretch(instrument, length_ms, from_ms, to_ms)), []
        )

    async def price_before(self, instrument: InstrumentId, time_ms: int) -> int | None:
        """The last price before a time, in ticks."""
        return await self._reader.read(
            lambda connection: _price_before(connection, instrument, time_ms), None
        )

    async def imported(self, length_ms: int) -> Span | None:
        """Where imported candles of one length lie; None when there are none."""
        return await self._markets.imported(length_ms)

    async def imported_bars(
        self, instrument: InstrumentId, length_ms: int, from_ms: int, to_ms: int
    ) -> Sequence[Bar]:
        """Imported candles that open in a span, its end excluded, oldest first."""
        return await self._markets.imported_bars(instrument, length_ms, from_ms, to_ms)


def _bars(connection: Connection, stretch: Stretch) -> list[Bar]:
    rows = bar_rows(connection, _BAR, stretch)
    return [
        Bar(open_ms, open_, high, low, close, 0, 0) for open_ms, open_, high, low, close in rows
    ]


def _price_before(connection: Connection, instrument: InstrumentId, time_ms: int) -> int | None:
    """The close of the newest candle that ends by a time; of two that end together, of the shorter one."""
    found = [
        row
        for length_ms in (MINUTE_MS, SECOND_MS)
        for row in connection.execute(
            "SELECT open_ms + length_ms, close FROM index_bars"
            " WHERE instrument = ? AND length_ms = ? AND open_ms <= ? ORDER BY open_ms DESC LIMIT 1",
            (instrument, length_ms, time_ms - length_ms),
        )
    ]
    return max(found, key=itemgetter(0))[1] if found else None
