"""From a worker's socket to the disk and back: Unix socket, sequencer, journal, fdatasync, core, reply.

The worker is a compiled program (`crates/host/benches/load`) that sends evenly and measures from when each command
was due. The yardstick is the bare disk: 4 KiB and fdatasync, as often as a host commits, before and after.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks import cargo, disk
from benchmarks.door import Door
from benchmarks.orders import definitions
from benchmarks.percentiles import Latency
from benchmarks.processes import running_core
from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import Measurement, Scope, scratch
from tickyard.engine.rows import CoreCounts

_TARGETS: Final = {"p50": 500, "p99": 3_000}
_ALONE_PER_S: Final = 250
_COMMIT_BOUNDS_US: Final = (500, 2_500, 10_000)
_SHED_MOST: Final = 0.001
"""Which part of the commands may be shed, as happens when the disk stands still; more is no measurement."""


@contextmanager
def _core() -> Iterator[tuple[Path, Path, Door]]:
    """Run a core with one pair and 16 rich accounts; gives a folder on the same disk, the socket, and a way in."""
    with scratch() as folder, running_core(folder / "home") as core:
        door = Door(core.socket)
        for record in definitions():
            door.carry_out(record)
        yield folder, core.socket, door
        door.close()


def _load(path: Path, **options: int) -> dict[str, Any]:
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    boot = f"--boot={time.monotonic_ns()}"
    (found,) = cargo.objects("host", "load", str(path), boot, *given)
    return found


def _durable_rows(per_s: int, frame: int, scope: Scope) -> Iterator[Row]:
    window, beside = scope.pick(60, 5), scope.pick(10, 2)
    yield from _latency_rows(
        f"durable_{per_s // 1_000}k",
        scope,
        gap_ns=disk.COMMIT_GAP_NS,
        seconds=(window, beside),
        load={"per_second": per_s, "frame": frame},
        target=_TARGETS,
    )


def _late(earlier: CoreCounts, later: CoreCounts) -> str:
    """Tell how many commits took long: what a command waits for beyond them is no disk."""
    commits = later.commits - earlier.commits
    longer = ", ".join(
        f"{commits - within + before:,} over {bound_us / 1_000:g} ms"
        for (bound_us, within), (_, before) in zip(
            later.commits_within_us, earlier.commits_within_us, strict=True
        )
        if bound_us in _COMMIT_BOUNDS_US
    )
    return f"{commits:,} commits, {longer}"


def _alone_rows(scope: Scope) -> Iterator[Row]:
    window, beside = scope.pick(20, 4), scope.pick(5, 2)
    yield from _latency_rows(
        "ack_alone",
        scope,
        gap_ns=10**9 // _ALONE_PER_S,  # a disk that has idled takes longer
        seconds=(window, beside),
        load={"per_second": _ALONE_PER_S, "frame": 1},
        target={},
    )


def _latency_rows(
    name: str,
    scope: Scope,
    *,
    gap_ns: int,
    seconds: tuple[int, int],
    load: dict[str, int],
    target: dict[str, int],
) -> Iterator[Row]:
    window, beside = seconds
    with _core() as (folder, path, door):
        scope.say(f"{load['per_second']:,} commands/s for {window} s, the bare disk around it")
        _load(path, seconds=1, **load)
        around = disk.Around(folder, beside, gap_ns)
        earlier = door.counts()
        found = _load(path, seconds=window, **load)
        commits = _late(earlier, door.counts())
        bare = around.again()
    ours = Latency(*(found[part] // 1_000 for part in ("p50", "p99", "p999", "worst")))
    conditions = (
        f"worker's socket to durable reply, {load['per_second']:,} orders and cancels a second in frames of "
        f"{load['frame']}, {window} s, {found['refused']:,} of them shed; {commits}; bare disk with {gap_ns // 1_000} us between starts: {bare}; {machine()}"
    )
    for part in ("p50", "p99"):
        yield Row(
            name=f"{name}_{part}",
            value=getattr(ours, part),
            unit="us",
            conditions=conditions,
            yardstick=Yardstick(f"fdatasync_{part}", getattr(bare, part), "us"),
            target={"value": ("<=", target[part])} if target else {},
            latency=ours,
        )


def _flood_rows(scope: Scope) -> Iterator[Row]:
    window = scope.pick(5, 1)
    with _core() as (_, path, _):
        for frame, in_flight in ((1, 256), (20, 64), (500, 16)):
            scope.say(f"{in_flight} frames of {frame} in flight")
            found = _load(path, frame=frame, in_flight=in_flight, seconds=window)
            told = f"{found['refused']:,} of {found['commands']:,} commands shed"
            if found["refused"] > found["commands"] * _SHED_MOST:
                raise RuntimeError(f"{in_flight} frames of {frame} in flight: {told}")
            yield Row(
                name=f"acks_{frame}_a_frame",
                value=found["per_second"],
                unit="commands/s",
                conditions=f"{in_flight} frames of {frame} in flight for {window} s, {told}; {machine()}",
            )


MEASUREMENTS: Final = [
    Measurement(("durable_20k_p50", "durable_20k_p99"), partial(_durable_rows, 20_000, 1)),
    Measurement(("durable_100k_p50", "durable_100k_p99"), partial(_durable_rows, 100_000, 20)),
    Measurement(("ack_alone_p50", "ack_alone_p99"), _alone_rows),
    Measurement(("acks_1_a_frame", "acks_20_a_frame", "acks_500_a_frame"), _flood_rows),
]
