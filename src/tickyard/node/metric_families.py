"""What is measured of an exchange, from what its processes say, its files, and what the system says of its processes."""

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tickyard.engine.cursors import kept_cursors
from tickyard.engine.database import Unavailable
from tickyard.engine.rows import CoreCounts, CoreStatus
from tickyard.gateway import vitals
from tickyard.indices import published
from tickyard.indices.sources import rules
from tickyard.instruments import listing
from tickyard.node import measures, settings, status
from tickyard.node.exposition import Family, Histogram, Measure
from tickyard.node.home import Home


class Core(msgspec.Struct, frozen=True):
    """What the core says."""

    status: CoreStatus
    counts: CoreCounts


Worker = tuple[Mapping[str, str], vitals.Counts]
"""What names a worker, and what it counts."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


def families(
    home: Home, now: status.Status, core: Core | None, workers: Sequence[Worker]
) -> Iterator[Family | Histogram]:
    """Yield everything that is known now.

    Args:
        home: of the exchange.
        now: what the supervisor says.
        core: what the core says; None when it does not answer.
        workers: what each worker that answers says.
    """
    is_ready = now.state == status.READY and core is not None
    yield Family(measures.READY, [({}, int(is_ready))])
    if core is not None:
        yield Family(measures.COMMANDS, [({}, core.status.seq)])
        yield from _core(core.counts)
        yield from _projections(home, core.status.seq)
    yield from _workers(workers)
    yield from _processes(now)
    yield from _indices(home)
    yield from _files(home)


def _core(counts: CoreCounts) -> Iterator[Family | Histogram]:
    yield Family(measures.COMMANDS_APPENDED, [({}, counts.appended)])
    yield Family(
        measures.COMMANDS_REFUSED,
        [({"reason": reason}, count) for reason, count in counts.refused.items()],
    )
    yield Family(
        measures.COMMANDS_WAITING,
        [({"class": name}, count) for name, count in counts.waiting.items()],
    )
    yield Histogram(
        measures.COMMITS,
        [(bound_us / 1e6, count) for bound_us, count in counts.commits_within_us],
        count=counts.commits,
        total=counts.commit_ns / 1e9,
    )
    yield Family(measures.OPEN_ORDERS, [({}, counts.open_orders)])
    yield Family(measures.TRIGGERS, [({}, counts.triggers)])
    yield Family(measures.ACCOUNTS, [({}, counts.accounts)])
    yield Family(measures.INSTRUMENTS, [({}, counts.instruments)])


def _projections(home: Home, seq: int) -> Iterator[Family]:
    try:
        cursors = kept_cursors(home.root, settings.read_database(home))
    except (Unavailable, settings.SettingsWrong, ValueError):
        return  # `tickyard doctor` or `tickyard verify` say why
    yield Family(
        measures.PROJECTION_BEHIND,
        [({"projection": name}, max(0, seq - at)) for name, at in sorted(cursors.items())],
    )


def _workers(found: Sequence[Worker]) -> Iterator[Family]:
    def family(measure: Measure, value: Callable[[vitals.Counts], float]) -> Family:
        return Family(measure, [(labels, value(counts)) for labels, counts in found])

    yield Family(
        measures.CONNECTIONS,
        [
            ({"protocol": "http"}, sum(counts.connections for _, counts in found)),
            ({"protocol": "websocket"}, sum(counts.sessions for _, counts in found)),
        ],
    )
    yield family(measures.HTTP_CONNECTIONS, lambda c: c.connections)
    yield family(measures.WEBSOCKETS, lambda c: c.sessions)
    yield family(measures.WEBSOCKETS_OPENED, lambda c: c.sessions_total)
    yield Family(
        measures.ANSWERS,
        [
            ({**labels, "status": name}, count)
            for labels, counts in found
            for name, count in counts.answers.items()
        ],
    )
    yield family(measures.LOOP_LATE, lambda c: c.late_us / 1e6)
    yield family(measures.LOOP_LATE_MAX, lambda c: c.late_max_us / 1e6)


def _processes(now: status.Status) -> Iterator[Family]:
    cpu: list[tuple[Mapping[str, str], float]] = []
    memory: list[tuple[Mapping[str, str], float]] = []
    started: list[tuple[Mapping[str, str], float]] = []
    for role, value in now.pids.items():
        for number, pid in enumerate(value if isinstance(value, list) else [value], 1):
            fields = _stat(pid)
            if fields is None:
                continue
            labels = {"role": role, "worker": str(number)}
            cpu.append((labels, (int(fields[13]) + int(fields[14])) / _TICKS))
            started.append((labels, int(fields[21]) / _TICKS))
            memory.append((labels, int(fields[23]) * _PAGE_BYTES))
    yield Family(measures.CPU, cpu)
    yield Family(measures.MEMORY, memory)
    yield Family(measures.STARTED, started)


def _stat(pid: int) -> list[str] | None:
    """Return the fields of a process as proc(5) counts them, from 0."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    before, _, after = text.rpartition(")")
    return [*before.split(" ", 1), *after.split()]


def _indices(home: Home) -> Iterator[Family]:
    try:
        known = published.read(home.run)
    except (OSError, ValueError):
        return  # the disk failed, or it was written by another version
    if not known:
        return  # a market in which nothing happens has no index
    newest_ms = max(index.time_ms for index in known.values())
    # What has dropped out is not published any more, so it is missed among all pairs.
    parts = Counter(part.source for index in known.values() for part in index.components)
    least = min(len(index.components) for index in known.values())
    has_all = len(known) == len(listing.load().instruments)
    yield Family(
        measures.INDEX_VENUE_PAIRS,
        [({"venue": source.name}, parts[source.name]) for source in rules().source],
    )
    yield Family(measures.INDEX_VENUES_LEAST, [({}, least if has_all else 0)])
    yield Family(measures.INDEX_AGE, [({}, max(0.0, time.time_ns() / 1e9 - newest_ms / 1e3))])


def _files(home: Home) -> Iterator[Family]:
    folders = (home.journal, home.events, home.snapshots, home.read, home.records)
    yield Family(measures.FILES, [({"part": folder.name}, _size(folder)) for folder in folders])
    snapshots = [_modified_s(path) for path in home.snapshots.glob("*.snap")]
    if snapshots:
        age_s = max(0.0, time.time_ns() / 1e9 - max(snapshots))
        yield Family(measures.SNAPSHOT_AGE, [({}, age_s)])
    try:
        free = shutil.disk_usage(home.root).free
    except FileNotFoundError:
        return
    yield Family(measures.DISK_FREE, [({}, free)])


def _size(folder: Path) -> int:
    total = 0
    for path in folder.glob("*"):
        try:
            total += path.stat().st_blocks * 512
        except FileNotFoundError:
            continue  # pruned meanwhile
    return total


def _modified_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0
