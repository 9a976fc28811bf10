"""How long a core is away: from the start of its process to its first acknowledgement."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks import cargo
from benchmarks.door import Door
from benchmarks.orders import PAIR
from benchmarks.processes import Process, cpu_ns
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope, scratch
from tickyard.engine import commands
from tickyard.engine.records import AccountId, OrderType, Side
from tickyard.node.home import Home

_SECONDS: Final = 5


class _Start(NamedTuple):
    """Seconds of the clock, and of the core's CPU."""

    took: float
    used: float


def _rows(scope: Scope) -> Iterator[Row]:
    million = scope.pick(1_000_000, 50_000)
    times = scope.pick(3, 1)
    with scratch() as folder:
        scope.say(f"making a home of {million:,} accounts, as many open orders and tail commands")
        home = folder / "home"
        Home(home).create()
        sizes = (f"--{what}={million}" for what in ("accounts", "orders", "tail"))
        (made,) = cargo.objects("host", "aged_home", str(home), *sizes)
        starts = []
        for number in range(times):
            scope.say(f"start {number + 1} of {times}")
            starts.append(_start(home, number))
    each = ", ".join(f"{start.took:.2f} s ({start.used:.2f} s)" for start in starts)
    yield Row(
        name="restart",
        value=round(median(start.took for start in starts), 3),
        unit="s",
        conditions=(
            f"core process killed and started again, to its first acknowledgement: {made['accounts']:,} accounts, "
            f"{made['open_orders']:,} open orders in a snapshot, tail of {million:,} commands, files in the page "
            f"cache; each start, and CPU of the core in it: {each}; {machine()}"
        ),
        target={"value": ("<=", _SECONDS)},
    )


def _start(home: Path, number: int) -> _Start:
    """Start a core, place an order with it, and kill it."""
    order = commands.place_order(
        account=AccountId(16),
        instrument=PAIR,
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        price=1_000,
        size=1_000,
        client_id=b"restart%d" % number,
    )
    began = time.monotonic()
    core = Process(home, "core")
    try:
        core.wait_until_ready()
        door = Door(Home(home).core_socket)
        door.carry_out(order)
        took = time.monotonic() - began
        used = cpu_ns(core.pid) / 10**9
        door.close()
    finally:
        core.kill()
    return _Start(took, used)


MEASUREMENTS: Final = [Measurement(("restart",), _rows)]
