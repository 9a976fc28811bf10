"""What ccxt.pro claims for OKX over the WebSocket: each method acts, and what it hears is looked at."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

SYMBOL: Final = "ADA/USDT"
PRICE: Final = 0.4


class Stage:
    """Two clients of the same loop, in a book of their own."""

    def __init__(self, alice: Any, bob: Any) -> None:
        self.alice, self.bob = alice, bob

    async def resting(self) -> dict[str, Any]:
        order: dict[str, Any] = await self.alice.create_order_ws(SYMBOL, "limit", "buy", 10, 0.35)
        return order

    async def trade(self) -> None:
        """Have both trade once, at `PRICE`."""
        await self.bob.create_order_ws(SYMBOL, "limit", "sell", 10, PRICE)
        await self.alice.create_order_ws(SYMBOL, "limit", "buy", 10, PRICE)

    async def heard(self, watched: Awaitable[Any], act: Callable[[], Awaitable[Any]]) -> Any:
        """Watch, act once the watch is in force, and return what was heard."""
        watching = asyncio.ensure_future(watched)
        # Whoever subscribes hears nothing of its own before the acknowledgement; acting again does no harm.
        while not watching.done():
            await act()
            await asyncio.wait([watching], timeout=0.2)
        return watching.result()


Act = Callable[[Stage], Awaitable[None]]


async def _orders(on: Stage) -> None:
    heard = await on.heard(on.alice.watch_orders(SYMBOL), on.resting)
    assert heard[0]["symbol"] == SYMBOL
    await on.alice.cancel_orders(
        [order["id"] for order in await on.alice.fetch_open_orders(SYMBOL)], SYMBOL
    )


async def _trigger_orders(on: Stage) -> None:
    await on.trade()
    stop = {"stopLossPrice": 0.3}

    async def place() -> None:
        order = await on.alice.create_order(SYMBOL, "market", "sell", 10, None, stop)
        await on.alice.cancel_order(order["id"], SYMBOL, {"trigger": True})

    heard = await on.heard(on.alice.watch_orders(SYMBOL, params={"trigger": True}), place)
    assert (heard[0]["stopLossPrice"], heard[0]["side"]) == (0.3, "sell")


async def _create_edit_cancel(on: Stage) -> None:
    order = await on.resting()
    await on.alice.edit_order_ws(order["id"], SYMBOL, "limit", "buy", 20, 0.36)
    found = await on.alice.fetch_order(order["id"], SYMBOL)
    assert (found["amount"], found["price"]) == (20, 0.36)
    await on.alice.cancel_order_ws(order["id"], SYMBOL)
    assert (await on.alice.fetch_order(order["id"], SYMBOL))["status"] == "canceled"


async def _cancel_some(on: Stage) -> None:
    orders = [await on.resting() for _ in range(2)]
    await on.alice.cancel_orders_ws([order["id"] for order in orders], SYMBOL)
    assert await on.alice.fetch_open_orders(SYMBOL) == []


async def _other_orders(on: Stage) -> None:
    order = await on.bob.create_limit_order_ws(SYMBOL, "sell", 10, PRICE)
    await on.alice.create_market_order_ws(SYMBOL, "buy", 10)
    assert (await on.bob.fetch_order(order["id"], SYMBOL))["status"] == "closed"


async def _my_trades(on: Stage) -> None:
    heard = await on.heard(on.alice.watch_my_trades(SYMBOL), on.trade)
    assert (heard[0]["price"], heard[0]["symbol"]) == (PRICE, SYMBOL)


async def _trades(on: Stage) -> None:
    heard = await on.heard(on.alice.watch_trades(SYMBOL), on.trade)
    assert heard[-1]["price"] == PRICE
    await on.alice.un_watch_trades(SYMBOL)
    heard = await on.heard(on.alice.watch_trades_for_symbols([SYMBOL]), on.trade)
    assert heard[-1]["price"] == PRICE
    await on.alice.un_watch_trades_for_symbols([SYMBOL])


async def _balance(on: Stage) -> None:
    heard = await on.alice.watch_balance()
    assert heard["USDT"]["total"] > 0


async def _tickers(on: Stage) -> None:
    await on.trade()
    assert (await on.alice.watch_ticker(SYMBOL))["last"] == PRICE
    await on.alice.un_watch_ticker(SYMBOL)
    assert (await on.alice.watch_tickers([SYMBOL]))[SYMBOL]["last"] == PRICE
    await on.alice.un_watch_tickers([SYMBOL])


async def _books(on: Stage) -> None:
    order = await on.resting()
    assert (await on.alice.watch_order_book(SYMBOL))["bids"][0][0] == 0.35
    await on.alice.un_watch_order_book(SYMBOL)
    assert (await on.alice.watch_order_book_for_symbols([SYMBOL]))["bids"][0][0] == 0.35
    await on.alice.un_watch_order_book_for_symbols([SYMBOL])
    assert (await on.alice.watch_bids_asks([SYMBOL]))[SYMBOL]["bid"] == 0.35
    await on.alice.cancel_order_ws(order["id"], SYMBOL)


async def _candles(on: Stage) -> None:
    heard = await on.heard(on.alice.watch_ohlcv(SYMBOL, "1m"), on.trade)
    assert heard[-1][4] == PRICE
    await on.alice.un_watch_ohlcv(SYMBOL, "1m")
    heard = await on.heard(on.alice.watch_ohlcv_for_symbols([[SYMBOL, "1m"]]), on.trade)
    assert heard[SYMBOL]["1m"][-1][4] == PRICE
    await on.alice.un_watch_ohlcv_for_symbols([[SYMBOL, "1m"]])


WORKS: Final[Mapping[tuple[str, ...], Act]] = {
    ("watchOrders",): _orders,
    ("createOrderWs", "editOrderWs", "cancelOrderWs"): _create_edit_cancel,
    ("cancelOrdersWs",): _cancel_some,
    ("createLimitOrderWs", "createMarketOrderWs"): _other_orders,
    ("watchMyTrades",): _my_trades,
    ("watchTrades", "watchTradesForSymbols", "unWatchTrades", "unWatchTradesForSymbols"): _trades,
    ("watchBalance",): _balance,
    ("watchTicker", "watchTickers", "unWatchTicker", "unWatchTickers"): _tickers,
    (
        "watchOrderBook",
        "watchOrderBookForSymbols",
        "watchBidsAsks",
        "unWatchOrderBook",
        "unWatchOrderBookForSymbols",
    ): _books,
    ("watchOHLCV", "watchOHLCVForSymbols", "unWatchOHLCV", "unWatchOHLCVForSymbols"): _candles,
}
"""Methods that one act shows together."""

WITH: Final[Mapping[tuple[str, ...], Act]] = {("watchOrders, trigger",): _trigger_orders}
"""Methods told by their parameters that something else is meant."""

NOT_SPOT: Final = frozenset(
    {
        "cancelAllOrdersWs", "watchFundingRate", "watchFundingRates", "watchLiquidations", "watchLiquidationsForSymbols",
        "watchMarkPrice", "watchMarkPrices", "watchMyLiquidations", "watchMyLiquidationsForSymbols",
        "watchPositions",
    }
)  # fmt: skip
"""Methods for products that there are not."""
