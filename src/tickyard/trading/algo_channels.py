"""The private channels `orders-algo` and `algo-advance`: every change of a trigger order.

Trailing stops are on `algo-advance`, which begins with those that live; the others are on `orders-algo`, which has no
snapshot. Source: OKX v5, WebSocket, "Algo orders channel" and "Advance algo orders channel".
"""

from collections.abc import Awaitable, Sequence

from msgspec import json

from tickyard.base.ids import AccountId
from tickyard.engine.events import EventBatch, TriggerChanged
from tickyard.gateway.channels import Arg, Channel, Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.trading.needs import Prices, TriggersOf, Watched
from tickyard.trading.wire import algo_streams
from tickyard.trading.wire.algo_rows import AlgoRow, algo_row
from tickyard.trading.wire.algo_streams import ALGO_ADVANCE, ORDERS_ALGO, AlgoStream, algo_stream


class LiveTriggers:
    """Pushes what happens to the trigger orders of the accounts that listen."""

    def __init__(
        self,
        *,
        topics: Topics,
        feed: Watched,
        core: TriggersOf,
        catalog: Catalog,
        prices: Prices,
    ) -> None:
        self._topics = topics
        self._feed = feed
        self._core = core
        self._catalog = catalog
        self._prices = prices
        self._followed: set[AccountId] = set()

    def follows(self, account: AccountId) -> bool:
        """Tell whether every event of an account comes."""
        return account in self._followed

    async def follow(self, account: AccountId) -> None:
        """Follow an account; when this returns, no later event of its trigger orders is missed.

        Raises:
            CoreTimeout: the core did not answer in time, as do its other refusals.
        """
        await self._feed.watch(account)
        self._followed.add(account)

    async def live(self, stream: AlgoStream) -> Sequence[AlgoRow]:
        """List the trailing stops of a stream that live."""
        found = (await self._core.triggers(stream.account)).triggers
        return [algo_row(trigger, self._catalog) for trigger in found if stream.shows(trigger)]

    def apply(self, batch: EventBatch) -> None:
        """Push what the events of a batch did to trigger orders."""
        for event in batch.events:
            # What waits for its order, or was cancelled with it, is told as part of that order.
            if isinstance(event, TriggerChanged) and event.has_lived:
                algo_streams.push(event, self._topics, self._catalog, self._prices)


class AlgoChannel:
    """One of the two channels."""

    def __init__(self, name: str, catalog: Catalog, triggers: LiveTriggers) -> None:
        self.name = name
        self.is_private = True
        self._catalog = catalog
        self._triggers = triggers

    def key(self, arg: Arg, caller: Caller | None) -> AlgoStream:
        """Name the stream that is asked for."""
        assert caller is not None, "Invariant: private channels have a caller"
        return algo_stream(self.name, arg, caller, self._catalog)

    def prepare(self, key: AlgoStream) -> Awaitable[None] | None:
        """Follow the account before the subscription is acknowledged, so that no event is missed."""
        if self._triggers.follows(key.account):
            return None
        return self._triggers.follow(key.account)

    def opened(
        self, key: AlgoStream, session: Session, arg: Arg, caller: Caller | None
    ) -> Awaitable[None] | None:
        """Send the trailing stops that live, on the channel that begins with them."""
        return self._snapshot(key, session, arg) if self.name == ALGO_ADVANCE else None

    async def _snapshot(self, key: AlgoStream, session: Session, arg: Arg) -> None:
        rows = await self._triggers.live(key)
        if rows:
            session.send(push(arg, json.encode(rows)))

    def closed(self, key: AlgoStream, session: Session) -> None:
        """Do nothing: the account stays followed."""


def channels(catalog: Catalog, triggers: LiveTriggers) -> Sequence[Channel]:
    """Make the channels of trigger orders."""
    return (
        AlgoChannel(ORDERS_ALGO, catalog, triggers),
        AlgoChannel(ALGO_ADVANCE, catalog, triggers),
    )
