"""A dialogue of bytes: what is received, what is answered."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.wire import TinySlice, decoded, signed

from tickyard.base.clock import ManualClock
from tickyard.gateway.app import Gateway
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.http import (
    IDLE_S_MAX,
    PIPELINED_MAX,
    REQUEST_S_MAX,
    WAIT_S,
    Door,
    HttpConnection,
    Wait,
)
from tickyard.gateway.http_reader import refusal
from tickyard.gateway.shares import BREATHS

AT = "2020-12-08T09:08:57.715Z"
AT_NS = 1_607_418_537_715 * 10**6
GET_TIME = b"GET /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n"
ORDER = "/api/v5/trade/order"


class Transport:
    """A transport whose other end is the test."""

    def __init__(self) -> None:
        self.sent = b""
        self.is_closed = False
        self.reading = True

    def get_extra_info(self, name: str) -> Any:
        return {"peername": ("192.0.2.7", 5000)}.get(name)

    def write(self, data: bytes) -> None:
        assert not self.is_closed
        self.sent += data

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def is_reading(self) -> bool:
        return self.reading


class Client:
    """One connection to a gateway, without a socket."""

    def __init__(self, slice_: TinySlice, gateway: Gateway, clock: ManualClock) -> None:
        self.slice = slice_
        self.gateway = gateway
        self.clock = clock
        self.upgrades: list[tuple[Incoming, bytes]] = []
        self.refusal: Response | Wait | None = None
        self.waits = 0
        self.asked = asyncio.Event()
        self.door = Door(
            gateway.rest, wall=clock, heartbeat=gateway.heartbeat, upgrade=self._upgrade
        )
        self.transport = Transport()
        self.connection = HttpConnection(self.door)
        self.connection.connection_made(self.transport)  # type: ignore[arg-type]

    def _upgrade(
        self, incoming: Incoming, _: asyncio.Transport, rest: bytes, waits: int
    ) -> Response | Wait | None:
        self.upgrades.append((incoming, rest))
        self.waits = waits
        self.asked.set()
        return self.refusal

    async def says(self, *pieces: bytes) -> None:
        """Send pieces, and let everything that follows happen."""
        for piece in pieces:
            self.connection.data_received(piece)
        for _ in range(5 * (1 + BREATHS)):
            await asyncio.sleep(0)

    def passes(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self.clock.advance_ms(1_000)
            self.gateway.heartbeat.beat()
            self.connection.check()

    def answers(self) -> list[tuple[int, dict[bytes, bytes], bytes]]:
        """Take what was answered: status, headers, body."""
        found = []
        rest, self.transport.sent = self.transport.sent, b""
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            lines = head.split(b"\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(b":") for line in lines[1:])
            }
            size = int(headers.get(b"content-length", b"0"))
            found.append((int(lines[0].split()[1]), headers, rest[:size]))
            rest = rest[size:]
        return found

    def answer(self) -> tuple[int, Any]:
        """Take the only answer: status and decoded body."""
        ((status, headers, body),) = self.answers()
        assert headers[b"content-type"] == b"application/json"
        return status, decoded(body)


def posted(body: bytes, *more: bytes, path: str = ORDER, length: int | None = None) -> bytes:
    """Write a signed POST."""
    headers = signed("POST", path, body.decode("latin-1"), timestamp=AT)
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    size = len(body) if length is None else length
    head = "\r\n".join([*lines, f"Content-Length: {size}"]).encode()
    return b"\r\n".join([head, *more, b"", body])


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    clock = ManualClock(AT_NS)
    tiny = TinySlice()
    gateway = tiny.gateway(wall=clock, exchange=clock)
    async with gateway.runner:
        yield Client(tiny, gateway, clock)
        await gateway.runner.drain(0)


async def test_a_request_is_answered(client: Client) -> None:
    await client.says(GET_TIME)
    ((status, headers, body),) = client.answers()
    assert status == 200
    assert decoded(body) == {"code": "0", "msg": "", "data": [{}]}
    assert headers[b"date"] == b"Tue, 08 Dec 2020 09:08:57 GMT"
    assert b"connection" not in headers
    assert not client.transport.is_closed


async def test_a_request_may_arrive_byte_by_byte(client: Client) -> None:
    request = posted(b'{"clOrdId":"a"}')
    await client.says(*(request[index : index + 1] for index in range(len(request))))
    assert client.answer()[1]["data"] == [{"ordId": "", "clOrdId": "a", "sCode": "0"}]
    assert client.slice.seen[0].peer == "192.0.2.7"


async def test_a_body_may_come_in_chunks(client: Client) -> None:
    headers = signed("POST", ORDER, '{"clOrdId":"abc"}', timestamp=AT)
    head = f"POST {ORDER} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    await client.says(head.encode() + b"\r\n", b'8\r\n{"clOrdI\r\n', b'9\r\nd":"abc"}\r\n0\r\n\r\n')
    assert client.answer()[1]["data"][0]["clOrdId"] == "abc"


async def test_pipelined_requests_are_answered_in_order(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b'{"clOrdId":"a"}') + GET_TIME + posted(b'{"clOrdId":"b"}') + GET_TIME)
    assert client.answers() == []
    assert len(client.slice.seen) == 1, "the second waits for the first"
    client.slice.gate.set()
    await client.says()
    await client.says()
    bodies = [body for _, _, body in client.answers()]
    assert [b"clOrdId" in body for body in bodies] == [True, False, True, False]


async def test_a_client_that_pipelines_too_much_is_not_read(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b'{"clOrdId":"a"}') + GET_TIME * (PIPELINED_MAX + 1))
    assert not client.transport.reading
    client.slice.gate.set()
    for _ in range(PIPELINED_MAX):
        await client.says()
    assert len(client.answers()) == PIPELINED_MAX + 2
    assert client.transport.reading


async def test_a_client_that_does_not_read_is_not_answered(client: Client) -> None:
    client.connection.pause_writing()
    await client.says(GET_TIME)
    assert client.answers() == []
    client.connection.resume_writing()
    await client.says()
    assert client.answer()[0] == 200


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
    client: Client, request_head: bytes, header: bytes | None, *, is_closed: bool
) -> None:
    await client.says(request_head)
    ((_, headers, _),) = client.answers()
    assert headers.get(b"connection") == header
    assert client.transport.is_closed is is_closed


async def test_what_follows_a_last_request_is_not_answered(client: Client) -> None:
    await client.says(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n" + GET_TIME)
    assert len(client.answers()) == 1


async def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(
    client: Client,
) -> None:
    await client.says(posted(b"", length=65_537))
    ((status, headers, body),) = client.answers()
    assert (status, decoded(body)["code"]) == (413, "50002")
    assert headers[b"connection"] == b"close"
    await client.says(b"x" * 65_537)
    assert client.answers() == []
    assert client.slice.seen == []


async def test_a_body_that_grows_too_large_is_refused(client: Client) -> None:
    head = f"POST {ORDER} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    await client.says(head, chunk, chunk, chunk)
    assert client.answer()[0] == 413


async def test_the_largest_body_is_accepted(client: Client) -> None:
    body = b'{"clOrdId":"' + b"a" * (65_536 - 14) + b'"}'
    await client.says(posted(body))
    assert client.answer()[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000,
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(101)) + b"\r\n",
    ],
    ids=["target", "header", "headers"],
)
async def test_a_head_is_limited(client: Client, head: bytes) -> None:
    await client.says(*(head[at : at + 1_000] for at in range(0, len(head), 1_000)))
    assert client.answer()[0] == 431


@pytest.mark.parametrize("size", [1_000, 100_000])
async def test_a_head_is_limited_however_it_arrives(client: Client, size: int) -> None:
    head = b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n"
    await client.says(*(head[at : at + size] for at in range(0, len(head), size)))
    assert client.answer()[0] == 431


async def test_what_is_pipelined_before_a_head_is_no_part_of_it(client: Client) -> None:
    earlier = b"GET /api/v5/public/time HTTP/1.1\r\nX: " + b"a" * 6_000 + b"\r\n\r\n"
    await client.says(earlier * 3 + GET_TIME[:20], GET_TIME[20:])
    assert [status for status, _, _ in client.answers()] == [200] * 4


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nX\x00: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n",
    ],
)
async def test_what_is_no_http_or_may_be_read_in_two_ways_is_refused(
    client: Client, request_bytes: bytes
) -> None:
    await client.says(request_bytes)
    status, body = client.answer()
    assert (status, body["code"]) == (400, "50002")
    await client.says(GET_TIME)
    assert client.answers() == []


async def test_leave_to_send_a_body_is_given(client: Client) -> None:
    request = posted(b'{"clOrdId":"a"}', b"Expect: 100-continue")
    head, body = request[:-15], request[-15:]
    await client.says(head)
    assert client.transport.sent == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.transport.sent = b""
    await client.says(body)
    assert client.answer()[0] == 200


async def test_no_leave_is_given_for_what_is_refused(client: Client) -> None:
    await client.says(posted(b"", b"Expect: 100-continue", length=100_000))
    assert client.answer()[0] == 413


async def test_other_expectations_cannot_be_met(client: Client) -> None:
    await client.says(posted(b"{}", b"Expect: a miracle"))
    assert client.answer()[0] == 417


async def test_the_head_alone_has_no_body(client: Client) -> None:
    await client.says(b"HEAD /livez HTTP/1.1\r\n\r\n" + GET_TIME)
    sent = client.transport.sent
    assert sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 6\r\n" in sent
    assert b"alive" not in sent
    assert sent.count(b"HTTP/1.1 200 OK") == 2


async def test_a_wish_for_a_websocket_takes_the_connection_away(client: Client) -> None:
    request = b"GET /ws/v5/public HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    await client.says(request + b"\x81\x85more")
    ((incoming, rest),) = client.upgrades
    assert incoming.target == b"/ws/v5/public"
    assert rest == b"\x81\x85more"
    assert client.transport.sent == b""
    assert client.door.connections == set()


async def test_a_websocket_that_comes_too_early_is_asked_for_again_and_nothing_is_read_meanwhile(
    client: Client,
) -> None:
    client.refusal = Wait.A_MOMENT
    await client.says(
        b"GET /ws/v5/public HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nmore"
    )
    assert (client.waits, client.transport.reading) == (0, False)
    client.refusal = None
    client.asked.clear()
    async with asyncio.timeout(WAIT_S * 50):
        await client.asked.wait()
    assert client.waits == 1
    assert client.transport.reading
    assert [rest for _, rest in client.upgrades] == [b"more", b"more"]
    assert client.transport.sent == b""


async def test_a_client_that_gives_up_waiting_is_not_asked_for_again(client: Client) -> None:
    client.refusal = Wait.A_MOMENT
    await client.says(b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    client.connection.connection_lost(None)
    again = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(WAIT_S * 2, again.set_result, None)
    await again
    assert len(client.upgrades) == 1


async def test_a_websocket_that_cannot_be_opened_is_refused(client: Client) -> None:
    client.refusal = refusal(400, "no")
    await client.says(b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    assert client.answer()[0] == 400


async def test_another_protocol_that_is_offered_is_declined_by_an_answer(client: Client) -> None:
    # Java's client offers HTTP/2 with each request, unless it is told not to.
    offer = (
        b"Connection: Upgrade, HTTP2-Settings",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAEAAEAAAAI",
    )
    head = GET_TIME[:-2] + b"\r\n".join([*offer, b"", b""])
    order = posted(b'{"clOrdId":"a"}', *offer)
    await client.says(head + order[:-5], order[-5:] + GET_TIME, head)
    await client.says()
    assert [status for status, _, _ in client.answers()] == [200] * 4
    assert client.upgrades == []
    assert not client.transport.is_closed


async def test_a_chunked_body_belongs_to_the_request_that_offers_a_protocol(client: Client) -> None:
    head, _, _ = posted(b'{"clOrdId":"a"}').partition(b"Content-Length")
    await client.says(
        head + b"Connection: upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n",
        b'{"clOrdId":"a"}\r\n0\r\n\r\n' + GET_TIME,
    )
    await client.says()
    assert [status for status, _, _ in client.answers()] == [200, 200]


async def test_no_tunnel_is_opened(client: Client) -> None:
    await client.says(b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n" + GET_TIME)
    assert client.answer()[0] == 405


async def test_an_idle_connection_is_closed(client: Client) -> None:
    await client.says(GET_TIME)
    client.passes(IDLE_S_MAX - 1)
    assert not client.transport.is_closed
    client.passes(1)
    assert client.transport.is_closed


async def test_a_request_that_dribbles_is_given_up(client: Client) -> None:
    await client.says(GET_TIME + b"GET / HTTP/1.1\r\n")
    for _ in range(REQUEST_S_MAX):
        assert not client.transport.is_closed
        client.passes(1)
        await client.says(b"X: y\r\n")
    assert client.transport.is_closed


async def test_a_request_that_is_being_answered_is_not_given_up(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b"{}"))
    client.passes(IDLE_S_MAX * 2)
    assert not client.transport.is_closed
    client.slice.gate.set()
    await client.says()
    assert client.answer()[0] == 200


async def test_an_answer_to_somebody_who_left_is_dropped(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    client.connection.connection_lost(None)
    client.slice.gate.set()
    await client.says()
    assert client.transport.sent == b""
    assert len(client.slice.seen) == 1, "what was begun is finished, nothing more is begun"
    assert client.door.connections == set()


async def test_a_client_that_sends_nothing_more_is_answered(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    assert client.connection.eof_received()
    client.slice.gate.set()
    await client.says()
    await client.says()
    assert [status for status, _, _ in client.answers()] == [200, 200]
    assert client.transport.is_closed


async def test_a_client_that_waits_for_nothing_is_gone(client: Client) -> None:
    await client.says(GET_TIME + GET_TIME[:10])
    assert not client.connection.eof_received()


async def test_finishing_lets_the_current_answer_out(client: Client) -> None:
    client.slice.gate = asyncio.Event()
    await client.says(posted(b'{"clOrdId":"a"}') + GET_TIME)
    client.connection.finish()
    assert not client.transport.is_closed
    client.slice.gate.set()
    await client.says()
    ((status, headers, _),) = client.answers()
    assert (status, headers[b"connection"]) == (200, b"close")
    assert client.transport.is_closed


async def test_finishing_closes_what_is_idle(client: Client) -> None:
    client.connection.finish()
    assert client.transport.is_closed
