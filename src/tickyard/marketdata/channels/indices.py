"""The index-tickers channel. Source: OKX v5, "Index tickers channel": 100 ms when there is a change, else once a minute."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.index import index_name
from tickyard.marketdata.market import Market, Markets

_PERIOD_MS: Final = 100
_SILENCE_S: Final = 60


class IndexTickersChannel(MarketChannel):
    """Sends the index ticker after a price; while there is none, once a minute."""

    def __init__(self, markets: Markets, topics: Topics, clock: Clock) -> None:
        super().__init__("index-tickers", markets, topics)
        self._clock = clock
        self.cadence = Cadence(_PERIOD_MS, self._update)
        self._quiet: set[InstrumentId] = set()

    def named(self, name: str) -> Market | None:
        """The market whose index is meant."""
        return self._markets.by_symbol(index_name(name))

    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the present ticker, if there is a price."""
        del caller
        if (rows := self._rows(self._markets[key])) is not None:
            session.send(push(arg, rows))

    async def beat(self) -> None:
        """Send again what has not changed for a minute, for ever."""
        while True:
            self._quiet = set(self._topics.keys(self.name))
            await asyncio.sleep(_SILENCE_S)
            for key in self._quiet.intersection(self._topics.keys(self.name)):
                self._update(self._markets[key])

    def _update(self, market: Market) -> None:
        key = market.instrument.instrument
        self._quiet.discard(key)
        if (rows := self._rows(market)) is not None:
            self._topics.publish(self.name, key, rows)

    def _rows(self, market: Market) -> bytes | None:
        last = market.index.last
        if last is None:
            return None
        return wire.encode([wire.index_ticker_row(market.index, last, self._clock.now_ms())])
