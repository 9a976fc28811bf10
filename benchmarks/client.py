"""The client of the gateway rows: raw sockets and counted answers, on a core of its own."""

import selectors
import socket
import time
from typing import Final, NamedTuple

from benchmarks.wire import Load, login

ACCEPTED: Final = b'"sCode":"0"'
_READ_BYTES: Final = 1 << 18
_ANSWER_WITHIN_S: Final = 10


class Counter:
    """Counts a mark in a stream, also where it lies over two reads."""

    def __init__(self, mark: bytes) -> None:
        self._mark = mark
        self._rest = b""

    def take(self, data: bytes) -> int:
        """Return how many there are more."""
        data = self._rest + data
        self._rest = data[1 - len(self._mark) :]
        return data.count(self._mark)


class Connection:
    """One connection and what it sends."""

    def __init__(self, port: int, load: Load, number: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not load.is_rest:
            upgrade(self.socket, "private")
            self.socket.sendall(login(load.key(number)))
            self.socket.recv(_READ_BYTES)
        self._cycle = load.cycle(number)
        self._answers, self._accepted = Counter(load.mark), Counter(ACCEPTED)
        self.accepted = 0
        self.newest = b""

    def send(self, number: int) -> None:
        """Send the next requests."""
        self.socket.sendall(self._cycle.take(number))

    def receive(self) -> int:
        """Take what has come; return how many answers that is."""
        data = self.socket.recv(_READ_BYTES)
        if not data:
            raise RuntimeError("the server closed the connection")
        self.newest = data
        self.accepted += self._accepted.take(data)
        return self._answers.take(data)


class Driven(NamedTuple):
    """What came of it."""

    orders: int
    ns: int


def upgrade(sock: socket.socket, path: str) -> None:
    """Make the connection a WebSocket."""
    sock.sendall(
        f"GET /ws/v5/{path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    if b" 101 " not in sock.recv(_READ_BYTES):
        raise RuntimeError("the server speaks no WebSocket")


class Client:
    """All connections of a load."""

    def __init__(self, port: int, load: Load) -> None:
        self._load = load
        self._selector = selectors.DefaultSelector()
        self._connections = [Connection(port, load, number) for number in range(load.connections)]
        for connection in self._connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def drive(self, seconds: float) -> Driven:
        """Send as much as is answered; everything is answered when this returns.

        Raises:
            RuntimeError: something was refused, or not answered.
        """
        began = time.monotonic_ns()
        end = began + int(seconds * 10**9)
        for connection in self._connections:
            connection.accepted = 0
            connection.send(self._load.in_flight)
        answered = 0
        while time.monotonic_ns() < end:
            answered += self._turn(is_last=False)
        took = time.monotonic_ns() - began
        left = self._load.in_flight * len(self._connections)
        within_window = answered
        while left > 0:
            got = self._turn(is_last=True)
            answered += got
            left -= got
        accepted = sum(connection.accepted for connection in self._connections)
        if accepted != answered * self._load.orders:
            raise RuntimeError(f"refused: {self._refusal()!r}")
        return Driven(within_window * self._load.orders, took)

    def close(self) -> None:
        """Give all connections up."""
        for connection in self._connections:
            connection.socket.close()
        self._selector.close()

    def _turn(self, *, is_last: bool) -> int:
        answered = 0
        ready = self._selector.select(_ANSWER_WITHIN_S)
        if not ready:
            raise RuntimeError("the server answers no more")
        for key, _ in ready:
            connection: Connection = key.data
            count = connection.receive()
            if count and not is_last:
                connection.send(count)
            answered += count
        return answered

    def _refusal(self) -> bytes:
        for connection in self._connections:
            at = connection.newest.find(b'"sCode":"5')
            if at >= 0:
                return connection.newest[max(0, at - 200) : at + 200]
        return self._connections[0].newest[-400:]
