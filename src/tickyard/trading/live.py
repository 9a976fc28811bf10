"""Follows the orders of the accounts that listen, and pushes every event of them.

An account that was followed once stays followed as long as the worker runs: a client that connects
again is served at once, and what it costs is bounded by the orders of the accounts that listened.
"""

import asyncio
from typing import Protocol
from weakref import WeakValueDictionary

from tickyard.base.ids import AccountId
from tickyard.base.log import logger
from tickyard.engine.commands import ATTACHED
from tickyard.engine.events import EventBatch
from tickyard.engine.rows import OpenOrders
from tickyard.gateway.channels import Topics
from tickyard.instruments.catalog import Catalog
from tickyard.trading import life
from tickyard.trading.model import OrderUpdate
from tickyard.trading.needs import Prices, TriggersOf, Watched
from tickyard.trading.tracker import Tracker
from tickyard.trading.wire import streams

log = logger("trading")


class OpenOrdersOf(TriggersOf, Protocol):
    """Where open orders are read: the core."""

    async def open_orders(self, account: AccountId) -> OpenOrders:
        """Read an account's live orders, after everything acknowledged."""
        ...


class LiveOrders:
    """The orders that this worker's listeners follow."""

    def __init__(
        self, *, topics: Topics, feed: Watched, core: OpenOrdersOf, catalog: Catalog, prices: Prices
    ) -> None:
        self._topics = topics
        self._feed = feed
        self._core = core
        self._catalog = catalog
        self._prices = prices
        self._tracker = Tracker()
        self._loading: WeakValueDictionary[AccountId, asyncio.Lock] = WeakValueDictionary()

    def follows(self, account: AccountId) -> bool:
        """Tell whether every event of an account is pushed from now on."""
        return self._tracker.follows(account)

    async def follow(self, account: AccountId) -> None:
        """Follow an account; when this returns, no later event of its orders is missed.

        Somebody must be handing the feed's batches to `apply` meanwhile.

        Raises:
            CoreTimeout: the core did not answer in time, as do its other refusals.
        """
        lock = self._loading.setdefault(account, asyncio.Lock())
        async with lock:
            if self._tracker.follows(account):
                return
            self._tracker.expect(account)
            try:
                await self._feed.watch(account)
                found = await self._core.open_orders(account)
                orders = [life.of_row(row) for row in found.orders]
                has_attached = any(order.flags & ATTACHED for order in orders)
                triggers = (await self._core.triggers(account)).triggers if has_attached else []
            except BaseException:
                self._tracker.drop(account)
                raise
            self._push_all(self._tracker.load(account, orders, found.seq, triggers))
            log.debug("orders.followed", account=account, orders=len(orders), seq=found.seq)

    def apply(self, batch: EventBatch) -> None:
        """Push what the events of a batch did to the orders that are followed."""
        self._push_all(self._tracker.apply(batch))

    def _push_all(self, updates: list[OrderUpdate]) -> None:
        for update in updates:
            streams.push(update, self._topics, self._catalog, self._prices)
