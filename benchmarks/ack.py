"""Order frame in, durable acknowledgement out: WebSocket orders at an even pace, with and without many who listen.

The listeners are served by a worker of their own. Trades for them to hear of are made by the same compiled client,
beside the orders that are measured.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from benchmarks.listeners import listening
from benchmarks.pacer import Pacer, pacing
from benchmarks.pairs import PAIRS
from benchmarks.percentiles import Latency
from benchmarks.processes import Exchange, cpu_by_thread, cpu_ns, running_exchange
from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.wire import Load

PER_S: Final = 10_000
TRADES_PER_S: Final = 50
_P99_US: Final = 5_000
_LOAD: Final = Load("ack", is_rest=False, lanes=32, accounts=1, in_flight=8, orders=1)
"""At this pace an account sends up to twenty orders a second in a pair, of the thirty that the rate limits allow."""


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
        with pacing(orders.port, _LOAD, exchange.crowd) as pacer:
            _run(pacer, 1)
            scope.say(f"{PER_S:,} orders/s for {window} s, nobody listens")
            spent = _Spent.now(exchange)
            alone = _run(pacer, window)
            yield from spent.rows(_Spent.now(exchange), PER_S * window)
            scope.say(f"{connections:,} connections subscribe")
            with listening(orders.port, connections, [pair.name for pair in PAIRS]) as listeners:
                scope.say(f"{PER_S:,} orders/s for {window} s, all of them listen")
                listeners.reset()
                heard = _run(pacer, window)
                per_s = listeners.heard().pushes // window
    yield from _latency_rows(
        alone,
        heard,
        f"WebSocket frame to durable acknowledgement, {PER_S:,} orders and cancels a second on "
        f"connections of {_LOAD.crowd} accounts for {window} s, {TRADES_PER_S} trades a second over ten pairs, rate "
        f"limits on; {connections:,} connections with `tickers` and `trades` of all of them on a worker of their own, "
        f"{per_s:,} pushes/s",
    )


def _run(pacer: Pacer, seconds: int) -> Latency:
    return pacer.run(seconds, per_s=PER_S, trades_per_s=TRADES_PER_S)


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
