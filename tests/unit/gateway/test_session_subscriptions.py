"""A dialogue of frames without a socket: what is subscribed to."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.support.session_desk import ACCOUNT, BTC, CONN, ETH, Client

from tickyard.gateway.session import REQUESTS_PER_HOUR_MAX


async def test_each_arg_is_acknowledged_and_followed_by_its_snapshot(client: Client) -> None:
    answers = await client.says({"id": "1512", "op": "subscribe", "args": [BTC, ETH]})
    assert answers == [
        {"id": "1512", "event": "subscribe", "arg": BTC, **CONN},
        {"arg": BTC, "data": [{"last": "1"}]},
        {"id": "1512", "event": "subscribe", "arg": ETH, **CONN},
        {"arg": ETH, "data": [{"last": "1"}]},
    ]


async def test_without_an_id_none_comes_back(client: Client) -> None:
    answers = await client.says({"op": "subscribe", "args": [BTC]})
    assert answers[0] == {"event": "subscribe", "arg": BTC, **CONN}


async def test_an_acknowledgement_repeats_the_arg_as_it_was_sent(client: Client) -> None:
    sent = {"channel": "tickers", "instType": None, "instFamily": None, "instId": "BTC-USDT"}
    ack, snapshot = await client.says({"op": "subscribe", "args": [sent]})
    assert ack["arg"] == sent
    assert snapshot["arg"] == BTC


async def test_what_is_subscribed_twice_begins_anew_and_is_pushed_once(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    answers = await client.says({"op": "subscribe", "args": [{**BTC, "instType": None}, BTC]})
    snapshot = {"arg": BTC, "data": [{"last": "1"}]}
    assert [answer.get("event") for answer in answers] == ["subscribe", None, "subscribe", None]
    assert answers[1::2] == [snapshot, snapshot]
    assert client.slice.topics.publish("tickers", "BTC-USDT", b"[]") == 1


async def test_what_is_private_and_subscribed_twice_is_acknowledged_twice_and_opened_once(
    client: Client,
) -> None:
    await client.logs_in()
    await client.says({"op": "subscribe", "args": [ACCOUNT]})
    answers = await client.says({"op": "subscribe", "args": [ACCOUNT, ACCOUNT]})
    assert [answer["event"] for answer in answers] == ["subscribe", "subscribe"]


async def test_one_refused_arg_stops_no_other(client: Client) -> None:
    args = [BTC, {"channel": "tickers", "instId": "X"}, {"channel": "foo", "instId": "X"}, ETH]
    answers = await client.says({"id": "1", "op": "subscribe", "args": args})
    assert [answer["event"] for answer in answers if "event" in answer] == [
        "subscribe", "error", "error", "subscribe",
    ]  # fmt: skip
    errors = [answer for answer in answers if answer.get("event") == "error"]
    assert {error["code"] for error in errors} == {"60018"}
    assert all(error["id"] == "1" and error["connId"] == "0a000001" for error in errors)
    assert errors[1]["msg"].startswith("Wrong URL or channel:foo,instId:X doesn't exist.")


@pytest.mark.parametrize(
    ("channel", "told"),
    [(None, "null"), (5, "5"), ("", "null"), (["tickers"], '["tickers"]'), ({"a": 1}, '{"a":1}')],
)
async def test_an_arg_names_a_channel(client: Client, channel: Any, told: str) -> None:
    arg = {"channel": channel, "instId": "BTC-USDT"}
    (answer,) = await client.says({"op": "subscribe", "args": [arg]})
    assert answer["code"] == "60018"
    assert answer["msg"].startswith(f"Wrong URL or channel:{told},instId:BTC-USDT doesn't exist.")


async def test_private_channels_want_a_login(client: Client) -> None:
    (answer,) = await client.says({"op": "subscribe", "args": [ACCOUNT]})
    assert (answer["event"], answer["code"]) == ("error", "60011")


async def test_private_frames_tell_whose_they_are(client: Client) -> None:
    await client.logs_in()
    ack, snapshot = await client.says({"op": "subscribe", "args": [ACCOUNT]})
    assert ack["arg"] == ACCOUNT
    assert snapshot["arg"] == {"channel": "account", "uid": "10000000016"}
    client.slice.topics.publish("account", 16, b"[1]")
    client.slice.topics.publish("account", 17, b"[2]")
    assert await client.hears() == [{"arg": {**ACCOUNT, "uid": "10000000016"}, "data": [1]}]


async def test_after_unsubscribing_nothing_more_comes(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    answers = await client.says({"id": "2", "op": "unsubscribe", "args": [BTC]})
    assert answers == [{"id": "2", "event": "unsubscribe", "arg": BTC, **CONN}]
    assert client.slice.topics.publish("tickers", "BTC-USDT", b"[]") == 0
    assert client.slice.tickers.closed_keys == ["BTC-USDT"]


async def test_what_was_not_subscribed_to_is_unsubscribed_all_the_same(client: Client) -> None:
    answers = await client.says({"op": "unsubscribe", "args": [BTC]})
    assert answers == [{"event": "unsubscribe", "arg": BTC, **CONN}]
    assert client.slice.tickers.closed_keys == []
    (answer,) = await client.says({"op": "unsubscribe", "args": [{"channel": "foo"}]})
    assert answer["code"] == "60018"


async def test_a_lost_connection_leaves_no_subscription(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC, ETH]})
    client.session.lost()
    assert client.slice.tickers.closed_keys == ["BTC-USDT", "ETH-USDT"]
    assert client.slice.topics.keys("tickers") == []
    assert client.parts.sessions == set()


async def test_a_bug_in_a_channel_is_told_as_such(client: Client) -> None:
    with capture_logs() as logged:
        (answer,) = await client.says(
            {"op": "subscribe", "args": [{"channel": "broken", "instId": "key"}]}
        )
    assert (answer["event"], answer["code"]) == ("error", "50026")
    assert logged[0]["event"] == "handler.failed"


@pytest.mark.parametrize("instrument", ["opened", "later"])
async def test_a_subscription_without_its_snapshot_is_ended_with_its_connection(
    client: Client, instrument: str
) -> None:
    with capture_logs() as logged:
        answers = await client.says(
            {"op": "subscribe", "args": [{"channel": "broken", "instId": instrument}]}
        )
    assert [answer["event"] for answer in answers] == ["subscribe"]
    assert client.sink.closed is not None
    assert client.sink.closed[0] == 4006
    assert logged[0]["event"] == "handler.failed"


async def test_requests_of_an_hour_are_counted(client: Client) -> None:
    frame = {"op": "subscribe", "args": [BTC]}
    for _ in range(REQUESTS_PER_HOUR_MAX):
        client.session.receive(json.dumps(frame).encode())
    await client.hears()
    (answer,) = await client.says(frame)
    assert (answer["event"], answer["code"]) == ("error", "60014")
    client.clock.advance_ms(3_600_000)
    client.parts.heartbeat.beat()
    answers = await client.says(frame)
    assert answers[0]["event"] == "subscribe"
