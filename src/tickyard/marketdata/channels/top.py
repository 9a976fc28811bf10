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

_Top = tuple[bytes, bytes]
"""Asks and bids as the wire lists them."""


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
        session.send(push(arg, b"[%b]" % _row(market, market.book.top(self._levels))))

    def _update(self, market: Market) -> None:
        if not self.has_listeners(market):
            return
        top = market.book.top(self._levels)
        key = market.instrument.instrument
        if self._sent.get(key) != top:
            self._sent[key] = top
            self.publish(market, _row(market, top))


def _row(market: Market, top: _Top) -> bytes:
    book = market.book
    return wire.named_book_json(market.instrument, top, book.time_ms, book.seq)
