"""Place a limit order far from the market, see it, amend it, cancel it. With ccxt: `pip install ccxt`."""

from connect import exchange

okx = exchange()
book = okx.fetch_order_book("BTC/USDT", 1)
best = book["bids"][0][0] if book["bids"] else 60_000
price = float(okx.price_to_precision("BTC/USDT", best * 0.9))

order = okx.create_order("BTC/USDT", "limit", "buy", 0.001, price)
print("placed", order["id"], "at", price)
print("open:", [open_["id"] for open_ in okx.fetch_open_orders("BTC/USDT")])

okx.edit_order(order["id"], "BTC/USDT", "limit", "buy", 0.002, price)
print("amended to", okx.fetch_order(order["id"], "BTC/USDT")["amount"], "BTC")

okx.cancel_order(order["id"], "BTC/USDT")
print("it is", okx.fetch_order(order["id"], "BTC/USDT")["status"])
