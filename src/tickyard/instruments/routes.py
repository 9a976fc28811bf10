"""REST endpoints of the listing, and of the exchange as a whole."""

from collections.abc import Callable
from typing import Any

from tickyard.base.clock import Clock
from tickyard.engine.records import InstrumentState
from tickyard.gateway.route import Access, Answer, Limit, Request, Route
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import InstrumentNotFound
from tickyard.instruments.model import Instrument
from tickyard.instruments.params import (
    choice,
    instrument,
    optional_choice,
    optional_instrument,
    required,
)
from tickyard.instruments.wire import (
    INSTRUMENT_TYPES,
    account_instrument_row,
    instrument_row,
    price_limit_row,
)

_MAINTENANCE_STATES = ("scheduled", "ongoing", "pre_open", "completed", "canceled")


def routes(catalog: Catalog, clock: Clock) -> list[Route]:
    """List this slice's REST endpoints.

    Args:
        catalog: the listing with its states.
        clock: exchange time.
    """
    own = Instruments(catalog, clock)
    return [
        _public("public/instruments", own.instruments, Limit(20, 2_000, "ip+type"), "What can be traded"),
        Route(
            method="GET",
            path="/api/v5/account/instruments",
            access=Access.READ,
            handler=own.account_instruments,
            limit=Limit(20, 2_000, "user+type"),
            summary="What the account may trade",
            is_direct=True,
        ),
        _public("public/price-limit", own.price_limit, Limit(20, 2_000, "ip"), "Prices that are accepted"),
        _public("public/time", own.time, Limit(10, 2_000, "ip"), "Exchange time"),
        _public("system/status", own.status, Limit(1, 5_000, "ip"), "Maintenance: none is planned"),
    ]  # fmt: skip


class Instruments:
    """Answers from the catalog."""

    def __init__(self, catalog: Catalog, clock: Clock) -> None:
        self._catalog = catalog
        self._clock = clock

    async def instruments(self, request: Request) -> Answer:
        """List instruments of one type. Source: OKX v5, GET /api/v5/public/instruments."""
        return self._listed(request, instrument_row)

    async def account_instruments(self, request: Request) -> Answer:
        """List what the account may trade. Source: OKX v5, GET /api/v5/account/instruments."""
        return self._listed(request, account_instrument_row)

    async def price_limit(self, request: Request) -> Answer:
        """Tell the highest buying and the lowest selling price of an instrument."""
        pair = instrument(required(request.params, "instId"), self._catalog)
        return Answer(
            [price_limit_row(pair, self._catalog.bounds(pair.instrument), self._clock.now_ms())]
        )

    async def time(self, request: Request) -> Answer:
        """Tell exchange time."""
        del request  # asks for nothing
        return Answer([{"ts": str(self._clock.now_ms())}])

    async def status(self, request: Request) -> Answer:
        """List maintenance."""
        optional_choice(request.params, "state", _MAINTENANCE_STATES)
        return Answer([])

    def _listed(
        self, request: Request, row: Callable[[Instrument, InstrumentState], dict[str, Any]]
    ) -> Answer:
        kind = choice(request.params, "instType", INSTRUMENT_TYPES)
        pair = optional_instrument(request.params, self._catalog)
        if pair is None:
            found = self._catalog.instruments if kind == "SPOT" else ()
        elif kind == "SPOT":
            found = (pair,)
        else:
            raise InstrumentNotFound
        return Answer([row(pair, self._catalog.state(pair.instrument)) for pair in found])


def _public(path: str, handler: Callable[[Request], Any], limit: Limit, summary: str) -> Route:
    return Route(
        method="GET",
        path=f"/api/v5/{path}",
        access=Access.PUBLIC,
        handler=handler,
        limit=limit,
        summary=summary,
        is_direct=True,
    )
