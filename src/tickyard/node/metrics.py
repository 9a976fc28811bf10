"""`tickyard metrics`: what Prometheus scrapes, read from outside the exchange each time somebody asks.

It runs beside the exchange, so it costs the exchange next to nothing and says `tickyard_ready 0` when that is down. What
workers count they tell on sockets of their own; the rest comes from the core's status, from the read database's
cursors, from the files of the home and from the system.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tickyard.engine import projection
from tickyard.engine.client import CoreClient
from tickyard.engine.errors import CoreTimeout
from tickyard.engine.rows import CoreStatus
from tickyard.gateway import vitals
from tickyard.node import status
from tickyard.node.exposition import CONTENT_TYPE, Family, exposition
from tickyard.node.home import Home
from tickyard.node.listening import Listener

_Worker = tuple[Mapping[str, str], vitals.Counts]
_ASK_WITHIN_S: Final = 2
_REQUEST_WITHIN_S: Final = 5
_REQUEST_BYTES_MAX: Final = 16_384
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_WORKERS: Final = ("gateway", "fanout")


async def serve(home: Home, listener: Listener, stop: asyncio.Event) -> None:
    """Answer `GET /metrics` until `stop` is set.

    Args:
        home: of the exchange.
        listener: where Prometheus asks.
        stop: ends it.
    """

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_WITHIN_S):
                head = await reader.readuntil(b"\r\n\r\n")
                is_known = head.startswith((b"GET /metrics ", b"GET /metrics?"))
                body = (await collect(home)).encode() if is_known else b"ask for /metrics\n"
                writer.write(_head(is_known=is_known, size=len(body)) + body)
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked is gone, or never asked
        finally:
            writer.close()

    servers = [
        await asyncio.start_server(answer, sock=sock, limit=_REQUEST_BYTES_MAX)
        for sock in listener.sockets
    ]
    await stop.wait()
    for server in servers:
        server.close()


async def collect(home: Home) -> str:
    """Return all metrics as text."""
    now = status.read(home)
    core = await _ask_core(home)
    workers = await _ask_workers(home)
    return exposition(await asyncio.to_thread(lambda: [*_families(home, now, core, workers)]))


def _families(
    home: Home, now: status.Status, core: CoreStatus | None, workers: Sequence[_Worker]
) -> Iterator[Family]:
    is_ready = now.state == status.READY and core is not None
    yield Family("ready", "gauge", "1 when every process is ready", [({}, int(is_ready))])
    if core is not None:
        yield Family("commands_total", "counter", "Commands in the journal", [({}, core.seq)])
        yield from _projections(home, core.seq)
    yield from _workers(workers)
    yield from _processes(now)
    yield from _files(home)


def _projections(home: Home, seq: int) -> Iterator[Family]:
    try:
        cursors = projection.kept_cursors(home.root)
    except ValueError:
        return  # damaged: `tickyard verify` says where
    yield Family(
        "projection_behind_commands",
        "gauge",
        "Commands that the tables of the read database have not seen",
        [({"projection": name}, max(0, seq - at)) for name, at in sorted(cursors.items())],
    )


def _workers(found: Sequence[_Worker]) -> Iterator[Family]:
    def family(name: str, kind: str, about: str, value: Callable[[vitals.Counts], float]) -> Family:
        return Family(name, kind, about, [(labels, value(counts)) for labels, counts in found])

    yield family("http_connections", "gauge", "Open HTTP connections", lambda c: c.connections)
    yield family("websockets", "gauge", "Open WebSocket connections", lambda c: c.sessions)
    yield family(
        "websockets_opened_total",
        "counter",
        "WebSocket connections since the worker started",
        lambda c: c.sessions_total,
    )
    yield Family(
        "answers_total",
        "counter",
        "Answers of REST endpoints since the worker started",
        [
            ({**labels, "status": name}, count)
            for labels, counts in found
            for name, count in counts.answers.items()
        ],
    )
    yield family(
        "loop_late_seconds", "gauge", "How late the last beat was", lambda c: c.late_us / 1e6
    )
    yield family(
        "loop_late_max_seconds",
        "gauge",
        "The latest beat since the worker started",
        lambda c: c.late_max_us / 1e6,
    )


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
    yield Family("process_cpu_seconds_total", "counter", "Processor time", cpu)
    yield Family("process_resident_bytes", "gauge", "Memory in use", memory)
    yield Family(
        "process_started_seconds",
        "gauge",
        "When the process started, in seconds after the machine did; a change is a restart",
        started,
    )


def _stat(pid: int) -> list[str] | None:
    """Return the fields of a process as proc(5) counts them, from 0."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    before, _, after = text.rpartition(")")
    return [*before.split(" ", 1), *after.split()]


def _files(home: Home) -> Iterator[Family]:
    yield Family(
        "files_bytes",
        "gauge",
        "What parts of the home take on the disk",
        [
            ({"part": folder.name}, _size(folder))
            for folder in (home.journal, home.events, home.snapshots, home.read, home.records)
        ],
    )
    snapshots = [_modified_s(path) for path in home.snapshots.glob("*.snap")]
    if snapshots:
        age_s = max(0.0, time.time_ns() / 1e9 - max(snapshots))
        yield Family("snapshot_age_seconds", "gauge", "Age of the newest snapshot", [({}, age_s)])
    try:
        free = shutil.disk_usage(home.root).free
    except FileNotFoundError:
        return
    yield Family("disk_free_bytes", "gauge", "Free on the disk of the home", [({}, free)])


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


async def _ask_workers(home: Home) -> Sequence[_Worker]:
    found: list[_Worker] = []
    for role in _WORKERS:
        for path in sorted(home.run.glob(f"{role}-*.vitals.sock")):
            labels = {"role": role, "worker": path.name.removeprefix(f"{role}-").partition(".")[0]}
            try:
                async with asyncio.timeout(_ASK_WITHIN_S):
                    found.append((labels, await vitals.ask(path)))
            except (TimeoutError, OSError, ValueError):
                continue  # not now: it will be back, and `ready` says so
    return found


async def _ask_core(home: Home) -> CoreStatus | None:
    try:
        async with asyncio.timeout(_ASK_WITHIN_S):
            client = await CoreClient.connect(home.core_socket)
            try:
                return await client.status()
            finally:
                await client.close()
    except (CoreTimeout, TimeoutError, OSError):
        return None


def _head(*, is_known: bool, size: int) -> bytes:
    line = "200 OK" if is_known else "404 Not Found"
    return (
        f"HTTP/1.1 {line}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    ).encode()
