"""A dialogue of frames without a socket: operations."""

import asyncio
from typing import Any

import pytest
from tests.support.session_desk import NOW_S, Client, order

from tickyard.gateway.operations import IN_FLIGHT_MAX


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


@pytest.mark.parametrize("id_", [None, "", "x" * 33, "a-b", "é", -1, [], 1.5])
async def test_an_operation_wants_an_id(client: Client, id_: Any) -> None:
    await client.logs_in()
    known, op, code, _ = await refused(client, order(id_))
    assert (op, code) == ("order", "60013")
    assert known == (str(id_) if isinstance(id_, str | int) else None)


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
