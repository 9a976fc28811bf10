"""python-okx as it comes from the registry trades over REST, and over WebSocket, which it speaks with TLS only."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from okx.Account import AccountAPI
from okx.MarketData import MarketAPI
from okx.PublicData import PublicAPI
from okx.Trade import TradeAPI
from okx.websocket.WsPrivateAsync import WsPrivateAsync
from okx.websocket.WsPublicAsync import WsPublicAsync
from tests.support.exchange import Exchange

PATIENCE_S = 30
# The library leaves its HTTP/2 client to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def credentials(exchange: Exchange, name: str) -> tuple[str, str, str]:
    key = exchange.key(name)
    return key["apiKey"], key["secretKey"], key["passphrase"]


def test_rest_places_amends_cancels_and_queries(exchange: Exchange) -> None:
    url = exchange.status()["http"]
    # flag "1", the default of the library, sends the demo header
    trade = TradeAPI(*credentials(exchange, "bob"), flag="1", domain=url)
    account = AccountAPI(*credentials(exchange, "bob"), flag="0", domain=url)

    placed = trade.place_order(
        instId="USDC-USDT",
        tdMode="cash",
        side="buy",
        ordType="limit",
        px="0.99",
        sz="100",
        clOrdId="mine1",
    )
    assert placed["code"] == "0", placed
    order_id = placed["data"][0]["ordId"]
    assert placed["data"][0]["clOrdId"] == "mine1"
    found = trade.get_order(instId="USDC-USDT", clOrdId="mine1")["data"][0]
    assert (found["ordId"], found["state"], found["px"]) == (order_id, "live", "0.99")

    amended = trade.amend_order(instId="USDC-USDT", ordId=order_id, newSz="50", reqId="r1")
    assert (amended["code"], amended["data"][0]["reqId"]) == ("0", "r1")
    assert trade.get_order_list(instType="SPOT", instId="USDC-USDT")["data"][0]["sz"] == "50"
    canceled = trade.cancel_order(instId="USDC-USDT", clOrdId="mine1")
    assert (canceled["code"], canceled["data"][0]["ordId"]) == ("0", order_id)
    history = trade.get_orders_history(instType="SPOT", instId="USDC-USDT")["data"]
    assert (history[0]["ordId"], history[0]["state"]) == (order_id, "canceled")

    again = trade.cancel_order(instId="USDC-USDT", ordId=order_id)
    assert (again["code"], again["data"][0]["sCode"]) == ("1", "51400")
    assert account.get_account_balance(ccy="USDT")["data"][0]["details"][0]["availEq"] == ""
    assert account.get_account_config()["data"][0]["acctLv"] == "1"
    assert account.get_fee_rates(instType="SPOT")["code"] == "0"
    assert account.get_positions()["data"] == []


def test_rest_batches_answer_item_by_item(exchange: Exchange) -> None:
    trade = TradeAPI(*credentials(exchange, "bob"), flag="0", domain=exchange.status()["http"])
    order = {"instId": "USDC-USDT", "tdMode": "cash", "side": "buy", "ordType": "limit", "sz": "10"}
    mixed = trade.place_multiple_orders(
        [order | {"px": "0.98"}, order | {"px": "0.98", "sz": "10000000"}]
    )
    assert (mixed["code"], [item["sCode"] for item in mixed["data"]]) == ("2", ["0", "51008"])
    first = {"instId": "USDC-USDT", "ordId": mixed["data"][0]["ordId"]}
    assert trade.amend_multiple_orders([first | {"newPx": "0.97"}])["code"] == "0"
    assert trade.cancel_multiple_orders([first])["code"] == "0"


def test_public_data_needs_no_key(exchange: Exchange) -> None:
    url = exchange.status()["http"]
    public, market = PublicAPI(flag="0", domain=url), MarketAPI(flag="0", domain=url)
    spot = public.get_instruments(instType="SPOT")["data"]
    assert len(spot) >= 12
    assert public.get_instruments(instType="SWAP") == {"code": "0", "msg": "", "data": []}
    assert {row["instId"] for row in market.get_tickers(instType="SPOT")["data"]} == {
        row["instId"] for row in spot
    }
    assert market.get_ticker(instId="NO-SUCH")["code"] == "51001"


async def test_websocket_over_tls_follows_and_trades(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = exchange.status()
    monkeypatch.setenv("SSL_CERT_FILE", status["ca"])
    key, secret, passphrase = credentials(exchange, "alice")
    heard: list[dict[str, Any]] = []

    def listen(message: str) -> None:
        heard.append(json.loads(message))

    public = WsPublicAsync(url=f"{status['wss']}/public")
    private = WsPrivateAsync(
        apiKey=key, passphrase=passphrase, secretKey=secret, url=f"{status['wss']}/private"
    )
    tasks = [await public.start(), await private.start()]
    try:
        await public.subscribe([{"channel": "books5", "instId": "BTC-USDC"}], callback=listen)
        followed = [{"channel": name, "instType": "SPOT"} for name in ("orders", "orders-algo")]
        await private.subscribe(followed, callback=listen)
        for arg in followed:
            await _until(heard, _acknowledged(arg["channel"]))
        order = {
            "instId": "BTC-USDC",
            "tdMode": "cash",
            "side": "buy",
            "ordType": "limit",
            "px": "60000",
            "sz": "0.1",
        }
        await private.place_order([order], id="1")
        acknowledged = await _until(heard, lambda frame: frame.get("id") == "1")
        assert (acknowledged["code"], acknowledged["data"][0]["sCode"]) == ("0", "0")
        order_id = acknowledged["data"][0]["ordId"]
        pushed = await _until(heard, _order_in("live", order_id))
        assert pushed["arg"]["uid"]
        book = await _until(
            heard,
            lambda f: (
                f.get("arg", {}).get("channel") == "books5" and f.get("data", [{}])[0].get("bids")
            ),
        )
        assert book["data"][0]["bids"][0][:2] == ["60000", "0.1"]
        await private.cancel_order([{"instId": "BTC-USDC", "ordId": order_id}], id="2")
        await _until(heard, _order_in("canceled", order_id))
        trade = TradeAPI(key, secret, passphrase, flag="0", domain=status["http"])
        stop = {"ordType": "conditional", "slTriggerPx": "50000", "slOrdPx": "-1", "sz": "0.1"}
        placed = trade.place_algo_order(instId="BTC-USDC", tdMode="cash", side="sell", **stop)
        which = {"instId": "BTC-USDC", "algoId": placed["data"][0]["algoId"]}
        await _until(heard, _order_in("live", which["algoId"], "algoId"))
        assert trade.cancel_algo_order([which])["code"] == "0"
        await _until(heard, _order_in("canceled", which["algoId"], "algoId"))
    finally:
        await public.stop()
        await private.stop()
        await asyncio.gather(*tasks, return_exceptions=True)


def _acknowledged(channel: str) -> Callable[[dict[str, Any]], bool]:
    return lambda frame: frame.get("arg", {}).get("channel") == channel and "event" in frame


def _order_in(state: str, order_id: str, name: str = "ordId") -> Callable[[dict[str, Any]], bool]:
    def matches(frame: dict[str, Any]) -> bool:
        return "data" in frame and any(
            row.get("state") == state and row.get(name) == order_id for row in frame["data"]
        )

    return matches


async def _until(
    heard: list[dict[str, Any]], matches: Callable[[dict[str, Any]], Any]
) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for frame in heard:
                if matches(frame):
                    return frame
            await asyncio.sleep(0.01)
