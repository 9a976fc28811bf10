"""What an index is made of. Source: OKX v5, GET /api/v5/market/index-components, GET /api/v5/market/exchange-rate."""

from pathlib import Path
from typing import Final

import msgspec

from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.indices import published
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import InstrumentNotFound
from tickyard.instruments.params import required

_USD_CNY: Final = "7.1"
"""What OKX calls the mean of two weeks. Nothing here trades yuan, so it stands still."""


class ComponentRow(msgspec.Struct, frozen=True, rename="camel"):
    """What one venue says."""

    exch: str
    symbol: str
    sym_px: str
    wgt: str
    cnv_px: str


class ComponentsRow(msgspec.Struct, frozen=True):
    """The data of GET /api/v5/market/index-components, which is no list."""

    index: str
    last: str
    ts: str
    components: list[ComponentRow]


class RateRow(msgspec.Struct, frozen=True, rename="camel"):
    """The row of GET /api/v5/market/exchange-rate."""

    usd_cny: str


def routes(catalog: Catalog, folder: Path) -> list[Route]:
    """Return the endpoints of this slice.

    Args:
        catalog: the pairs.
        folder: of the running exchange.
    """

    async def components(request: Request) -> Answer:
        name = required(request.params, "index")
        if catalog.by_symbol(name) is None:
            raise InstrumentNotFound
        found = published.read(folder).get(name)
        if found is None:
            return Answer([])
        row = ComponentsRow(
            index=name,
            last=found.price,
            ts=str(found.time_ms),
            components=[
                ComponentRow(each.source, each.symbol, each.price, each.weight, each.converted)
                for each in found.components
            ],
        )
        return Answer(msgspec.Raw(msgspec.json.encode(row)))

    async def rate(request: Request) -> Answer:
        del request
        return Answer([RateRow(_USD_CNY)])

    def get(path: str, handler: Handler, count: int, summary: str) -> Route:
        limit = Limit(count, 2_000, "ip")
        return Route("GET", f"/api/v5/{path}", Access.PUBLIC, handler, limit, summary)

    return [
        get("market/index-components", components, 20, "What an index price is made of"),
        get("market/exchange-rate", rate, 1, "Yuan for a dollar"),
    ]
