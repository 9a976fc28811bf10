"""What waits to be sent to one WebSocket client, and when that client is too slow.

Frames of one turn of the loop are joined and written at once: a system call costs more than
everything else about a small frame. Where the same goes to thousands, what is published waits for
the connection's turn in a round, and whoever is to get the same frames gets the same piece of
memory. What a client does not read piles up only so far.
"""

from collections.abc import Callable
from typing import Final, Protocol

UNSENT_BYTES_MAX = 1 << 20
"""A client with more than this unsent is too slow."""
BEHIND_S_MAX = 5
"""A client that has not taken in this time what was queued before it is too slow."""
FANOUT_SLOT_MS: Final = 5
"""Workers that do little else than publish send to one group of connections so often, group after group."""
GROUP_CONNECTIONS: Final = 80
"""A group has so many, so that no send keeps the processor from others for long."""
GROUPS_MAX: Final = 12
"""Where there are more, groups grow: nobody's turn comes later than after 60 ms."""


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


CallSoon = Callable[[Callable[[], None]], object]
CallLater = Callable[[float, Callable[[], None]], object]


class Flusher:
    """Flushes outboxes: at the end of a turn of the loop, and what is shared in rounds.

    A round takes all connections that share, a group every few milliseconds. So the more there are,
    the longer each one's frames are gathered, and sending takes its small part of the processor and
    no more, in pieces short enough for an order to pass between them.
    """

    def __init__(
        self, call_soon: CallSoon, call_later: CallLater | None = None, *, slot_ms: int = 0
    ) -> None:
        """Prepare.

        Args:
            call_soon: of the loop.
            call_later: of the loop; needed for rounds.
            slot_ms: from one group of a round to the next; 0 lets what is shared leave with everything else.
        """
        assert not slot_ms or call_later is not None, "Invariant: rounds need a timer"
        self._call_soon = call_soon
        self._call_later = call_later
        self._slot_s = slot_ms / 1000
        self._waiting: list[Outbox] = []
        self._sharing: dict[Outbox, None] = {}
        self._round: list[Outbox] = []
        self._group = GROUP_CONNECTIONS
        self._is_timed = False
        self._is_published = False

    def share(self, outbox: "Outbox") -> Callable[[bytes], None]:
        """Return the way in for frames that others get too; `published` must follow them."""
        if not self._slot_s:
            return outbox.put
        self._sharing[outbox] = None
        # Called a million times a second: nothing but the list itself.
        return outbox.frames.append

    def leave(self, outbox: "Outbox") -> None:
        """Forget an outbox; what it holds is dropped."""
        self._sharing.pop(outbox, None)
        outbox.discard()

    def published(self) -> None:
        """Let a round follow, after the one that is under way."""
        self._is_published = True
        if not self._is_timed and self._slot_s:
            self._wait()

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

    def _wait(self) -> None:
        assert self._call_later is not None, "Invariant: rounds need a timer"
        self._is_timed = True
        self._call_later(self._slot_s, self._slot)

    def _slot(self) -> None:
        if not self._round:
            # A copy, because those that are too slow leave on the way.
            self._round = list(self._sharing)
            self._group = max(GROUP_CONNECTIONS, -(-len(self._round) // GROUPS_MAX))
            self._is_published = False
        group, self._round = self._round[: self._group], self._round[self._group :]
        if self._round or self._is_published:
            self._wait()
        else:
            self._is_timed = False
        self._send(group)

    def _send(self, group: "list[Outbox]") -> None:
        newest: list[bytes] = []
        joined = b""
        for outbox in group:
            frames = outbox.frames
            if not frames or outbox not in self._sharing:
                continue
            # Most are to get what the one before has got: the very same frames, in the same order.
            if frames != newest:
                newest, joined = frames.copy(), b"".join(frames)
            outbox.write(joined)


class Outbox:
    """Frames for one connection, in order."""

    def __init__(self, sink: Sink, flusher: Flusher, too_slow: Callable[[], None]) -> None:
        self._sink = sink
        self._flusher = flusher
        self._too_slow = too_slow
        self.frames: list[bytes] = []
        """What waits; always the same list."""
        self._size = 0
        self._is_due = False
        self.written = 0
        """Bytes that were handed to the connection so far."""
        self._mark = 0
        self._mark_s = 0

    def put(self, frame: bytes) -> None:
        """Queue one frame for the end of the turn, behind all that waits for its turn."""
        if not self._is_due:
            self._is_due = True
            self._flusher.add(self)
        self.frames.append(frame)
        self._size += len(frame)
        if self._size > UNSENT_BYTES_MAX:
            self._too_slow()

    def flush(self) -> None:
        """Write everything that is queued."""
        self._is_due = False
        if self.frames:
            self.write(self.frames[0] if len(self.frames) == 1 else b"".join(self.frames))

    def write(self, joined: bytes) -> None:
        """Write everything that is queued, which was joined already."""
        size = len(joined)
        self.discard()
        if size + self._sink.unsent() > UNSENT_BYTES_MAX:
            self._too_slow()
            return
        self.written += size
        self._sink.write(joined)

    def discard(self) -> None:
        """Drop what is queued and not written."""
        self.frames.clear()
        self._size = 0

    def check(self, now_s: int) -> None:
        """Judge the client's pace; called once a second."""
        if self.written - self._sink.unsent() >= self._mark:
            # All that was written before the mark has gone: set a new one.
            self._mark, self._mark_s = self.written, now_s
        elif now_s - self._mark_s >= BEHIND_S_MAX:
            self._too_slow()
