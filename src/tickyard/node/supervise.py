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
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import msgspec
import structlog

from tickyard.engine.errors import CoreTimeout
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
_TRIES = 5
"""So often a process may end by itself before it was ever ready; what stops it will not go away."""
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
        self._was_ready = False
        self._stopping = asyncio.Event()

    async def keep(self) -> None:
        """Start the process, and start it again whenever it dies.

        Raises:
            Failed: the process refused to start, or could not.
        """
        deaths = 0
        loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            started = loop.time()
            code = await self._run_once()
            if self._stopping.is_set():
                return
            if code == EXIT_REFUSED:
                raise Failed(f"{self.role.name} refused to start: {self.last_words()}")
            deaths = 0 if loop.time() - started > _LIVED_WELL_S else deaths + 1
            if code > 0 and deaths == _TRIES and not self._was_ready:
                raise Failed(f"{self.role.name} could not start: {self.last_words()}")
            log.warning("process.died", role=self.role.name, code=code, deaths=deaths)
            await asyncio.sleep(_BACKOFF_MS[min(deaths, len(_BACKOFF_MS) - 1)] / 1000)

    async def stop(self) -> None:
        """Ask the process to stop, and kill it if it does not."""
        self._stopping.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        _terminate(process)
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
                # -P: no file in the folder where somebody typed `up` can stand in for a module.
                *(sys.executable, "-P", "-m", "tickyard.node", "serve"),
                *("--home", str(self._launch.home.root)),
                *("--parent-fd", str(self._leash)),
                *("--ready-fd", str(ready_writer)),
                *self.role.arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(self._leash, ready_writer, *self.role.sockets),
                start_new_session=True,
            )
        os.close(ready_writer)
        self.pid = self._process.pid
        if self.role.nice:
            # It may have been killed already.
            with suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PROCESS, self.pid, self.role.nice)
        self._changed()
        if self._stopping.is_set():
            _terminate(self._process)
        try:
            await _one_line(ready_reader, self._now_ready)
            return await self._process.wait()
        finally:
            os.close(ready_reader)
            self.ready.clear()
            self.pid = None
            self._changed()

    def _now_ready(self) -> None:
        self._was_ready = True
        self.ready.set()
        self._changed()

    def _log_path(self) -> Path:
        return self._launch.home.run / f"{self.role.name}.log"

    def last_words(self) -> str:
        """Return the last line of its log."""
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
        """Run until SIGINT, SIGTERM or the terminal's end; return the exit status."""
        loop = asyncio.get_running_loop()
        for number in _stopping_signals():
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
            await self._fail(str(failures.exceptions[0]))
        except* Exception as errors:
            log.exception("supervisor.failed")
            await self._fail(f"the supervisor failed: {errors.exceptions[0]!r}")
        if self._state != status.FAILED:
            self._state = status.STOPPED
        self._publish()
        if self._reason:
            log.error("exchange.failed", reason=self._reason)
        return int(self._state == status.FAILED)

    async def _fail(self, reason: str) -> None:
        self._reason = self._reason or reason
        self._state = status.FAILED
        await self._stop_all()

    async def _start(self, group: asyncio.TaskGroup, tasks: list[asyncio.Task[None]]) -> None:
        for stage in (("core",), ("gateway", "projector"), ("world", "snapshots")):
            keepers = [keeper for keeper in self._keepers if keeper.role.name in stage]
            tasks.extend(group.create_task(keeper.keep()) for keeper in keepers)
            try:
                async with asyncio.timeout(_READY_WITHIN_S):
                    for keeper in keepers:
                        await keeper.ready.wait()
            except TimeoutError:
                late = next(keeper for keeper in keepers if not keeper.ready.is_set())
                raise Failed(
                    f"{late.role.name} was not ready in {_READY_WITHIN_S} s: {late.last_words()}"
                ) from None
            if "core" in stage:
                await self._seed()

    async def _seed(self) -> None:
        """Bring the core to where the data files want it, however often it dies meanwhile."""
        while True:
            try:
                await seed.ensure(self._launch.home)
            except CoreTimeout:
                log.warning("seed.again")
            except seed.CannotSeed as error:
                raise Failed(str(error)) from error
            else:
                return

    async def _stop_all(self) -> None:
        for stage in (("world", "snapshots"), ("gateway",), ("projector",), ("core",)):
            keepers = [keeper for keeper in self._keepers if keeper.role.name in stage]
            await asyncio.gather(*(keeper.stop() for keeper in keepers))

    def _publish(self) -> None:
        if self._state in (status.STARTING, status.READY):
            all_ready = all(keeper.ready.is_set() for keeper in self._keepers)
            self._state = status.READY if all_ready else status.STARTING
        current = self.current()
        try:
            status.write(self._launch.home, current)
        except OSError as error:
            # A full disk is no reason to end what runs.
            log.warning("status.not_written", error=str(error))
        if self._state == status.READY and not self._said_ready:
            self._said_ready = True
            # Whoever wanted to know may be gone.
            with suppress(OSError):
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


def _stopping_signals() -> Sequence[int]:
    """Return the signals that stop the exchange; `nohup` keeps one of them away."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return (signal.SIGINT, signal.SIGTERM)
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _terminate(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()


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
