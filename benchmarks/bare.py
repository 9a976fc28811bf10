"""The yardsticks of a gateway: servers of the same stack, each in a process of its own.

The bare server parses what it must and answers a constant. The lone gateway does all of its work (parse, verify,
decode, call a handler, encode, join, send), but behind it stands no core: a handler reads the order and answers in
the next turn of the loop.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from typing import Final, NamedTuple, cast

import httptools
import picows
import uvloop

from benchmarks.crowd import Imagined, Member
from benchmarks.wire import Load
from tickyard.base import log
from tickyard.base.clock import ExchangeClock, WallClock
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Topics
from tickyard.gateway.route import Access, Answer, Operation, Request, Route
from tickyard.gateway.server import Server

_ACK: Final = {
    "ordId": "599823446566084608",
    "clOrdId": "e847386590ce4dBCb939511604f394b0",
    "tag": "e847386590ce4dBC",
    "ts": "1695190491421",
    "sCode": "0",
    "sMsg": "",
    "subCode": "",
}
_BARE_ACK: Final = (
    b'{"ordId":"599823446566084608","clOrdId":"e847386590ce4dBCb939511604f394b0","sCode":"0"}'
)


class Running(NamedTuple):
    """A server that runs."""

    pid: int
    port: int


@contextmanager
def running_stand_in(
    load: Load, crowd: Sequence[Member], *, is_bare: bool, core: int
) -> Iterator[Running]:
    """Run the bare server, or the lone gateway that knows the crowd, on a core."""
    context = multiprocessing.get_context("fork")
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    ready = context.Event()
    server = context.Process(
        target=_process, args=(load, crowd, sock, ready, core), kwargs={"is_bare": is_bare}
    )
    server.start()
    try:
        ready.wait()
        assert server.pid is not None
        yield Running(server.pid, sock.getsockname()[1])
    finally:
        server.kill()
        server.join()
        sock.close()


def _process(
    load: Load,
    crowd: Sequence[Member],
    sock: socket.socket,
    ready: Event,
    core: int,
    *,
    is_bare: bool,
) -> None:
    os.sched_setaffinity(0, {core})
    log.configure("bench", level=logging.WARNING)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sock.setblocking(False)  # noqa: FBT003
    uvloop.run(_serve_bare(load, sock, ready) if is_bare else _serve_gateway(crowd, sock, ready))


class _Core:
    """Answers everything in the next turn of the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: list[asyncio.Future[None]] = []

    async def take(self, request: Request) -> Answer:
        """Acknowledge orders."""
        count = 1 if type(request.body) is dict else len(request.body)
        if not self._waiting:
            self._loop.call_soon(self._answer)
        answer = self._loop.create_future()
        self._waiting.append(answer)
        await answer
        return Answer([_ACK] * count, timed=True)

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            answer.set_result(None)


async def _serve_gateway(crowd: Sequence[Member], sock: socket.socket, ready: Event) -> None:
    core = _Core()
    wall = WallClock()
    routes = ("order", "cancel-order")
    operations = (*routes, "batch-orders", "batch-cancel-orders")
    gateway = Gateway(
        routes=[
            Route("POST", f"/api/v5/trade/{name}", Access.TRADE, core.take, is_direct=True)
            for name in routes
        ],
        operations=[
            Operation(op, Access.TRADE, core.take, is_direct=True, reads_items=True)
            for op in operations
        ],
        channels=[],
        topics=Topics(),
        keys=Imagined(crowd),
        wall=wall,
        exchange=ExchangeClock(wall),
    )
    await Server(gateway, plain=[sock]).run(asyncio.Event(), ready.set)


class _BareHttp(asyncio.Protocol):
    """Parses requests and answers a constant."""

    BODY = b'{"code":"0","msg":"","data":[%b]}' % _BARE_ACK + b" " * 128
    ANSWER = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (len(BODY), BODY)
    )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """Answer."""
        self._transport.write(self.ANSWER)


class _BareListener(picows.WSListener):
    """Answers a constant to every frame."""

    def __init__(self, orders: int) -> None:
        super().__init__()
        acks = b",".join([_BARE_ACK] * orders)
        self._reply = b'{"id":"1512","data":[%b],"outTime":"1"}' % acks

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """Answer."""
        payload = frame.get_payload_as_bytes()
        # A login is no order, and answered by something that is not counted.
        transport.send(picows.WSMsgType.TEXT, b"{}" if b'"login"' in payload[:32] else self._reply)


async def _serve_bare(load: Load, sock: socket.socket, ready: Event) -> None:
    loop = asyncio.get_running_loop()
    if load.is_rest:
        server = await loop.create_server(_BareHttp, sock=sock)
    else:
        server = await picows.ws_create_server(
            lambda _request: _BareListener(load.orders), sock=sock, use_aiofastnet=False
        )
    ready.set()
    await server.serve_forever()
