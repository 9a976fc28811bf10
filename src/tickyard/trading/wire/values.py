"""Single members of an item: what is accepted as a name, a number, a yes or no.

The gateway has dropped members that are "" or null: they mean absent. Clients also send JSON numbers
where OKX says string. Source: OKX v5, "Overview", and what ccxt and python-okx send.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from tickyard.base.amounts import NotAnAmount, amount_text
from tickyard.base.ids import OrderId
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import UNKNOWN_INSTRUMENT, Rejected, invalid, missing

Item = Mapping[str, Any]
"""One order, amendment or cancellation as decoded JSON."""

T = TypeVar("T")

NAME_MAX: Final = 32
"""Longest client's name of an order or amendment, in characters."""
TAG_MAX: Final = 16
"""Longest mark on an order, in characters."""
_CODE_DIGITS_MAX: Final = 9
_ORDER_DIGITS_MAX: Final = 19  # what fits into an i64 without a look at its value
_YES_OR_NO: Final = {True: True, False: False, "true": True, "false": False}


def choice(table: Mapping[str, T], item: Item, name: str) -> T:
    """Look a required word up.

    Raises:
        Rejected: it is missing, or no word of the table.
    """
    try:
        return table[item[name]]
    except KeyError:
        raise Rejected(invalid(name) if name in item else missing(name)) from None
    except TypeError:  # a list or an object
        raise Rejected(invalid(name)) from None


def flag(item: Item, name: str) -> bool:
    """Read a yes or no that is false when absent; a JSON boolean or its name.

    Raises:
        Rejected: it is something else.
    """
    value = item.get(name, False)
    if type(value) in {bool, str} and value in _YES_OR_NO:
        return _YES_OR_NO[value]
    raise Rejected(invalid(name))


def name_of(item: Item, name: str, length_max: int) -> bytes:
    """Read a client's name for something: ASCII letters and digits; empty when absent.

    Raises:
        Rejected: it is longer, or something else.
    """
    value = item.get(name)
    if value is None:
        return b""
    if type(value) is int and abs(value) < 10**length_max:
        value = str(value)
    # Digits and letters of other scripts are alphanumeric too.
    if type(value) is str and len(value) <= length_max and value.isalnum() and value.isascii():
        return value.encode()
    raise Rejected(invalid(name))


def amount(item: Item, name: str) -> str:
    """Read a required number as text; whether the text is a number is the grid's affair.

    Raises:
        Rejected: it is missing, or neither text nor a number.
    """
    value = item.get(name)
    if type(value) is str:
        return value
    if value is None:
        raise Rejected(missing(name))
    try:
        return amount_text(value)
    except NotAnAmount:
        raise Rejected(invalid(name)) from None


def order_number(item: Item) -> OrderId | None:
    """Read the id of an order, if it is there.

    Raises:
        Rejected: it is no positive whole number.
    """
    value = item.get("ordId")
    if value is None:
        return None
    number = whole_number(value, _ORDER_DIGITS_MAX)
    if not number:
        raise Rejected(invalid("ordId"))
    return OrderId(number)


def instrument_of(item: Item, catalog: Catalog) -> Instrument:
    """Find the instrument that an item names; its number goes before its name.

    Raises:
        Rejected: there is none, or it is not named.
    """
    code = item.get("instIdCode")
    if code is None:
        symbol = item.get("instId")
        if symbol is None:
            raise Rejected(missing("instId"))
        found = catalog.by_symbol(symbol) if type(symbol) is str else None
    else:
        number = whole_number(code, _CODE_DIGITS_MAX)
        found = catalog.by_code(number) if number else None
    if found is None:
        raise Rejected(UNKNOWN_INSTRUMENT)
    return found


def whole_number(value: object, digits_max: int) -> int | None:
    """Read a whole number that is zero or positive, from JSON text or a JSON number; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < 10**digits_max else None
    if type(value) is str and len(value) <= digits_max and value.isascii() and value.isdigit():
        return int(value)
    return None
