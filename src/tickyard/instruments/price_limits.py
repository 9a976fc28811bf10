"""The price-limit channel. Source: OKX v5, WebSocket, "Price limit channel": every 200 ms when there is a change."""

import asyncio
from collections.abc import Hashable
from typing import Final

from msgspec import json

from tickyard.base.clock import Clock
from tickyard.base.ids import InstrumentId
from tickyard.engine.events import EventBatch, IndexPriceSet
from tickyard.gateway.channels import Arg, NoSuchStream, Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.wire import price_limit_row

_PERIOD_MS: Final = 200


class PriceLimitChannel:
    """The bounds of one instrument's prices: at once, and whenever they change."""

    name: Final = "price-limit"
    is_private: Final = False

    def __init__(self, catalog: Catalog, topics: Topics, clock: Clock) -> None:
        self._catalog = catalog
        self._topics = topics
        self._clock = clock
        self._changed: dict[InstrumentId, None] = {}
        self._wake = asyncio.Event()

    def key(self, arg: Arg, caller: Caller | None) -> Hashable:
        """Find the instrument that is named."""
        del caller  # the same for everybody
        name = arg.get("instId")
        pair = self._catalog.by_symbol(name) if isinstance(name, str) else None
        if pair is None:
            raise NoSuchStream(self.name, instId=name)
        return pair.instrument

    def opened(self, key: InstrumentId, session: Session, arg: Arg, caller: Caller | None) -> None:
        """Send the present bounds."""
        del caller
        session.send(push(arg, self._rows(key)))

    def closed(self, key: Hashable, session: Session) -> None:
        """Forget nothing."""

    def follow(self, batch: EventBatch) -> None:
        """Take over the bounds of a batch of events."""
        for event in batch.events:
            if isinstance(event, IndexPriceSet):
                pair = self._catalog.follow_index(event)
                if pair is not None and self._topics.has(self.name, pair.instrument):
                    self._changed[pair.instrument] = None
                    self._wake.set()

    async def run(self) -> None:
        """Push what has changed, for ever."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            changed, self._changed = self._changed, {}
            for key in changed:
                self._topics.publish(self.name, key, self._rows(key))
            await asyncio.sleep(_PERIOD_MS / 1000)

    def _rows(self, key: InstrumentId) -> bytes:
        pair, bounds = self._catalog.instrument(key), self._catalog.bounds(key)
        return json.encode([price_limit_row(pair, bounds, self._clock.now_ms())])
