"""A connection to the host that comes back by itself."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tickyard.engine.protocol import FrameReader
from tickyard.engine.socket_path import reachable

RECONNECT_MS: Final = 50
"""Time between two attempts to reach the host."""


class Link:
    """Frames over a Unix socket; what is sent while there is no connection is dropped.

    Whoever holds the link knows what is unanswered and sends it again when `on_open` is called.
    """

    def __init__(
        self,
        socket_path: Path,
        *,
        on_open: Callable[[], None],
        on_frame: Callable[[int, int, bytes], None],
    ) -> None:
        self._path = socket_path
        self._on_open = on_open
        self._on_frame = on_frame
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._outgoing: list[bytes] = []
        self._opened = asyncio.Event()
        # The link owns this task: close() ends it, and nothing in it is left to fail but a bug, which close() raises.
        self._keeping_open = self._loop.create_task(self._keep_open())

    async def opened(self) -> None:
        """Wait for the first connection."""
        await self._opened.wait()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection at the moment."""
        return self._transport is not None

    def send(self, frame: bytes) -> None:
        """Send a frame; all frames of one turn of the loop go in one write."""
        if self._transport is None:
            return
        if not self._outgoing:
            self._loop.call_soon(self._flush)
        self._outgoing.append(frame)

    async def close(self) -> None:
        """Drop the connection and do not come back."""
        self._keeping_open.cancel()
        try:
            await self._keeping_open
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
        if self._transport is not None:
            self._transport.abort()

    def _flush(self) -> None:
        outgoing, self._outgoing = self._outgoing, []
        # The end of a connection shows here a turn before `_keep_open` knows of it.
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(outgoing))

    async def _keep_open(self) -> None:
        while True:
            lost: asyncio.Future[None] = self._loop.create_future()
            wire = _Wire(lost, self._on_frame)
            try:
                with reachable(self._path) as path:
                    transport, _ = await self._loop.create_unix_connection(
                        lambda wire=wire: wire,  # type: ignore[misc]  # mypy cannot infer it
                        str(path),
                    )
            except OSError:
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            self._transport = transport
            self._opened.set()
            self._on_open()
            await lost
            self._transport = None
            await asyncio.sleep(RECONNECT_MS / 1000)


class _Wire(asyncio.Protocol):
    """One connection, from its opening to its loss."""

    def __init__(
        self, lost: asyncio.Future[None], on_frame: Callable[[int, int, bytes], None]
    ) -> None:
        self._lost = lost
        self._on_frame = on_frame
        self._reader = FrameReader()

    def data_received(self, data: bytes) -> None:
        for kind, request, payload in self._reader.feed(data):
            self._on_frame(kind, request, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)
