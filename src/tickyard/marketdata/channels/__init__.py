"""The channels of market data: what has changed goes to whom it concerns, each at its own pace.

`Streams` is told of every change and marks the streams that somebody listens to; everything else
happens once per period of the channel.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from tickyard.base.clock import Clock
from tickyard.gateway.channels import Channel, Topics
from tickyard.marketdata import wire
from tickyard.marketdata.channels.books import BooksChannel
from tickyard.marketdata.channels.candles import (
    CandleChannel,
    IndexCandleChannel,
    push_every_second,
)
from tickyard.marketdata.channels.indices import IndexTickersChannel
from tickyard.marketdata.channels.tickers import TickersChannel
from tickyard.marketdata.channels.top import TopChannel
from tickyard.marketdata.channels.trades import AllTradesChannel, TradesChannel
from tickyard.marketdata.index import Sample
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.model import BarHistory
from tickyard.marketdata.tape import Trade

__all__ = ["Streams"]

_BOOKS: Final = (("books", 400, 100), ("books50-l2-tbt", 50, 10), ("books-l2-tbt", 400, 10))
_TOPS: Final = (("books5", 5, 100), ("bbo-tbt", 1, 10))
_BEAT_S: Final = 1


class Streams:
    """All streams of market data of one worker."""

    def __init__(
        self,
        markets: Markets,
        topics: Topics,
        *,
        history: BarHistory,
        index_history: BarHistory,
        clock: Clock,
    ) -> None:
        self._books = [
            BooksChannel(
                name,
                levels=levels,
                period_ms=period_ms,
                markets=markets,
                topics=topics,
                clock=clock,
            )
            for name, levels, period_ms in _BOOKS
        ]
        self._tops = [
            TopChannel(name, levels=levels, period_ms=period_ms, markets=markets, topics=topics)
            for name, levels, period_ms in _TOPS
        ]
        self._tickers = TickersChannel(markets, topics, clock)
        self._trades = TradesChannel("trades", markets, topics)
        self._all_trades = AllTradesChannel("trades-all", markets, topics)
        self._candles = [
            CandleChannel(
                f"candle{name}", size, markets=markets, topics=topics, history=history, clock=clock
            )
            for name, size in wire.BARS.items()
        ]
        self._index_tickers = IndexTickersChannel(markets, topics, clock)
        self._index_candles = [
            IndexCandleChannel(
                f"index-candle{name}",
                size,
                markets=markets,
                topics=topics,
                history=index_history,
                clock=clock,
            )
            for name, size in wire.BARS.items()
        ]
        self._by_level: tuple[BooksChannel | TopChannel | TickersChannel, ...] = (
            *self._books,
            *self._tops,
            self._tickers,
        )

    def channels(self) -> Sequence[Channel]:
        """What the gateway offers to subscribers."""
        return (
            *self._by_level,
            self._trades,
            self._all_trades,
            *self._candles,
            self._index_tickers,
            *self._index_candles,
        )

    def level_changed(self, market: Market) -> None:
        """Note that the book of a market has changed."""
        for channel in self._by_level:
            if channel.has_listeners(market):
                channel.cadence.mark(market)

    def traded(self, market: Market, trades: Sequence[Trade]) -> None:
        """Send the trades of one batch, oldest first."""
        self._trades.traded(market, trades)
        self._all_trades.traded(market, trades)
        for channel in self._candles:
            channel.traded(market, trades)
        if self._tickers.has_listeners(market):
            self._tickers.cadence.mark(market)

    def index_set(self, market: Market, sample: Sample) -> None:
        """Note the index price of a market."""
        if self._index_tickers.has_listeners(market):
            self._index_tickers.cadence.mark(market)
        for channel in self._index_candles:
            channel.traded(market, (sample,))

    def restarted(self, market: Market) -> None:
        """Begin anew where streams depend on what was sent before: a market was loaded again."""
        for books in self._books:
            books.restart(market)
        for candles in (*self._candles, *self._index_candles):
            candles.restart(market)
        self.level_changed(market)

    async def run(self) -> None:
        """Push, for ever."""
        async with asyncio.TaskGroup() as tasks:
            for channel in self._by_level:
                tasks.create_task(channel.cadence.run(), name=f"{channel.name} stream")
            tasks.create_task(self._index_tickers.cadence.run(), name="index tickers")
            tasks.create_task(self._index_tickers.beat(), name="index ticker heartbeats")
            every = [*self._candles, *self._index_candles]
            tasks.create_task(push_every_second(every), name="candle streams")
            tasks.create_task(self._beat(), name="book heartbeats")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT_S)
            for channel in self._books:
                channel.beat()
