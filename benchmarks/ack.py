"""Order frame in, durable acknowledgement out: WebSocket orders at an even pace, with and without many who listen.

The listeners are served by a worker of their own. Trades for them to hear of are made by the same client, beside the
orders that are measured.
"""

import gc
import select
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from benchmarks.client import Connection
from benchmarks.crowd import Member
from benchmarks.listeners import listening
from benchmarks.pairs import PAIRS
from benchmarks.percentiles import Latency, latency
from benchmarks.processes import Exchange, cpu_by_thread, cpu_ns, running_exchange
from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.trades import Traders
from benchmarks.wire import Load

PER_S: Final = 10_000
TRADES_PER_S: Final = 50
_P99_US: Final = 5_000
_LOAD: Final = Load("ack", is_rest=False, lanes=32, accounts=1, in_flight=8, orders=1)
"""At this pace an account sends up to twenty orders a second in a pair, of the thirty that the rate limits allow."""
_ANSWER_WITHIN_S: Final = 10
_LOOK_EVERY: Final = 16


class _Paced:
    """Sends orders when they are due, answered or not."""

    def __init__(self, port: int, crowd: Sequence[Member]) -> None:
        members, taker = crowd[: _LOAD.crowd], crowd[_LOAD.crowd]
        self._connections = [Connection(port, one, _LOAD.cycle(one)) for one in members]
        self._of_socket = {one.socket.fileno(): one for one in self._connections}
        self._due: dict[int, deque[int]] = {number: deque() for number in self._of_socket}
        self._traders = Traders(port, [taker])
        self._sockets = [*self._of_socket, *self._traders.sockets]
        self._samples: list[int] = []

    def run(self, seconds: int, *, trades_per_s: int) -> Latency:
        """Measure from when each order was due.

        Raises:
            RuntimeError: an order was refused or not answered.
        """
        self._samples = []
        gap_ns = 10**9 // PER_S
        every = PER_S // trades_per_s if trades_per_s else 0
        total = PER_S * seconds
        gc.disable()
        began = time.monotonic_ns()
        for number in range(total):
            due = began + number * gap_ns
            while (left := due - time.monotonic_ns()) > 0:
                self._receive(left)
            connection = self._connections[number % len(self._connections)]
            self._due[connection.socket.fileno()].append(due)
            connection.send(1)
            if number % _LOOK_EVERY == 0:
                # Who is late sends on, but must not let answers pile up.
                self._receive(0)
            if every and number % every == 0:
                self._traders.trade()
        gc.enable()
        while len(self._samples) < total:
            if not self._receive(_ANSWER_WITHIN_S * 10**9):
                raise RuntimeError("orders were not answered")
        accepted = sum(connection.accepted for connection in self._connections)
        if accepted < total:
            raise RuntimeError(f"refused: {self._connections[0].newest[-400:]!r}")
        self._traders.settle()
        for connection in self._connections:
            connection.accepted = 0
        return latency(self._samples)

    def close(self) -> None:
        """Give the connections up."""
        for connection in self._connections:
            connection.socket.close()
        self._traders.close()

    def _receive(self, wait_ns: int) -> bool:
        ready = select.select(self._sockets, [], [], wait_ns / 10**9)[0]
        for number in ready:
            if number not in self._of_socket:
                self._traders.receive(0)
                continue
            answers = self._of_socket[number].receive()
            now = time.monotonic_ns()
            due = self._due[number]
            self._samples.extend(now - due.popleft() for _ in range(answers))
        return bool(ready)


class _Spent(NamedTuple):
    """CPU time in ns: of the worker that takes orders, of one that only follows them, and of the core's threads."""

    worker: int
    follower: int
    core: dict[str, int]

    @classmethod
    def now(cls, exchange: Exchange) -> "_Spent":
        """Read it."""
        (worker,) = (cpu_ns(one.process.pid) for one in exchange.workers)
        (follower,) = (cpu_ns(one.pid) for one in exchange.fanout)
        return cls(worker, follower, cpu_by_thread(exchange.core.pid))

    def rows(self, after: "_Spent", orders: int) -> Iterator[Row]:
        """Make rows of what an order has taken since."""
        threads = {
            name: (used - self.core.get(name, 0)) / orders / 1_000
            for name, used in after.core.items()
        }
        parts = ", ".join(
            f"{name} {us:.2f}" for name, us in sorted(threads.items(), key=lambda one: -one[1])
        )
        figures = (
            ("order_cpu_worker", (after.worker - self.worker) / orders / 1_000, "takes orders"),
            ("order_cpu_follower", (after.follower - self.follower) / orders / 1_000, "follows"),
            ("order_cpu_core", sum(threads.values()), f"its threads: {parts}"),
        )
        for name, us, what in figures:
            yield Row(
                name=name,
                value=round(us, 2),
                unit="us",
                conditions=f"CPU an order at {PER_S:,} a second; {what}; {machine()}",
            )


def _rows(scope: Scope) -> Iterator[Row]:
    window = scope.pick(60, 5)
    connections = scope.pick(1_000, 100)
    anywhere: frozenset[int] = frozenset()
    with (
        scratch() as folder,
        running_exchange(
            folder / "home", [anywhere], [anywhere], crowd=_LOAD.crowd + 1
        ) as exchange,
    ):
        (orders,) = exchange.workers
        paced = _Paced(orders.port, exchange.crowd)
        paced.run(1, trades_per_s=TRADES_PER_S)
        scope.say(f"{PER_S:,} orders/s for {window} s, nobody listens")
        spent = _Spent.now(exchange)
        alone = paced.run(window, trades_per_s=TRADES_PER_S)
        yield from spent.rows(_Spent.now(exchange), PER_S * window)
        scope.say(f"{connections:,} connections subscribe")
        with listening(orders.port, connections, [pair.name for pair in PAIRS]) as listeners:
            scope.say(f"{PER_S:,} orders/s for {window} s, all of them listen")
            listeners.reset()
            heard = paced.run(window, trades_per_s=TRADES_PER_S)
            per_s = listeners.heard().pushes // window
        paced.close()
    yield from _latency_rows(
        alone,
        heard,
        f"WebSocket frame to durable acknowledgement, {PER_S:,} orders and cancels a second on "
        f"connections of {_LOAD.crowd} accounts for {window} s, {TRADES_PER_S} trades a second over ten pairs, rate "
        f"limits on; {connections:,} connections with `tickers` and `trades` of all of them on a worker of their own, "
        f"{per_s:,} pushes/s",
    )


def _latency_rows(alone: Latency, heard: Latency, conditions: str) -> Iterator[Row]:
    for part, target in (("p50", None), ("p99", _P99_US)):
        yield Row(
            name=f"ack_{part}",
            value=getattr(heard, part),
            unit="us",
            conditions=f"{conditions}; without listeners: {alone}; {machine()}",
            yardstick=Yardstick(f"without_fanout_{part}", getattr(alone, part), "us"),
            target={} if target is None else {"value": ("<=", target)},
            latency=heard,
        )


MEASUREMENTS: Final = [
    Measurement(
        ("order_cpu_worker", "order_cpu_follower", "order_cpu_core", "ack_p50", "ack_p99"), _rows
    )
]
