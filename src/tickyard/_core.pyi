"""The Rust core, as Python sees it. Only `tickyard.engine` may import it."""

from typing import final

RECORD_VERSION: int
CORE_VERSION: int

@final
class EventReader:
    def __new__(cls, folder: str, seq: int) -> EventReader: ...
    def next(self) -> tuple[int, int, int, bytes] | None: ...
