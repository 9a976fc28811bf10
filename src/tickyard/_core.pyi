"""The Rust core, as Python sees it. Only `tickyard.engine` may import it."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import final

__all__ = [
    "CORE_VERSION",
    "RECORD_VERSION",
    "Core",
    "EventReader",
    "Host",
    "StartRefused",
    "make_snapshot",
    "replay",
    "verify",
]

RECORD_VERSION: int
CORE_VERSION: int

class StartRefused(Exception): ...

@final
class Core:
    def __new__(cls, snapshot: bytes | None = None) -> Core: ...
    @property
    def seq(self) -> int: ...
    @property
    def time_ns(self) -> int: ...
    @property
    def next_deadline_ns(self) -> int | None: ...
    def apply(self, records: bytes, time_ns: int) -> tuple[bytes, bytes]: ...
    def state_hash(self) -> bytes: ...
    def snapshot(self) -> bytes: ...
    def check(self) -> None: ...

@final
class EventReader:
    def __new__(cls, folder: str | PathLike[str], seq: int) -> EventReader: ...
    def next(self) -> tuple[int, int, int, bytes] | None: ...

@final
class Host:
    @staticmethod
    def start(
        home: str | PathLike[str],
        socket: str | PathLike[str],
        *,
        commit_gap_us: int | None = None,
        batch_commands: int | None = None,
        queue_commands: int | None = None,
        journal_segment_bytes: int | None = None,
        floors: Sequence[tuple[str, int]] | None = None,
    ) -> Host: ...
    @property
    def started_at(self) -> int: ...
    def stop(self) -> None: ...
    def wait(self) -> None: ...

def make_snapshot(home: str | PathLike[str], keep: int, at_least: int) -> int | None: ...
def replay(
    home: str | PathLike[str], progress: Callable[[int], object] | None = None
) -> tuple[int, bytes]: ...
def verify(
    home: str | PathLike[str], progress: Callable[[int], object] | None = None
) -> tuple[int, int, bytes, int, int, list[tuple[str, str]]]: ...
