"""Channels of the listing."""

from collections.abc import Hashable
from typing import Final

from msgspec import json

from tickyard.engine.events import EventBatch, InstrumentDefined
from tickyard.gateway.channels import Arg, Channel, NoSuchStream, Session, Topics
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.price_limits import PriceLimitChannel
from tickyard.instruments.wire import INSTRUMENT_TYPES, instrument_row

_SPOT: Final = "SPOT"


class InstrumentsChannel:
    """The whole row of an instrument whenever its state changes; nothing at first.

    Source: OKX v5, WebSocket, "Instruments channel".
    """

    name: Final = "instruments"
    is_private: Final = False

    def __init__(self, catalog: Catalog, topics: Topics) -> None:
        self._catalog = catalog
        self._topics = topics

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        """Name the stream of an instrument type."""
        del caller  # the same for everybody
        kind = arg.get("instType")
        if type(kind) is str and kind in INSTRUMENT_TYPES:
            return kind
        raise NoSuchStream(self.name, instType=kind)

    def opened(self, key: Hashable, session: Session, arg: Arg, caller: Caller | None) -> None:
        """Send nothing: there is no snapshot."""

    def closed(self, key: Hashable, session: Session) -> None:
        """Forget nothing."""

    def follow(self, batch: EventBatch) -> None:
        """Take over the states of a batch of events, and tell whoever listens."""
        for event in batch.events:
            if not isinstance(event, InstrumentDefined):
                continue
            pair = self._catalog.follow(event)
            if pair is not None and self._topics.has(self.name, _SPOT):
                row = instrument_row(pair, event.state)
                self._topics.publish(self.name, _SPOT, json.encode([row]))


class StatusChannel:
    """Announcements of maintenance; there are none. Source: OKX v5, WebSocket, "Status channel"."""

    name: Final = "status"
    is_private: Final = False

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        """Name the one stream."""
        del arg, caller
        return ""

    def opened(self, key: Hashable, session: Session, arg: Arg, caller: Caller | None) -> None:
        """Send nothing: there is no latest announcement."""

    def closed(self, key: Hashable, session: Session) -> None:
        """Forget nothing."""


def channels(instruments: InstrumentsChannel, price_limits: PriceLimitChannel) -> list[Channel]:
    """List this slice's channels.

    Args:
        instruments: made by the caller, who gives it every batch of the feed to follow.
        price_limits: likewise; the caller runs it too.
    """
    return [instruments, price_limits, StatusChannel()]
