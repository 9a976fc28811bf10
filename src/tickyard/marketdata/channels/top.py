"""The top of the book, whole in every frame: channels books5 and bbo-tbt. Source: OKX v5, "Order book channel"."""

from collections.abc import Mapping
from typing import Any

from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.cadence import Cadence
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.market import Market, Markets

_Top = tuple[list[bytes], list[bytes]]


class TopChannel(MarketChannel):
    """Sends the best levels when they have changed."""

    def __init__(
        self, name: str, *, levels: int, period_ms: int, markets: Markets, topics: Topics
    ) -> None:
        super().__init__(name, markets, topics)
        self._levels = levels
        self._sent: dict[InstrumentId, _Top] = {}
        self.cadence = Cadence(period_ms, self._update)

    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send the present top."""
        del caller
        market = self._markets[key]
        session.send(push(arg, b"[%b]" % _row(market, self._top(market))))

    def _update(self, market: Market) -> None:
        if not self.has_listeners(market):
            return
        top = self._top(market)
        key = market.instrument.instrument
        if self._sent.get(key) != top:
            self._sent[key] = top
            self.publish(market, _row(market, top))

    def _top(self, market: Market) -> _Top:
        pair, depth = market.instrument, market.depth
        return (
            [wire.level_json(pair, level) for level in depth.asks.top(self._levels)],
            [wire.level_json(pair, level) for level in depth.bids.top(self._levels)],
        )


def _row(market: Market, top: _Top) -> bytes:
    asks, bids = top
    return wire.named_book_json(
        market.instrument, asks, bids, market.depth.time_ms, market.depth.seq
    )
