"""Candles as they are asked for: any size, gaps filled, newest first."""

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

import msgspec

from tickyard.base.clock import SECOND_MS
from tickyard.marketdata.bars import Bar, BarSize, join
from tickyard.marketdata.chart import Chart
from tickyard.marketdata.imported import Span
from tickyard.marketdata.model import BarHistory


class Candle(msgspec.Struct, frozen=True):
    """A candle: prices in ticks, volume in lots, notional in notional units."""

    open_ms: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    notional: int
    is_final: bool


class CandleQuery(msgspec.Struct, frozen=True):
    """Which candles are wanted: the newest `limit` that open within both bounds."""

    size: BarSize
    limit: int
    before_ms: int | None = None
    """They open before this."""
    after_ms: int | None = None
    """They open after this."""
    depth_max: int | None = None
    """Only so many candles back from now can be seen."""


async def candles(
    chart: Chart, history: BarHistory, query: CandleQuery, now_ms: int
) -> list[Candle]:
    """Find candles, newest first. The one that contains `now_ms` is the newest and not final."""
    past = await _past(history, query.size)
    opens = list(_opens(chart, past, query, now_ms))
    if not opens:
        return []
    from_ms, to_ms = opens[-1], query.size.next_open(opens[0])
    short = await _short_bars(chart, history, query.size, from_ms, to_ms)
    price = await _price_before(chart, history, query.size, from_ms)
    if past is not None:
        base_ms, key = query.size.base_ms, chart.instrument.instrument
        if from_ms < past.end_ms:
            until_ms = min(to_ms, past.end_ms)
            short = [*await history.imported_bars(key, base_ms, from_ms, until_ms), *short]
        elif price is None:
            last = await history.imported_bars(key, base_ms, past.end_ms - base_ms, past.end_ms)
            price = last[-1].close if last else None
    traded = {bar.open_ms: bar for bar in join(short, query.size)}
    found: list[Candle] = []
    for open_ms in reversed(opens):
        bar = traded.get(open_ms)
        if bar is not None:
            price = bar.close
        elif price is None:
            continue  # nobody had traded yet
        found.append(candle(bar, open_ms, price, query.size, now_ms))
    found.reverse()
    return found


def candle(bar: Bar | None, open_ms: int, price: int, size: BarSize, now_ms: int) -> Candle:
    """Finish a candle; one without trades repeats the price before it."""
    is_final = size.next_open(open_ms) <= now_ms
    if bar is None:
        return Candle(open_ms, price, price, price, price, 0, 0, is_final)
    return Candle(
        open_ms, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.notional, is_final
    )


async def _past(history: BarHistory, size: BarSize) -> Span | None:
    """Where imported candles lie of which such candles are made; nothing is imported by the second."""
    return None if size.base_ms == SECOND_MS else await history.imported(size.base_ms)


def _opens(chart: Chart, past: Span | None, query: CandleQuery, now_ms: int) -> Iterator[int]:
    """When the wanted candles open, newest first."""
    first_ms = past.first_ms if past is not None else chart.first_ms
    if first_ms is None:
        return iter(())
    newest = query.size.open_of(now_ms)
    oldest = query.size.open_of(first_ms)
    if query.depth_max is not None:
        oldest = max(oldest, newest - (query.depth_max - 1) * query.size.length_ms)
    if query.after_ms is not None:
        oldest = max(oldest, query.after_ms + 1)
    if query.before_ms is not None:
        newest = query.size.open_of(min(query.before_ms - 1, now_ms))
    opens = takewhile(lambda open_ms: open_ms >= oldest, query.size.opens_back(newest))
    return islice(opens, query.limit)


async def _short_bars(
    chart: Chart, history: BarHistory, size: BarSize, from_ms: int, to_ms: int
) -> Sequence[Bar]:
    """The short candles of a span, from disk as far as memory does not reach back."""
    recent = chart.recent(size)
    since_ms = -(-recent.since_ms // size.base_ms) * size.base_ms
    if from_ms >= since_ms:
        return recent.between(from_ms, to_ms)
    instrument = chart.instrument.instrument
    older = await history.bars(instrument, size.base_ms, from_ms, min(to_ms, since_ms))
    return [*older, *recent.between(since_ms, to_ms)]


async def _price_before(
    chart: Chart, history: BarHistory, size: BarSize, time_ms: int
) -> int | None:
    recent = chart.recent(size)
    if time_ms >= recent.since_ms:
        return recent.price_before(time_ms)
    return await history.price_before(chart.instrument.instrument, time_ms)
