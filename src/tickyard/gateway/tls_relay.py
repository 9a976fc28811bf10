"""TLS ends here: what a client sends goes on as plain bytes, and what is answered goes back sealed.

Each connection gets a pair of sockets; a worker is handed one end, with the client's address, and
serves it like any other. Little is kept on the way: whoever writes feels soon that the other does not
read, so that the workers' own rules for slow readers hold.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from socket import socket, socketpair
from typing import Final, cast

from tickyard.base.log import logger
from tickyard.gateway.handover import Passed, Successors

BUFFER_BYTES_MAX: Final = 64 * 1024
"""So much may wait in each direction before the other side is read no further."""
_HANDSHAKE_S_MAX: Final = 10
_SHUTDOWN_S_MAX: Final = 3
_STOP_S_MAX: Final = 1
_NOBODY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
    b"Content-Length: 0\r\n\r\n"
)

_log = logger("gateway")


class TlsRelay:
    """Accepts TLS connections until it is told to stop."""

    def __init__(
        self, sockets: Sequence[socket], context: ssl.SSLContext, workers: Successors
    ) -> None:
        """Prepare; nothing is accepted yet.

        Args:
            sockets: listening sockets for https and wss.
            context: with the certificate.
            workers: who serves the connections.
        """
        self._sockets = sockets
        self._context = context
        self._workers = workers
        self._loop = asyncio.get_running_loop()
        self._connections: set[_Client] = set()
        self._tasks = asyncio.TaskGroup()
        self._empty = asyncio.Event()

    async def run(self, stop: asyncio.Event, on_ready: Callable[[], None] | None = None) -> None:
        """Relay until `stop` is set, then close everything.

        Args:
            stop: set by somebody else.
            on_ready: called once connections are accepted.
        """
        async with self._tasks:
            servers = [await self._listen(sock) for sock in self._sockets]
            _log.info("tls.started", sockets=len(servers))
            if on_ready is not None:
                on_ready()
            try:
                await stop.wait()
            finally:
                for server in servers:
                    server.close()
                await self._close_all()
                self._workers.close()
        _log.info("tls.stopped")

    async def _listen(self, sock: socket) -> asyncio.Server:
        return await self._loop.create_server(
            lambda: _Client(self._opened, self._lost),
            sock=sock,
            ssl=self._context,
            ssl_handshake_timeout=_HANDSHAKE_S_MAX,
            ssl_shutdown_timeout=_SHUTDOWN_S_MAX,
        )

    def _opened(self, client: "_Client") -> None:
        self._connections.add(client)
        ours, theirs = socketpair()
        with theirs:
            # What the client sends meanwhile waits.
            client.pause_reading()
            if self._workers.take(theirs.fileno(), Passed(client.address)):
                ours.setblocking(False)  # noqa: FBT003  # the standard library's own signature
                self._tasks.create_task(self._join(client, ours))
                return
        ours.close()
        client.write(_NOBODY)
        client.finish()

    async def _join(self, client: "_Client", ours: socket) -> None:
        worker = _Side()
        try:
            await self._loop.connect_accepted_socket(lambda: worker, ours)
        except OSError:
            ours.close()
            client.finish()
            return
        worker.other, client.other = client, worker
        if client.is_closing():
            worker.finish()
        else:
            client.resume_reading()

    def _lost(self, client: "_Client") -> None:
        self._connections.discard(client)
        if not self._connections:
            self._empty.set()

    async def _close_all(self) -> None:
        if not self._connections:
            return
        self._empty.clear()
        for client in list(self._connections):
            client.finish()
        try:
            async with asyncio.timeout(_STOP_S_MAX):
                await self._empty.wait()
        except TimeoutError:
            for client in list(self._connections):
                client.abort()


class _Side(asyncio.Protocol):
    """One side of a connection: what it hears, the other says."""

    def __init__(self) -> None:
        self.other: _Side | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's, only alike.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=BUFFER_BYTES_MAX)

    def data_received(self, data: bytes) -> None:
        if self.other is not None:
            self.other.write(data)

    def eof_received(self) -> bool:
        return False  # TLS cannot be ended in one direction

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self.other is not None:
            self.other.finish()

    def pause_writing(self) -> None:
        if self.other is not None:
            self.other.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None:
            self.other.resume_reading()

    def is_closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def pause_reading(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def finish(self) -> None:
        """Close, after what was written."""
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()


class _Client(_Side):
    """The side of the client, sealed."""

    def __init__(
        self, opened: Callable[["_Client"], None], lost: Callable[["_Client"], None]
    ) -> None:
        super().__init__()
        self._opened = opened
        self._lost = lost
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if isinstance(peer, tuple) else ""
        self._opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._lost(self)
