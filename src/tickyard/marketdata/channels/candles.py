"""The candle channels. Source: OKX v5, "Candlesticks channel"."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.instruments.model import Instrument
from tickyard.marketdata import wire
from tickyard.marketdata.bars import Bar, BarSize, Priced
from tickyard.marketdata.candles import Candle, CandleQuery, candle, candles
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.chart import Chart
from tickyard.marketdata.errors import HistoryAway
from tickyard.marketdata.index import index_name
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.model import BarHistory

_PERIOD_S: Final = 1
_GRACE_MS: Final = 500
"""A candle closes this long after its end, so that trades on their way to us are in it."""
_FINISHED_MAX: Final = 300


class _Forming:
    """The candle of one stream that is not closed yet, and those closed since the last push."""

    def __init__(self, size: BarSize, open_ms: int) -> None:
        self._size = size
        self._open_ms = open_ms
        self._next_ms = size.next_open(open_ms)
        self._bar: Bar | None = None
        self._price: int | None = None
        # Bounded: when exchange time is stepped by hours, only the newest candles are of use.
        self._finished: deque[Candle] = deque(maxlen=_FINISHED_MAX)
        self._has_changed = False

    def begin(self, known: Candle, *, is_made: bool) -> None:
        """Continue from a candle that was asked for; one that nobody made repeats the price before it."""
        self._price = known.close
        if is_made:
            self._bar = Bar(
                known.open_ms,
                known.open,
                known.high,
                known.low,
                known.close,
                known.volume,
                known.notional,
            )

    def add(self, trade: Priced) -> None:
        """Let it grow; a trade of a candle that is closed changes nothing that was sent."""
        self.close_until(trade.time_ms)
        if trade.time_ms < self._open_ms:
            return
        if self._bar is None:
            self._bar = Bar.of(self._open_ms, trade)
        else:
            self._bar.add(trade)
        self._price = trade.price
        self._has_changed = True

    def close_until(self, time_ms: int) -> None:
        """Close it, and all that follow, if they end by a time."""
        while self._next_ms <= time_ms:
            if self._price is not None:
                self._finished.append(
                    candle(self._bar, self._open_ms, self._price, self._size, self._next_ms)
                )
            self._open_ms, self._bar = self._next_ms, None
            self._next_ms = self._size.next_open(self._open_ms)
            self._has_changed = True

    def current(self) -> Candle | None:
        """The candle as it is; None before the first trade of all."""
        if self._price is None:
            return None
        return candle(self._bar, self._open_ms, self._price, self._size, self._open_ms)

    def take(self) -> list[Candle]:
        """What is to be pushed: the closed ones, then the current one if it has changed."""
        news = list(self._finished)
        self._finished.clear()
        if self._has_changed and (current := self.current()) is not None:
            news.append(current)
        self._has_changed = False
        return news


class CandleChannel(MarketChannel):
    """The candles of one size."""

    def __init__(
        self,
        name: str,
        size: BarSize,
        *,
        markets: Markets,
        topics: Topics,
        history: BarHistory,
        clock: Clock,
    ) -> None:
        super().__init__(name, markets, topics)
        self._size = size
        self._history = history
        self._clock = clock
        self._forming: dict[InstrumentId, _Forming] = {}

    async def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the current candle."""
        del caller
        market = self._markets[key]
        forming = await self._begun(market)
        current = forming.current() if forming is not None else None
        if current is not None:
            row = self._row(market.instrument, current)
            session.send(push(arg, wire.encode([row])))

    def traded(self, market: Market, trades: Sequence[Priced]) -> None:
        """Let the current candle grow by the trades of one batch, oldest first."""
        forming = self._forming.get(market.instrument.instrument)
        if forming is not None:
            for trade in trades:
                forming.add(trade)

    async def push(self) -> None:
        """Send what has changed, and what has ended."""
        heard = self._topics.keys(self.name)
        for key in self._forming.keys() - heard:
            del self._forming[key]
        until_ms = self._clock.now_ms() - _GRACE_MS
        for key in heard:
            market = self._markets[key]
            forming = await self._begun(market)
            if forming is None:
                continue
            forming.close_until(until_ms)
            for news in forming.take():
                row = self._row(market.instrument, news)
                self._topics.publish(self.name, key, wire.encode([row]))

    def restart(self, market: Market) -> None:
        """Look the current candle up again: the trades of the market were loaded again."""
        self._forming.pop(market.instrument.instrument, None)

    def _chart(self, market: Market) -> Chart:
        return market.chart

    def _row(self, pair: Instrument, shown: Candle) -> tuple[str, ...]:
        return wire.candle_row(pair, shown)

    def _is_made(self, known: Candle) -> bool:
        return known.volume > 0

    async def _begun(self, market: Market) -> _Forming | None:
        """Return the candle that is forming; None while nobody can tell what it began with."""
        key = market.instrument.instrument
        if key not in self._forming:
            try:
                await self._begin(market)
            except HistoryAway:
                return None
        return self._forming[key]

    async def _begin(self, market: Market) -> None:
        """Look the current candle up; from then on it grows by every trade."""
        now_ms = self._clock.now_ms()
        chart = self._chart(market)
        known = await candles(chart, self._history, CandleQuery(self._size, limit=1), now_ms)
        # No trade comes between the last look at memory and here, and from here on all are added.
        forming = _Forming(self._size, self._size.open_of(now_ms))
        if known:
            forming.begin(known[0], is_made=self._is_made(known[0]))
        self._forming.setdefault(market.instrument.instrument, forming)


class IndexCandleChannel(CandleChannel):
    """The candles of one size of indices. Source: OKX v5, "Index candlesticks channel"."""

    def _chart(self, market: Market) -> Chart:
        return market.index.chart

    def _row(self, pair: Instrument, shown: Candle) -> tuple[str, ...]:
        return wire.index_candle_row(pair, shown)

    def _is_made(self, known: Candle) -> bool:
        # Prices come every second, so there is hardly a candle without one.
        del known
        return True

    def named(self, name: str) -> Market | None:
        """The market whose index is meant."""
        return self._markets.by_symbol(index_name(name))


async def push_every_second(channels: Sequence[CandleChannel]) -> None:
    """Push the candles of all sizes, for ever."""
    while True:
        await asyncio.sleep(_PERIOD_S)
        for channel in channels:
            await channel.push()
