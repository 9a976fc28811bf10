"""A session without a socket, a client that speaks to it, and what the client hears."""

import asyncio
import json
from typing import Any

from tests.support.wire import Keys, TinySlice, decoded, login

from tickyard.base.clock import ManualClock
from tickyard.gateway.app import Gateway
from tickyard.gateway.outbox import Flusher
from tickyard.gateway.session import Parts, WebSocketSession

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


def parts_of(gateway: Gateway) -> Parts:
    """What sessions of a gateway share, as its server makes it."""
    return Parts(
        signatures=gateway.signatures,
        operations=gateway.operations,
        switchboard=gateway.switchboard,
        heartbeat=gateway.heartbeat,
        flusher=Flusher(asyncio.get_running_loop().call_soon),
    )


class Client:
    """One conversation."""

    def __init__(self, parts: Parts, tiny: TinySlice, clock: ManualClock, keys: Keys) -> None:
        self.slice = tiny
        self.parts = parts
        self.clock = clock
        self.keys = keys
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


def order(id_: object = "1", **item: Any) -> dict[str, Any]:
    return {"id": id_, "op": "order", "args": [{"clOrdId": "a", **item}]}
