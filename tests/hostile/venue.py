"""The exchange that hostile input is sent to: real processes, and what they serve, as they serve it.

What is served is asked of a gateway that is put together as every worker's is, beside the running ones.
"""

import asyncio
import base64
import hmac
import json
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.support.exchange import Exchange
from tests.support.whole_gateway import put_together

from tickyard.engine.client import CoreClient
from tickyard.gateway.app import Gateway
from tickyard.gateway.route import Access, Operation, Route
from tickyard.node.home import Home
from tickyard.users import demo_keys

if TYPE_CHECKING:
    from pathlib import Path

ALICE, READER, BOB = "alice", "alice-readonly", "bob"
HTTP_ERROR = re.compile(rb"HTTP/1\.1 (\d{3}) ")
# What our own malfunctions leave in a log: their level, or what the interpreter and Rust print of them.
_FAILURE = re.compile(r'"level": "(?:error|critical)"|Traceback|panicked|Task exception|Unhandled')


class Served:
    """Everything that the gateway serves."""

    def __init__(self, gateway: Gateway) -> None:
        self.routes: dict[tuple[str, str], Route] = {
            (route.method, route.path): route
            for methods in gateway.rest._methods.values()
            for route, _ in methods.values()
        }
        self.operations: dict[str, Operation] = gateway.operations._operations
        self.channels = gateway.switchboard.channels


class Key:
    """One API key, and how its owner signs."""

    def __init__(self, name: str) -> None:
        found = next(key for key in demo_keys() if key.name == name)
        self.api_key = found.api_key
        self.secret = found.secret_key
        self.passphrase = found.passphrase

    def sign(self, text: str | bytes) -> str:
        message = text.encode() if isinstance(text, str) else text
        digest = hmac.digest(self.secret.encode(), message, "sha256")
        return base64.b64encode(digest).decode()

    def headers(
        self, method: str, target: str, body: bytes = b"", *, late_s: float = 0
    ) -> dict[str, str]:
        """Sign a request that is so many seconds old."""
        timestamp = iso(time.time() - late_s)
        return {
            "OK-ACCESS-KEY": self.api_key,
            "OK-ACCESS-SIGN": self.sign(f"{timestamp}{method}{target}".encode() + body),
            "OK-ACCESS-TIMESTAMP": timestamp,
            "OK-ACCESS-PASSPHRASE": self.passphrase,
        }

    def login(self, *, late_s: float = 0, **changed: Any) -> dict[str, Any]:
        timestamp = str(int(time.time() - late_s))
        sign = self.sign(f"{timestamp}GET/users/self/verify")
        return {
            "apiKey": self.api_key,
            "passphrase": self.passphrase,
            "timestamp": timestamp,
            "sign": sign,
            **changed,
        }


class Venue:
    """A running exchange, what it serves, and orders of alice and bob that rest in it."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.home = Home(exchange.home)
        self.port = int(exchange.ports[0])
        self.keys = {name: Key(name) for name in (ALICE, READER, BOB)}
        self.served = asyncio.run(_served(self.home))
        self._seen: dict[Path, int] = {}
        self.orders: dict[str, str] = asyncio.run(self._rest())

    def new_failures(self) -> Sequence[str]:
        """What the processes have written about malfunctions since this was asked last."""
        found: list[str] = []
        for path in sorted(self.home.run.glob("*.log")):
            text = path.read_text(errors="replace")
            news = text[self._seen.get(path, 0) :]
            self._seen[path] = len(text)
            found += [line for line in news.splitlines() if _FAILURE.search(line)]
        return found

    def written(self) -> dict[str, str]:
        """Everything that the processes have written so far."""
        return {
            path.name: path.read_text(errors="replace")
            for path in self.home.run.iterdir()
            if path.is_file()
        }

    async def state_hash(self) -> str:
        core = await CoreClient.connect(self.home.core_socket)
        try:
            return (await core.status(with_hash=True)).state_hash
        finally:
            await core.close()

    async def _rest(self) -> dict[str, str]:
        """Place an order of alice in each of two markets, and one of bob."""
        placed: dict[str, str] = {}
        async with Line(self) as line:
            for name, who, market, price in (
                ("own", ALICE, "BTC-USDT", "50000"),
                ("elsewhere", ALICE, "ETH-USDT", "2000"),
                ("other", BOB, "BTC-USDT", "50000"),
            ):
                order = {
                    "instId": market,
                    "tdMode": "cash",
                    "side": "buy",
                    "ordType": "limit",
                    "px": price,
                    "sz": "0.01",
                    "clOrdId": name,
                }
                answer = await line.post(who, "/api/v5/trade/order", json.dumps(order).encode())
                placed[name] = answer.items[0]["ordId"]
                assert placed[name], answer
        return placed


class Answer:
    """One answer over HTTP."""

    def __init__(self, status: int, head: bytes, body: bytes) -> None:
        self.status = status
        self.head = head
        self.body = body
        self._value: Any = json.loads(body) if body.startswith(b"{") else {}

    @property
    def code(self) -> str:
        return str(self._value.get("code", ""))

    @property
    def message(self) -> str:
        return str(self._value.get("msg", ""))

    @property
    def items(self) -> list[Any]:
        found: list[Any] = self._value.get("data", [])
        return found

    @property
    def told(self) -> str:
        """The code that counts: of the one item when everything failed, else that of the answer."""
        if self.code == "1" and len(self.items) == 1:
            return str(self.items[0]["sCode"])
        return self.code

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:200]!r}"


class Line:
    """One connection that speaks HTTP, opened again whenever the other end has closed it."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> "Line":
        return self

    async def __aexit__(self, *_: object) -> None:
        self._close()

    async def post(self, who: str, path: str, body: bytes) -> Answer:
        """Send a body as JSON, properly signed."""
        headers = self._venue.keys[who].headers("POST", path, body)
        return await self.ask(
            request("POST", path, {**headers, "Content-Type": "application/json"}, body)
        )

    async def ask(self, raw: bytes) -> Answer:
        """Send bytes and take the answer."""
        reader, writer = await self._open()
        writer.write(raw)
        try:
            async with asyncio.timeout(20):
                head = await reader.readuntil(b"\r\n\r\n")
                found = HTTP_ERROR.match(head)
                assert found, head
                size = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(size[1]) if size else 0)
        except asyncio.IncompleteReadError:
            self._close()
            return Answer(0, b"", b"")
        except BaseException:
            self._close()
            raise
        if b"Connection: close" in head:
            self._close()
        return Answer(int(found[1]), head, body)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._venue.port)
        return self._streams

    def _close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write a request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: x"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def iso(moment_s: float) -> str:
    """Write a moment as signatures want it."""
    text = datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def is_private(route: Route) -> bool:
    """Tell whether a route wants a signature."""
    return route.access is not Access.PUBLIC


async def _served(home: Home) -> Served:
    return Served(await put_together(home))
