"""What a worker counts, for whoever asks on its own socket: nobody asks, nothing is done.

Nothing is counted on the way of WebSocket orders: how many commands there were is what the core knows.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from tickyard.engine.socket_path import reachable

_CLASSES: Final = ("2xx", "4xx", "5xx")


class Counts(msgspec.Struct, frozen=True):
    """The numbers of one worker."""

    connections: int
    """HTTP connections that are open; those that became WebSockets are not among them."""
    sessions: int
    """WebSocket connections that are open."""
    sessions_total: int
    """WebSocket connections that were opened since the worker started."""
    answers: dict[str, int]
    """Answers of REST endpoints since then, by the class of their status."""
    late_us: int
    """How late the loop was at its last beat, in microseconds."""
    late_max_us: int
    """The latest it was since the worker started."""


class Vitals:
    """What is counted while it happens."""

    def __init__(self) -> None:
        self.answers = dict.fromkeys(_CLASSES, 0)
        self.late_us = 0
        self.late_max_us = 0

    def answered(self, status: int) -> None:
        """Count the answer of a REST endpoint."""
        self.answers["2xx" if status < 400 else "4xx" if status < 500 else "5xx"] += 1  # noqa: PLR2004  # HTTP's own

    def beat(self, late_s: float) -> None:
        """Note how late the loop was, once a second."""
        self.late_us = round(late_s * 1e6)
        self.late_max_us = max(self.late_max_us, self.late_us)


async def offer(path: Path, tell: Callable[[], Counts]) -> asyncio.Server:
    """Answer whoever connects with the numbers of the moment.

    Args:
        path: of a Unix socket; one that was left over is replaced.
        tell: makes the numbers.
    """

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(msgspec.json.encode(tell()))
        writer.close()

    return await asyncio.start_unix_server(answer, sock=_listening(path))


async def ask(path: Path) -> Counts:
    """Ask a worker for its numbers.

    Raises:
        OSError: it does not run.
        ValueError: it ended while it answered.
    """
    with reachable(path) as name:
        reader, writer = await asyncio.open_unix_connection(str(name))
    try:
        return msgspec.json.decode(await reader.read(), type=Counts)
    finally:
        writer.close()


def _listening(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.setblocking(False)  # noqa: FBT003  # the standard library's own signature
    with reachable(path) as name:
        name.unlink(missing_ok=True)
        sock.bind(os.fspath(name))
    return sock
