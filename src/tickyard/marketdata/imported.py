"""Candles from before the first start: imported, not traded. They stand in tables of their own, so nobody takes them for trades.

Nothing but candles is imported: trades, fills and the figures of the last 24 hours begin with the first start.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from tickyard.base.clock import HOUR_MS, MINUTE_MS
from tickyard.base.ids import InstrumentId
from tickyard.engine.database import Connection
from tickyard.marketdata.bars import Bar, BarSize, join
from tickyard.marketdata.reader import Stretch, traded_bars

TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS imported_bars (
        instrument INTEGER NOT NULL, length_ms INTEGER NOT NULL, open_ms INTEGER NOT NULL,
        open INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, close INTEGER NOT NULL,
        volume TEXT NOT NULL, notional TEXT NOT NULL,
        PRIMARY KEY (instrument, length_ms, open_ms)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS imported_spans (
        length_ms INTEGER NOT NULL PRIMARY KEY, first_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL,
        is_complete INTEGER NOT NULL) WITHOUT ROWID""",
)
_BAR: Final = "SELECT open_ms, open, high, low, close, volume, notional FROM imported_bars "
_HOUR: Final = BarSize(HOUR_MS)


class Span(msgspec.Struct, frozen=True):
    """From when to when there are imported candles of one length, without gaps."""

    first_ms: int
    end_ms: int
    is_complete: bool
    """Whether no older ones will come."""


def spans(connection: Connection) -> dict[int, Span]:
    """Return what is imported, by the length of the candles."""
    rows = connection.execute("SELECT length_ms, first_ms, end_ms, is_complete FROM imported_spans")
    return {length_ms: Span(first, end, bool(complete)) for length_ms, first, end, complete in rows}


def bars(connection: Connection, stretch: Stretch) -> list[Bar]:
    """Return the imported candles that open in a span, its end excluded, oldest first."""
    return traded_bars(connection, _BAR, stretch)


def begin(connection: Connection) -> None:
    """Forget what was imported: an import is whole, or begins anew."""
    connection.execute("DELETE FROM imported_bars")
    connection.execute("DELETE FROM imported_spans")


def add(
    connection: Connection,
    length_ms: int,
    span: Span,
    candles: Mapping[InstrumentId, Sequence[Bar]],
) -> None:
    """Store candles of one length that end where the oldest ones begin; minutes make hours too.

    Args:
        connection: whose transaction the caller owns.
        length_ms: a minute or an hour.
        span: where all of them lie; minutes of whole hours, but for the newest.
        candles: oldest first.
    """
    _add(connection, length_ms, span, candles)
    if length_ms == MINUTE_MS:
        hours = {instrument: join(made, _HOUR) for instrument, made in candles.items()}
        _add(connection, HOUR_MS, span, hours)


def complete(connection: Connection) -> None:
    """Note that nothing older will come."""
    connection.execute("UPDATE imported_spans SET is_complete = 1")


def _add(
    connection: Connection,
    length_ms: int,
    span: Span,
    candles: Mapping[InstrumentId, Sequence[Bar]],
) -> None:
    connection.executemany(
        "INSERT INTO imported_bars VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                instrument,
                length_ms,
                bar.open_ms,
                bar.open,
                bar.high,
                bar.low,
                bar.close,
                str(bar.volume),
                str(bar.notional),
            )
            for instrument, made in candles.items()
            for bar in made
        ],
    )
    connection.execute(
        "INSERT INTO imported_spans VALUES (?, ?, ?, 0)"
        " ON CONFLICT (length_ms) DO UPDATE SET first_ms = excluded.first_ms",
        (length_ms, span.first_ms, span.end_ms),
    )
