"""Reading the parameters of a query or a body, with OKX's refusals."""

from collections.abc import Collection, Mapping
from typing import Any

from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import InstrumentNotFound, ParameterMissing, ParameterWrong
from tickyard.instruments.model import Instrument

_NUMBER_LENGTH_MAX = 20
_NUMBER_MAX = (1 << 63) - 1
"""The largest number of the database. Nothing here is numbered so high, so larger ones mean the same."""


def members(body: object) -> Mapping[str, Any]:
    """Return a body that must be an object.

    Raises:
        ParameterWrong: it is something else.
    """
    if not isinstance(body, dict):
        raise ParameterWrong("body")
    return body


def required(params: Mapping[str, str], name: str) -> str:
    """Return a parameter that must be there.

    Raises:
        ParameterMissing: it is absent.
    """
    value = params.get(name)
    if value is None:
        raise ParameterMissing(name)
    return value


def choice(params: Mapping[str, str], name: str, allowed: Collection[str]) -> str:
    """Return a parameter that must be there and be one of some words.

    Raises:
        ParameterMissing: it is absent.
        ParameterWrong: it is another word.
    """
    value = required(params, name)
    if value not in allowed:
        raise ParameterWrong(name)
    return value


def optional_choice(params: Mapping[str, str], name: str, allowed: Collection[str]) -> str | None:
    """Return a parameter that may be absent, else is one of some words.

    Raises:
        ParameterWrong: it is another word.
    """
    return choice(params, name, allowed) if name in params else None


def whole(params: Mapping[str, str], name: str) -> int | None:
    """Return a parameter that may be absent, else is a whole number (a cursor, a time in ms).

    Raises:
        ParameterWrong: it is no number, or longer than any of 64 bits.
    """
    text = params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _NUMBER_LENGTH_MAX):
        raise ParameterWrong(name)
    return min(int(text), _NUMBER_MAX)


def limit(params: Mapping[str, str], *, most: int = 100) -> int:
    """Return how many rows are wanted: `most` when absent, and never more.

    Too large a limit is cut, not refused: clients ask for thousands.

    Raises:
        ParameterWrong: it is no number, or zero.
    """
    wanted = whole(params, "limit")
    if wanted == 0:
        raise ParameterWrong("limit")
    return most if wanted is None else min(wanted, most)


def check_page(params: Mapping[str, str]) -> None:
    """Read what a query says about its page, where no page has anything on it.

    Raises:
        ParameterWrong: a cursor, a time or the number of rows is no number.
    """
    for name in ("after", "before", "begin", "end"):
        whole(params, name)
    limit(params)


def names(params: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the words of a comma-separated parameter; empty when it is absent."""
    return tuple(word for word in params.get(name, "").split(",") if word)


def instrument(symbol: str, catalog: Catalog) -> Instrument:
    """Return the instrument of a name.

    Raises:
        InstrumentNotFound: there is none.
    """
    found = catalog.by_symbol(symbol)
    if found is None:
        raise InstrumentNotFound
    return found


def optional_instrument(params: Mapping[str, str], catalog: Catalog) -> Instrument | None:
    """Return the instrument that a query names; None when it names none.

    Raises:
        InstrumentNotFound: there is none of that name.
    """
    symbol = params.get("instId")
    return None if symbol is None else instrument(symbol, catalog)
