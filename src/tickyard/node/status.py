"""What the supervisor says of itself, in one file that is replaced whole."""

import fcntl
import os
from pathlib import Path

import msgspec

from tickyard.node.home import Home

_BYTES = 4096
"""Size of the file, blanks at its end, so that there is room to replace it where the disk has none."""

STARTING, READY, STOPPED, FAILED = "starting", "ready", "stopped", "failed"


class Status(msgspec.Struct, omit_defaults=True):
    """The state of an exchange and where to reach it.

    Attributes:
        state: starting, ready, stopped or failed.
        http: origin of the plain port; `https` the same of the TLS port.
        ws: WebSocket base of the plain port, ends in /ws/v5; `wss` the same of the TLS port.
        ca: absolute path of the certificate to trust.
        pids: process ids by role; a list for roles of several processes.
        reason: why it failed, or why a process died that has not lived well since.
    """

    state: str
    http: str = ""
    https: str = ""
    ws: str = ""
    wss: str = ""
    ca: str = ""
    profile: str = ""
    seed: int = 0
    version: str = ""
    reason: str = ""
    pids: dict[str, int | list[int]] = {}

    def all_pids(self) -> list[int]:
        """Return every process id."""
        return [
            pid
            for value in self.pids.values()
            for pid in (value if isinstance(value, list) else [value])
        ]


def write(home: Home, status: Status) -> None:
    """Replace the status file whole, so that a reader never sees half of it."""
    text = msgspec.json.encode(status)
    temporary = home.status.with_suffix(".tmp")
    try:
        temporary.write_bytes(text.ljust(_BYTES))
        temporary.replace(home.status)
    except OSError:
        # A full disk: the room that the file has is used again.
        temporary.unlink(missing_ok=True)
        with home.status.open("r+b") as file:
            file.write(text.ljust(_BYTES))
            file.truncate()


def read(home: Home) -> Status:
    """Return what the supervisor last said, corrected for a supervisor that is gone."""
    try:
        status = msgspec.json.decode(home.status.read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        status = Status(state=STOPPED)
    if is_supervised(home):
        # A supervisor that has just taken the home has not said anything yet.
        return status if _is_alive(status.pids.get("supervisor")) else Status(state=STARTING)
    if status.state != FAILED:
        status.state = STOPPED
    status.pids = {}
    return status


def is_supervised(home: Home) -> bool:
    """Tell whether a supervisor lives. The lock alone decides, never a process id."""
    try:
        descriptor = os.open(home.supervisor_lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_served_by(pid: int, home: Home) -> bool:
    """Tell whether the process serves this home, and is no stranger with a reused id."""
    try:
        title = Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0")
    except OSError:
        return False
    return title.startswith(b"tickyard serve ") and title.endswith(b" " + os.fsencode(home.root))


def _is_alive(pid: int | list[int] | None) -> bool:
    return isinstance(pid, int) and Path(f"/proc/{pid}").exists()
