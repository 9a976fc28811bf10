"""The process of the core: runs the Rust host until it is told to stop or its supervisor dies.

The host's threads never touch the interpreter. The main thread waits inside Rust, so a second thread watches for
signals and for the supervisor; it also ends a start that takes long.
"""

import os
import select
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from tickyard._core import Host, StartRefused
from tickyard.base import exits
from tickyard.engine.cursors import newest_cursor
from tickyard.engine.database import ReadDatabase
from tickyard.engine.socket_path import reachable
from tickyard.engine.sqlite import SqliteDatabase

SOCKET: Final = Path("run") / "core.sock"
"""Where workers connect, in a home."""
_STOP_WITHIN_MS: Final = 1_800
"""A host whose supervisor is gone must be gone itself within two seconds."""


def run(
    home: Path,
    *,
    database: ReadDatabase | None = None,
    parent_fd: int = -1,
    ready_fd: int = -1,
    journal_segment_bytes: int | None = None,
    event_segment_bytes: int | None = None,
) -> int:
    """Run the core of a home until SIGTERM, SIGINT or the supervisor's death.

    Args:
        home: the home folder.
        database: where its tables stand; in SQLite by default.
        parent_fd: a pipe that reaches its end when the supervisor dies; -1 for none.
        ready_fd: where one line is written when workers may connect, and why it ends if it failed; -1 for none.
        journal_segment_bytes: size of new segments of the journal; 64 MiB by default.
        event_segment_bytes: size at which a segment of events is closed; 64 MiB by default.

    Returns:
        The exit status of the process. Why it is not zero is the last line of standard error.
    """
    watch = _Watch(parent_fd)
    (home / SOCKET).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        tables = database or SqliteDatabase(home)
        floors = [(f"the cursor of {tables.place}", newest_cursor(home, tables))]
        with reachable(home / SOCKET) as socket:
            host = Host.start(
                home,
                socket,
                journal_segment_bytes=journal_segment_bytes,
                event_segment_bytes=event_segment_bytes,
                floors=floors,
            )
            watch.started(host)
            if ready_fd >= 0:
                os.write(ready_fd, b"ready\n")
            host.wait()
    except (StartRefused, ValueError) as error:
        return _failed(error, exits.REFUSED, ready_fd)
    except OSError as error:
        return _failed(error, exits.FAILED, ready_fd)
    return exits.STOPPED


class _Watch:
    """Ends the process when it is time."""

    def __init__(self, parent_fd: int) -> None:
        self._host: Host | None = None
        self._lock = threading.Lock()
        self._signals, wake = os.pipe()
        os.set_blocking(wake, False)
        # The interpreter writes there from within the signal handler, also while the main thread is in Rust.
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)
        self._poll = select.poll()
        self._poll.register(self._signals, select.POLLIN)
        if parent_fd >= 0:
            self._poll.register(parent_fd, select.POLLIN)
        threading.Thread(target=self._run, name="watch", daemon=True).start()

    def started(self, host: Host) -> None:
        """From now on the host is stopped in order."""
        with self._lock:
            self._host = host

    def _run(self) -> None:
        self._poll.poll()
        with self._lock:
            if self._host is None:
                # Nothing was acknowledged yet.
                os._exit(exits.STOPPED)
            self._host.stop()
        threading.Event().wait(_STOP_WITHIN_MS / 1000)
        os._exit(exits.FAILED)


def _failed(error: Exception, code: int, ready_fd: int) -> int:
    # The log may be on the disk that is full; whoever waits for us to be ready is told too.
    for descriptor in (2, ready_fd):
        with suppress(OSError):
            os.write(descriptor, f"{error}\n".encode())
    return code
