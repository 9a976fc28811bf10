"""A dialogue of frames without a socket: signs of life, frames that are no requests, the end."""

import json
from typing import Any

import pytest
from tests.support.session_desk import BTC, CONN, Client, Sink

from tickyard.gateway.session import HELD_MAX, IDLE_S_MAX

# Keeping alive.


@pytest.mark.parametrize("ping", ["ping", '"ping"'])
async def test_a_text_ping_is_answered(client: Client, ping: str) -> None:
    assert await client.says(ping) == ["pong"]


async def test_nothing_is_said_before_anything_was_asked(client: Client) -> None:
    client.passes(IDLE_S_MAX - 1)
    assert await client.hears() == []


async def test_a_silent_client_is_left(client: Client) -> None:
    client.passes(IDLE_S_MAX)
    assert client.sink.closed == (4004, "No data received in 30s.")


async def test_any_frame_counts_as_a_sign_of_life(client: Client) -> None:
    client.passes(IDLE_S_MAX - 1)
    client.session.heard()
    client.passes(IDLE_S_MAX - 1)
    await client.says("nonsense")
    client.passes(IDLE_S_MAX - 1)
    assert client.sink.closed is None


async def test_a_client_need_not_ping_while_data_is_pushed(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    for _ in range(3):
        client.passes(IDLE_S_MAX - 1)
        client.slice.topics.publish("tickers", "BTC-USDT", b"[]")
        await client.hears()
    client.passes(IDLE_S_MAX)
    assert client.sink.closed is None
    client.passes(1)
    assert client.sink.closed == (4004, "No data received in 30s.")


# What is no request.


@pytest.mark.parametrize(
    "text",
    [
        "hello", "", "{", "[]", "5", "null", '"text"', "{}", '{"op":5}', '{"op":null,"id":"7"}',
        '{"id":"7","op":"order","op":"order","args":[]}', '{"a":1,"op":"login","a":2}',
        '{"op":"order","args":NaN}', "[" * 50_000,
    ],
)  # fmt: skip
async def test_what_is_no_request_comes_back_as_illegal(client: Client, text: str) -> None:
    answers = await client.says(text)
    assert answers == [
        {"event": "error", "code": "60012", "msg": f"Illegal request: {text}", **CONN}
    ]
    assert client.sink.closed is None


async def test_what_is_no_utf8_ends_the_connection(client: Client) -> None:
    assert await client.says(b'{"op":"\xff"}') == []
    assert client.sink.closed == (1007, "Invalid UTF-8")


async def test_an_unknown_operation_is_refused_by_its_id(client: Client) -> None:
    assert await client.says({"id": "7", "op": "dance", "args": [{}]}) == [
        {"id": "7", "event": "error", "code": "60019", "msg": "Invalid op: dance", **CONN}
    ]


@pytest.mark.parametrize("op", ["login", "subscribe", "unsubscribe"])
@pytest.mark.parametrize("args", [None, {}, [], ["x"], [[]], [None], "x", [BTC, 5]])
async def test_args_are_a_list_of_objects(client: Client, op: str, args: Any) -> None:
    (answer,) = await client.says({"id": "7", "op": op, "args": args})
    assert (answer["id"], answer["event"], answer["code"]) == ("7", "error", "60013")


async def test_what_follows_a_subscription_waits_until_that_is_in_force(client: Client) -> None:
    await client.logs_in()
    orders = {"channel": "orders", "instType": "ANY"}
    order = {"id": "8", "op": "batch-orders", "args": [{"instId": "BTC-USDT"}]}
    heard = await client.says({"id": "7", "op": "subscribe", "args": [orders]}, order, "ping")
    assert heard == ["pong"]
    assert client.slice.seen == []
    client.slice.orders.gate.set()
    subscribed, placed = await client.hears()
    assert (subscribed["event"], placed["id"]) == ("subscribe", "8")
    (answered,) = await client.says(order)
    assert answered["id"] == "8"


async def test_only_so_much_waits_for_a_subscription(client: Client) -> None:
    await client.logs_in()
    await client.says({"op": "subscribe", "args": [{"channel": "orders", "instType": "ANY"}]})
    await client.says(*[{"id": "8", "op": "batch-orders", "args": [{}]}] * (HELD_MAX + 1))
    assert client.sink.closed is not None
    assert client.sink.closed[0] == 1013
    client.slice.orders.gate.set()
    await client.hears()
    assert client.slice.seen == []


# Closing.


async def test_what_is_queued_leaves_before_the_close(client: Client) -> None:
    client.session.receive(b"ping")
    client.session.close(1001, "The server is going away.")
    assert client.sink.texts == [b"pong"]
    assert client.sink.closed == (1001, "The server is going away.")


async def test_a_closed_session_hears_and_says_nothing_more(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    client.session.close(1001, "")
    client.session.close(1001, "")
    client.passes(IDLE_S_MAX)
    assert await client.says("ping") == []
    assert client.slice.topics.keys("tickers") == []


async def test_a_slow_reader_is_left(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    client.sink.backlog = 1 << 20
    client.slice.topics.publish("tickers", "BTC-USDT", b"[]")
    assert await client.hears() == []
    assert client.sink.closed == (4005, "Send buffer is full.")
    assert client.slice.topics.keys("tickers") == []


async def test_a_slow_reader_hinders_no_other(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    other = Sink()
    session = client.open(other)
    session.receive(json.dumps({"op": "subscribe", "args": [BTC]}).encode())
    await client.hears()
    client.sink.backlog = 1 << 20
    client.slice.topics.publish("tickers", "BTC-USDT", b"[7]")
    await client.hears()
    assert client.sink.closed is not None
    assert other.texts[-1].endswith(b'"data":[7]}')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"op":"login","args":[{"passphrase":"open sesame"}', '"passphrase":"[redacted]"}'),
        ('{"op":"login","args":[{"sign" : "s3cret', '"sign" : "[redacted]'),
        ('{"passphrase":"a\\"b","x"}', '{"passphrase":"[redacted]","x"}'),
    ],
)
async def test_what_comes_back_as_illegal_holds_no_secret(
    client: Client, text: str, shown: str
) -> None:
    (answer,) = await client.says(text)
    assert answer["msg"].endswith(shown)


async def test_an_id_too_long_to_be_repeated_is_refused_once(client: Client) -> None:
    arg = {"channel": "nothing"}
    frame = {"id": "1" * 33, "op": "subscribe", "args": [arg, arg]}
    assert await client.says(frame) == [
        {"event": "error", "code": "60013", "msg": "Parameter id error", **CONN}
    ]
