"""The REST endpoints of market data. Source: OKX v5, "Market Data" and "Public Data"."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec import Raw

from tickyard.base.amounts import format_amount
from tickyard.base.clock import Clock
from tickyard.base.ids import TradeId
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import InstrumentNotFound, ParameterWrong
from tickyard.instruments.grid import EXACT
from tickyard.instruments.params import choice, limit, optional_choice, required, whole
from tickyard.instruments.wire import INSTRUMENT_TYPES
from tickyard.marketdata import wire
from tickyard.marketdata.candle_query import CANDLES_BACK, candle_query
from tickyard.marketdata.candles import candles
from tickyard.marketdata.errors import BeforeByTime, NotLoaded
from tickyard.marketdata.index_routes import index_routes
from tickyard.marketdata.live import LiveMarkets
from tickyard.marketdata.market import Market, Markets
from tickyard.marketdata.model import BarHistory, History
from tickyard.marketdata.prices import Prices
from tickyard.marketdata.trade_pages import TRADE_ID_MAX, page_by_id, page_by_time

_BOOK_LEVELS_MAX: Final = 400
_FULL_LEVELS_MAX: Final = 5_000
_TRADES_MAX: Final = 500
_PAGE: Final = 100
_CANDLES_MAX: Final = 300
_TICKER_TYPES: Final = frozenset({"SPOT", "SWAP", "FUTURES", "OPTION", "EVENTS"})
_CENT: Final = Decimal("0.01")


def routes(
    markets: Markets,
    live: LiveMarkets,
    *,
    history: History,
    index_history: BarHistory,
    prices: Prices,
    clock: Clock,
) -> list[Route]:
    """Return the endpoints of this slice."""
    shown = _Shown(markets, live, history, prices, clock)

    def fresh(handler: Handler) -> Handler:
        async def handle(request: Request) -> Answer:
            await live.caught_up()
            return await handler(request)

        return handle

    return [
        _get("market/ticker", fresh(shown.ticker), 20, 2_000, "The ticker of one instrument"),
        _get("market/tickers", fresh(shown.tickers), 20, 2_000, "The tickers of one product"),
        _get("market/books", fresh(shown.book), 40, 2_000, "The best levels of a book"),
        _get("market/books-full", fresh(shown.full_book), 10, 2_000, "A book, up to 5,000 levels"),
        _get("market/trades", fresh(shown.trades), 100, 2_000, "The newest trades"),
        _get("market/history-trades", fresh(shown.old_trades), 20, 2_000, "Trades, page by page"),
        _get("market/candles", fresh(shown.candles), 40, 2_000, "The newest candles"),
        _get("market/history-candles", fresh(shown.old_candles), 20, 2_000, "Candles of all times"),
        _get("market/platform-24-volume", fresh(shown.volume), 2, 2_000, "Turnover of 24 hours"),
        *index_routes(markets, live, index_history, clock),
        _get(
            "market/mark-price-candles", shown.no_candles, 20, 2_000, "Mark candles; spot has none"
        ),
        _get(
            "market/history-mark-price-candles", shown.no_candles, 20, 2_000, "Older mark candles"
        ),
        _get(
            "public/mark-price",
            shown.no_mark_price,
            10,
            2_000,
            "Mark prices; spot has none",
            "ip+instrument",
        ),
    ]


def _get(
    path: str, handler: Handler, count: int, per_ms: int, summary: str, scope: str = "ip"
) -> Route:
    return Route(
        "GET",
        f"/api/v5/{path}",
        Access.PUBLIC,
        handler,
        limit=Limit(count, per_ms, scope),
        summary=summary,
    )


class _Shown:
    """The handlers, and what they look at."""

    def __init__(
        self,
        markets: Markets,
        live: LiveMarkets,
        history: History,
        prices: Prices,
        clock: Clock,
    ) -> None:
        self._markets = markets
        self._live = live
        self._history = history
        self._prices = prices
        self._clock = clock

    async def ticker(self, request: Request) -> Answer:
        market = self._market(request.params)
        return Answer([wire.ticker_row(market, self._clock.now_ms())])

    async def tickers(self, request: Request) -> Answer:
        if choice(request.params, "instType", _TICKER_TYPES) != "SPOT":
            return Answer([])
        self._check_loaded()
        now_ms = self._clock.now_ms()
        return Answer([wire.ticker_row(market, now_ms) for market in self._markets])

    async def book(self, request: Request) -> Answer:
        market = self._market(request.params)
        count = _levels(request.params, _BOOK_LEVELS_MAX)
        book = market.book
        row = wire.book_json(book.top(count), book.time_ms, book.seq)
        return Answer(Raw(b"[%b]" % row))

    async def full_book(self, request: Request) -> Answer:
        market = self._market(request.params)
        count = _levels(request.params, _FULL_LEVELS_MAX)
        row = wire.full_book_json(market.book.short_top(count), market.book.time_ms)
        return Answer(Raw(b"[%b]" % row))

    async def trades(self, request: Request) -> Answer:
        market = self._market(request.params)
        count = limit(request.params, most=_TRADES_MAX) if "limit" in request.params else _PAGE
        newest = market.tape.newest(count)
        return Answer([wire.counted_trade_row(market.instrument, trade) for trade in newest])

    async def old_trades(self, request: Request) -> Answer:
        params = request.params
        market = self._market(params)
        count = limit(params, most=_PAGE)
        after, before = whole(params, "after"), whole(params, "before")
        if optional_choice(params, "type", ("1", "2")) == "2":
            if before is not None:
                raise BeforeByTime
            before_ms = self._clock.now_ms() + 1 if after is None else after
            found = await page_by_time(market, self._history, before_ms=before_ms, limit=count)
        else:
            found = await page_by_id(
                market,
                self._history,
                older_than=TRADE_ID_MAX if after is None else TradeId(after),
                newer_than=TradeId(before or 0),
                limit=count,
            )
        return Answer([wire.trade_row(market.instrument, trade) for trade in found])

    async def candles(self, request: Request) -> Answer:
        return await self._candles(request, CANDLES_BACK)

    async def old_candles(self, request: Request) -> Answer:
        return await self._candles(request, None)

    async def _candles(self, request: Request, depth_max: int | None) -> Answer:
        market = self._market(request.params)
        query = candle_query(request.params, most=_CANDLES_MAX, depth_max=depth_max)
        found = await candles(market.chart, self._history, query, self._clock.now_ms())
        return Answer([wire.candle_row(market.instrument, candle) for candle in found])

    async def volume(self, request: Request) -> Answer:
        del request
        self._check_loaded()
        now_ms = self._clock.now_ms()
        usd = Decimal(0)
        for market in self._markets:
            day, pair = market.chart.day(now_ms), market.instrument
            if day is not None:
                amount = pair.notional_grid.value(day.notional)
                value = EXACT.multiply(amount, self._prices.usd_price(pair.quote.symbol))
                usd = EXACT.add(usd, value)
        return Answer([wire.VolumeRow(format_amount(usd.quantize(_CENT)), "", str(now_ms))])

    async def no_mark_price(self, request: Request) -> Answer:
        """Answer as OKX does where a product has nothing to show."""
        params = request.params
        optional_choice(params, "instType", INSTRUMENT_TYPES)
        if "instId" in params:
            self._market(params)
        else:
            required(params, "instType")
        return Answer([])

    async def no_candles(self, request: Request) -> Answer:
        """As `no_mark_price`."""
        self._market(request.params)
        candle_query(request.params, most=_CANDLES_MAX, depth_max=None)
        return Answer([])

    def _market(self, params: Mapping[str, str]) -> Market:
        name = required(params, "instId")
        market = self._markets.by_symbol(name)
        if market is None:
            raise InstrumentNotFound
        self._check_loaded()
        return market

    def _check_loaded(self) -> None:
        if not self._live.is_loaded:
            raise NotLoaded


def _levels(params: Mapping[str, str], most: int) -> int:
    """How many levels of each side are wanted; too many are refused here, unlike elsewhere."""
    count = whole(params, "sz")
    if count is None:
        return 1
    if not 1 <= count <= most:
        raise ParameterWrong("sz")
    return count
