"""Wall time that a test can put ahead, here and in a process of the core: a week passes in seconds.

The other process is given its time by a library that is loaded before the system's, built by the compiler that Rust
links with.
"""

import mmap
import subprocess
from pathlib import Path
from typing import Self

from tickyard.base.clock import NS_PER_MS, NS_PER_US, TimestampMs, WallClock

NS_PER_S = 1_000_000_000
_SOURCE = Path(__file__).with_suffix(".c")


class AheadClock:
    """The machine's time and as many seconds as were skipped. Fulfils `base.clock.Clock`."""

    def __init__(self, folder: Path) -> None:
        self._library = folder / "ahead.so"
        command = ["cc", "-O1", "-shared", "-fPIC", "-o", str(self._library), str(_SOURCE)]
        subprocess.run(command, check=True)
        self._place = folder / "ahead"
        self._place.write_bytes(bytes(8))
        self._ahead_s = 0
        with self._place.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._shared.close()

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be started with to have this time."""
        return {"LD_PRELOAD": str(self._library), "TICKYARD_TEST_AHEAD": str(self._place)}

    def skip(self, seconds: int) -> None:
        """Let so much time pass at once."""
        assert seconds >= 0
        self._ahead_s += seconds
        self._shared[:] = self._ahead_s.to_bytes(8, "little")

    def now_ns(self) -> int:
        return WallClock().now_ns() + self._ahead_s * NS_PER_S

    def now_us(self) -> int:
        return self.now_ns() // NS_PER_US

    def now_ms(self) -> TimestampMs:
        return TimestampMs(self.now_ns() // NS_PER_MS)
