"""Follow your orders over WebSocket while another connection places them. With ccxt.pro, which is part of ccxt."""

import asyncio

import ccxt.pro
from connect import exchange

PAIR, ORDERS = "BTC/USDT", 3


async def follow(okx: ccxt.pro.okx, is_following: asyncio.Event) -> None:
    watching = asyncio.ensure_future(okx.watch_orders(PAIR))
    # On one connection everything keeps its order: once this has come, the subscription before it is in force.
    await okx.watch_balance()
    is_following.set()
    canceled: set[str] = set()
    while len(canceled) < ORDERS:
        for order in await watching:
            print(order["id"], order["status"], "filled", order["filled"])
            if order["status"] == "canceled":
                canceled.add(order["id"])
        watching = asyncio.ensure_future(okx.watch_orders(PAIR))
    watching.cancel()


async def trade(okx: ccxt.pro.okx, is_following: asyncio.Event) -> None:
    await is_following.wait()
    for number in range(ORDERS):
        order = await okx.create_order(PAIR, "limit", "buy", 0.001, 30_000 + number)
        await okx.cancel_order(order["id"], PAIR)


async def main() -> None:
    okx, other = exchange(ccxt.pro.okx), exchange(ccxt.pro.okx)
    is_following = asyncio.Event()
    try:
        async with asyncio.timeout(60):
            await asyncio.gather(follow(okx, is_following), trade(other, is_following))
    finally:
        await okx.close()
        await other.close()


asyncio.run(main())
