"""Public endpoints of products that this exchange does not have yet: there is nothing to list.

Clients call some of them when they start, and give up on an error; an empty list is what OKX answers when there is
none. A named instrument that does not exist is refused as everywhere.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import InstrumentNotFound
from tickyard.instruments.params import choice, required

_PRODUCTS = ("FUTURES", "SWAP", "OPTION", "EVENTS")
_MARGINED = ("MARGIN", *_PRODUCTS)
_ANY = "ANY"


class Absent(msgspec.Struct, frozen=True):
    """One endpoint that lists what is not there."""

    path: str
    summary: str
    limit: Limit
    required: Mapping[str, tuple[str, ...]] = {}
    """Parameters that must be there, and the words they may be; no words for anything."""
    data: tuple[Any, ...] = ()


def _per_2s(count: int, scope: str = "ip") -> Limit:
    return Limit(count, 2_000, scope)


ABSENT = (
    Absent(
        "public/underlying",
        "Underlyings of derivatives",
        _per_2s(20),
        {"instType": ("SWAP", "FUTURES", "OPTION")},
        data=([],),
    ),
    Absent(
        "public/position-tiers",
        "Position tiers",
        _per_2s(10),
        {"instType": ("MARGIN", "SWAP", "FUTURES", "OPTION"), "tdMode": ("cross", "isolated")},
    ),
    Absent(
        "public/delivery-exercise-history",
        "Deliveries and exercises",
        _per_2s(40, "ip+family"),
        {"instType": ("FUTURES", "OPTION")},
    ),
    Absent("public/estimated-price", "Estimated delivery price", _per_2s(10, "ip+instrument"), {"instId": ()}),
    Absent("public/estimated-settlement-info", "Estimated settlement price", _per_2s(10, "ip+instrument"), {"instId": ()}),
    Absent("public/settlement-history", "Settlements", _per_2s(40, "ip+family"), {"instFamily": ()}),
    Absent("public/funding-rate", "Funding rate", _per_2s(10, "ip+instrument"), {"instId": ()}),
    Absent("public/funding-rate-history", "Funding rates of the past", _per_2s(10, "ip+instrument"), {"instId": ()}),
    Absent("public/premium-history", "Premiums of the past", _per_2s(20), {"instId": ()}),
    Absent("public/open-interest", "Open interest", _per_2s(20, "ip+instrument"), {"instType": _PRODUCTS}),
    Absent("public/opt-summary", "Greeks and volatilities of options", _per_2s(20, "ip+family")),
    Absent("public/option-trades", "Trades of options", _per_2s(20)),
    Absent(
        "public/instrument-tick-bands",
        "Tick bands of options",
        _per_2s(5),
        {"instType": ("OPTION", "EVENTS")},
    ),
    Absent("public/insurance-fund", "Insurance fund", _per_2s(10), {"instType": _MARGINED}),
    Absent("public/discount-rate-interest-free-quota", "Discount rates of collateral", _per_2s(2)),
    Absent("public/interest-rate-loan-quota", "Interest rates and loan quotas", _per_2s(2)),
    Absent("public/vip-interest-rate-loan-quota", "Interest rates of VIP loans", _per_2s(2)),
    Absent("public/block-trades", "Block trades", _per_2s(20), {"instId": ()}),
    Absent("public/economic-calendar", "Economic calendar", Limit(1, 5_000, "ip")),
    Absent("rubik/stat/contracts/open-interest-history", "Open interest of the past", _per_2s(10, "ip+instrument"), {"instId": ()}),
    Absent("public/event-contract/series", "Series of event contracts", _per_2s(20)),
    Absent("public/event-contract/events", "Events of event contracts", _per_2s(20)),
    Absent("public/event-contract/markets", "Markets of event contracts", _per_2s(20)),
)  # fmt: skip


def absent_routes(catalog: Catalog) -> list[Route]:
    """Make a route of each row of the table."""
    return [
        Route(
            method="GET",
            path=f"/api/v5/{row.path}",
            access=Access.PUBLIC,
            handler=_answer(row, catalog),
            limit=row.limit,
            summary=f"{row.summary}: none yet",
            is_direct=True,
        )
        for row in ABSENT
    ]


def _answer(row: Absent, catalog: Catalog) -> Handler:
    async def answer(request: Request) -> Answer:
        for name, words in row.required.items():
            if words:
                choice(request.params, name, words)
            else:
                required(request.params, name)
        symbol = request.params.get("instId", _ANY)
        if symbol != _ANY and catalog.by_symbol(symbol) is None:
            raise InstrumentNotFound
        return Answer(list(row.data))

    return answer
