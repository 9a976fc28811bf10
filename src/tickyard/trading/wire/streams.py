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
from tickyard.trading.model import OrderUpdate
from tickyard.trading.needs import Prices
from tickyard.trading.wire.frames import fill_push, order_push

ORDERS: Final = "orders"
FILLS: Final = "fills"

_ANY: Final = "ANY"
PRODUCTS: Final = (_ANY, "SPOT")
"""The values of instType with which a subscription hears of spot orders."""
EVERYWHERE: Final = InstrumentId(0)


class Stream(Struct, frozen=True):
    """One stream of a channel. Each spelling is one of its own, so that each gets its own frames."""

    account: AccountId
    instrument: InstrumentId = EVERYWHERE
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
    product, family = product_and_family(ORDERS, arg)
    return Stream(caller.account, instrument(ORDERS, arg, catalog), product, family)


def fills_stream(arg: Arg, caller: Caller, catalog: Catalog) -> Stream:
    """Read which fills are asked for.

    Raises:
        NoSuchStream: instId is wrong.
    """
    return Stream(caller.account, instrument(FILLS, arg, catalog))


def push(update: OrderUpdate, topics: Topics, catalog: Catalog, prices: Prices) -> None:
    """Send an update to every stream that it belongs to; it is written only when somebody listens."""
    account, instrument = update.order.account, update.order.instrument
    listening = [
        stream
        for product in PRODUCTS
        for where in (EVERYWHERE, instrument)
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


def product_and_family(channel: str, arg: Arg) -> tuple[str, str]:
    """Read instType, which must be there, and instFamily.

    Raises:
        NoSuchStream: one of them is wrong.
    """
    product, family = arg.get("instType"), arg.get("instFamily", "")
    is_product = type(product) is str and (product == _ANY or product in INSTRUMENT_TYPES)
    if not is_product or type(family) is not str:
        raise NoSuchStream(channel, instId=arg.get("instId"))
    return str(product), family


def instrument(channel: str, arg: Arg, catalog: Catalog) -> InstrumentId:
    """Read which instrument's orders are asked for; `EVERYWHERE` when none is named.

    Raises:
        NoSuchStream: there is no such instrument.
    """
    symbol = arg.get("instId")
    if symbol is None:
        return EVERYWHERE
    found = catalog.by_symbol(symbol) if type(symbol) is str else None
    if found is None:
        raise NoSuchStream(channel, instId=symbol)
    return found.instrument
