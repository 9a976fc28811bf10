"""Connections that one process accepts and another serves: the descriptor travels with what was read.

    TLS process -> order-entry worker -> fan-out worker

Each message on a Unix socket that keeps messages apart is one connection. Nothing is acknowledged:
when the process that was to take it dies, the system closes what it had not taken, and the client
connects again. What comes while nobody is there to take it waits for whoever comes back.
"""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from tickyard.engine.socket_path import reachable
from tickyard.gateway.exchange import Incoming

REST_BYTES_MAX: Final = 64 * 1024
"""A client waits for the answer to its handshake; whoever sends more than this before is none."""
WAITING_MAX: Final = 1024
"""Connections that may wait for one process; others are sent away."""
HELD_S_MAX: Final = 10
"""A connection is held so long for a process to come; longer than one that died takes to start again."""

_MESSAGE_BYTES_MAX: Final = 160 * 1024
_BACKLOG: Final = 64
_LOOK_MS: Final = 20
"""How often a process is looked for while connections are held."""


class Passed(msgspec.Struct, gc=False):
    """What is told of a connection.

    Attributes:
        peer: the address of the client.
        request: the request that opens a WebSocket; None when nothing was read yet.
        rest: received after the request.
    """

    peer: str
    request: Incoming | None = None
    rest: bytes = b""


class _Held(NamedTuple):
    """A connection that nobody could take yet."""

    message: bytes
    descriptor: int
    until_s: float


class Successors:
    """The processes that connections are handed to, to each in turn.

    A process that has died is started again within seconds. Its connections go to the others meanwhile; when there is
    none, they are held.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """Prepare; a process is looked for when it is needed, and again when it had gone.

        Args:
            paths: where they take connections.
        """
        self._links = deque(_Link(path) for path in paths)
        self._held: deque[_Held] = deque()
        self._looking: asyncio.TimerHandle | None = None

    def take(self, descriptor: int, passed: Passed) -> bool:
        """Hand a connection over; the caller closes its own descriptor afterwards.

        Args:
            descriptor: of the connection, from which nothing is read any more.
            passed: what is told of it.

        Returns:
            Whether it was taken, or is held for whoever comes; false when too many are.
        """
        message = msgspec.msgpack.encode(passed)
        if not self._held and self._send(message, descriptor):
            return True
        if len(self._held) >= WAITING_MAX:
            return False
        until_s = asyncio.get_running_loop().time() + HELD_S_MAX
        self._held.append(_Held(message, os.dup(descriptor), until_s))
        self._look_later()
        return True

    def close(self) -> None:
        """Give up what waits."""
        if self._looking is not None:
            self._looking.cancel()
        for held in self._held:
            os.close(held.descriptor)
        self._held.clear()
        for link in self._links:
            link.close()

    def _send(self, message: bytes, descriptor: int) -> bool:
        for _ in range(len(self._links)):
            link = self._links[0]
            self._links.rotate(-1)
            if link.send(message, descriptor):
                return True
        return False

    def _look_later(self) -> None:
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(_LOOK_MS / 1000, self._look)

    def _look(self) -> None:
        self._looking = None
        now_s = asyncio.get_running_loop().time()
        while self._held:
            first = self._held[0]
            if first.until_s > now_s and not self._send(first.message, first.descriptor):
                self._look_later()
                return
            self._held.popleft()
            os.close(first.descriptor)


class _Link:
    """The way to one process, and what waits on it: the system holds only so many messages."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket: socket.socket | None = None
        self._waiting: deque[tuple[bytes, int]] = deque()

    def send(self, message: bytes, descriptor: int) -> bool:
        # A link to a process that was restarted breaks when it is used.
        for _ in range(2):
            try:
                sock = self._socket or self._connect()
                if self._waiting:
                    return self._wait(sock, message, descriptor)
                socket.send_fds(sock, [message], [descriptor])
            except BlockingIOError:
                # Too many wait to be accepted there, or to be taken.
                return self._socket is not None and self._wait(self._socket, message, descriptor)
            except OSError:
                self.close()
            else:
                return True
        return False

    def close(self) -> None:
        sock, self._socket = self._socket, None
        if sock is not None:
            if self._waiting:
                asyncio.get_running_loop().remove_writer(sock)
            sock.close()
        for _, descriptor in self._waiting:
            os.close(descriptor)
        self._waiting.clear()

    def _connect(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        sock.setblocking(False)  # noqa: FBT003  # the standard library's own signature
        try:
            with reachable(self._path) as path:
                sock.connect(os.fspath(path))
        except OSError:
            sock.close()
            raise
        self._socket = sock
        return sock

    def _wait(self, sock: socket.socket, message: bytes, descriptor: int) -> bool:
        if len(self._waiting) >= WAITING_MAX:
            return False
        if not self._waiting:
            asyncio.get_running_loop().add_writer(sock, self._go_on)
        self._waiting.append((message, os.dup(descriptor)))
        return True

    def _go_on(self) -> None:
        sock = self._socket
        assert sock is not None, "Invariant: what waits has a link to wait for"
        while self._waiting:
            message, descriptor = self._waiting[0]
            try:
                socket.send_fds(sock, [message], [descriptor])
            except BlockingIOError:
                return
            except OSError:
                self.close()
                return
            self._waiting.popleft()
            os.close(descriptor)
        asyncio.get_running_loop().remove_writer(sock)


class Arrivals:
    """Where a process takes connections that others hand to it."""

    def __init__(self, path: Path, take: Callable[[socket.socket, Passed], None]) -> None:
        """Prepare; nothing is taken before `open`.

        Args:
            path: of the Unix socket; what lies there is replaced.
            take: called with each connection, which does not block.
        """
        self._path = path
        self._take = take
        self._listener: socket.socket | None = None
        self._links: set[socket.socket] = set()

    def open(self) -> None:
        """Begin to take connections."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.setblocking(False)  # noqa: FBT003
        with reachable(self._path) as path:
            path.unlink(missing_ok=True)
            listener.bind(os.fspath(path))
        listener.listen(_BACKLOG)
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._accept)

    def close(self) -> None:
        """Take nothing more; what nobody has taken is closed by the system."""
        loop = asyncio.get_running_loop()
        listener, self._listener = self._listener, None
        for sock in chain(self._links, () if listener is None else (listener,)):
            loop.remove_reader(sock)
            sock.close()
        self._links.clear()

    def _accept(self) -> None:
        assert self._listener is not None, "Invariant: only open listeners are watched"
        try:
            link, _ = self._listener.accept()
        except BlockingIOError:
            return
        link.setblocking(False)  # noqa: FBT003
        self._links.add(link)
        asyncio.get_running_loop().add_reader(link, self._read, link)

    def _read(self, link: socket.socket) -> None:
        while True:
            try:
                message, descriptors, _, _ = socket.recv_fds(
                    link, _MESSAGE_BYTES_MAX, 1, socket.MSG_CMSG_CLOEXEC
                )
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                asyncio.get_running_loop().remove_reader(link)
                self._links.discard(link)
                link.close()
                return
            # A process with too many open files is given the message without the connection.
            for descriptor in descriptors:
                connection = socket.socket(fileno=descriptor)
                connection.setblocking(False)  # noqa: FBT003
                self._take(connection, msgspec.msgpack.decode(message, type=Passed))
