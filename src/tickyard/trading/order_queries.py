"""Orders and fills of the caller's account, as the queries show them."""

from collections.abc import Sequence
from datetime import timedelta

from tickyard.base.ids import AccountId
from tickyard.gateway.route import Answer, Handler, Request
from tickyard.instruments.catalog import Catalog
from tickyard.trading.limits import OF_ACCOUNT
from tickyard.trading.lookup import Lookup
from tickyard.trading.model import Order
from tickyard.trading.wire import queries, rows


class OrderQueries:
    """What the caller's account has ordered and traded."""

    def __init__(self, lookup: Lookup, catalog: Catalog) -> None:
        self._lookup = lookup
        self._catalog = catalog

    async def order(self, request: Request) -> Answer:
        """Show one order."""
        name = queries.order_name(request.params, self._catalog)
        found = await self._lookup.order(request.account, name)
        return await self._told(request.account, [found])

    async def account_limit(self, request: Request) -> Answer:
        """Show how many new and amended orders the account may send in two seconds."""
        return Answer([rows.account_limit_row(OF_ACCOUNT.count, request.received_us // 1_000)])

    async def pending(self, request: Request) -> Answer:
        """Show live orders."""
        wanted = queries.pending(request.params, self._catalog)
        if wanted is None:
            return Answer([])
        return await self._told(
            request.account, await self._lookup.pending(request.account, wanted)
        )

    async def _told(self, account: AccountId, found: Sequence[Order]) -> Answer:
        """Show orders with what is attached to them."""
        attached = await self._lookup.attached(account, found)
        return Answer(
            [
                rows.order_row(order, self._catalog, attached.get(order.order_id, ()))
                for order in found
            ]
        )

    def done(self, back: timedelta) -> Handler:
        """Make the handler that shows orders which ended not longer ago."""

        async def handle(request: Request) -> Answer:
            wanted = queries.done(request.params, self._catalog)
            if wanted is None:
                return Answer([])
            found = await self._lookup.done(request.account, wanted, back=back)
            return await self._told(request.account, found)

        return handle

    def fills(self, back: timedelta, *, needs_product: bool) -> Handler:
        """Make the handler that shows fills which are not older."""

        async def handle(request: Request) -> Answer:
            wanted = queries.fills(request.params, self._catalog, needs_product=needs_product)
            if wanted is None:
                return Answer([])
            found = await self._lookup.fills(request.account, wanted, back=back)
            return Answer([rows.fill_row(fill, self._catalog) for fill in found])

        return handle
