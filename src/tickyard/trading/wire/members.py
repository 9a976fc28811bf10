"""Members of an item of a trigger-order request, each read as what it means.

Each function raises `ItemRejected` when the member is missing or wrong.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from tickyard.base.amounts import NotAnAmount, amount_text
from tickyard.base.ids import OrderId, TriggerId
from tickyard.engine import commands
from tickyard.engine.records import PriceType
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.grid import OffGrid
from tickyard.instruments.model import Instrument
from tickyard.trading.errors import (
    ALGO_NEEDS_ID,
    SIZE_OFF_LOT,
    UNKNOWN_INSTRUMENT,
    ItemRejected,
    invalid,
    missing,
)
from tickyard.trading.wire.algo_words import PRICE_TYPES
from tickyard.trading.wire.requests import Item
from tickyard.trading.wire.words import NAME_MAX

Word = TypeVar("Word")

_NUMBER_MAX: Final = 32
"""Longest number, in characters."""
_ID_DIGITS_MAX: Final = 20
_MARKET: Final = "-1"


def text(item: Item, member: str) -> str:
    """Read a text, or a number as the text that it stands for; "" when it is absent."""
    value = item.get(member)
    if value is None:
        return ""
    if type(value) is int:
        return str(value)
    try:
        return amount_text(value)
    except NotAnAmount as error:
        raise ItemRejected(invalid(member)) from error


def is_true(item: Item, member: str) -> bool:
    """Read a flag, which some clients write as a text."""
    value = item.get(member)
    if value is True or value == "true":
        return True
    if value is None or value is False or value in ("", "false"):
        return False
    raise ItemRejected(invalid(member))


def word(item: Item, member: str, words: Mapping[str, Word]) -> Word:
    """Read one of some words."""
    said = text(item, member)
    if not said:
        raise ItemRejected(missing(member))
    if said not in words:
        raise ItemRejected(invalid(member))
    return words[said]


def name(item: Item, member: str, most: int = NAME_MAX) -> bytes:
    """Read a name of at most so many letters and digits; empty when it is absent."""
    said = text(item, member)
    if len(said) > most or (said and not (said.isascii() and said.isalnum())):
        raise ItemRejected(invalid(member))
    return said.encode()


def client_id(item: Item) -> bytes:
    """Read the client's name for a trigger order; clients also say `clOrdId` here."""
    return name(item, "algoClOrdId") or name(item, "clOrdId")


def number(item: Item, member: str) -> int:
    """Read a name that we gave; 0 when it is absent."""
    said = text(item, member)
    if not said:
        return 0
    is_plain = said.isascii() and said.isdigit() and len(said) <= _ID_DIGITS_MAX
    if not is_plain or not 0 < int(said) < 1 << 64:
        raise ItemRejected(invalid(member))
    return int(said)


def which(item: Item) -> tuple[TriggerId, bytes]:
    """Read which trigger order is meant; the client's name counts when ours is absent."""
    algo_id = TriggerId(number(item, "algoId"))
    said = b"" if algo_id else client_id(item)
    if not algo_id and not said:
        raise ItemRejected(ALGO_NEEDS_ID)
    return algo_id, said


def order(item: Item) -> tuple[OrderId, bytes]:
    """Read which order is meant; the client's name counts when ours is absent."""
    order_id = OrderId(number(item, "ordId"))
    return order_id, b"" if order_id else name(item, "clOrdId")


def instrument(item: Item, catalog: Catalog) -> Instrument:
    """Read where."""
    symbol = text(item, "instId")
    if not symbol:
        raise ItemRejected(missing("instId"))
    found = catalog.by_symbol(symbol)
    if found is None:
        raise ItemRejected(UNKNOWN_INSTRUMENT)
    return found


def compared_with_last(item: Item, member: str) -> None:
    """Read a price type. Spot is compared with its own trades; the other prices are for derivatives."""
    said = text(item, member)
    if said and PRICE_TYPES.get(said) is not PriceType.LAST:
        raise ItemRejected(invalid(member))


def price(item: Item, member: str, pair: Instrument) -> int:
    """Read a price, in ticks."""
    return count(item, member, pair.price_to_ticks)


def order_price(item: Item, member: str, pair: Instrument) -> int:
    """Read the price of the order that is to be placed; -1 is a market order."""
    if text(item, member) == _MARKET:
        return commands.MARKET
    return price(item, member, pair)


def lots(item: Item, member: str, pair: Instrument) -> int:
    """Read a size, in lots."""
    try:
        return count(item, member, pair.size_to_lots, off_grid=True)
    except OffGrid as error:
        raise ItemRejected(SIZE_OFF_LOT) from error


def count(item: Item, member: str, steps: Callable[[str], int], *, off_grid: bool = False) -> int:
    """Read a number of steps.

    Args:
        item: where it is.
        member: which.
        steps: counts them.
        off_grid: let `OffGrid` through, for which the caller has a code of its own.
    """
    said = text(item, member)
    if not said:
        raise ItemRejected(missing(member))
    if len(said) > _NUMBER_MAX:
        raise ItemRejected(invalid(member))
    try:
        found = steps(said)
    except NotAnAmount as error:
        raise ItemRejected(invalid(member)) from error
    except OffGrid as error:
        if off_grid:
            raise
        raise ItemRejected(invalid(member)) from error
    if not 0 < found < 1 << 63:
        raise ItemRejected(invalid(member))
    return found
