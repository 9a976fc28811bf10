"""Keeps one process of an exchange alive.

A process that dies is started again, the sooner the longer it had lived. One that refuses to start (`exits.REFUSED`),
or ends by itself again and again before it was ever ready, is not: the exchange has failed.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from tickyard.base import exits
from tickyard.base.log import logger
from tickyard.node import process
from tickyard.node.child import READY
from tickyard.node.launch import Launch
from tickyard.node.process import Plan, Process
from tickyard.node.roles import serve

log = logger("node")

_STOP_WITHIN_S = 5
_LIVED_WELL_S = 5
_TRIES = 5
"""So often a process may end by itself before it was ever ready; what stops it will not go away."""
_WORDS_BYTES_MAX = 4_096
_READY_LINE = READY.rstrip(b"\n")
_BACKOFF_MS = (50, 100, 250, 500, 1000, 2000)


class Failed(Exception):
    """The exchange cannot run; the message says why."""


class Role(msgspec.Struct, frozen=True):
    """How one process is started.

    Attributes:
        name: its name in `status`.
        arguments: what follows `tickyard serve`.
        sockets: file descriptors that it inherits, of sockets and of shared memory.
        nice: how far it stands back when the processor is busy; 0 to 19.
        variables: what its environment has besides ours.
    """

    name: str
    arguments: tuple[str, ...]
    sockets: tuple[int, ...] = ()
    nice: int = 0
    variables: Mapping[str, str] = {}


class Keeper:
    """Keeps one process alive."""

    def __init__(self, role: Role, launch: Launch, leash: int, changed: Callable[[], None]) -> None:
        self.role = role
        self.started = asyncio.Event()
        self.ready = asyncio.Event()
        self.pid: int | None = None
        self._death = ""
        self._launch = launch
        self._leash = leash
        self._changed = changed
        self._process: Process | None = None
        self._was_ready = False
        self._said = b""
        self._rest = b""
        self._stopping = asyncio.Event()

    @property
    def trouble(self) -> str:
        """What the process waits for, or why it died if it has not lived well since; empty when all is well."""
        if self.pid is not None and self._said:
            return f"{self.role.name}: {self._said.decode(errors='replace')}"
        return self._death

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
            if code == exits.REFUSED:
                raise Failed(f"{self.role.name} refused to start: {self.last_words()}")
            deaths = 0 if loop.time() - started > _LIVED_WELL_S else deaths + 1
            if code > 0 and deaths == _TRIES and not self._was_ready:
                raise Failed(f"{self.role.name} could not start: {self.last_words()}")
            self._death = self._cause(code)
            log.warning("process.died", role=self.role.name, code=code, deaths=deaths)
            self._changed()
            await asyncio.sleep(_BACKOFF_MS[min(deaths, len(_BACKOFF_MS) - 1)] / 1000)

    async def stop(self) -> None:
        """Ask the process to stop, and kill it if it does not."""
        self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            log.warning("process.killed", role=self.role.name)
            self._process.kill()
            await self._process.wait()

    async def _run_once(self) -> int:
        ready_reader, ready_writer = os.pipe()
        with self._log_path().open("ab") as output:
            plan = Plan(
                arguments=(
                    *("--home", str(self._launch.home.root)),
                    *("--parent-fd", str(self._leash)),
                    *("--ready-fd", str(ready_writer)),
                    *self.role.arguments,
                ),
                output=output.fileno(),
                inherited=(self._leash, ready_writer, *self.role.sockets),
                ready=ready_writer,
                variables=self.role.variables,
                nice=self.role.nice,
            )
            self._process = process.start(plan, _serve)
        os.close(ready_writer)
        self.pid = self._process.pid
        self.started.set()
        self._changed()
        if self._stopping.is_set():
            self._process.terminate()
        self._said = self._rest = b""
        os.set_blocking(ready_reader, False)
        loop = asyncio.get_running_loop()
        loop.add_reader(ready_reader, self._hear, ready_reader)
        try:
            code = await self._process.wait()
            self._hear(ready_reader)
            return code
        finally:
            loop.remove_reader(ready_reader)
            os.close(ready_reader)
            self.ready.clear()
            self.pid = None
            self._changed()

    def _hear(self, ready_reader: int) -> None:
        """Take what the process says: that it serves, what it waits for, why it ends."""
        try:
            words = os.read(ready_reader, _WORDS_BYTES_MAX)
        except BlockingIOError:
            # A grandchild that still has the other end is not waited for.
            return
        if not words:
            asyncio.get_running_loop().remove_reader(ready_reader)
            return
        *lines, self._rest = (self._rest + words).split(b"\n")
        for line in filter(None, lines):
            self._said = b"" if line == _READY_LINE else line
            if not self._said and not self.ready.is_set():
                self._now_ready()
        self._changed()

    def _now_ready(self) -> None:
        self._was_ready = True
        if self._death:
            asyncio.get_running_loop().call_later(_LIVED_WELL_S, self._recovered, self.pid)
        self.ready.set()

    def _recovered(self, pid: int | None) -> None:
        """Forget why it died, if the process that came after has lived well."""
        if pid == self.pid:
            self._death = ""
            self._changed()

    def _cause(self, code: int) -> str:
        """Return why the process died, as far as can be known."""
        if code < 0:
            return f"{self.role.name} was killed by {signal.Signals(-code).name}"
        what = "its disk failed" if code == exits.FAILED else f"it ended with {code}"
        return f"{self.role.name}: {what}: {self.last_words()}"

    def _log_path(self) -> Path:
        return self._launch.home.run / f"{self.role.name}.log"

    def last_words(self) -> str:
        """Return what it said of its end, else the last line of its log."""
        told = (self._rest or self._said).decode(errors="replace").strip()
        lines = (told or self._log_path().read_text(errors="replace").strip()).splitlines()
        return lines[-1] if lines else "it said nothing"


def _serve(arguments: Sequence[str]) -> None:
    serve.main(args=list(arguments), prog_name="tickyard serve")
