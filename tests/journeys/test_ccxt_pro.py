"""ccxt.pro as it comes from the registry follows the market and trades over WebSocket."""

import asyncio
from collections.abc import AsyncIterator

import ccxt.pro
import pytest
from tests.support.exchange import Exchange

PATIENCE_S = 20


@pytest.fixture
async def alice(exchange: Exchange) -> AsyncIterator[ccxt.pro.okx]:
    client = exchange.ccxt_pro("alice")
    await client.load_markets()
    yield client
    await client.close()


@pytest.fixture
async def maker(exchange: Exchange) -> AsyncIterator[ccxt.pro.okx]:
    client = exchange.ccxt_pro("mm1")
    await client.load_markets()
    yield client
    await client.close()


async def test_orders_are_placed_amended_and_cancelled_over_the_socket(alice: ccxt.pro.okx) -> None:
    async with asyncio.timeout(PATIENCE_S):
        watching = asyncio.ensure_future(alice.watch_orders())
        await asyncio.sleep(0)
        order = await alice.create_order_ws("PERP/USDT", "limit", "buy", 10, 0.5)
        (seen, *_) = await watching
        assert (seen["id"], seen["status"]) == (order["id"], "open")

        watching = asyncio.ensure_future(alice.watch_orders())
        await alice.edit_order_ws(order["id"], "PERP/USDT", "limit", "buy", 10, 0.4)
        seen = (await watching)[-1]
        assert (seen["id"], seen["price"], seen["info"]["amendResult"]) == (order["id"], 0.4, "0")

        watching = asyncio.ensure_future(alice.watch_orders())
        await alice.cancel_order_ws(order["id"], "PERP/USDT")
        seen = (await watching)[-1]
        assert (seen["id"], seen["status"]) == (order["id"], "canceled")


async def test_a_trade_reaches_every_channel(alice: ccxt.pro.okx, maker: ccxt.pro.okx) -> None:
    symbol = "TICK/USDT"
    async with asyncio.timeout(PATIENCE_S):
        await maker.create_order_ws(symbol, "limit", "sell", 10, 5)
        book = await alice.watch_order_book(symbol)
        # A stream may begin a moment before the order that was answered already.
        while not book["asks"]:
            book = await alice.watch_order_book(symbol)
        assert book["asks"][0] == [5, 10]
        assert (await alice.watch_ticker(symbol))["ask"] == 5
        trades = asyncio.ensure_future(alice.watch_trades(symbol))
        fills = asyncio.ensure_future(alice.watch_my_trades(symbol))
        balance = await alice.watch_balance()
        free = balance["USDT"]["free"]
        update = asyncio.ensure_future(alice.watch_balance())
        bests = asyncio.ensure_future(alice.watch_bids_asks([symbol]))
        # What was subscribed before on the same socket is in force once a later subscription is answered.
        await alice.watch_order_book("BTC/USDT")

        await alice.create_order_ws(symbol, "market", "buy", 4)

        (trade, *_) = await trades
        assert (trade["price"], trade["amount"], trade["side"]) == (5, 4, "buy")
        (fill, *_) = await fills
        assert (fill["price"], fill["amount"], fill["takerOrMaker"]) == (5, 4, "taker")
        while (await update)["USDT"]["free"] != pytest.approx(free - 20):
            update = asyncio.ensure_future(alice.watch_balance())
        while book["asks"][0] != [5, 6]:
            book = await alice.watch_order_book(symbol)
        assert symbol in await bests
        await maker.cancel_order_ws((await maker.fetch_open_orders(symbol))[0]["id"], symbol)


async def test_candles_are_streamed(alice: ccxt.pro.okx, maker: ccxt.pro.okx) -> None:
    symbol = "ETH/BTC"
    async with asyncio.timeout(PATIENCE_S):
        await maker.create_order_ws(symbol, "limit", "sell", 1, 0.05)
        await alice.create_order_ws(symbol, "market", "buy", 0.5)
        candles = await alice.watch_ohlcv(symbol, "1m")
        assert candles[-1][4] == 0.05
        await maker.cancel_order_ws((await maker.fetch_open_orders(symbol))[0]["id"], symbol)
