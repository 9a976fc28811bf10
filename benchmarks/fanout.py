"""Market data to many: how late the last one hears of a trade, and how much one worker can push.

Everything is real: orders over WebSocket to an order-entry worker, the core, and a fan-out worker to which the
connections were handed over. No trade is conflated: each connection must have seen each of them, once.
"""

import time
from collections.abc import Iterator
from typing import Final, NamedTuple

from benchmarks.listeners import Heard, Listeners, listening
from benchmarks.pairs import PAIRS
from benchmarks.processes import Exchange, cpu_ns, running_exchange
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.trades import Traders

_TRADES_PER_S: Final = 500
_FLOOD_PER_S: Final = 2_000
_TAKERS: Final = 10
"""Each makes twenty trades a second in a pair, of the thirty that the rate limits allow."""
_P99_US: Final = 100_000
_PUSHES_PER_S: Final = 300_000
_ARRIVE_WITHIN_S: Final = 60
_LOOK_EVERY_S: Final = 0.05


class _Window(NamedTuple):
    """What was measured while trades were made."""

    heard: Heard
    ns: int
    worker_ns: int
    client_ns: int

    @property
    def per_second(self) -> int:
        return self.heard.pushes * 10**9 // self.ns

    @property
    def us_per_push(self) -> float:
        return self.worker_ns / max(1, self.heard.pushes) / 1_000

    def __str__(self) -> str:
        heard = self.heard
        return (
            f"{self.per_second:,} pushes/s of {heard.bytes // max(1, heard.pushes)} bytes, {self.us_per_push:.2f} us "
            f"of the worker's CPU and {self.client_ns / max(1, heard.pushes) / 1_000:.2f} us of the client's a push, "
            f"the worker on its CPU {100 * self.worker_ns // self.ns} % of the time"
        )


def _measure(
    exchange: Exchange, traders: Traders, listeners: Listeners, seconds: int, per_s: int
) -> _Window:
    """Make trades and wait until every connection has seen all of them.

    Raises:
        RuntimeError: a connection missed a trade, or saw one twice.
    """
    (worker,) = exchange.fanout
    before = listeners.reset()
    used, used_by_client = cpu_ns(worker.pid), cpu_ns(listeners.pid)
    began = time.monotonic_ns()
    traders.run(seconds, per_s=per_s)
    expected = before.trades_min + seconds * per_s
    ends = time.monotonic() + _ARRIVE_WITHIN_S
    while not (heard := listeners.heard()).has_all(expected):
        if heard.out_of_order or time.monotonic() > ends:
            raise RuntimeError(f"of {expected:,} trades not all have arrived: {heard}")
        time.sleep(_LOOK_EVERY_S)
    took = time.monotonic_ns() - began
    return _Window(heard, took, cpu_ns(worker.pid) - used, cpu_ns(listeners.pid) - used_by_client)


def _rows(scope: Scope) -> Iterator[Row]:
    window = scope.pick(60, 5)
    connections = scope.pick(1_000, 200)
    anywhere: frozenset[int] = frozenset()
    with (
        scratch() as folder,
        running_exchange(folder / "home", [anywhere], [anywhere], crowd=_TAKERS) as exchange,
    ):
        (orders,) = exchange.workers
        traders = Traders(orders.port, exchange.crowd)
        scope.say(f"{connections:,} connections subscribe")
        with listening(orders.port, connections, [pair.name for pair in PAIRS]) as listeners:
            _measure(exchange, traders, listeners, 1, _TRADES_PER_S)
            scope.say(f"{_TRADES_PER_S:,} trades/s for {window} s")
            even = _measure(exchange, traders, listeners, window, _TRADES_PER_S)
            flood_s = scope.pick(20, 3)
            scope.say(f"{_FLOOD_PER_S:,} trades/s for {flood_s} s")
            flood = _measure(exchange, traders, listeners, flood_s, _FLOOD_PER_S)
        traders.close()
    crowd = (
        f"{connections:,} connections with `tickers` and `trades` of ten pairs on one fan-out worker, each has seen "
        f"each trade once; compiled client on the same machine; {_TAKERS} accounts trade, rate limits on"
    )
    yield Row(
        name="fanout_p99",
        value=even.heard.p99_us,
        unit="us",
        conditions=(
            f"from the time of the trade, in whole ms, stamped when the core took its order, to its arrival in the "
            f"client; {_TRADES_PER_S:,} trades/s spread evenly for {window} s; {crowd}; {even}; {machine()}"
        ),
        target={"value": ("<=", _P99_US - 1)},
        latency=even.heard.latency,
    )
    yield Row(
        name="fanout_pushes",
        value=flood.per_second,
        unit="pushes/s",
        conditions=(
            f"{_FLOOD_PER_S:,} trades/s offered for {flood_s} s, until the last has arrived everywhere; {crowd}; "
            f"{flood}; {machine()}"
        ),
        target={"value": (">=", _PUSHES_PER_S)},
    )


MEASUREMENTS: Final = [Measurement(("fanout_p99", "fanout_pushes"), _rows)]
