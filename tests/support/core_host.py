"""A real core host in a process of its own, in a temporary home."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

_READY_WITHIN_MS = 30_000
_MAIN = "import sys; from pathlib import Path; from tickyard.engine import host; "
_MAIN += (
    "sys.exit(host.run(Path(sys.argv[1]), parent_fd=int(sys.argv[2]), ready_fd=int(sys.argv[3]),"
    " journal_segment_bytes=int(sys.argv[4]), event_segment_bytes=int(sys.argv[5])))"
)
_SEGMENT_BYTES = 64 << 20


class CoreHost:
    """Starts the host of a home; a test may kill it and start it again."""

    def __init__(
        self,
        home: Path,
        *,
        journal_segment_bytes: int = _SEGMENT_BYTES,
        event_segment_bytes: int = _SEGMENT_BYTES,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self._environment = {**os.environ, **(environment or {})}
        self._sizes = (str(journal_segment_bytes), str(event_segment_bytes))
        self.socket = home / "run" / "core.sock"
        self.stderr = home / "stderr.txt"
        self._process: subprocess.Popen[bytes] | None = None
        self._leash = -1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    @property
    def pid(self) -> int:
        """The process's id, while it runs."""
        assert self._process is not None
        return self._process.pid

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the process without waiting for it."""
        self.home.mkdir(parents=True, exist_ok=True)
        parent, self._leash = os.pipe()
        self._ready, ready = os.pipe()
        with self.stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    _MAIN,
                    str(self.home),
                    str(parent),
                    str(ready),
                    *self._sizes,
                ],
                env=self._environment,
                pass_fds=(parent, ready),
                stderr=stderr,
            )
        os.close(parent)
        os.close(ready)
        return self._process

    def start(self) -> None:
        """Start the process and wait until workers may connect."""
        self.launch()
        poll = select.poll()
        poll.register(self._ready, select.POLLIN)
        poll.poll(_READY_WITHIN_MS)
        said = os.read(self._ready, 16)
        os.close(self._ready)
        assert said == b"ready\n", self.stderr.read_text()

    def kill(self) -> None:
        """Kill it without warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; return its exit status."""
        return self._end(signal.SIGTERM)

    def orphan(self) -> int:
        """Let its supervisor die; return its exit status."""
        os.close(self._leash)
        self._leash = -1
        return self._end(None)

    def _end(self, number: signal.Signals | None) -> int:
        assert self._process is not None
        if number is not None:
            self._process.send_signal(number)
        code = self._process.wait(timeout=10)
        self._process = None
        if self._leash >= 0:
            os.close(self._leash)
        return code
