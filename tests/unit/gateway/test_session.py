"""A dialogue of frames without a socket: what a client says, what it hears."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.support.wire import TinySlice, decoded, login

from tickyard.base.clock import ManualClock
from tickyard.gateway.operations import IN_FLIGHT_MAX
from tickyard.gateway.outbox import Flusher
from tickyard.gateway.session import (
    HELD_MAX,
    IDLE_S_MAX,
    REQUESTS_PER_HOUR_MAX,
    Parts,
    WebSocketSession,
)

NOW_S = 1_607_418_537
BTC = {"channel": "tickers", "instId": "BTC-USDT"}
ETH = {"channel": "tickers", "instId": "ETH-USDT"}
ACCOUNT = {"channel": "account"}
CONN = {"connId": "0a000001"}


class Sink:
    """The other end: takes frames apart again."""

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.backlog = 0
        self.writes = 0

    def write(self, data: bytes) -> None:
        assert self.closed is None, "nothing follows a close frame"
        self.writes += 1
        while data:
            assert data[0] == 0x81
            size, start = data[1], 2
            if size == 126:
                size, start = int.from_bytes(data[2:4], "big"), 4
            elif size == 127:
                size, start = int.from_bytes(data[2:10], "big"), 10
            self.texts.append(data[start : start + size])
            data = data[start + size :]

    def unsent(self) -> int:
        return self.backlog

    def close(self, code: int, reason: str) -> None:
        assert self.closed is None, "a connection is closed once"
        self.closed = (code, reason)


class Client:
    """One conversation."""

    def __init__(self, parts: Parts, tiny: TinySlice, clock: ManualClock) -> None:
        self.slice = tiny
        self.parts = parts
        self.clock = clock
        self.sink = Sink()
        self.session = self.open()

    def open(self, sink: Sink | None = None, path: str = "/ws/v5/private") -> WebSocketSession:
        return WebSocketSession(
            self.parts, sink or self.sink, conn_id="0a000001", path=path, peer="192.0.2.7"
        )

    async def hears(self) -> list[Any]:
        """Let everything happen and take what arrived."""
        for _ in range(6):
            await asyncio.sleep(0)
        texts, self.sink.texts = self.sink.texts, []
        return [text.decode() if text == b"pong" else decoded(text) for text in texts]

    async def says(self, *frames: dict[str, Any] | str | bytes) -> list[Any]:
        """Send frames in one turn of the loop; gives what is answered."""
        for frame in frames:
            text = json.dumps(frame) if isinstance(frame, dict) else frame
            self.session.receive(text.encode() if isinstance(text, str) else text)
        return await self.hears()

    async def logs_in(self, name: str = "alice") -> None:
        (answer,) = await self.says(login(NOW_S, name=name))
        assert answer["code"] == "0"

    def passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance_ms(1_000)
            self.parts.heartbeat.beat()
            self.session.check()


Make = Callable[..., Client]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clock = ManualClock(NOW_S * 10**9)
    tiny = TinySlice()
    gateway = tiny.gateway(wall=clock, exchange=clock)
    parts = Parts(
        signatures=gateway.signatures,
        operations=gateway.operations,
        switchboard=gateway.switchboard,
        heartbeat=gateway.heartbeat,
        flusher=Flusher(asyncio.get_running_loop().call_soon),
    )
    async with gateway.runner:
        yield Client(parts, tiny, clock)
        await gateway.runner.drain(0)


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


async def test_what_we_send_is_no_sign_of_life(client: Client) -> None:
    await client.says({"op": "subscribe", "args": [BTC]})
    for _ in range(IDLE_S_MAX):
        client.slice.topics.publish("tickers", "BTC-USDT", b"[]")
        client.passes(1)
    assert client.sink.closed is not None


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


# Login.


@pytest.mark.parametrize("timestamp", [NOW_S, str(NOW_S)])
async def test_a_login_is_acknowledged(client: Client, timestamp: str | int) -> None:
    answers = await client.says(login(timestamp))
    assert answers == [{"event": "login", "code": "0", "msg": "", **CONN}]


@pytest.mark.parametrize("path", ["/ws/v5/public", "/ws/v5/private", "/ws/v5/business"])
async def test_login_works_on_every_path(client: Client, path: str) -> None:
    client.session = client.open(path=path)
    await client.logs_in()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sign": "x"}, "60007"),
        ({"passphrase": "x"}, "60024"),
        ({"apiKey": "nobody"}, "60032"),
        ({"apiKey": "a b"}, "60005"),
        ({"timestamp": NOW_S - 31}, "60006"),
    ],
)
async def test_a_refused_login_may_be_tried_again(
    client: Client, changed: dict[str, Any], code: str
) -> None:
    (answer,) = await client.says(login(NOW_S, **changed))
    assert (answer["event"], answer["code"], answer["connId"]) == ("error", code, "0a000001")
    await client.logs_in()


async def test_the_same_account_may_log_in_again(client: Client) -> None:
    await client.logs_in()
    await client.logs_in()
    await client.logs_in("alice-2")


async def test_another_account_may_not(client: Client) -> None:
    await client.logs_in()
    (answer,) = await client.says(login(NOW_S, name="bob"))
    assert answer["code"] == "60031"
    assert client.session.caller is not None
    assert client.session.caller.key == "alice"


async def test_one_account_logs_in_on_a_connection(client: Client) -> None:
    frame = login(NOW_S)
    (answer,) = await client.says({"op": "login", "args": frame["args"] * 2})
    assert answer["code"] == "60009"


# Subscriptions.


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


@pytest.mark.parametrize("channel", [None, 5, "", ["tickers"], {"a": 1}])
async def test_an_arg_names_a_channel(client: Client, channel: Any) -> None:
    arg = {"channel": channel, "instId": "BTC-USDT"}
    (answer,) = await client.says({"op": "subscribe", "args": [arg]})
    assert answer["code"] == "60018"


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


# Operations.


def order(id_: object = "1", **item: Any) -> dict[str, Any]:
    return {"id": id_, "op": "order", "args": [{"clOrdId": "a", **item}]}


@pytest.mark.parametrize("op", ["order", "batch-orders"])
async def test_an_operation_is_answered_by_its_id(client: Client, op: str) -> None:
    await client.logs_in()
    (reply,) = await client.says({**order(), "op": op})
    assert list(reply) == ["id", "op", "code", "msg", "data", "inTime", "outTime"]
    assert (reply["id"], reply["op"], reply["code"], reply["msg"]) == ("1", op, "0", "")
    assert reply["data"] == [{"ordId": "", "clOrdId": "a", "sCode": "0"}]
    assert reply["inTime"] == str(NOW_S * 10**6)


async def test_an_operation_knows_its_caller(client: Client) -> None:
    await client.logs_in()
    await client.says(order(px="", tag=None))
    (request,) = client.slice.seen
    assert (request.account, request.peer, request.params) == (16, "192.0.2.7", {})
    assert request.body == [{"clOrdId": "a"}]


async def test_reasons_stand_in_the_items_alone(client: Client) -> None:
    await client.logs_in()
    (reply,) = await client.says(order(fail="51008"))
    assert (reply["code"], reply["msg"], reply["data"][0]["sCode"]) == ("1", "", "51008")
    args = [{"clOrdId": "a"}, {"clOrdId": "b", "fail": "51008"}]
    (reply,) = await client.says({"id": "2", "op": "batch-orders", "args": args})
    assert (reply["code"], reply["msg"]) == ("2", "")


async def test_answers_of_one_turn_leave_in_one_write(client: Client) -> None:
    await client.logs_in()
    before = client.sink.writes
    replies = await client.says(*(order(str(number)) for number in range(20)))
    assert len(replies) == 20
    assert client.sink.writes == before + 1


@pytest.mark.parametrize("op", ["order", "batch-orders"])
async def test_operations_begin_in_the_order_in_which_they_came(client: Client, op: str) -> None:
    await client.logs_in()
    client.slice.gate = asyncio.Event()
    await client.says(*({**order(str(n), clOrdId=f"c{n}"), "op": op} for n in range(50)))
    assert [seen.body[0]["clOrdId"] for seen in client.slice.seen] == [f"c{n}" for n in range(50)]
    client.slice.gate.set()
    assert [reply["id"] for reply in await client.hears()] == [str(n) for n in range(50)]


async def refused(client: Client, frame: dict[str, Any]) -> tuple[Any, str, str, Any]:
    (reply,) = await client.says(frame)
    assert "event" not in reply
    assert {"inTime", "outTime"} < set(reply)
    return reply.get("id"), reply["op"], reply["code"], reply["data"]


async def test_an_operation_wants_a_login(client: Client) -> None:
    assert await refused(client, order()) == ("1", "order", "60011", [])


async def test_an_operation_wants_the_right_path(client: Client) -> None:
    client.session = client.open(path="/ws/v5/public")
    await client.logs_in()
    assert await refused(client, order()) == ("1", "order", "60028", [])


async def test_an_operation_wants_the_permission(client: Client) -> None:
    await client.logs_in("alice-readonly")
    assert await refused(client, order()) == ("1", "order", "50120", [])


@pytest.mark.parametrize("args", [None, {}, [], ["x"], [None], "x", [{}, 5]])
async def test_malformed_args_of_an_operation_are_refused(client: Client, args: Any) -> None:
    await client.logs_in()
    frame = {"id": "1", "op": "order", "args": args}
    assert await refused(client, frame) == ("1", "order", "60013", [])


@pytest.mark.parametrize("id_", [None, "", "x" * 33, [], 1.5])
async def test_an_operation_wants_an_id(client: Client, id_: Any) -> None:
    await client.logs_in()
    known, op, code, _ = await refused(client, order(id_))
    assert (op, code) == ("order", "60013")
    assert known == (id_ if isinstance(id_, str) else None)


async def test_a_number_as_id_comes_back_as_text(client: Client) -> None:
    await client.logs_in()
    (reply,) = await client.says(order(1512))
    assert reply["id"] == "1512"


@pytest.mark.parametrize("as_text", [True, False])
async def test_a_late_operation_is_refused(client: Client, *, as_text: bool) -> None:
    await client.logs_in()
    now_ms = NOW_S * 1_000
    late = str(now_ms) if as_text else now_ms
    ahead = str(now_ms + 1) if as_text else now_ms + 1
    assert (await refused(client, {**order(), "expTime": late}))[2] == "50036"
    await client.says({**order(), "expTime": ahead})
    assert client.slice.seen[0].expires_at_ms == now_ms + 1
    assert (await refused(client, {**order(), "expTime": "soon"}))[2] == "51000"
    (reply,) = await client.says({**order(), "op": "batch-orders", "expTime": late})
    assert reply["code"] == "0", "this operation has no deadline"


@pytest.mark.parametrize("op", ["fail", "fail-direct"])
@pytest.mark.parametrize(
    ("how", "code", "data"),
    [
        ("refusal", "51001", []),
        ("parameter", "51000", [{"px": "1"}]),
        ("timeout", "50004", []),
        ("busy", "50013", []),
        ("down", "50001", []),
        ("bug", "50026", []),
    ],
)
async def test_whatever_an_operation_raises_becomes_its_reply(
    client: Client, op: str, how: str, code: str, data: list[Any]
) -> None:
    await client.logs_in()
    assert await refused(client, {"id": "1", "op": op, "args": [{"how": how}]}) == (
        "1", op, code, data,
    )  # fmt: skip
    assert client.session.in_flight == 0


async def test_only_so_many_operations_are_in_flight(client: Client) -> None:
    await client.logs_in()
    client.slice.gate = asyncio.Event()
    replies = await client.says(*(order(str(number)) for number in range(IN_FLIGHT_MAX + 1)))
    assert [(reply["id"], reply["code"]) for reply in replies] == [(str(IN_FLIGHT_MAX), "50013")]
    client.slice.gate.set()
    assert len(await client.hears()) == IN_FLIGHT_MAX
    (reply,) = await client.says(order())
    assert reply["code"] == "0"


async def test_an_answer_to_somebody_who_left_is_dropped(client: Client) -> None:
    await client.logs_in()
    client.slice.gate = asyncio.Event()
    await client.says(order())
    client.session.lost()
    client.slice.gate.set()
    assert await client.hears() == []


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
