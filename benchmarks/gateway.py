"""One gateway worker against a bare server of the same stack: how much of a core an order costs.

The gateway does all its work (parse, verify, decode, call a handler, encode, join, send); behind it
stands a handler that reads an order and waits one turn of the loop, as for a core that answers at
once. The bare server answers a constant. Server and client have a core each.

Run: python -m benchmarks.gateway [SECONDS]
"""

import asyncio
import base64
import datetime as dt
import gc
import hmac
import logging
import multiprocessing
import os
import platform
import selectors
import socket
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from multiprocessing.synchronize import Event
from typing import NamedTuple, cast

import httptools
import picows
import uvloop

from tickyard.base import log
from tickyard.base.clock import ExchangeClock, WallClock
from tickyard.base.ids import AccountId
from tickyard.gateway.app import Gateway
from tickyard.gateway.channels import Topics
from tickyard.gateway.frames import text_frame
from tickyard.gateway.keys import KeyRecord
from tickyard.gateway.route import Access, Answer, Operation, Request, Route
from tickyard.gateway.server import Server

CORES = frozenset(os.sched_getaffinity(0))
IN_FLIGHT = 16
BATCH = 20
SECRET = b"22582BD0CFF14C41EDBF1AB98506286D"
PATH = "/api/v5/trade/order"
ORDER = (
    '{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","px":"64000.1","sz":"0.01",'
    '"clOrdId":"e847386590ce4dBCb939511604f394b0","tag":"e847386590ce4dBC"}'
)
ACK = {
    "ordId": "599823446566084608",
    "clOrdId": "e847386590ce4dBCb939511604f394b0",
    "tag": "e847386590ce4dBC",
    "ts": "1695190491421",
    "sCode": "0",
    "sMsg": "",
    "subCode": "",
}


class Load(NamedTuple):
    """What a client sends, how it counts answers, and how many orders one of them stands for."""

    name: str
    url: str
    request: bytes
    connections: int
    in_flight: int
    """Requests on each connection."""
    mark: bytes
    orders: int


class Row(NamedTuple):
    """What came of it."""

    per_second: int
    us_per_order: float


def masked(text: str) -> bytes:
    """Write a text frame as a client."""
    payload, mask = text.encode(), b"\x01\x02\x03\x04"
    body = bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))
    head = bytearray(text_frame(payload)[: -len(payload)])
    head[1] |= 0x80
    return bytes(head) + mask + body


def loads() -> list[Load]:
    """Make the three loads; their signatures are good for thirty seconds."""
    clock = dt.datetime.now(dt.UTC)  # noqa: TID251  # what a client signs
    now = clock.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    signature = base64.b64encode(
        hmac.digest(SECRET, f"{now}POST{PATH}{ORDER}".encode(), "sha256")
    ).decode()
    rest = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        f"User-Agent: bench\r\nContent-Type: application/json\r\nOK-ACCESS-KEY: bench\r\n"
        f"OK-ACCESS-SIGN: {signature}\r\nOK-ACCESS-TIMESTAMP: {now}\r\n"
        f"OK-ACCESS-PASSPHRASE: bench\r\nContent-Length: {len(ORDER)}\r\n\r\n{ORDER}"
    )
    one = f'{{"id":"1512","op":"order","args":[{ORDER}]}}'
    many = f'{{"id":"1512","op":"batch-orders","args":[{",".join([ORDER] * BATCH)}]}}'
    return [
        Load("rest_orders", PATH, rest.encode(), 64, 1, b"HTTP/1.1 200", 1),
        Load("ws_orders", "/ws/v5/private", masked(one), 16, IN_FLIGHT, b'"outTime"', 1),
        Load("ws_batch_orders", "/ws/v5/private", masked(many), 16, 2, b'"outTime"', BATCH),
    ]


class Keys:
    """One key."""

    def __init__(self) -> None:
        self._record = KeyRecord(
            key="bench",
            secret=SECRET,
            passphrase_sha256=sha256(b"bench").digest(),
            account=AccountId(16),
            uid="10000000016",
            master=AccountId(16),
            permissions=frozenset({Access.READ, Access.TRADE}),
        )

    def lookup(self, _api_key: str) -> KeyRecord:
        """Return the key."""
        return self._record


class Core:
    """Answers everything in the next turn of the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: list[asyncio.Future[None]] = []

    async def place(self, request: Request) -> Answer:
        """Read orders and acknowledge them."""
        items = request.body if type(request.body) is list else [request.body]
        for item in items:
            assert item["px"]
        if not self._waiting:
            self._loop.call_soon(self._answer)
        answer = self._loop.create_future()
        self._waiting.append(answer)
        await answer
        return Answer([ACK] * len(items), timed=True)

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        for answer in waiting:
            answer.set_result(None)


async def serve_gateway(sock: socket.socket, ready: Event) -> None:
    """Serve the gateway until the process is ended."""
    core = Core()
    wall = WallClock()
    gateway = Gateway(
        routes=[Route("POST", PATH, Access.TRADE, core.place, is_direct=True)],
        operations=[
            Operation(op, Access.TRADE, core.place, is_direct=True)
            for op in ("order", "batch-orders")
        ],
        channels=[],
        topics=Topics(),
        keys=Keys(),
        wall=wall,
        exchange=ExchangeClock(wall),
    )
    await Server(gateway, plain=[sock]).run(asyncio.Event(), ready.set)


class BareHttp(asyncio.Protocol):
    """Parses requests and answers a constant; hands WebSockets over as little as can be."""

    BODY = b'{"code":"0","msg":"","data":[{"ordId":"599823446566084608"}]}' + b" " * 160
    ANSWER = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
        % (
            len(BODY),
            BODY,
        )
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


class BareListener(picows.WSListener):
    """Answers a constant to every frame."""

    def __init__(self, orders: int) -> None:
        super().__init__()
        ack = b'{"ordId":"599823446566084608","clOrdId":"e847386590ce4dBCb939511604f394b0","sCode":"0"}'
        self._reply = b'{"id":"1512","data":[%b],"outTime":"1"}' % b",".join([ack] * orders)

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        """Answer."""
        frame.get_payload_as_bytes()
        transport.send(picows.WSMsgType.TEXT, self._reply)


async def serve_bare(sock: socket.socket, ready: Event, *, orders: int) -> None:
    """Serve constants until the process is ended."""
    loop = asyncio.get_running_loop()
    if orders:
        server = await picows.ws_create_server(
            lambda _request: BareListener(orders), sock=sock, use_aiofastnet=False
        )
    else:
        server = await loop.create_server(BareHttp, sock=sock)
    ready.set()
    await server.serve_forever()


def server_process(load: Load, sock: socket.socket, ready: Event, *, is_bare: bool) -> None:
    """Be the server, on the first core."""
    os.sched_setaffinity(0, {min(CORES)})
    log.configure("bench", level=logging.WARNING)
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sock.setblocking(False)  # noqa: FBT003
    orders = 0 if load.name == "rest_orders" else load.orders
    uvloop.run(serve_bare(sock, ready, orders=orders) if is_bare else serve_gateway(sock, ready))


def connect(port: int, load: Load) -> socket.socket:
    """Open a connection, as far as orders can be sent."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if load.url.startswith("/ws"):
        client.sendall(
            f"GET {load.url} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        client.recv(65_536)
        now = str(int(time.time()))  # noqa: TID251  # what a client signs
        text = f"{now}GET/users/self/verify".encode()
        signature = base64.b64encode(hmac.digest(SECRET, text, "sha256")).decode()
        client.sendall(
            masked(
                '{"op":"login","args":[{"apiKey":"bench","passphrase":"bench",'
                f'"timestamp":"{now}","sign":"{signature}"}}]}}'
            )
        )
        client.recv(65_536)
    return client


def drive(port: int, load: Load, seconds: float) -> int:
    """Send as much as is answered; gives the number of orders."""
    selector = selectors.DefaultSelector()
    for _ in range(load.connections):
        client = connect(port, load)
        client.sendall(load.request * load.in_flight)
        selector.register(client, selectors.EVENT_READ, client)
    answered = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for key, _ in selector.select():
            client = key.data
            count = client.recv(1 << 18).count(load.mark)
            if count:
                answered += count
                client.sendall(load.request * count)
    return answered * load.orders


def measure(load: Load, seconds: float, *, is_bare: bool) -> Row:
    """Run one server and one client."""
    context = multiprocessing.get_context("fork")
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    ready = context.Event()
    server = context.Process(
        target=server_process, args=(load, sock, ready), kwargs={"is_bare": is_bare}
    )
    server.start()
    try:
        ready.wait()
        os.sched_setaffinity(0, {max(CORES)})
        port = sock.getsockname()[1]
        drive(port, load, seconds / 4)
        before = cpu_ns(server.pid)
        began = time.monotonic_ns()
        orders = drive(port, load, seconds)
        took, used = time.monotonic_ns() - began, cpu_ns(server.pid) - before
    finally:
        server.kill()
        server.join()
        sock.close()
    return Row(orders * 1_000_000_000 // took, used / orders / 1_000)


def cpu_ns(pid: int | None) -> int:
    """Return the CPU time that a process has used, in nanoseconds."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[0])


def main(argv: list[str], write: Callable[[str], object] = print) -> None:
    """Print a table."""
    seconds = float(argv[0]) if argv else 4.0
    write(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, {seconds} s each")
    write(f"{'':16} {'orders/s':>10} {'us CPU':>7} {'bare/s':>10} {'us CPU':>7} {'ratio':>6}")
    for number in range(3):
        bare = measure(loads()[number], seconds, is_bare=True)
        load = loads()[number]
        ours = measure(load, seconds, is_bare=False)
        write(
            f"{load.name:16} {ours.per_second:>10,} {ours.us_per_order:>7.2f} "
            f"{bare.per_second:>10,} {bare.us_per_order:>7.2f} "
            f"{bare.us_per_order / ours.us_per_order:>6.2f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
