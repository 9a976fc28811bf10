"""The WebSocket as unmodified clients speak it. Source: OKX v5, "WebSocket"."""

import json
import time
from typing import Any

import pytest
import websockets
from tests.support.wire import TinySlice, decoded, login, serving

ACCOUNT = {"channel": "account"}
BTC = {"channel": "tickers", "instId": "BTC-USDT"}


class Client:
    """A connection that says and hears JSON."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def say(self, frame: dict[str, Any]) -> None:
        await self._connection.send(json.dumps(frame))

    async def hear(self) -> Any:
        return decoded(await self._connection.recv())


async def talk(*frames: dict[str, Any], answers: int, path: str = "private") -> list[Any]:
    """Send frames and take so many answers."""
    async with serving(TinySlice().gateway()) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/{path}?brokerId=9999"
        async with websockets.connect(url) as connection:
            client = Client(connection)
            for frame in frames:
                await client.say(frame)
            return [await client.hear() for _ in range(answers)]


@pytest.mark.parametrize("timestamp", [int, str], ids=["python-okx", "ccxt"])
async def test_the_first_frame_after_a_login_is_its_acknowledgement(timestamp: type) -> None:
    frame = login(timestamp(int(time.time())))
    ack, subscribed = await talk(frame, {"op": "subscribe", "args": [ACCOUNT]}, answers=2)
    assert {name: type(value) for name, value in ack.items()} == dict.fromkeys(
        ["event", "code", "msg", "connId"], str
    )
    assert (ack["event"], ack["code"]) == ("login", "0")
    assert subscribed["event"] == "subscribe"


@pytest.mark.parametrize("path", ["public", "private", "business"])
async def test_nautilus_sends_nulls_and_wants_its_connection_named(path: str) -> None:
    arg = {"channel": "tickers", "instType": None, "instFamily": None, "instId": "BTC-USDT"}
    ack, snapshot = await talk({"op": "subscribe", "args": [arg]}, answers=2, path=path)
    assert (ack["event"], ack["arg"]) == ("subscribe", arg)
    assert len(ack["connId"]) == 8
    assert snapshot["arg"] == BTC


async def test_ccxt_finds_the_id_of_an_illegal_request_in_the_text() -> None:
    async with serving(TinySlice().gateway()) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/private"
        async with websockets.connect(url) as connection:
            text = '{"id":"17321173472466905","args":[{"instId":"ETH-USDC"}]}'
            await connection.send(text)
            answer = decoded(await connection.recv())
    assert answer["code"] == "60012"
    assert "id" not in answer
    assert json.loads(answer["msg"].removeprefix("Illegal request: "))["id"] == "17321173472466905"


async def test_ccxt_orders_by_batch_and_reads_the_reason_in_the_item() -> None:
    order = {"instIdCode": 3, "clOrdId": "e847386590ce4dBC", "fail": "51008"}
    _, reply = await talk(
        login(int(time.time())),
        {"id": "1689281055", "op": "batch-orders", "args": [order]},
        answers=2,
    )
    assert (reply["id"], reply["op"], reply["code"], reply["msg"]) == (
        "1689281055", "batch-orders", "1", "",
    )  # fmt: skip
    assert reply["data"][0]["sCode"] == "51008"
    assert reply["inTime"].isdigit()
    assert len(reply["outTime"]) == 16


async def test_hummingbot_sends_its_ping_in_quotes() -> None:
    async with serving(TinySlice().gateway()) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/public"
        async with websockets.connect(url) as connection:
            await connection.send(json.dumps("ping"))
            assert await connection.recv() == "pong"


async def test_compression_is_declined() -> None:
    async with serving(TinySlice().gateway()) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/public"
        async with websockets.connect(url, compression="deflate") as connection:
            assert connection.response is not None
            assert "Sec-WebSocket-Extensions" not in connection.response.headers
