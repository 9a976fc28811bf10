"""What all channels of this slice have in common."""

from collections.abc import Mapping
from typing import Any

from tickyard.base.ids import InstrumentId
from tickyard.gateway.channels import NoSuchStream, Session, Topics
from tickyard.gateway.route import Caller
from tickyard.marketdata.market import Market, Markets


class MarketChannel:
    """A public channel with one stream for each instrument; its key is the instrument's id."""

    is_private = False

    def __init__(self, name: str, markets: Markets, topics: Topics) -> None:
        self.name = name
        self._markets = markets
        self._topics = topics

    def key(self, arg: Mapping[str, Any], caller: Caller | None) -> InstrumentId:
        """Find the instrument that `arg` names.

        Raises:
            NoSuchStream: there is none.
        """
        del caller  # everybody sees the same
        name = arg.get("instId")
        market = self.named(name) if isinstance(name, str) else None
        if market is None:
            raise NoSuchStream(self.name, instId=name)
        return market.instrument.instrument

    def named(self, name: str) -> Market | None:
        """The market that a name stands for."""
        return self._markets.by_symbol(name)

    def closed(self, key: InstrumentId, session: Session) -> None:
        """Nothing is kept for a session."""

    def has_listeners(self, market: Market) -> bool:
        """Tell whether anybody has subscribed to the market's stream."""
        return self._topics.has(self.name, market.instrument.instrument)

    def publish(self, market: Market, data: bytes, action: str = "") -> None:
        """Send an encoded row to everybody who has subscribed to the market's stream."""
        self._topics.publish(self.name, market.instrument.instrument, b"[%b]" % data, action)
