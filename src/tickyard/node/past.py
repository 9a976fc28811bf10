"""Imports the candles from before the first start, a piece at a time, while the projector has nothing better to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tickyard.base.clock import MINUTE_MS, NS_PER_MS
from tickyard.base.ids import Seq
from tickyard.base.log import logger
from tickyard.engine.database import Connection
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.instruments import listing
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.marketdata import imported
from tickyard.marketdata.bars import Bar
from tickyard.world.past import PastCandle, PastPair, past

log = logger("node")


def importing(home: Path, seed: int, connection: Connection) -> Iterator[bool]:
    """Import what is missing.

    The end is the time of the first command, so that candles of trades go on where these end. When its events were removed,
    nothing is imported: it would be in the place of what was traded.

    Args:
        home: of the exchange.
        seed: of the simulated market.
        connection: of the read database, whose tables are there.

    Yields:
        Whether something was done; False while there is no first command yet.
    """
    if any(span.is_complete for span in imported.spans(connection).values()):
        return
    segments = SegmentReader(home / EVENTS_FOLDER)
    if segments.oldest_seq() != 1:
        log.warning("past.not_imported", reason="the events of the first commands were removed")
        return
    while (first := next(segments.read_from(Seq(1)), None)) is None:
        yield False
    until_ms = first.time_ns // NS_PER_MS
    yield from _import(connection, listing.load(), seed, until_ms - until_ms % MINUTE_MS)


def _import(connection: Connection, catalog: Catalog, seed: int, until_ms: int) -> Iterator[bool]:
    references = {pair.symbol: str(pair.reference_price) for pair in catalog.instruments}
    by_symbol = {pair.symbol: pair for pair in catalog.instruments}
    with _transaction(connection):
        imported.begin(connection)
    for piece in past(references, [_pair(pair) for pair in catalog.instruments], seed, until_ms):
        candles = {
            by_symbol[inst_id].instrument: [_bar(candle) for candle in made]
            for inst_id, made in piece.candles.items()
        }
        span = imported.Span(piece.first_ms, piece.end_ms, is_complete=False)
        with _transaction(connection):
            imported.add(connection, piece.length_ms, span, candles)
        yield True
    with _transaction(connection):
        imported.complete(connection)
    log.info("past.imported", until_ms=until_ms)
    yield True


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    connection.begin_writing()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _pair(pair: Instrument) -> PastPair:
    """Tell the world of a pair; its prices are of the simulation, so they may be floats there."""
    return PastPair(pair.symbol, float(pair.ticks_to_value(1)), float(pair.lots_to_value(1)))


def _bar(candle: PastCandle) -> Bar:
    middle = candle.open + candle.high + candle.low + candle.close
    return Bar(
        candle.open_ms,
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume,
        middle * candle.volume // 4,
    )
