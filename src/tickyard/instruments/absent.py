"""Endpoints of products that this exchange does not have yet: margin, derivatives, spreads, blocks, bots, loans, rails.

One table, `data/absent.csv`, has all of them: what each needs, and how it answers. Clients call some when they start,
and give up on an error; so a list is empty, as it is at OKX for somebody who has none of it. What would change
something is refused with OKX's own code: as in spot mode where another account mode is needed, as in demo trading
where it is a product, or rails to the outside. A named instrument that does not exist is refused as everywhere.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from tickyard.base.data_files import read_text
from tickyard.gateway.openapi import Shape
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import (
    CurrencyNotFound,
    InstrumentNotFound,
    NotInDemo,
    NotInSpotMode,
    OfAnotherType,
    ParameterMissing,
)
from tickyard.instruments.params import check_page, choice, names, optional_choice, required
from tickyard.instruments.wire import INSTRUMENT_TYPES

_ANY = "ANY"
_OF_OUR_CURRENCIES = ("account/", "asset/", "public/")
"""Where `ccy` is one that an account can hold; elsewhere it may be money of the outside."""


class Outcome(StrEnum):
    """How an endpoint answers once nothing is missing."""

    NONE = "none"
    """No rows."""
    LIST = "list"
    """One list, without members."""
    MODE = "mode"
    """It needs another account mode (51010)."""
    DEMO = "demo"
    """It is not available in demo trading (50038)."""
    SPREAD = "spread"
    """It names a spread, of which there are none (51001)."""
    CONTRACT = "contract"
    """It names a contract, but what is listed are pairs (51015)."""


class Absent(msgspec.Struct, frozen=True):
    """One endpoint of something that is not there."""

    method: str
    path: str
    access: Access
    limit: Limit
    needs: Mapping[str, tuple[str, ...]]
    """Parameters that must be there, and the words they may be; no words for anything."""
    outcome: Outcome
    what: str
    """One line for the reference."""


def absent() -> tuple[Absent, ...]:
    """Read the table."""
    text = read_text("tickyard.instruments", "absent.csv")
    return tuple(
        Absent(
            method=row["method"],
            path=row["path"],
            access=Access(row["access"]),
            limit=_limit(row["limit"]),
            needs=_needs(row["needs"]),
            outcome=Outcome(row["answer"]),
            what=row["what"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def shapes() -> Mapping[str, Shape]:
    """Tell what the endpoints take, for those of which no table of shapes tells more."""
    return {
        f"{row.method} /api/v5/{row.path}": Shape(
            takes={f"{name}!": "|".join(words) or "text" for name, words in row.needs.items()}
        )
        for row in absent()
    }


def _limit(text: str) -> Limit:
    count, per_ms, scope = text.split("/")
    return Limit(int(count), int(per_ms), scope)


def _needs(text: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for need in filter(None, text.split(";")):
        name, _, words = need.partition("=")
        found[name] = tuple(filter(None, words.split("|")))
    return found


def absent_routes(catalog: Catalog, shapes: Mapping[str, Shape]) -> list[Route]:
    """Make a route of each row of the table.

    Args:
        catalog: to tell instruments that there are from others.
        shapes: what the endpoints take, by method and path: what a query says is checked although nothing is found.
    """
    return [
        Route(
            method=row.method,
            path=f"/api/v5/{row.path}",
            access=row.access,
            handler=_query(row, catalog, _words(row, shapes))
            if row.method == "GET"
            else _change(row),
            limit=row.limit,
            summary=f"{row.what}: none yet",
            is_direct=True,
        )
        for row in absent()
    ]


def _words(row: Absent, shapes: Mapping[str, Shape]) -> Mapping[str, Collection[str]]:
    """Tell which words the parameters of a query may be, beside those that the table itself is strict about."""
    shape = shapes.get(f"{row.method} /api/v5/{row.path}", Shape())
    words: dict[str, Collection[str]] = {"instType": INSTRUMENT_TYPES}
    for name, kind in shape.takes.items():
        known = kind.split("|")
        if len(known) > 1:
            words[name.rstrip("!")] = {*known, *words.get(name.rstrip("!"), ())}
    return words


def _query(row: Absent, catalog: Catalog, known: Mapping[str, Collection[str]]) -> Handler:
    async def answer(request: Request) -> Answer:
        params = request.params
        for name, words in row.needs.items():
            if words:
                choice(params, name, words)
            else:
                required(params, name)
        for name, allowed in known.items():
            optional_choice(params, name, allowed)
        check_page(params)
        if row.path.startswith(_OF_OUR_CURRENCIES):
            for symbol in names(params, "ccy"):
                if catalog.asset_by_symbol(symbol) is None:
                    raise CurrencyNotFound(symbol)
        symbol = params.get("instId", _ANY)
        # What is private is of an account's own, so it is searched for and not found.
        if row.access is Access.PUBLIC and symbol != _ANY and catalog.by_symbol(symbol) is None:
            raise InstrumentNotFound
        return Answer(_data(row.outcome))

    return answer


def _change(row: Absent) -> Handler:
    async def refuse(request: Request) -> Answer:
        _check_members(request.body, row.needs)
        return Answer(_data(row.outcome))

    return refuse


def _check_members(body: Any, needs: Iterable[str]) -> None:  # noqa: ANN401  # decoded JSON
    for name in needs:
        if not isinstance(body, Mapping) or name not in body:
            raise ParameterMissing(name)


def _data(outcome: Outcome) -> list[Any]:
    match outcome:
        case Outcome.NONE:
            return []
        case Outcome.LIST:
            return [[]]
        case Outcome.MODE:
            raise NotInSpotMode
        case Outcome.DEMO:
            raise NotInDemo
        case Outcome.SPREAD:
            raise InstrumentNotFound
        case Outcome.CONTRACT:
            raise OfAnotherType
