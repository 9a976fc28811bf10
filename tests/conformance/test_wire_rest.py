"""REST as unmodified clients write it: each spelling of the same request is signed as it is sent."""

import asyncio
import datetime as dt
from typing import Any

import ccxt
import httpx
import pytest
from okx.Account import AccountAPI
from okx.Trade import TradeAPI
from tests.support.wire import PASSPHRASE, SECRET, TinySlice, decoded, serving, signed

ORDER = "/api/v5/trade/order"


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ccxt_client() -> Any:
    return ccxt.okx({"apiKey": "alice", "secret": SECRET, "password": PASSPHRASE})


@pytest.mark.parametrize(
    ("params", "seen"),
    [
        ({}, {}),
        ({"ccy": "BTC"}, {"ccy": "BTC"}),
        ({"ccy": "BTC,USDT"}, {"ccy": "BTC,USDT"}),
        ({"ccy": "a b&c=d"}, {"ccy": "a b&c=d"}),
    ],
)
async def test_ccxt_signs_a_get(params: dict[str, str], seen: dict[str, str]) -> None:
    tiny = TinySlice()
    request = ccxt_client().sign("account/balance", ["private"], "GET", params)
    async with serving(tiny.gateway()) as port, httpx.AsyncClient() as client:
        path = request["url"].split("okx.com", 1)[1]
        response = await client.get(f"http://127.0.0.1:{port}{path}", headers=request["headers"])
    assert response.json()["code"] == "0"
    assert tiny.seen[0].params == seen


async def test_ccxt_places_an_order_as_a_batch_of_one() -> None:
    tiny = TinySlice()
    order = {"instId": "BTC-USDT", "clOrdId": "e847386590ce4dBC", "px": "1.5", "sz": "2"}
    request = ccxt_client().sign("trade/batch-orders", ["private"], "POST", [order])
    async with serving(tiny.gateway()) as port, httpx.AsyncClient() as client:
        response = await client.post(
            f"http://127.0.0.1:{port}/api/v5/trade/batch-orders",
            headers=request["headers"],
            content=request["body"],
        )
    assert response.json()["data"][0]["clOrdId"] == "e847386590ce4dBC"
    assert tiny.seen[0].body == [order]


async def test_python_okx_sends_commas_raw_and_unused_parameters_empty() -> None:
    tiny = TinySlice()
    async with serving(tiny.gateway()) as port:
        api = AccountAPI(
            "alice", SECRET, PASSPHRASE, flag="1", domain=f"http://127.0.0.1:{port}", debug=False
        )
        answer = await asyncio.to_thread(api.get_account_balance, ccy="BTC,USDT")
        api.close()
    assert answer["data"] == [{"ccy": "BTC,USDT"}]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # python-okx, of httpx
async def test_python_okx_sends_bodies_with_spaces_and_blanks() -> None:
    tiny = TinySlice()
    async with serving(tiny.gateway()) as port:
        api = TradeAPI(
            "alice", SECRET, PASSPHRASE, flag="0", domain=f"http://127.0.0.1:{port}", debug=False
        )
        answer = await asyncio.to_thread(
            api.place_order, "BTC-USDT", "cash", "buy", "limit", "2", px="1.5", clOrdId="b15"
        )
        api.close()
    assert answer["data"][0]["clOrdId"] == "b15"
    (request,) = tiny.seen
    assert request.body == {
        "instId": "BTC-USDT",
        "tdMode": "cash",
        "side": "buy",
        "ordType": "limit",
        "sz": "2",
        "px": "1.5",
        "clOrdId": "b15",
    }


async def test_headers_are_known_in_any_case() -> None:
    headers = {
        name.swapcase(): value
        for name, value in signed("GET", "/api/v5/account/balance", timestamp=now()).items()
    }
    async with serving(TinySlice().gateway()) as port, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}/api/v5/account/balance"
        assert (await client.get(url, headers=headers)).json()["code"] == "0"


async def test_one_connection_serves_many_requests() -> None:
    async with serving(TinySlice().gateway()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(50):
            body = '{"clOrdId":"a"}'
            headers = signed("POST", ORDER, body, timestamp=now())
            head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            writer.write(
                f"POST {ORDER} HTTP/1.1\r\nHost: x\r\n{head}Content-Length: 15\r\n\r\n{body}".encode()
            )
            answer = await reader.readuntil(b"\r\n\r\n")
            size = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            assert decoded(await reader.readexactly(size))["code"] == "0"
        writer.close()


async def test_a_refused_upload_can_still_read_why() -> None:
    async with serving(TinySlice().gateway()) as port, httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}{ORDER}"
        response = await client.post(url, content=b"x" * 4_000_000)
    assert (response.status_code, response.json()["code"]) == (413, "50002")
