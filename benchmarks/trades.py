"""Trades at an even pace: one account's orders rest in ten books, another takes a little of one after the other."""

import select
import time
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection, socket
from typing import Final

from benchmarks.client import ACCEPTED, Counter, upgrade
from benchmarks.wire import login, masked, order
from tickyard.users import DemoKey, demo_keys

PAIRS: Final = (
    ("BTC-USDT", "65000", "0.00001"),
    ("ETH-USDT", "3200", "0.0001"),
    ("BTC-USDC", "65000", "0.00001"),
    ("ETH-USDC", "3200", "0.0001"),
    ("TICK-USDT", "1", "1"),
    ("EOS-USDT", "0.6", "1"),
    ("STX-USDT", "1", "1"),
    ("CHZ-USDT", "0.1", "10"),
    ("PERP-USDT", "0.5", "1"),
    ("ALGO-USDT", "0.2", "1"),
)
"""Pairs, and the price and size of each trade."""

_MAKER, _TAKER = "quoter1", "quoter2"
_RESTING: Final = {"BTC": "1000", "ETH": "10000"}
_RESTING_OTHERS: Final = "10000000"
_ANSWER_WITHIN_S: Final = 10
_READ_BYTES: Final = 1 << 18
_ANSWERED: Final = b'"outTime"'


class Traders:
    """Two accounts and their connections."""

    def __init__(self, port: int) -> None:
        keys = {key.name: key for key in demo_keys()}
        maker = _connected(port, keys[_MAKER])
        for pair, price, _ in PAIRS:
            size = _RESTING.get(pair.partition("-")[0], _RESTING_OTHERS)
            maker.sendall(_operation(order(pair, "sell", price, size)))
            if ACCEPTED not in (answer := maker.recv(_READ_BYTES)):
                raise RuntimeError(f"refused: {answer!r}")
        maker.close()
        self.socket = _connected(port, keys[_TAKER])
        self._orders = [_operation(order(pair, "buy", price, size)) for pair, price, size in PAIRS]
        self._answered, self._accepted = Counter(_ANSWERED), Counter(ACCEPTED)
        self.sent = 0
        """Orders, each of which makes one trade."""
        self.answered = 0
        self.accepted = 0

    def trade(self) -> None:
        """Make one trade, in the next pair."""
        self.socket.sendall(self._orders[self.sent % len(self._orders)])
        self.sent += 1

    def receive(self) -> None:
        """Take the answers that have come."""
        data = self.socket.recv(_READ_BYTES)
        if not data:
            raise RuntimeError("the server closed the connection")
        self.answered += self._answered.take(data)
        self.accepted += self._accepted.take(data)

    def run(self, seconds: float, *, per_s: int) -> None:
        """Trade at an even pace.

        Raises:
            RuntimeError: an order was refused or not answered.
        """
        began = time.monotonic_ns()
        for number in range(int(seconds * per_s)):
            due = began + number * 10**9 // per_s
            while (left := due - time.monotonic_ns()) > 0:
                if select.select([self.socket], [], [], left / 10**9)[0]:
                    self.receive()
            self.trade()
            # Who is late sends on, but must not let answers pile up.
            if select.select([self.socket], [], [], 0)[0]:
                self.receive()
        self.settle()

    def settle(self) -> None:
        """Wait for the answers that are missing."""
        while self.answered < self.sent:
            if not select.select([self.socket], [], [], _ANSWER_WITHIN_S)[0]:
                raise RuntimeError("orders were not answered")
            self.receive()
        if self.accepted < self.sent:
            raise RuntimeError(f"{self.sent - self.accepted} orders were refused")

    def close(self) -> None:
        """Give the connection up."""
        self.socket.close()


def _connected(port: int, key: DemoKey) -> socket:
    sock = create_connection(("127.0.0.1", port))
    sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    upgrade(sock, "private")
    sock.sendall(login(key))
    sock.recv(_READ_BYTES)
    return sock


def _operation(item: dict[str, str]) -> bytes:
    fields = ",".join(f'"{name}":"{value}"' for name, value in item.items())
    return masked(f'{{"id":"1","op":"order","args":[{{{fields}}}]}}')
