"""The bot of the tutorial: keeps one buy order a little below the market and one sell order a little above it."""

import sys
import time

import ccxt
from connect import exchange

PAIR, SIZE, DISTANCE = "ETH/USDT", 0.01, 0.001
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
okx = exchange()
mine: dict[str, str] = {}


def middle() -> float:
    book = okx.fetch_order_book(PAIR, 1)
    if book["bids"] and book["asks"]:
        return (book["bids"][0][0] + book["asks"][0][0]) / 2
    return 3_000


def quote(side: str, price: float) -> None:
    """Place the order of a side, or move it where it is."""
    text = okx.price_to_precision(PAIR, price)
    if side in mine:
        try:
            okx.edit_order(mine[side], PAIR, "limit", side, SIZE, float(text))
        except (ccxt.OrderNotFound, ccxt.InvalidOrder):
            print(side, "was filled")
            del mine[side]
    if side not in mine:
        mine[side] = okx.create_order(PAIR, "limit", side, SIZE, float(text))["id"]
    print(side, text)


try:
    for _ in range(rounds):
        price = middle()
        quote("buy", price * (1 - DISTANCE))
        quote("sell", price * (1 + DISTANCE))
        time.sleep(0.5)
finally:
    # Whatever happens, nothing is left behind.
    for order in okx.fetch_open_orders(PAIR):
        if order["id"] in mine.values():
            okx.cancel_order(order["id"], PAIR)
trades, total = okx.fetch_my_trades(PAIR), okx.fetch_balance()["total"]
print(f"{len(trades)} trades; {total.get('ETH')} ETH, {total.get('USDT')} USDT")
