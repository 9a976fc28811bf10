"""`tickyard metrics`: what Prometheus scrapes, read from outside the exchange each time somebody asks.

It runs beside the exchange, so it costs the exchange next to nothing and says `tickyard_ready 0` when that is down. What
workers count they tell on sockets of their own; the core tells what it counts; `metric_families` has the rest.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from tickyard.base.errors import TickyardError
from tickyard.engine.client import CoreClient
from tickyard.gateway import vitals
from tickyard.node import status
from tickyard.node.exposition import CONTENT_TYPE, exposition
from tickyard.node.home import Home
from tickyard.node.listening import Listener
from tickyard.node.metric_families import Core, Worker, families

_ASK_WITHIN_S: Final = 2
_REQUEST_WITHIN_S: Final = 5
_REQUEST_BYTES_MAX: Final = 16_384
_WORKERS: Final = ("gateway", "fanout")


async def serve(home: Home, listener: Listener, stop: asyncio.Event) -> None:
    """Answer `GET /metrics` until `stop` is set.

    Args:
        home: of the exchange.
        listener: where Prometheus asks.
        stop: ends it.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_WITHIN_S):
                head = await reader.readuntil(b"\r\n\r\n")
                is_known = head.startswith((b"GET /metrics ", b"GET /metrics?"))
                body = (await collect(home)).encode() if is_known else b"ask for /metrics\n"
                writer.write(_head(is_known=is_known, size=len(body)) + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked is gone, or never asked
        finally:
            writer.close()

    servers = [
        await asyncio.start_server(answer, sock=sock, limit=_REQUEST_BYTES_MAX)
        for sock in listener.sockets
    ]
    await stop.wait()
    for server in servers:
        server.close()


async def collect(home: Home) -> str:
    """Return all metrics as text."""
    now = status.read(home)
    core = await _ask_core(home)
    workers = await _ask_workers(home)
    return exposition(await asyncio.to_thread(lambda: [*families(home, now, core, workers)]))


async def _ask_workers(home: Home) -> Sequence[Worker]:
    found: list[Worker] = []
    for role in _WORKERS:
        for path in sorted(home.run.glob(f"{role}-*.vitals.sock")):
            labels = {"role": role, "worker": path.name.removeprefix(f"{role}-").partition(".")[0]}
            try:
                async with asyncio.timeout(_ASK_WITHIN_S):
                    found.append((labels, await vitals.ask(path)))
            except (TimeoutError, OSError, ValueError):
                continue  # not now: it will be back, and `ready` says so
    return found


async def _ask_core(home: Home) -> Core | None:
    try:
        async with asyncio.timeout(_ASK_WITHIN_S):
            client = await CoreClient.connect(home.core_socket)
            try:
                return Core(await client.status(), await client.counts())
            finally:
                await client.close()
    except (TickyardError, OSError):
        return None


def _head(*, is_known: bool, size: int) -> bytes:
    line = "200 OK" if is_known else "404 Not Found"
    return (
        f"HTTP/1.1 {line}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    ).encode()
