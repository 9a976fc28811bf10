"""Protect what you hold: a stop-loss with a take-profit, alone and attached to an order. With ccxt: `pip install ccxt`."""

from connect import exchange

okx = exchange()
last = okx.fetch_ticker("BTC/USDT")["last"] or 60_000
low, high = (float(okx.price_to_precision("BTC/USDT", last * part)) for part in (0.95, 1.05))

# Whichever comes first sells 0.01 BTC at the market, and the other is gone.
pair = {"stopLossPrice": low, "takeProfitPrice": high}
stop = okx.create_order("BTC/USDT", "market", "sell", 0.01, None, pair)

kind = {"trigger": True, "ordType": "oco"}
for waiting in okx.fetch_open_orders("BTC/USDT", params=kind):
    print(waiting["id"], "sells below", waiting["stopLossPrice"], "or above", high)

lower = float(okx.price_to_precision("BTC/USDT", last * 0.94))
okx.private_post_trade_amend_algos(
    {"instId": "BTC-USDT", "algoId": stop["id"], "newSlTriggerPx": str(lower)}
)
print("now below", okx.fetch_order(stop["id"], "BTC/USDT", {"trigger": True})["stopLossPrice"])

okx.cancel_order(stop["id"], "BTC/USDT", {"trigger": True})
print("it is", okx.fetch_order(stop["id"], "BTC/USDT", {"trigger": True})["status"])

# Attached to an order, both come to life when it is filled.
price = float(okx.price_to_precision("BTC/USDT", last * 0.9))
order = okx.create_order(
    "BTC/USDT",
    "limit",
    "buy",
    0.01,
    price,
    {"stopLoss": {"triggerPrice": round(price * 0.9)}, "takeProfit": {"triggerPrice": high}},
)
attached = okx.fetch_order(order["id"], "BTC/USDT")
print(order["id"], "will be sold below", attached["stopLossPrice"])
okx.cancel_order(order["id"], "BTC/USDT")
