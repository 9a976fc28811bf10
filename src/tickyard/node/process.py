"""A process of an exchange: forked from the supervisor, which has imported everything by then, so it serves in an instant.

One whose allocator is to be told something at its start is a program of its own instead: `variables` are read only
when a program starts. What a child inherits is named; everything else of the supervisor is closed in it.
"""

import asyncio
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NoReturn

import msgspec

from tickyard.node.child import environment, say_why

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
_MAX_FD: Final = 1 << 20
_LINES: Final = 1
"""Buffered by lines, like what people look at."""
_STANDARD: Final = 3
"""Standard input, output and error."""


class Plan(msgspec.Struct, frozen=True):
    """What a process is to be.

    Attributes:
        arguments: what follows `tickyard serve`.
        output: file descriptor of its log.
        inherited: file descriptors that it keeps, under the same numbers.
        ready: one of them: where it says that it serves, or why it ends.
        variables: what its environment has besides ours; any makes it a program of its own.
        nice: how far it stands back when the processor is busy; 0 to 19.
    """

    arguments: Sequence[str]
    output: int
    inherited: Sequence[int]
    ready: int
    variables: Mapping[str, str]
    nice: int


class Process:
    """A running child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()
        self._watched = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._watched, self._reap)

    async def wait(self) -> int:
        """Wait for its end; return its exit status, or the negative number of the signal that ended it."""
        await self._ended.wait()
        assert self.returncode is not None, "Invariant: it has ended"
        return self.returncode

    def terminate(self) -> None:
        """Ask it to stop."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it now."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        # As long as it is not reaped, its number is nobody else's.
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._watched)
        os.close(self._watched)
        _, status = os.waitpid(self.pid, 0)
        self.returncode = os.waitstatus_to_exitcode(status)
        self._ended.set()


def start(plan: Plan, serve: Callable[[Sequence[str]], object]) -> Process:
    """Start a process.

    Args:
        plan: what it is to be.
        serve: what a forked one runs, with the plan's arguments.
    """
    # No handler of the supervisor may run in the child, and none of its signals may be lost.
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        pid = os.fork()
        if pid == 0:
            _live(plan, serve, blocked)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
    return Process(pid)


def _live(
    plan: Plan, serve: Callable[[Sequence[str]], object], unblocked: set[int | signal.Signals]
) -> NoReturn:
    """Be the child. Never returns into what the supervisor was doing."""
    code = 1
    try:
        # What the supervisor left behind is never collected here: closing it would close what is ours.
        gc.freeze()
        os.setsid()
        _forget_signals()
        signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        _keep(plan)
        os.setpriority(os.PRIO_PROCESS, 0, plan.nice)
        if plan.variables:
            # -P: no file in the folder where somebody typed `up` can stand in for a module.
            program = [sys.executable, "-P", "-m", "tickyard.node", "serve", *plan.arguments]
            os.execve(sys.executable, program, environment(plan.variables))  # noqa: S606  # no shell
        serve(plan.arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001  # this process ends here
        say_why(plan.ready, "".join(traceback.format_exception_only(error)))
        traceback.print_exc()
    finally:
        os._exit(code)


def _forget_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _keep(plan: Plan) -> None:
    """Keep the standard streams and what is inherited; close the rest."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(plan.output, 1)
    os.dup2(plan.output, 2)
    # What the supervisor has not written yet is its own to write.
    sys.stdout = os.fdopen(1, "w", buffering=_LINES, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=_LINES, closefd=False)
    first = _STANDARD
    for descriptor in sorted(plan.inherited):
        os.closerange(first, descriptor)
        os.set_inheritable(descriptor, True)  # noqa: FBT003  # it has no name
        first = descriptor + 1
    os.closerange(first, _MAX_FD)
