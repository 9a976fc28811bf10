"""`up --detach`: the supervisor in a session of its own, while whoever started it watches until it is ready."""

import asyncio
import os
import signal
import sys
import traceback

import structlog

from tickyard.base import log
from tickyard.node import output, status, supervise
from tickyard.node.home import Home
from tickyard.node.launch import CannotStart, Launch

_READY = "ready"


def up_detached(prepared: Launch) -> status.Status:
    """Fork, and return when the exchange is ready.

    Raises:
        CannotStart: it stopped instead; says why.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Nothing of what the parent would do next may happen here too.
        code = 1
        try:
            os.close(reader)
            code = _supervise(prepared, writer)
        except Exception:  # noqa: BLE001  # this process ends here
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writer)
    os.close(prepared.lock)
    try:
        is_ready = _watch(reader)
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
        raise
    now = status.read(prepared.home)
    if not is_ready:
        os.waitpid(child, 0)
        reason = status.read(prepared.home).reason
        raise CannotStart(reason or f"it stopped; see {prepared.home.run}/supervisor.log")
    return now


def log_to_stderr() -> None:
    """Let the supervisor's log stand beside what people read, not in it."""
    structlog.configure(logger_factory=log.lines(sys.stderr))


def _supervise(prepared: Launch, writer: int) -> int:
    _leave_terminal(prepared.home)

    def tell(step: str) -> None:
        try:
            os.write(writer, f"{step}\n".encode())
        except BrokenPipeError:
            return  # nobody waits any more

    def tell_ready(_: status.Status) -> None:
        tell(_READY)
        os.close(writer)

    supervisor = supervise.Supervisor(prepared, on_step=tell, on_ready=tell_ready)
    return asyncio.run(supervisor.run())


def _watch(reader: int) -> bool:
    """Show the steps as they are told; tell whether the last one is that it is ready."""
    with os.fdopen(reader) as steps:
        for line in steps:
            if line.strip() == _READY:
                return True
            output.say(line.strip())
    return False


def _leave_terminal(home: Home) -> None:
    os.setsid()
    written = os.open(home.run / "supervisor.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)
    log_to_stderr()
