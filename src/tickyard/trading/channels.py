"""The private channels `orders` and `fills`. Neither has a snapshot: only what happens is pushed."""

from collections.abc import Awaitable, Callable, Sequence

from tickyard.gateway.channels import Arg, Channel, Session
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.trading.live import LiveOrders
from tickyard.trading.wire.streams import FILLS, ORDERS, Stream, fills_stream, orders_stream


class OrderEventsChannel:
    """A channel that pushes events of the orders of an account."""

    def __init__(
        self,
        name: str,
        stream: Callable[[Arg, Caller, Catalog], Stream],
        catalog: Catalog,
        orders: LiveOrders,
    ) -> None:
        self.name = name
        self.is_private = True
        self._stream = stream
        self._catalog = catalog
        self._orders = orders

    def key(self, arg: Arg, caller: Caller | None) -> Stream:
        """Name the stream that is asked for."""
        assert caller is not None, "Invariant: private channels have a caller"
        return self._stream(arg, caller, self._catalog)

    def prepare(self, key: Stream) -> Awaitable[None] | None:
        """Follow the account before the subscription is acknowledged, so that no event is missed."""
        return None if self._orders.follows(key.account) else self._orders.follow(key.account)

    def opened(self, key: Stream, session: Session, arg: Arg, caller: Caller | None) -> None:
        """Send nothing: these channels have no snapshot."""

    def closed(self, key: Stream, session: Session) -> None:
        """Do nothing: the account stays followed."""


def channels(catalog: Catalog, orders: LiveOrders) -> Sequence[Channel]:
    """Make the channels of this slice."""
    return (
        OrderEventsChannel(ORDERS, orders_stream, catalog, orders),
        OrderEventsChannel(FILLS, fills_stream, catalog, orders),
    )
