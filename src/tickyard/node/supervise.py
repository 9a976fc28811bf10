"""The supervisor: starts the processes of an exchange in order, restarts what dies, stops all together.

    core -> seed -> gateway workers, projector -> world, snapshots

The core comes first and goes last. A process that dies is started again, the sooner the longer it had
lived. One that refuses to start (`EXIT_REFUSED`) is not tried again: the exchange has failed and says why.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec
import structlog

from tickyard.node import seed, status
from tickyard.node.child import EXIT_REFUSED
from tickyard.node.launch import Launch

log = structlog.get_logger()

GATEWAY_WORKERS = 2
"""Two, so that the death of one leaves the other serving."""

_READY_WITHIN_S = 120
"""A core may have to replay a long tail before it is ready."""
_STOP_WITHIN_S = 5
_LIVED_WELL_S = 5
_BACKOFF_MS = (50, 100, 250, 500, 1000, 2000)


class Failed(Exception):
    """The exchange cannot run; the message says why."""


class Role(msgspec.Struct, frozen=True):
    """How one process is started.

    Attributes:
        name: its name in `status`.
        arguments: what follows `tickyard serve`.
        sockets: file descriptors that it inherits.
        nice: how far it stands back when the processor is busy; 0 to 19.
    """

    name: str
    arguments: tuple[str, ...]
    sockets: tuple[int, ...] = ()
    nice: int = 0


class Keeper:
    """Keeps one process alive."""

    def __init__(self, role: Role, launch: Launch, leash: int, changed: Callable[[], None]) -> None:
        self.role = role
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self._launch = launch
        self._leash = leash
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Start the process, and start it again whenever it dies.

        Raises:
            Failed: the process refused to start.
        """
        deaths = 0
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            started = loop.time()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            if code == EXIT_REFUSED:
                raise Failed(f"{self.role.name} refused to start: {self._last_words()}")
            deaths = 0 if loop.time() - started > _LIVED_WELL_S else deaths + 1
            log.warning("process.died", role=self.role.name, code=code, deaths=deaths)
            await asyncio.sleep(_BACKOFF_MS[min(deaths, len(_BACKOFF_MS) - 1)] / 1000)

    async def stop(self) -> None:
        """Ask the process to stop, and kill it if it does not."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(_STOP_WITHIN_S):
                await process.wait()
        except TimeoutError:
            log.warning("process.killed", role=self.role.name)
            process.kill()
            await process.wait()

    async def _run_once(self) -> int:
        ready_reader, ready_writer = os.pipe()
        with self._log_path().open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tickyard.node",
                "serve",
                "--parent-fd",
                str(self._leash),
                "--ready-fd",
                str(ready_writer),
                *self.role.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(self._leash, ready_writer, *self.role.sockets),
                start_new_session=True,
                env=os.environ | {"TICKYARD_HOME": str(self._launch.home.root)},
            )
        os.close(ready_writer)
        self.pid = self._process.pid
        if self.role.nice:
            os.setpriority(os.PRIO_PROCESS, self.pid, self.role.nice)
        self._changed()
        if self._stopping.is_set():
            self._process.terminate()
        try:
            await _one_line(ready_reader, self._now_ready)
            return await self._process.wait()
        finally:
            os.close(ready_reader)
            self.ready.clear()
            self.pid = None
            self._changed()

    def _now_ready(self) -> None:
        self.ready.set()
        self._changed()

    def _log_path(self) -> Path:
        return self._launch.home.run / f"{self.role.name}.log"

    def _last_words(self) -> str:
        lines = self._log_path().read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class Supervisor:
    """Runs one exchange until told to stop."""

    def __init__(self, launch: Launch, on_ready: Callable[[status.Status], None]) -> None:
        self._launch = launch
        self._on_ready = on_ready
        self._state = status.STARTING
        self._reason = ""
        self._said_ready = False
        self._stop = asyncio.Event()
        # Nothing is ever written: the children see the end of this pipe when we die, however we die.
        self._leash, self._our_end = os.pipe()
        self._keepers = [Keeper(role, launch, self._leash, self._publish) for role in roles(launch)]

    async def run(self) -> int:
        """Run until SIGINT or SIGTERM; return the exit status."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        self._publish()
        tasks: list[asyncio.Task[None]] = []
        try:
            async with asyncio.TaskGroup() as group:
                tasks.append(group.create_task(self._start(group, tasks)))
                await self._stop.wait()
                await self._stop_all()
                for task in tasks:
                    task.cancel()
        except* Failed as failures:
            self._reason = str(failures.exceptions[0])
            self._state = status.FAILED
            await self._stop_all()
        if self._state != status.FAILED:
            self._state = status.STOPPED
        self._publish()
        if self._reason:
            log.error("exchange.failed", reason=self._reason)
        return int(self._state == status.FAILED)

    async def _start(self, group: asyncio.TaskGroup, tasks: list[asyncio.Task[None]]) -> None:
        for stage in (("core",), ("gateway", "projector"), ("world", "snapshots")):
            keepers = [keeper for keeper in self._keepers if keeper.role.name in stage]
            tasks.extend(group.create_task(keeper.keep()) for keeper in keepers)
            try:
                async with asyncio.timeout(_READY_WITHIN_S):
                    for keeper in keepers:
                        await keeper.ready.wait()
            except TimeoutError:
                raise Failed(
                    f"{' and '.join(stage)} were not ready in {_READY_WITHIN_S} s"
                ) from None
            if "core" in stage:
                await seed.ensure(self._launch.home)

    async def _stop_all(self) -> None:
        for stage in (("world", "snapshots"), ("gateway",), ("projector",), ("core",)):
            keepers = [keeper for keeper in self._keepers if keeper.role.name in stage]
            await asyncio.gather(*(keeper.stop() for keeper in keepers))

    def _publish(self) -> None:
        if self._state in (status.STARTING, status.READY):
            all_ready = all(keeper.ready.is_set() for keeper in self._keepers)
            self._state = status.READY if all_ready else status.STARTING
        current = self.current()
        status.write(self._launch.home, current)
        if self._state == status.READY and not self._said_ready:
            self._said_ready = True
            self._on_ready(current)

    def current(self) -> status.Status:
        """Return what is true now."""
        launch = self._launch
        http, tls = launch.http.port, launch.tls.port
        pids: dict[str, int | list[int]] = {"supervisor": os.getpid()}
        for keeper in self._keepers:
            if keeper.pid is None:
                continue
            if keeper.role.name == "gateway":
                workers = pids.setdefault("gateway", [])
                assert isinstance(workers, list)
                workers.append(keeper.pid)
            else:
                pids[keeper.role.name] = keeper.pid
        return status.Status(
            state=self._state,
            http=f"http://127.0.0.1:{http}",
            https=f"https://localhost:{tls}",
            ws=f"ws://127.0.0.1:{http}/ws/v5",
            wss=f"wss://localhost:{tls}/ws/v5",
            ca=str(launch.home.tls / "ca.pem"),
            profile=launch.profile,
            seed=launch.seed,
            version=version("tickyard"),
            reason=self._reason,
            pids=pids,
        )


def roles(launch: Launch) -> Sequence[Role]:
    """Return the processes of an exchange, in the order in which they start."""
    plain = [sock.fileno() for sock in launch.http.sockets]
    tls = [sock.fileno() for sock in launch.tls.sockets]
    sockets = ("--plain-fds", _joined(plain), "--tls-fds", _joined(tls))
    gateways = [
        Role("gateway", ("gateway", *sockets, "--worker", str(worker)), sockets=(*plain, *tls))
        for worker in range(1, GATEWAY_WORKERS + 1)
    ]
    found = [
        Role("core", ("core",)),
        *gateways,
        Role("projector", ("projector",), nice=5),
    ]
    if launch.profile != "empty":
        place = f"127.0.0.1:{launch.http.port}"
        urls = ("--http", f"http://{place}", "--ws", f"ws://{place}/ws/v5")
        world = ("world", *urls, "--seed", str(launch.seed), "--profile", launch.profile)
        found.append(Role("world", world, nice=10))
    return [*found, Role("snapshots", ("snapshots",), nice=19)]


def _joined(descriptors: Sequence[int]) -> str:
    return ",".join(map(str, descriptors))


async def _one_line(descriptor: int, then: Callable[[], None]) -> None:
    """Wait until the pipe says something or ends; call `then` if it said something."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
    if os.read(descriptor, 64):
        then()
