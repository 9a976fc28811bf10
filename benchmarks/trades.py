"""Trades at an even pace: accounts that take a little again and again, of what others have for sale."""

import select
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.client import Connection
from benchmarks.crowd import Member
from benchmarks.pairs import PAIRS
from benchmarks.wire import Cycle, masked, order

MAKER: Final = Member.of_demo("quoter1")
_ANSWER_WITHIN_S: Final = 10


class Takers:
    """Accounts that take, and their connections."""

    def __init__(
        self, port: int, members: Sequence[Member], orders: Sequence[dict[str, str]]
    ) -> None:
        """Log in.

        Args:
            port: of a gateway.
            members: each takes all the orders in turn, then the next one does. So many of them are within the rate
                limits as long as each makes no more than thirty trades a second in a pair.
            orders: each makes one trade.
        """
        frames = [masked(operation(one)) for one in orders]
        self._takers = [Connection(port, member, Cycle(frames)) for member in members]
        self._turn = len(frames)
        self.sockets = {one.socket.fileno(): one for one in self._takers}
        self.sent = 0
        """Orders, each of which makes one trade."""
        self.answered = 0

    def trade(self) -> None:
        """Make one trade."""
        self._takers[self.sent // self._turn % len(self._takers)].send(1)
        self.sent += 1

    def receive(self, wait_s: float) -> bool:
        """Take the answers that have come; tell whether there were any."""
        ready = select.select(self.sockets, [], [], wait_s)[0]
        for number in ready:
            self.answered += self.sockets[number].receive()
        return bool(ready)

    def run(self, seconds: float, *, per_s: int) -> None:
        """Trade at an even pace.

        Raises:
            RuntimeError: an order was refused or not answered.
        """
        began = time.monotonic_ns()
        for number in range(int(seconds * per_s)):
            due = began + number * 10**9 // per_s
            while (left := due - time.monotonic_ns()) > 0:
                self.receive(left / 10**9)
            self.trade()
            # Who is late sends on, but must not let answers pile up.
            self.receive(0)
        self.settle()

    def settle(self) -> None:
        """Wait for the answers that are missing."""
        while self.answered < self.sent:
            if not self.receive(_ANSWER_WITHIN_S):
                raise RuntimeError("orders were not answered")
        refused = self.sent - sum(one.accepted for one in self._takers)
        if refused:
            raise RuntimeError(f"{refused} orders were refused")

    def close(self) -> None:
        """Give the connections up."""
        for one in self._takers:
            one.socket.close()


class Traders(Takers):
    """Takers of one pair after the other, and a maker who has stocked all of them."""

    def __init__(self, port: int, members: Sequence[Member]) -> None:
        rest_stock(port)
        super().__init__(port, members, takes())


def rest_stock(port: int) -> None:
    """Let the maker's orders rest, one in each pair, with enough for all trades."""
    stock = [order(pair.name, "sell", pair.price, pair.stock) for pair in PAIRS]
    maker = Connection(port, MAKER, Cycle([masked(operation(one)) for one in stock]))
    for _ in PAIRS:
        maker.send(1)
        while not maker.receive():
            continue
    maker.socket.close()
    if maker.accepted < len(PAIRS):
        raise RuntimeError(f"refused: {maker.newest!r}")


def takes() -> list[dict[str, str]]:
    """Make the orders of one who trades, one for each pair; each is a trade with the maker."""
    return [order(pair.name, "buy", pair.price, pair.size) for pair in PAIRS]


def operation(item: dict[str, str]) -> str:
    """Write the text that places an order."""
    fields = ",".join(f'"{name}":"{value}"' for name, value in item.items())
    return f'{{"id":"1","op":"order","args":[{{{fields}}}]}}'
