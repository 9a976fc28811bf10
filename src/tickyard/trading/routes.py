"""REST endpoints and WebSocket operations of orders. Both wires share the verbs, not the shapes."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from msgspec import Raw

from tickyard.base.ids import AccountId
from tickyard.engine import Counters, read_array, read_object
from tickyard.engine import Items as PlainItems
from tickyard.gateway.route import Access, Answer, Handler, Limit, Operation, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.trading import attached_amends, orders
from tickyard.trading.errors import (
    ATTACHED_TRIGGERS,
    CANCEL,
    ItemRefused,
    ShapeWrong,
    TooManyItems,
)
from tickyard.trading.limits import BATCH, OF_ACCOUNT, SINGLE
from tickyard.trading.lookup import SEVEN_DAYS, THREE_DAYS, THREE_MONTHS, Lookup
from tickyard.trading.model import Core, Draft, Order
from tickyard.trading.wire import acks, attaching, queries, requests, rows
from tickyard.trading.wire.requests import Items

ITEMS_MAX: Final = 20
"""Items in one batch."""
_PREFIX: Final = "/api/v5/trade/"

_WITH_DEADLINE: Final = frozenset(
    {"order", "batch-orders", "amend-order", "amend-batch-orders", "batch-amend-orders"}
)
"""What heeds `expTime`. A cancellation is never too late."""

_MASS_CANCEL: Final = Limit(5, 2_000, "user", shared_as="mass-cancel")

Verb = Callable[[Request, Items], Awaitable[Answer]]
Reader = Callable[[bytes], PlainItems | None]


class OrderEntry:
    """Orders, amendments and cancellations of the caller's account."""

    def __init__(self, core: Core, catalog: Catalog, counters: Counters | None = None) -> None:
        """Prepare.

        Args:
            core: who carries them out.
            catalog: what is listed.
            counters: where items are counted; None when they are not limited.
        """
        self._core = core
        self._catalog = catalog
        self._read = requests.ItemReader(catalog, counters)
        self._read_uncounted = requests.ItemReader(catalog, None)

    def place(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Place orders."""
        draft = self._read.place(items, request.account, request.expires_at_ms, _now_ms(request))
        if draft.rejected and ATTACHED_TRIGGERS in draft.rejected.values():
            return self._place_attached(draft, request, items)
        return self._carry_out(draft, acks.PLACED, request, items)

    async def _place_attached(self, counted: Draft, request: Request, items: Items) -> Answer:
        """Place orders some of which have take-profits or stop-losses attached; all are counted already."""
        reader = attaching.AttachedReader(self._read_uncounted, self._catalog)
        draft = reader.read(items, counted, request.account, request.expires_at_ms)
        replies = await self._core.submit_records(draft.records) if draft.records else b""
        outcomes = attaching.explained(items, orders.outcomes(replies, draft.rejected))
        return acks.placed(items, outcomes, _now_ms(request))

    def cancel(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Cancel orders."""
        draft = self._read.cancel(items, request.account, _now_ms(request))
        return self._carry_out(draft, acks.CANCELED, request, items)

    def amend(self, request: Request, items: Items) -> Awaitable[Answer]:
        """Change orders."""
        account, expires_at_ms, now_ms = request.account, request.expires_at_ms, _now_ms(request)
        twins = orders.twins([requests.named(item) for item in items]) if len(items) > 1 else None
        if twins:
            left = [item for at, item in enumerate(items) if at not in twins]
            draft = orders.spread(self._read.amend(left, account, expires_at_ms, now_ms), twins)
        else:
            draft = self._read.amend(items, account, expires_at_ms, now_ms)
        if draft.rejected and attached_amends.concerns(draft):
            return self._amend_attached(draft, request, items)
        return self._carry_out(draft, acks.AMENDED, request, items)

    async def _amend_attached(self, counted: Draft, request: Request, items: Items) -> Answer:
        """Change orders and what is attached to them."""
        amends = attached_amends.AttachedAmends(self._core, self._read_uncounted, self._catalog)
        outcomes = await amends.amend(items, counted, request.account, request.expires_at_ms)
        return acks.amended(items, outcomes, _now_ms(request))

    async def mass_cancel(self, request: Request, items: Items) -> Answer:
        """Cancel every order of a product, family or instrument."""
        record = self._read.mass_cancel(items[0], request.account)
        if record is not None:
            reply = await self._core.submit(record)
            if reply.refusal is not None:
                raise ItemRefused(CANCEL[reply.refusal])
        return acks.all_canceled()

    async def cancel_all_after(self, request: Request, items: Items) -> Answer:
        """Arm or disarm the timer that cancels everything."""
        record, tag = (
            self._read.cancel_all_after(items[0], request.account),
            items[0].get("tag", ""),
        )
        reply = await self._core.submit(record)
        if reply.refusal is not None:
            raise ItemRefused(CANCEL[reply.refusal])
        return acks.timer_armed(reply, str(tag))

    async def _carry_out(
        self, draft: Draft, words: acks.Words, request: Request, items: Items
    ) -> Answer:
        """Send the commands to the core as one frame, in request order, and answer each item."""
        replies = b""
        if draft.records:
            replies = await self._core.submit_records(draft.records)
        else:
            orders.raise_when_limited(draft.rejected)
        if not draft.rejected:
            # Nearly always; nothing is made of a single order then.
            data = words.accepted.write(draft.records, replies)
            if data is not None:
                return Answer(Raw(data), timed=True)
        return words.tell(items, orders.outcomes(replies, draft.rejected), _now_ms(request))


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
        return Answer([rows.account_limit_row(OF_ACCOUNT.count, _now_ms(request))])

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


def routes(entry: OrderEntry, look: OrderQueries) -> Sequence[Route]:
    """Make the REST endpoints of this slice.

    Source: OKX v5, "Trade", "Rate Limit" of each endpoint.
    """
    one, many = SINGLE, BATCH
    return (
        _post("order", _object(entry.place), one, "Place an order", read_object),
        _post(
            "batch-orders", _array(entry.place, "51111"), many, "Place up to 20 orders", read_array
        ),
        _post("cancel-order", _object(entry.cancel), one, "Cancel an order", read_object),
        _post(
            "cancel-batch-orders",
            _array(entry.cancel, "51406"),
            many,
            "Cancel up to 20 orders",
            read_array,
        ),
        _post("amend-order", _object(entry.amend), one, "Change an order", read_object),
        _post(
            "amend-batch-orders",
            _array(entry.amend, "51501"),
            many,
            "Change up to 20 orders",
            read_array,
        ),
        _post(
            "mass-cancel",
            _object(entry.mass_cancel),
            _MASS_CANCEL,
            "Cancel all orders of a product, family or instrument",
        ),
        _post(
            "cancel-all-after",
            _object(entry.cancel_all_after),
            Limit(1, 1_000, "user+tag"),
            "Cancel all orders unless asked again in time",
        ),
        _get("order", look.order, Limit(60, 2_000, "user+instrument"), "Show an order"),
        _get(
            "account-rate-limit",
            look.account_limit,
            Limit(1, 1_000, "user"),
            "Show the limit of new and amended orders",
        ),
        _get("orders-pending", look.pending, Limit(60, 2_000, "user"), "List live orders"),
        _get(
            "orders-history",
            look.done(SEVEN_DAYS),
            Limit(40, 2_000, "user"),
            "List orders that ended within seven days",
        ),
        _get(
            "orders-history-archive",
            look.done(THREE_MONTHS),
            Limit(20, 2_000, "user"),
            "List orders that ended within three months",
        ),
        _get(
            "fills",
            look.fills(THREE_DAYS, needs_product=False),
            Limit(60, 2_000, "user"),
            "List fills of three days",
        ),
        _get(
            "fills-history",
            look.fills(THREE_MONTHS, needs_product=True),
            Limit(10, 2_000, "user"),
            "List fills of three months",
        ),
    )


def operations(entry: OrderEntry) -> Sequence[Operation]:
    """Make the WebSocket operations of this slice.

    Source: OKX v5, "Trade", "WS / Place order" and those that follow.
    """
    one, many = SINGLE, BATCH
    return (
        _operation("order", _single(entry.place), one, "Place an order"),
        _operation("batch-orders", _args(entry.place, "51111"), many, "Place up to 20 orders"),
        _operation("cancel-order", _single(entry.cancel), one, "Cancel an order"),
        _operation(
            "batch-cancel-orders", _args(entry.cancel, "51406"), many, "Cancel up to 20 orders"
        ),
        _operation("amend-order", _single(entry.amend), one, "Change an order"),
        _operation(
            "batch-amend-orders", _args(entry.amend, "51501"), many, "Change up to 20 orders"
        ),
        _operation(
            "mass-cancel",
            _single(entry.mass_cancel),
            _MASS_CANCEL,
            "Cancel all orders of a product, family or instrument",
        ),
    )


def _post(
    name: str, handler: Handler, limit: Limit, summary: str, plain: Reader | None = None
) -> Route:
    return Route(
        "POST",
        _PREFIX + name,
        Access.TRADE,
        handler,
        limit,
        summary,
        is_direct=True,
        has_deadline=name in _WITH_DEADLINE,
        plain=plain,
    )


def _get(name: str, handler: Handler, limit: Limit, summary: str) -> Route:
    return Route("GET", _PREFIX + name, Access.READ, handler, limit, summary)


def _operation(op: str, handler: Handler, limit: Limit, summary: str) -> Operation:
    return Operation(
        op,
        Access.TRADE,
        handler,
        limit,
        summary,
        is_direct=True,
        has_deadline=op in _WITH_DEADLINE,
        reads_items=True,
    )


def _object(verb: Verb) -> Handler:
    """Take a body that is one object."""

    def handle(request: Request) -> Awaitable[Answer]:
        body = request.body
        if type(body) is PlainItems:
            return verb(request, body)
        if type(body) is not dict:
            raise ShapeWrong("51000", "The body must be one object")
        return verb(request, [body])

    return handle


def _array(verb: Verb, too_many: str) -> Handler:
    """Take a body that is an array of 1 to 20 objects."""

    def handle(request: Request) -> Awaitable[Answer]:
        body = request.body
        if type(body) is not PlainItems and (
            type(body) is not list or not body or not all(type(item) is dict for item in body)
        ):
            raise ShapeWrong("51000", "The body must be an array of objects")
        return verb(request, _few(body, too_many))

    return handle


def _single(verb: Verb) -> Handler:
    """Take args that hold one object."""

    def handle(request: Request) -> Awaitable[Answer]:
        if len(request.body) != 1:
            raise ShapeWrong("60013", "One element of args was expected")
        return verb(request, request.body)

    return handle


def _args(verb: Verb, too_many: str) -> Handler:
    """Take args that hold 1 to 20 objects; the gateway has seen to it that there are any."""

    def handle(request: Request) -> Awaitable[Answer]:
        return verb(request, _few(request.body, too_many))

    return handle


def _few(items: Items, code: str) -> Items:
    if len(items) > ITEMS_MAX:
        raise TooManyItems(code, f"No more than {ITEMS_MAX} orders may be in one request")
    return items


def _now_ms(request: Request) -> int:
    return request.received_us // 1_000
