"""A connection to a gateway without a socket: what is received, what is answered."""

import asyncio
from typing import Any

from tests.support.wire import TinySlice, decoded, signed

from tickyard.base.clock import ManualClock
from tickyard.gateway.app import Gateway
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.http import Door, HttpConnection, Wait
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


class HttpClient:
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
