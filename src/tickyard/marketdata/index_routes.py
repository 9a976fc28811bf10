"""The REST endpoints of index prices. Source: OKX v5, "Public Data", index tickers and index candlesticks."""

from collections.abc import Mapping
from typing import Final

import msgspec

from tickyard.base.clock import SECOND_MS, Clock
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import InstrumentNotFound
from tickyard.instruments.params import required
from tickyard.marketdata import wire
from tickyard.marketdata.candle_query import CANDLES_BACK, candle_query
from tickyard.marketdata.candles import candles
from tickyard.marketdata.errors import NotLoaded
from tickyard.marketdata.index import Index, index_name
from tickyard.marketdata.index_store import SECONDS_STORED_MS
from tickyard.marketdata.live import LiveMarkets
from tickyard.marketdata.market import Markets
from tickyard.marketdata.model import BarHistory

_CANDLES_MAX: Final = 100
_SECONDS_BACK: Final = SECONDS_STORED_MS // SECOND_MS


def index_routes(
    markets: Markets, live: LiveMarkets, history: BarHistory, clock: Clock
) -> list[Route]:
    """Return the endpoints of indices."""
    shown = _Shown(markets, live, history, clock)

    def get(path: str, handler: Handler, count: int, summary: str) -> Route:
        limit = Limit(count, 2_000, "ip")
        return Route("GET", f"/api/v5/market/{path}", Access.PUBLIC, handler, limit, summary)

    return [
        get("index-tickers", shown.tickers, 20, "Index prices"),
        get("index-candles", shown.candles, 20, "The newest candles of an index"),
        get("history-index-candles", shown.old_candles, 10, "Candles of an index of all times"),
    ]


class _Shown:
    """The handlers, and what they look at."""

    def __init__(
        self, markets: Markets, live: LiveMarkets, history: BarHistory, clock: Clock
    ) -> None:
        self._markets = markets
        self._live = live
        self._history = history
        self._clock = clock

    async def tickers(self, request: Request) -> Answer:
        params = request.params
        if "instId" in params:
            found = [self._index(params)]
        else:
            quote = required(params, "quoteCcy")
            self._check_loaded()
            found = [
                market.index for market in self._markets if market.instrument.quote.symbol == quote
            ]
        now_ms = self._clock.now_ms()
        return Answer(
            [
                wire.index_ticker_row(index, index.last, now_ms)
                for index in found
                if index.last is not None
            ]
        )

    async def candles(self, request: Request) -> Answer:
        return await self._candles(request, CANDLES_BACK)

    async def old_candles(self, request: Request) -> Answer:
        return await self._candles(request, None)

    async def _candles(self, request: Request, depth_max: int | None) -> Answer:
        index = self._index(request.params)
        query = candle_query(request.params, most=_CANDLES_MAX, depth_max=depth_max)
        if query.size.base_ms == SECOND_MS and depth_max is None:
            # What is older is not kept, and nothing is made up.
            query = msgspec.structs.replace(query, depth_max=_SECONDS_BACK)
        found = await candles(index.chart, self._history, query, self._clock.now_ms())
        return Answer([wire.index_candle_row(index.instrument, candle) for candle in found])

    def _index(self, params: Mapping[str, str]) -> Index:
        market = self._markets.by_symbol(index_name(required(params, "instId")))
        if market is None:
            raise InstrumentNotFound
        self._check_loaded()
        return market.index

    def _check_loaded(self) -> None:
        if not self._live.is_loaded:
            raise NotLoaded
