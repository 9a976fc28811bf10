"""One gateway worker before a real core, how many orders it takes, beside a bare server of the same stack.

The worker has a core of its own; client and core host share what is left, in `living_*` with a market that lives.
What the worker costs without a core behind it stands in rows of its own (`gateway_*`).
"""

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from benchmarks.bare import running_stand_in
from benchmarks.client import Client
from benchmarks.crowd import Member, imagined
from benchmarks.pairs import PAIRS
from benchmarks.processes import cpu_ns, running_exchange
from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.wire import LOADS, Load

_CORES: Final = sorted(os.sched_getaffinity(0))
SERVER_CORE: Final = _CORES[0]
CLIENT_CORES: Final = frozenset(_CORES[1:] or _CORES)
TARGETS: Final = {"rest_orders": 25_000, "ws_orders": 60_000, "ws_batch_orders": 250_000}


class Measured(NamedTuple):
    """What a server gave, and what an order took of each process, in us of CPU."""

    per_second: int
    server_us: float
    client_us: float
    core_us: float = 0

    def told(self) -> str:
        """Say it in the conditions of a row."""
        core = f", core {self.core_us:.2f}" if self.core_us else ""
        return f"CPU us an order: server {self.server_us:.2f}{core}, client {self.client_us:.2f}"


def _drive(
    port: int,
    load: Load,
    crowd: Sequence[Member],
    seconds: int,
    server: int,
    core: int | None = None,
) -> Measured:
    processes = (server, os.getpid(), *(() if core is None else (core,)))
    os.sched_setaffinity(0, CLIENT_CORES)
    client = Client(port, load, crowd)
    try:
        client.drive(seconds / 4)
        before = [cpu_ns(pid) for pid in processes]
        driven = client.drive(seconds)
        used = [cpu_ns(pid) - at for pid, at in zip(processes, before, strict=True)]
    finally:
        client.close()
        os.sched_setaffinity(0, _CORES)
    shares = [ns / max(1, driven.orders) / 1_000 for ns in used]
    return Measured(driven.orders * 10**9 // driven.ns, *shares)


def _stand_in(load: Load, seconds: int, *, is_bare: bool) -> Measured:
    crowd = imagined(load.crowd)
    with running_stand_in(load, crowd, is_bare=is_bare, core=SERVER_CORE) as server:
        return _drive(server.port, load, crowd, seconds, server.pid)


def _real(load: Load, seconds: int, *, warm_up_s: int = 0) -> Measured:
    """Measure a worker before a core; beside the demo's market when there is time for that to warm up."""
    others = CLIENT_CORES if warm_up_s else frozenset[int]()
    with (
        scratch() as folder,
        running_exchange(
            folder / "home",
            [frozenset({SERVER_CORE})],
            [others] if others else [],
            crowd=load.crowd,
            market=others,
        ) as exchange,
    ):
        time.sleep(warm_up_s)
        (worker,) = exchange.workers
        pids = (worker.process.pid, exchange.core.pid)
        return _drive(worker.port, load, exchange.crowd, seconds, *pids)


def _rows(load: Load, scope: Scope) -> Iterator[Row]:
    seconds = scope.pick(8, 2)
    scope.say(
        f"{load.name}: a bare server, a gateway before nothing, one before a core, one beside a market"
    )
    bare = _stand_in(load, seconds, is_bare=True)
    lone = _stand_in(load, seconds, is_bare=False)
    ours = _real(load, seconds)
    beside = _real(load, seconds, warm_up_s=scope.pick(20, 3))
    conditions = (
        f"{load.lanes} clients of {load.accounts} accounts, each with a connection and an address of its own, "
        f"{load.in_flight} requests of {load.orders} in flight of each client, limit orders that rest and their cancels "
        f"in turn, both counted, in {len(PAIRS)} pairs, {seconds} s"
    )
    yield Row(
        name=load.name,
        value=ours.per_second,
        unit="orders/s",
        conditions=(
            f"one worker on one core before a real core, acknowledged when durable, rate limits on, no order refused; "
            f"client and core on the others; "
            f"{ours.told()} (bare server {bare.server_us:.2f}); {conditions}; {machine()}"
        ),
        yardstick=Yardstick("bare_server", bare.per_second, "orders/s"),
        target={"value": (">=", TARGETS[load.name])},
    )
    yield Row(
        name=f"living_{load.name}",
        value=beside.per_second,
        unit="orders/s",
        conditions=(
            f"the same with the demo's market, its index and a fan-out worker on the other cores; {beside.told()}; "
            f"{conditions}; {machine()}"
        ),
        yardstick=Yardstick(load.name, ours.per_second, "orders/s"),
        target={"value": (">=", TARGETS[load.name])},
    )
    yield Row(
        name=f"gateway_{load.name}",
        value=lone.per_second,
        unit="orders/s",
        conditions=(
            f"one worker on one core, a handler that answers at once; {lone.told()} "
            f"(bare server {bare.server_us:.2f}); {conditions}; {machine()}"
        ),
        yardstick=Yardstick("bare_server", bare.per_second, "orders/s"),
    )


MEASUREMENTS: Final = [
    Measurement((load.name, f"living_{load.name}", f"gateway_{load.name}"), partial(_rows, load))
    for load in LOADS
]
