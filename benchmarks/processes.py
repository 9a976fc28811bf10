"""Processes of an exchange in a scratch home: as a supervisor starts them, but only those that are wanted."""

import asyncio
import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.crowd import Member, sign_up
from tickyard.node import certificates, migration, seed
from tickyard.node.child import HUGE_PAGES, environment
from tickyard.node.home import Home
from tickyard.node.launch import shared_counters

_STOP_WITHIN_S = 10
# As the supervisor has them.
_FANOUT_NICE = 5
_WORLD_NICE = 10
_INDEX_NICE = 5


class Process:
    """One role of `tickyard serve`."""

    def __init__(
        self,
        home: Path,
        role: str,
        *arguments: str,
        descriptors: Sequence[int] = (),
        cores: frozenset[int] = frozenset(),
        nice: int = 0,
    ) -> None:
        self._ready, said = os.pipe()
        # It stops by itself when whoever measures dies.
        leash, self._held = os.pipe()
        command = [sys.executable, "-m", "tickyard.node", "serve", "--home", str(home)]
        self._log = home / "run" / f"{role}.log"
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter
                [
                    *command,
                    "--parent-fd",
                    str(leash),
                    "--ready-fd",
                    str(said),
                    role,
                    *arguments,
                ],
                pass_fds=(leash, said, *descriptors),
                env=environment(HUGE_PAGES if role == "core" else {}),
                stdout=output,
                stderr=output,
            )
        os.close(leash)
        os.close(said)
        if cores:
            os.sched_setaffinity(self._process.pid, cores)
        if nice:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, nice)
        self.pid = self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until it serves."""
        if os.read(self._ready, 16) != b"ready\n":
            raise RuntimeError(f"a process did not start; see {self._log}")

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
        self._ended()

    def stop(self) -> None:
        """End it in order."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._ended()

    def _ended(self) -> None:
        self._process.wait()
        os.close(self._ready)
        os.close(self._held)


def cpu_ns(pid: int) -> int:
    """Return the CPU time that all threads of a process have used."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)


def cpu_by_thread(pid: int) -> dict[str, int]:
    """Return the CPU time of the threads of a process in ns, by their names without numbers."""
    found: dict[str, int] = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        name = (thread / "comm").read_text().strip().rstrip("0123456789- ")
        used = int((thread / "schedstat").read_text().split()[0])
        found[name] = found.get(name, 0) + used
    return found


class Core(NamedTuple):
    """A core that runs."""

    pid: int
    socket: Path


@contextmanager
def running_core(home: Path) -> Iterator[Core]:
    """Run a core in a home of its own."""
    place = Home(home)
    place.create()
    core = Process(home, "core")
    try:
        core.wait_until_ready()
        yield Core(core.pid, place.core_socket)
    finally:
        core.stop()


class Worker:
    """An order-entry worker and where it listens."""

    def __init__(
        self,
        home: Path,
        number: int,
        cores: frozenset[int],
        *,
        fanout_workers: int,
        counters: int,
    ) -> None:
        self._plain = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port: int = self._plain.getsockname()[1]
        self.process = Process(
            home,
            "gateway",
            *("--plain-fds", str(self._plain.fileno())),
            *("--worker", str(number)),
            *("--fanout-workers", str(fanout_workers)),
            *("--counters-fd", str(counters)),
            descriptors=(self._plain.fileno(), counters),
            cores=cores,
        )
        self.process.wait_until_ready()

    def stop(self) -> None:
        """End it."""
        self.process.stop()
        self._plain.close()


class Exchange(NamedTuple):
    """An exchange that runs."""

    core: Core
    workers: list[Worker]
    fanout: list[Process]
    crowd: Sequence[Member]


@contextmanager
def running_exchange(
    home: Path,
    workers: Sequence[frozenset[int]],
    fanout: Sequence[frozenset[int]] = (),
    *,
    crowd: int = 0,
    market: frozenset[int] = frozenset(),
) -> Iterator[Exchange]:
    """Run a core with the demo's pairs and accounts, and gateway workers that hold clients to the rate limits.

    Args:
        home: a folder.
        workers: the cores of each order-entry worker.
        fanout: the cores of each fan-out worker; without any, order entry serves all.
        crowd: accounts beside those of the demo.
        market: the cores of the demo's market, which trades at the first worker; without any, there is none.
    """
    with running_core(home) as core, _counters() as counters:
        place = Home(home)
        now = dt.datetime.fromtimestamp(time.time_ns() // 10**9, dt.UTC)
        certificates.ensure(place.tls, now)
        asyncio.run(seed.ensure(place))
        migration.migrate(place)
        members = asyncio.run(sign_up(place, crowd))
        running: list[Worker] = []
        serving: list[Process] = []
        try:
            for number, cores in enumerate(fanout, 1):
                worker = Process(
                    home,
                    "fanout",
                    *("--worker", str(number)),
                    *("--counters-fd", str(counters)),
                    descriptors=(counters,),
                    cores=cores,
                    nice=_FANOUT_NICE,
                )
                serving.append(worker)
                worker.wait_until_ready()
            for number, cores in enumerate(workers, 1):
                running.append(
                    Worker(home, number, cores, fanout_workers=len(fanout), counters=counters)
                )
            if market:
                serving += _market(home, running[0].port, market)
            yield Exchange(core, running, serving[: len(fanout)], members)
        finally:
            started: list[Worker | Process] = [*running, *serving]
            for one in started:
                one.stop()


def _market(home: Path, port: int, cores: frozenset[int]) -> Iterator[Process]:
    """Start the simulated participants and the venues outside."""
    place = f"127.0.0.1:{port}"
    urls = ("--http", f"http://{place}", "--ws", f"ws://{place}/ws/v5")
    for role, arguments, nice in (
        ("world", (*urls, "--seed", "1", "--profile", "living"), _WORLD_NICE),
        ("index", (), _INDEX_NICE),
    ):
        process = Process(home, role, *arguments, cores=cores, nice=nice)
        process.wait_until_ready()
        yield process


@contextmanager
def _counters() -> Iterator[int]:
    descriptor = shared_counters()
    try:
        yield descriptor
    finally:
        os.close(descriptor)
