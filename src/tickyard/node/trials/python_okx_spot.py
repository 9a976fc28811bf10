"""Trade with python-okx as it comes from PyPI. Where and with which key: `TICKYARD_HTTP`, `_KEY`, `_SECRET`, `_PASSPHRASE`."""

import os
from typing import Any

from okx import Account, MarketData, Trade

URL = os.environ["TICKYARD_HTTP"]
PAIR = "BTC-USDT"
mine = {
    "api_key": os.environ["TICKYARD_KEY"],
    "api_secret_key": os.environ["TICKYARD_SECRET"],
    "passphrase": os.environ["TICKYARD_PASSPHRASE"],
    "flag": "0",
    "domain": URL,
    "debug": False,
}
market = MarketData.MarketAPI(flag="0", domain=URL, debug=False)
account = Account.AccountAPI(**mine)
trade = Trade.TradeAPI(**mine)


def step(what: str, result: object) -> None:
    print(f"  ok  {what:<30} {result}", flush=True)


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    if answer["code"] != "0":
        raise SystemExit(f"  FAILED  {answer['code']} {answer['msg']} {answer['data']}")
    return list(answer["data"])


step("tickers", f"{len(rows(market.get_tickers(instType='SPOT')))} pairs")
book = rows(market.get_orderbook(instId=PAIR, sz="5"))[0]
bid, ask = (book[side][0][0] if book[side] else None for side in ("bids", "asks"))
step("best bid and ask", f"{bid} / {ask} USDT")
(usdt,) = rows(account.get_account_balance(ccy="USDT"))[0]["details"]
step("free balance", f"{usdt['availBal']} USDT")

low = str(round(float(bid or 60_000) * 0.9))
order = {"instId": PAIR, "tdMode": "cash", "side": "buy"}
resting = rows(trade.place_order(**order, ordType="limit", px=low, sz="0.001"))[0]["ordId"]
step(f"limit order at {low}", resting)
step("its state", rows(trade.get_order(instId=PAIR, ordId=resting))[0]["state"])
rows(trade.amend_order(instId=PAIR, ordId=resting, newSz="0.002"))
step("amend its size to 0.002", resting)
rows(trade.cancel_order(instId=PAIR, ordId=resting))
step("cancel it", resting)

if ask is None:
    step("market order", "skipped: nobody sells (start with --profile living)")
else:
    bought = rows(trade.place_order(**order, ordType="market", sz="0.001", tgtCcy="base_ccy"))
    done = rows(trade.get_order(instId=PAIR, ordId=bought[0]["ordId"]))[0]
    step("market order for 0.001 BTC", f"{done['state']} at {done['avgPx']} USDT")
    step("its fee", f"{done['fee']} {done['feeCcy']}")
