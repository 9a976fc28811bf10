"""A dialogue of bytes: what is received, what is answered, and how long the connection stays."""

import asyncio

import pytest
from tests.support.http_desk import AT, GET_TIME, ORDER, HttpClient, posted
from tests.support.wire import decoded, signed

from tickyard.gateway.http import IDLE_S_MAX, PIPELINED_MAX, REQUEST_S_MAX


async def test_a_request_is_answered(http: HttpClient) -> None:
    await http.says(GET_TIME)
    ((status, headers, body),) = http.answers()
    assert status == 200
    assert decoded(body) == {"code": "0", "msg": "", "data": [{}]}
    assert headers[b"date"] == b"Tue, 08 Dec 2020 09:08:57 GMT"
    assert b"connection" not in headers
    assert not http.transport.is_closed


async def test_a_request_may_arrive_byte_by_byte(http: HttpClient) -> None:
    request = posted(b'{"clOrdId":"a"}')
    await http.says(*(request[index : index + 1] for index in range(len(request))))
    assert http.answer()[1]["data"] == [{"ordId": "", "clOrdId": "a", "sCode": "0"}]
    assert http.slice.seen[0].peer == "192.0.2.7"


async def test_a_body_may_come_in_chunks(http: HttpClient) -> None:
    headers = signed("POST", ORDER, '{"clOrdId":"abc"}', timestamp=AT)
    head = f"POST {ORDER} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    await http.says(head.encode() + b"\r\n", b'8\r\n{"clOrdI\r\n', b'9\r\nd":"abc"}\r\n0\r\n\r\n')
    assert http.answer()[1]["data"][0]["clOrdId"] == "abc"


async def test_pipelined_requests_are_answered_in_order(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b'{"clOrdId":"a"}') + GET_TIME + posted(b'{"clOrdId":"b"}') + GET_TIME)
    assert http.answers() == []
    assert len(http.slice.seen) == 1, "the second waits for the first"
    http.slice.gate.set()
    await http.says()
    await http.says()
    bodies = [body for _, _, body in http.answers()]
    assert [b"clOrdId" in body for body in bodies] == [True, False, True, False]


async def test_a_client_that_pipelines_too_much_is_not_read(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b'{"clOrdId":"a"}') + GET_TIME * (PIPELINED_MAX + 1))
    assert not http.transport.reading
    http.slice.gate.set()
    for _ in range(PIPELINED_MAX):
        await http.says()
    assert len(http.answers()) == PIPELINED_MAX + 2
    assert http.transport.reading


async def test_a_client_that_does_not_read_is_not_answered(http: HttpClient) -> None:
    http.connection.pause_writing()
    await http.says(GET_TIME)
    assert http.answers() == []
    http.connection.resume_writing()
    await http.says()
    assert http.answer()[0] == 200


@pytest.mark.parametrize(
    ("request_head", "header", "is_closed"),
    [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b"close", True),
        (b"GET / HTTP/1.0\r\n\r\n", b"close", True),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", b"keep-alive", False),
        (b"GET / HTTP/1.1\r\n\r\n", None, False),
    ],
)
async def test_the_connection_stays_as_long_as_the_client_wants(
    http: HttpClient, request_head: bytes, header: bytes | None, *, is_closed: bool
) -> None:
    await http.says(request_head)
    ((_, headers, _),) = http.answers()
    assert headers.get(b"connection") == header
    assert http.transport.is_closed is is_closed


async def test_what_follows_a_last_request_is_not_answered(http: HttpClient) -> None:
    await http.says(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + GET_TIME)
    assert len(http.answers()) == 1


async def test_leave_to_send_a_body_is_given(http: HttpClient) -> None:
    request = posted(b'{"clOrdId":"a"}', b"Expect: 100-continue")
    head, body = request[:-15], request[-15:]
    await http.says(head)
    assert http.transport.sent == b"HTTP/1.1 100 Continue\r\n\r\n"
    http.transport.sent = b""
    await http.says(body)
    assert http.answer()[0] == 200


async def test_the_head_alone_has_no_body(http: HttpClient) -> None:
    await http.says(b"HEAD /livez HTTP/1.1\r\n\r\n" + GET_TIME)
    sent = http.transport.sent
    assert sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 6\r\n" in sent
    assert b"alive" not in sent
    assert sent.count(b"HTTP/1.1 200 OK") == 2


async def test_an_idle_connection_is_closed(http: HttpClient) -> None:
    await http.says(GET_TIME)
    http.passes(IDLE_S_MAX - 1)
    assert not http.transport.is_closed
    http.passes(1)
    assert http.transport.is_closed


async def test_a_request_that_dribbles_is_given_up(http: HttpClient) -> None:
    await http.says(GET_TIME + b"GET / HTTP/1.1\r\n")
    for _ in range(REQUEST_S_MAX):
        assert not http.transport.is_closed
        http.passes(1)
        await http.says(b"X: y\r\n")
    assert http.transport.is_closed


async def test_a_request_that_is_being_answered_is_not_given_up(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b"{}"))
    http.passes(IDLE_S_MAX * 2)
    assert not http.transport.is_closed
    http.slice.gate.set()
    await http.says()
    assert http.answer()[0] == 200


async def test_an_answer_to_somebody_who_left_is_dropped(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    http.connection.connection_lost(None)
    http.slice.gate.set()
    await http.says()
    assert http.transport.sent == b""
    assert len(http.slice.seen) == 1, "what was begun is finished, nothing more is begun"
    assert http.door.connections == set()


async def test_a_client_that_sends_nothing_more_is_answered(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    assert http.connection.eof_received()
    http.slice.gate.set()
    await http.says()
    await http.says()
    assert [status for status, _, _ in http.answers()] == [200, 200]
    assert http.transport.is_closed


async def test_a_client_that_waits_for_nothing_is_gone(http: HttpClient) -> None:
    await http.says(GET_TIME + GET_TIME[:10])
    assert not http.connection.eof_received()


async def test_finishing_lets_the_current_answer_out(http: HttpClient) -> None:
    http.slice.gate = asyncio.Event()
    await http.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    http.connection.finish()
    assert not http.transport.is_closed
    http.slice.gate.set()
    await http.says()
    ((status, headers, _),) = http.answers()
    assert (status, headers[b"connection"]) == (200, b"close")
    assert http.transport.is_closed


async def test_finishing_closes_what_is_idle(http: HttpClient) -> None:
    http.connection.finish()
    assert http.transport.is_closed
