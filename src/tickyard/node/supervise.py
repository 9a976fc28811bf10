"""The supervisor: starts the processes of an exchange in order, restarts what dies, stops all together.

    core -> seed -> site -> workers for orders and market data, TLS, projector -> world, index, snapshots

The core comes first and goes last; while it starts, the supervisor imports what the others need, who are forked from
it. So it has no thread, ever. What becomes of one that dies is the duty of its `Keeper`.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version

from tickyard.base.log import logger
from tickyard.engine.errors import CoreBusy, CoreTimeout
from tickyard.node import seed, status
from tickyard.node.child import HUGE_PAGES
from tickyard.node.keeper import Failed, Keeper, Role
from tickyard.node.launch import Launch
from tickyard.node.roles import preload

log = logger("node")

_SEED_AGAIN_S = 0.1
_READY_WITHIN_S = 120
"""A core may have to replay a long tail before it is ready."""

_STAGES = (
    (("core",), "core: checks and replays the journal"),
    (("site",), "people and their keys"),
    (("gateway", "fanout", "tls", "projector"), "gateway workers and history"),
    (("world", "index", "snapshots"), "simulated market"),
)
# Workers say goodbye to their clients, so what lies between them goes after them.
_STOPS = (
    ("world", "index", "snapshots"),
    ("gateway", "fanout"),
    ("tls", "site", "projector"),
    ("core",),
)
_MANY = ("gateway", "fanout")


class Supervisor:
    """Runs one exchange until told to stop."""

    def __init__(
        self,
        launch: Launch,
        *,
        on_step: Callable[[str], object],
        on_ready: Callable[[status.Status], object],
    ) -> None:
        """Prepare; nothing is started yet.

        Args:
            launch: what `launch.prepare` took.
            on_step: told what is being done, for whoever watches.
            on_ready: told once, when every process is ready.
        """
        self._launch = launch
        self._on_step = on_step
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
        for stage, what in _STAGES:
            self._on_step(what)
            keepers = [keeper for keeper in self._keepers if keeper.role.name in stage]
            tasks.extend(group.create_task(keeper.keep()) for keeper in keepers)
            if "core" in stage:
                await keepers[0].started.wait()
                preload()
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
                self._on_step("markets and accounts of the demo")
                await self._seed()

    async def _seed(self) -> None:
        """Bring the core to where the data files want it, however often it dies meanwhile."""
        while True:
            try:
                await seed.ensure(self._launch.home)
            except (CoreTimeout, CoreBusy):
                log.warning("seed.again")
                await asyncio.sleep(_SEED_AGAIN_S)
            except seed.CannotSeed as error:
                raise Failed(str(error)) from error
            else:
                return

    async def _stop_all(self) -> None:
        for stage in _STOPS:
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
            if keeper.role.name in _MANY:
                workers = pids.setdefault(keeper.role.name, [])
                assert isinstance(workers, list), "Invariant: these roles have lists"
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
            reason=self._reason or self._trouble(),
            pids=pids,
        )

    def _trouble(self) -> str:
        """Return why a process that is to run does not, if one died."""
        return next((keeper.trouble for keeper in self._keepers if keeper.trouble), "")


def roles(launch: Launch) -> Sequence[Role]:
    """Return the processes of an exchange, in the order in which they start."""
    plain = [sock.fileno() for sock in launch.http.sockets]
    tls = [sock.fileno() for sock in launch.tls.sockets]
    workers, fanout_workers = str(launch.workers), str(launch.fanout_workers)
    counting = ("--counters-fd", str(launch.counters))
    inherited = () if launch.counters < 0 else (launch.counters,)
    accepting = ("gateway", "--plain-fds", _joined(plain), "--fanout-workers", fanout_workers)
    # Where nobody trades, charts begin empty too.
    past = () if launch.profile == "empty" else ("--past-seed", str(launch.seed))
    found = [
        Role("core", ("core",), variables=HUGE_PAGES),
        Role("site", ("site",), nice=5),
        *(
            Role(
                "gateway",
                (*accepting, *counting, "--worker", str(number)),
                sockets=(*plain, *inherited),
            )
            for number in range(1, launch.workers + 1)
        ),
        # Its turns are long: orders go first.
        *(
            Role(
                "fanout", ("fanout", *counting, "--worker", str(number)), sockets=inherited, nice=5
            )
            for number in range(1, launch.fanout_workers + 1)
        ),
        Role("tls", ("tls", "--tls-fds", _joined(tls), "--workers", workers), sockets=tuple(tls)),
        Role("projector", ("projector", *past), nice=5),
    ]
    if launch.profile != "empty":
        place = f"127.0.0.1:{launch.http.port}"
        urls = ("--http", f"http://{place}", "--ws", f"ws://{place}/ws/v5")
        world = ("world", *urls, "--seed", str(launch.seed), "--profile", launch.profile)
        found.append(Role("world", world, nice=10))
        found.append(Role("index", ("index",), nice=5))
    return [*found, Role("snapshots", ("snapshots",), nice=19)]


def _stopping_signals() -> Sequence[int]:
    """Return the signals that stop the exchange; `nohup` keeps one of them away."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        return (signal.SIGINT, signal.SIGTERM)
    return (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _joined(descriptors: Sequence[int]) -> str:
    return ",".join(map(str, descriptors))
