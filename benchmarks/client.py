"""The client of the gateway rows: raw sockets and counted answers, on a core of its own."""

import selectors
import socket
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from benchmarks.crowd import Member
from benchmarks.wire import Cycle, Load, login, masked

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
    """One account's connection and what it sends."""

    def __init__(self, port: int, member: Member, cycle: Cycle, *, is_rest: bool = False) -> None:
        self.socket = connected(port, member)
        if not is_rest:
            upgrade(self.socket, "private")
            self.socket.sendall(masked(login(member)))
            self.socket.recv(_READ_BYTES)
        self._cycle = cycle
        self._answers = Counter(b"HTTP/1.1 200" if is_rest else b'"outTime"')
        self._accepted = Counter(ACCEPTED)
        self.accepted = 0
        self.newest = b""

    @property
    def left(self) -> int:
        """Requests of its cycle that are left."""
        return self._cycle.left

    def send(self, number: int) -> None:
        """Send the next requests, no more than are left."""
        self.socket.sendall(self._cycle.take(number))

    def receive(self) -> int:
        """Take what has come; return how many answers that is."""
        data = self.socket.recv(_READ_BYTES)
        if not data:
            raise RuntimeError("the server closed the connection")
        self.newest = data
        self.accepted += self._accepted.take(data)
        return self._answers.take(data)


class _Lane:
    """A client with many accounts, which sends the cycle of one after the other."""

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._connections = connections
        self._at = 0

    def send(self, number: int) -> None:
        """Send the next requests."""
        while number:
            connection = self._connections[self._at]
            some = min(number, connection.left)
            if some == connection.left:
                self._at = (self._at + 1) % len(self._connections)
            connection.send(some)
            number -= some


class Driven(NamedTuple):
    """What came of it."""

    orders: int
    ns: int


def connected(port: int, member: Member) -> socket.socket:
    """Connect from the member's address."""
    sock = socket.create_connection(("127.0.0.1", port), source_address=(member.address, 0))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


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

    def __init__(self, port: int, load: Load, crowd: Sequence[Member]) -> None:
        self._load = load
        self._selector = selectors.DefaultSelector()
        self._connections: list[Connection] = []
        self._lanes: list[_Lane] = []
        for first in range(0, load.crowd, load.accounts):
            members = crowd[first : first + load.accounts]
            connections = [
                Connection(port, member, load.cycle(member), is_rest=load.is_rest)
                for member in members
            ]
            lane = _Lane(connections)
            for connection in connections:
                self._selector.register(connection.socket, selectors.EVENT_READ, (connection, lane))
            self._lanes.append(lane)
            self._connections += connections

    def drive(self, seconds: float) -> Driven:
        """Send as much as is answered; everything is answered when this returns.

        Raises:
            RuntimeError: something was refused, or not answered.
        """
        began = time.monotonic_ns()
        end = began + int(seconds * 10**9)
        for connection in self._connections:
            connection.accepted = 0
        for lane in self._lanes:
            lane.send(self._load.in_flight)
        answered = 0
        while time.monotonic_ns() < end:
            answered += self._turn(is_last=False)
        took = time.monotonic_ns() - began
        left = self._load.in_flight * len(self._lanes)
        within_window = answered
        while left > 0:
            got = self._turn(is_last=True)
            answered += got
            left -= got
        accepted = sum(connection.accepted for connection in self._connections)
        asked = answered * self._load.orders
        if accepted != asked:
            raise RuntimeError(
                f"{asked - accepted:,} of {asked:,} orders were refused: {self._refusal()!r}"
            )
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
            connection, lane = key.data
            count = connection.receive()
            if count and not is_last:
                lane.send(count)
            answered += count
        return answered

    def _refusal(self) -> bytes:
        for connection in self._connections:
            at = connection.newest.find(b'"sCode":"5')
            if at >= 0:
                return connection.newest[max(0, at - 200) : at + 200]
        return self._connections[0].newest[-400:]
