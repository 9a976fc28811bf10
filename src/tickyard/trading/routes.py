"""REST endpoints and WebSocket operations of orders. Both wires share the verbs, not the shapes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from tickyard.engine import Items as PlainItems
from tickyard.engine import read_array, read_object
from tickyard.gateway.route import Access, Answer, Handler, Limit, Operation, Request, Route
from tickyard.trading.entry import OrderEntry
from tickyard.trading.errors import ShapeWrong, TooManyItems
from tickyard.trading.limits import BATCH, SINGLE
from tickyard.trading.lookup import SEVEN_DAYS, THREE_DAYS, THREE_MONTHS
from tickyard.trading.order_queries import OrderQueries
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
