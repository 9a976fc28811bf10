"""Trade with ccxt as it comes from PyPI. Where and with which key: `TICKYARD_HTTP`, `_WS`, `_KEY`, `_SECRET`, `_PASSPHRASE`."""

import os

import ccxt

okx = ccxt.okx(
    {
        "apiKey": os.environ["TICKYARD_KEY"],
        "secret": os.environ["TICKYARD_SECRET"],
        "password": os.environ["TICKYARD_PASSPHRASE"],
        "urls": {
            "api": {"rest": os.environ["TICKYARD_HTTP"], "ws": os.environ["TICKYARD_WS"]},
        },
    }
)
PAIR = "BTC/USDT"


def step(what: str, result: object) -> None:
    print(f"  ok  {what:<30} {result}", flush=True)


step("load markets", f"{len(okx.load_markets())} markets")
book = okx.fetch_order_book(PAIR, 5)
bid, ask = (book[side][0][0] if book[side] else None for side in ("bids", "asks"))
step("best bid and ask", f"{bid} / {ask} USDT")
step("free balance", f"{okx.fetch_balance()['free'].get('USDT', 0)} USDT")

low = okx.price_to_precision(PAIR, (bid or 60_000) * 0.9)
resting = okx.create_order(PAIR, "limit", "buy", 0.001, float(low))
step(f"limit order at {low}", resting["id"])
step("open orders", [order["id"] for order in okx.fetch_open_orders(PAIR)])
changed = okx.edit_order(resting["id"], PAIR, "limit", "buy", 0.002, float(low))
step("amend its size to 0.002", changed["id"])
step("cancel it", okx.cancel_order(resting["id"], PAIR)["id"])

if ask is None:
    step("market order", "skipped: nobody sells (start with --profile living)")
else:
    bought = okx.fetch_order(okx.create_order(PAIR, "market", "buy", 0.001)["id"], PAIR)
    step("market order for 0.001 BTC", f"{bought['status']} at {bought['average']} USDT")
    fee = okx.fetch_my_trades(PAIR, limit=1)[0]["fee"]
    step("its fee", f"{fee['cost']} {fee['currency']}")
