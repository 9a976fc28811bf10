"""The tickers channel. Source: OKX v5, "Tickers channel"."""

from collections.abc import Mapping
from typing import Any

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.tape import Trade

_Level = tuple[int, int, int]
_Cause = tuple[Trade | None, _Level | None, _Level | None]
PERIOD_MS = 100


class TickersChannel(MarketChannel):
    """Sends the ticker after a trade, or when the best bid or ask has changed."""

    def __init__(self, markets: Markets, topics: Topics, clock: Clock) -> None:
        super().__init__("tickers", markets, topics)
        self._clock = clock
        self._sent: dict[InstrumentId, _Cause] = {}
        self.cadence = Cadence(PERIOD_MS, self._update)

    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the present ticker."""
        del caller
        row = wire.ticker_row(self._markets[key], self._clock.now_ms())
        session.send(push(arg, wire.encode([row])))

    def _update(self, market: Market) -> None:
        if not self.has_listeners(market):
            return
        cause = (market.tape.last, market.book.best_bid, market.book.best_ask)
        key = market.instrument.instrument
        if self._sent.get(key) == cause:
            return
        self._sent[key] = cause
        row = wire.ticker_row(market, self._clock.now_ms())
        self._topics.publish(self.name, key, wire.encode([row]))
