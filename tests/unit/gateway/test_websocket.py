"""The hand-over to picows, over real sockets, on both event loops."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import uvloop
import websockets
from tests.support.wire import TinySlice, decoded, listening, serving
from websockets.frames import Close, Frame, Opcode

from tickyard.gateway import websocket as gateway_websocket
from tickyard.gateway.route import Answer, ApiError, Request
from tickyard.gateway.server import Server
from tickyard.gateway.websocket import _PicowsSink

BTC = {"channel": "tickers", "instId": "BTC-USDT"}
SUBSCRIBE = json.dumps({"op": "subscribe", "args": [BTC]})
HANDSHAKE = (
    b"GET /ws/v5/public?brokerId=9999 HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\n"
    b"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: https://elsewhere.example\r\n\r\n"
)

loops = pytest.mark.parametrize("run", [uvloop.run, asyncio.run], ids=["uvloop", "asyncio"])


def masked(opcode: Opcode, payload: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin).serialize(mask=True)


class Raw:
    """A client that writes bytes and reads frames, to say what libraries do not."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def head(self) -> bytes:
        return await self._reader.readuntil(b"\r\n\r\n")

    async def frame(self) -> tuple[Opcode, bytes]:
        first, size = await self._reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self._reader.readexactly(2), "big")
        return Opcode(first & 0xF), await self._reader.readexactly(size)

    async def end(self) -> bytes:
        return await self._reader.read()


@asynccontextmanager
async def raw(port: int, handshake: bytes = HANDSHAKE) -> AsyncIterator[Raw]:
    """Connect and send, without waiting for an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()


async def conversation(url: str) -> None:
    """Say a little of everything, with fragments, pings and a close of the client's own."""
    async with websockets.connect(url) as client:
        await client.send("ping")
        assert await client.recv() == "pong"
        await client.send(SUBSCRIBE)
        assert decoded(await client.recv())["event"] == "subscribe"
        assert decoded(await client.recv())["data"] == [{"last": "1"}]
        await client.send([SUBSCRIBE[:10], SUBSCRIBE[10:20], SUBSCRIBE[20:]])
        assert decoded(await client.recv())["event"] == "subscribe"
        assert decoded(await client.recv())["data"] == [{"last": "1"}]
        await (await client.ping(b"are you there"))
        await client.send("x" * 20_000)
        assert len(await client.recv()) > 20_000
        await client.close(4001, "enough")
        assert client.close_code == 4001


@loops
def test_a_connection_is_handed_over(run: Callable[..., None]) -> None:
    async def scene() -> None:
        tiny = TinySlice()
        async with serving(tiny.gateway()) as port:
            await conversation(f"ws://127.0.0.1:{port}/ws/v5/public?brokerId=9999")
            await conversation(f"ws://127.0.0.1:{port}/ws/v5/business")

    run(scene())


@loops
def test_frames_sent_with_the_handshake_are_not_lost(run: Callable[..., None]) -> None:
    async def scene() -> None:
        frames = masked(Opcode.TEXT, b"ping") * 3 + masked(Opcode.TEXT, b"x" * 40_000)
        async with serving(TinySlice().gateway()) as port, raw(port, HANDSHAKE + frames) as client:
            head = await client.head()
            assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
            assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head
            assert [await client.frame() for _ in range(3)] == [(Opcode.TEXT, b"pong")] * 3
            assert (await client.frame())[1].startswith(b'{"event":"error","code":"60012"')

    run(scene())


async def test_requests_may_come_before_the_handshake() -> None:
    async with serving(TinySlice().gateway()) as port, raw(port, b"") as client:
        client.writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"200 OK" in await client.head()
        client.writer.write(HANDSHAKE)
        assert b"101 Switching" in await client.head()


@pytest.mark.parametrize(
    ("handshake", "status"),
    [
        (HANDSHAKE.replace(b"/ws/v5/public", b"/ws/v5/nowhere"), 404),
        (HANDSHAKE.replace(b"GET", b"POST"), 400),
        (HANDSHAKE.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"short"), 400),
        (HANDSHAKE.replace(b"Sec-WebSocket-Key", b"X-Key"), 400),
        (HANDSHAKE.replace(b"Version: 13", b"Version: 12"), 400),
        (HANDSHAKE.replace(b"Upgrade: WebSocket", b"Upgrade: h2c"), 404),
        (HANDSHAKE.replace(b"Upgrade: WebSocket\r\n", b""), 404),
    ],
)
async def test_a_handshake_is_judged(handshake: bytes, status: int) -> None:
    async with serving(TinySlice().gateway()) as port, raw(port, handshake) as client:
        assert f"HTTP/1.1 {status} ".encode() in await client.head()


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (masked(Opcode.TEXT, b"x" * 65_537), 1009),
        (
            masked(Opcode.TEXT, b"x" * 40_000, fin=False)
            + masked(Opcode.CONT, b"x" * 40_000, fin=False),
            1009,
        ),
        (masked(Opcode.BINARY, b"x"), 1003),
        (masked(Opcode.TEXT, b'{"op":"\xff"}'), 1007),
        (Frame(Opcode.TEXT, b"ping").serialize(mask=False), 1002),
        (b"\x83\x80\x00\x00\x00\x00", 1002),
        (b"\x09\x80\x00\x00\x00\x00", 1002),
    ],
    ids=["long", "long in pieces", "binary", "no utf-8", "unmasked", "opcode", "control in pieces"],
)
async def test_what_breaks_the_protocol_is_answered_with_a_code(frames: bytes, code: int) -> None:
    async with serving(TinySlice().gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(frames)
        opcode, payload = await client.frame()
        assert (opcode, Close.parse(payload).code) == (Opcode.CLOSE, code)


async def test_the_longest_message_is_accepted() -> None:
    async with serving(TinySlice().gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(masked(Opcode.TEXT, b'"' + b"x" * 65_534 + b'"'))
        assert (await client.frame())[1][:2] == b"\x00\x00"  # a length of eight bytes


async def test_pings_of_the_protocol_come_back_with_what_they_carried() -> None:
    async with serving(TinySlice().gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(masked(Opcode.PING, b"42") + masked(Opcode.PONG, b"unasked"))
        assert await client.frame() == (Opcode.PONG, b"42")


async def test_a_client_that_does_not_answer_a_close_is_cut_off() -> None:
    async with serving(TinySlice().gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(masked(Opcode.BINARY, b"x"))
        assert (await client.frame())[0] == Opcode.CLOSE
        assert await client.end() == b""


async def test_a_client_that_reads_on_is_given_time_for_what_was_sent_before_the_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway_websocket, "_CLOSE_S", 0)
    ended = asyncio.Event()
    unsent = iter([30, 20, 10, 0, 0])

    def disconnect(*, graceful: bool) -> None:
        assert not graceful
        ended.set()

    transport: Any = SimpleNamespace(
        underlying_transport=SimpleNamespace(
            write=None, get_write_buffer_size=lambda: next(unsent)
        ),
        send_close=lambda _code, _text: None,
        disconnect=disconnect,
        is_disconnected=False,
    )
    _PicowsSink(transport).close(4005, "Send buffer is full.")
    async with asyncio.timeout(5):
        await ended.wait()
    assert list(unsent) == [], "one more time, to answer"


async def test_a_long_reason_is_cut_to_what_a_frame_can_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny = TinySlice()

    def fails(*_: object) -> None:
        raise ApiError("51000", "\u00fc" * 100)

    monkeypatch.setattr(tiny.tickers, "opened", fails)
    async with serving(tiny.gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(masked(Opcode.TEXT, SUBSCRIBE.encode()))
        assert (await client.frame())[0] == Opcode.TEXT
        close = Close.parse((await client.frame())[1])
        assert (close.code, close.reason) == (4006, "\u00fc" * 61)


async def test_a_client_that_vanishes_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = TinySlice()
    gone = asyncio.Event()
    monkeypatch.setattr(tiny.tickers, "closed", lambda _key, _session: gone.set())
    async with serving(tiny.gateway()) as port:
        async with raw(port) as client:
            await client.head()
            client.writer.write(masked(Opcode.TEXT, SUBSCRIBE.encode()))
            await client.frame()
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            sock: socket.socket = client.writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        async with asyncio.timeout(5):
            await gone.wait()
        assert tiny.topics.keys("tickers") == []


async def test_a_reader_that_is_too_slow_is_closed_and_its_memory_freed() -> None:
    tiny = TinySlice()
    data = json.dumps(["x" * 50_000]).encode()
    async with serving(tiny.gateway()) as port, raw(port) as client:
        await client.head()
        client.writer.write(masked(Opcode.TEXT, SUBSCRIBE.encode()))
        await client.frame()
        sent = 0
        async with asyncio.timeout(20):
            while tiny.topics.publish("tickers", "BTC-USDT", data):
                sent += 1
                await asyncio.sleep(0)
        assert sent < 1_000


async def test_a_stop_answers_what_was_begun_and_says_goodbye() -> None:
    tiny = TinySlice()
    tiny.gate = asyncio.Event()
    sock = listening()
    stop, ready = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        server = Server(tiny.gateway(), plain=[sock])
        running = tasks.create_task(server.run(stop, ready.set))
        await ready.wait()
        async with websockets.connect(
            f"ws://127.0.0.1:{sock.getsockname()[1]}/ws/v5/private"
        ) as client:
            await client.send(json.dumps({"op": "order", "id": "1", "args": [{}]}))
            await client.recv()
            stop.set()
            notice = decoded(await client.recv())
            assert (notice["event"], notice["code"]) == ("notice", "64008")
            assert all(type(notice[name]) is str for name in ("msg", "connId"))
            with pytest.raises(websockets.ConnectionClosed):
                await client.recv()
            assert client.close_code == 1001
        await running


async def test_a_stop_lets_answers_out_that_are_being_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny = TinySlice()
    begun, release = asyncio.Event(), asyncio.Event()

    async def slow(_: Request) -> Answer:
        begun.set()
        await release.wait()
        return Answer([])

    monkeypatch.setattr(tiny, "echo", slow)
    stop, ready = asyncio.Event(), asyncio.Event()
    sock = listening()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(Server(tiny.gateway(), plain=[sock]).run(stop, ready.set))
        await ready.wait()
        request = b"GET /api/v5/public/time HTTP/1.1\r\n\r\n"
        async with raw(sock.getsockname()[1], request) as client:
            await begun.wait()
            stop.set()
            await asyncio.sleep(0)
            release.set()
            head = await client.head()
        assert b"200 OK" in head
        assert b"Connection: close" in head
        await running


async def test_workers_share_a_listening_socket() -> None:
    sock = listening()
    stop, ready = asyncio.Event(), asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            shared = socket.socket(fileno=os.dup(sock.fileno()))
            server = Server(TinySlice().gateway(), plain=[shared])
            tasks.create_task(server.run(stop, ready.release))
        await ready.acquire()
        await ready.acquire()
        url = f"ws://127.0.0.1:{sock.getsockname()[1]}/ws/v5/public"
        for _ in range(4):
            async with websockets.connect(url) as client:
                await client.send("ping")
                assert await client.recv() == "pong"
        stop.set()
    sock.close()
