"""The trades and trades-all channels. Source: OKX v5, "Trades channel", "All trades channel"."""

from collections.abc import Mapping, Sequence
from typing import Any

from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import Session
from tickyard.gateway.route import Caller
from tickyard.marketdata import wire
from tickyard.marketdata.channels.stream import MarketChannel
from tickyard.marketdata.market import Market
from tickyard.marketdata.tape import Trade, prints


class _TapeChannel(MarketChannel):
    def opened(
        self, key: InstrumentId, session: Session, arg: Mapping[str, Any], caller: Caller | None
    ) -> None:
        """Send nothing: the stream begins with the next trade."""


class TradesChannel(_TapeChannel):
    """Sends what one taker traded at one price as one row."""

    def traded(self, market: Market, trades: Sequence[Trade]) -> None:
        """Send the trades of one batch, oldest first."""
        if not self.has_listeners(market):
            return
        key = market.instrument.instrument
        for joined in prints(trades):
            row = wire.print_row(market.instrument, joined)
            self._topics.publish(self.name, key, wire.encode([row]))


class AllTradesChannel(_TapeChannel):
    """Sends every match as a row of its own."""

    def traded(self, market: Market, trades: Sequence[Trade]) -> None:
        """Send the trades of one batch, oldest first."""
        if not self.has_listeners(market):
            return
        key = market.instrument.instrument
        for trade in trades:
            row = wire.trade_row(market.instrument, trade)
            self._topics.publish(self.name, key, wire.encode([row]))
