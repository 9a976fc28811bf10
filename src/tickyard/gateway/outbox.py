"""What waits to be sent to one WebSocket client, and when that client is too slow.

Frames of one turn of the loop are joined and written at once: a system call costs more than
everything else about a small frame. What a client does not read piles up only so far.
"""

from collections.abc import Callable
from typing import Protocol

UNSENT_BYTES_MAX = 1 << 20
"""A client with more than this unsent is too slow."""
BEHIND_S_MAX = 5
"""A client that has not taken in this time what was queued before it is too slow."""


class Sink(Protocol):
    """The sending half of a connection."""

    def write(self, data: bytes) -> None:
        """Send bytes that are WebSocket frames already."""
        ...

    def unsent(self) -> int:
        """Return how many bytes were written and have not been taken by the system."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and end the connection soon after."""
        ...


class Flusher:
    """Flushes, at the end of a turn of the loop, each outbox that something was put into."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], object]) -> None:
        self._call_soon = call_soon
        self._waiting: list[Outbox] = []

    def add(self, outbox: "Outbox") -> None:
        """Flush this outbox when the turn ends."""
        if not self._waiting:
            self._call_soon(self.flush)
        self._waiting.append(outbox)

    def flush(self) -> None:
        """Flush all that wait."""
        waiting, self._waiting = self._waiting, []
        for outbox in waiting:
            outbox.flush()


class Outbox:
    """Frames for one connection, in order."""

    def __init__(self, sink: Sink, flusher: Flusher, too_slow: Callable[[], None]) -> None:
        self._sink = sink
        self._flusher = flusher
        self._too_slow = too_slow
        self._frames: list[bytes] = []
        self._size = 0
        self._written = 0
        self._mark = 0
        self._mark_s = 0

    def put(self, frame: bytes) -> None:
        """Queue one frame."""
        if not self._frames:
            self._flusher.add(self)
        self._frames.append(frame)
        self._size += len(frame)
        if self._size > UNSENT_BYTES_MAX:
            self._too_slow()

    def flush(self) -> None:
        """Write everything that is queued."""
        if not self._frames:
            return
        if self._size + self._sink.unsent() > UNSENT_BYTES_MAX:
            self.discard()
            self._too_slow()
            return
        self._written += self._size
        self._sink.write(self._frames[0] if len(self._frames) == 1 else b"".join(self._frames))
        self.discard()

    def discard(self) -> None:
        """Drop what is queued and not written."""
        self._frames.clear()
        self._size = 0

    def check(self, now_s: int) -> None:
        """Judge the client's pace; called once a second."""
        if self._written - self._sink.unsent() >= self._mark:
            # All that was written before the mark has gone: set a new one.
            self._mark, self._mark_s = self._written, now_s
        elif now_s - self._mark_s >= BEHIND_S_MAX:
            self._too_slow()
