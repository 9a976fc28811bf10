"""The private channels `orders-algo` and `algo-advance`: every change of a trigger order.

Trailing stops are on `algo-advance`, which begins with those that live; the others are on `orders-algo`, which has no
snapshot. Source: OKX v5, WebSocket, "Algo orders channel" and "Advance algo orders channel".
"""

from collections.abc import Awaitable, Sequence
from typing import Final, Protocol

from msgspec import Struct, json

from tickyard.base.ids import AccountId, InstrumentId, Seq, TriggerId
from tickyard.engine.events import EventBatch, TriggerChanged
from tickyard.engine.records import TriggerKind, TriggerState
from tickyard.gateway.channels import Arg, Channel, NoSuchStream, Session, Topics, push
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.trading.model import Prices, TriggersOf
from tickyard.trading.wire.algo_rows import AlgoRow, algo_push, algo_row

ORDERS_ALGO: Final = "orders-algo"
ALGO_ADVANCE: Final = "algo-advance"
_ANY: Final = "ANY"
_SPOT: Final = "SPOT"
_EVERYWHERE: Final = InstrumentId(0)
_ALL: Final = TriggerId(0)


class Stream(Struct, frozen=True):
    """One stream of a channel, as it was asked for."""

    account: AccountId
    instrument: InstrumentId = _EVERYWHERE
    product: str = ""
    family: str = ""
    trigger_id: TriggerId = _ALL


class Watched(Protocol):
    """Where the events of single accounts are asked for: the feed."""

    async def watch(self, account: AccountId) -> Seq:
        """Ask for the events of an account; return after which command all of them come."""
        ...


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

    async def live(self, stream: Stream) -> Sequence[AlgoRow]:
        """List the trailing stops of a stream that live."""
        found = (await self._core.triggers(stream.account)).triggers
        return [
            algo_row(trigger, self._catalog)
            for trigger in found
            if trigger.kind is TriggerKind.TRAILING
            and trigger.state is TriggerState.LIVE
            and stream.instrument in {_EVERYWHERE, trigger.instrument}
            and stream.trigger_id in {_ALL, trigger.trigger_id}
        ]

    def apply(self, batch: EventBatch) -> None:
        """Push what the events of a batch did to trigger orders."""
        for event in batch.events:
            # What waits for its order, or was cancelled with it, is told as part of that order.
            if isinstance(event, TriggerChanged) and event.has_lived:
                self._push(event)

    def _push(self, event: TriggerChanged) -> None:
        is_trailing = event.kind is TriggerKind.TRAILING
        name = ALGO_ADVANCE if is_trailing else ORDERS_ALGO
        listening = [
            stream
            for product in (_ANY, _SPOT)
            for where in (_EVERYWHERE, event.instrument)
            for which in ((_ALL, event.trigger_id) if is_trailing else (_ALL,))
            if self._topics.has(
                name, stream := Stream(event.account, where, product, trigger_id=which)
            )
        ]
        if listening:
            data = algo_push(event, self._catalog, self._prices)
            for stream in listening:
                self._topics.publish(name, stream, data)


class AlgoChannel:
    """One of the two channels."""

    def __init__(self, name: str, catalog: Catalog, triggers: LiveTriggers) -> None:
        self.name = name
        self.is_private = True
        self._catalog = catalog
        self._triggers = triggers

    def key(self, arg: Arg, caller: Caller | None) -> Stream:
        """Name the stream that is asked for.

        Raises:
            NoSuchStream: instType, instId or algoId is wrong.
        """
        assert caller is not None, "Invariant: private channels have a caller"
        product, symbol, family = arg.get("instType"), arg.get("instId"), arg.get("instFamily", "")
        is_product = type(product) is str and (product == _ANY or product in INSTRUMENT_TYPES)
        pair = self._catalog.by_symbol(symbol) if type(symbol) is str else None
        number = arg.get("algoId", "0") if self.name == ALGO_ADVANCE else "0"
        is_number = type(number) is str and number.isascii() and number.isdigit()
        is_named = is_number and type(family) is str
        if not is_product or not is_named or (symbol is not None and pair is None):
            raise NoSuchStream(self.name, instId=symbol)
        where = _EVERYWHERE if pair is None else pair.instrument
        return Stream(caller.account, where, str(product), family, TriggerId(int(number)))

    def prepare(self, key: Stream) -> Awaitable[None] | None:
        """Follow the account before the subscription is acknowledged, so that no event is missed."""
        if self._triggers.follows(key.account):
            return None
        return self._triggers.follow(key.account)

    def opened(
        self, key: Stream, session: Session, arg: Arg, caller: Caller | None
    ) -> Awaitable[None] | None:
        """Send the trailing stops that live, on the channel that begins with them."""
        return self._snapshot(key, session, arg) if self.name == ALGO_ADVANCE else None

    async def _snapshot(self, key: Stream, session: Session, arg: Arg) -> None:
        rows = await self._triggers.live(key)
        if rows:
            session.send(push(arg, json.encode(rows)))

    def closed(self, key: Stream, session: Session) -> None:
        """Do nothing: the account stays followed."""


def channels(catalog: Catalog, triggers: LiveTriggers) -> Sequence[Channel]:
    """Make the channels of trigger orders."""
    return (
        AlgoChannel(ORDERS_ALGO, catalog, triggers),
        AlgoChannel(ALGO_ADVANCE, catalog, triggers),
    )
