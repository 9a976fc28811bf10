"""Which stream of a private channel a subscription means, and which streams an update goes to.

Source: OKX v5, WebSocket, "Order channel" and "Fills channel", "Request parameters".
"""

from typing import Final

from msgspec import Struct

from tickyard.base.ids import AccountId, InstrumentId
from tickyard.gateway.channels import Arg, NoSuchStream, Topics
from tickyard.gateway.route import Caller
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.trading.model import OrderUpdate, Prices
from tickyard.trading.wire.frames import fill_push, order_push

ORDERS: Final = "orders"
FILLS: Final = "fills"

_ANY: Final = "ANY"
_SPOT: Final = "SPOT"
_EVERYWHERE: Final = InstrumentId(0)


class Stream(Struct, frozen=True):
    """One stream of a channel. Each spelling is one of its own, so that each gets its own frames."""

    account: AccountId
    instrument: InstrumentId = _EVERYWHERE
    """Orders of this instrument only, unless 0."""
    product: str = ""
    """instType as it was asked for."""
    family: str = ""
    """instFamily as it was asked for; spot pairs are in none."""


def orders_stream(arg: Arg, caller: Caller, catalog: Catalog) -> Stream:
    """Read which orders are asked for.

    Raises:
        NoSuchStream: instType or instId is wrong.
    """
    product = arg.get("instType")
    if type(product) is not str or (product != _ANY and product not in INSTRUMENT_TYPES):
        raise NoSuchStream(ORDERS, instId=arg.get("instId"))
    family = arg.get("instFamily", "")
    if type(family) is not str:
        raise NoSuchStream(ORDERS, instId=arg.get("instId"))
    return Stream(caller.account, _instrument(ORDERS, arg, catalog), product, family)


def fills_stream(arg: Arg, caller: Caller, catalog: Catalog) -> Stream:
    """Read which fills are asked for.

    Raises:
        NoSuchStream: instId is wrong.
    """
    return Stream(caller.account, _instrument(FILLS, arg, catalog))


def push(update: OrderUpdate, topics: Topics, catalog: Catalog, prices: Prices) -> None:
    """Send an update to every stream that it belongs to; it is written only when somebody listens."""
    account, instrument = update.order.account, update.order.instrument
    listening = [
        stream
        for product in (_ANY, _SPOT)
        for where in (_EVERYWHERE, instrument)
        if topics.has(ORDERS, stream := Stream(account, where, product))
    ]
    if listening:
        data = order_push(update, catalog, prices)
        for stream in listening:
            topics.publish(ORDERS, stream, data)
    if update.fill is None:
        return
    for stream in (Stream(account), Stream(account, instrument)):
        if topics.has(FILLS, stream):
            topics.publish(FILLS, stream, fill_push(update, catalog))


def _instrument(channel: str, arg: Arg, catalog: Catalog) -> InstrumentId:
    symbol = arg.get("instId")
    if symbol is None:
        return _EVERYWHERE
    found = catalog.by_symbol(symbol) if type(symbol) is str else None
    if found is None:
        raise NoSuchStream(channel, instId=symbol)
    return found.instrument
