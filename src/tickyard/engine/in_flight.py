"""What was sent and is not answered yet."""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Final

from tickyard.engine.errors import CoreTimeout
from tickyard.engine.protocol import FrameKind, frame
from tickyard.engine.records import Refusal
from tickyard.engine.replies import Reply

ANSWER_WITHIN_MS: Final = 5_000
"""How long a call waits before its outcome counts as unknown."""
_ORIGIN: Final = Struct("<QQ")
_ORIGIN_AT: Final = 8
_NOT_JOURNALLED: Final = frozenset({Refusal.BUSY, Refusal.UNAVAILABLE})
_LAST_REQUEST: Final = 0xFFFF_FFFF


class Call:
    """Commands that were submitted together and are answered together."""

    __slots__ = ("deadline_ms", "done", "missing", "payload", "replies")

    def __init__(self, size: int, deadline_ms: int) -> None:
        self.payload = bytearray()
        self.replies: list[Reply | None] = [None] * size
        self.missing = size
        self.deadline_ms = deadline_ms
        self.done: asyncio.Future[list[Reply]] = asyncio.get_running_loop().create_future()

    def settle(self, position: int, reply: Reply) -> None:
        """Take one answer; wake the caller with the last."""
        self.replies[position] = reply
        self.missing -= 1
        if self.missing == 0 and not self.done.done():
            self.done.set_result([reply for reply in self.replies if reply is not None])


class _Command:
    """One command on its way."""

    __slots__ = ("call", "is_resent", "position", "record")

    def __init__(self, record: bytes, call: Call, position: int) -> None:
        self.record = record
        self.call = call
        self.position = position
        self.is_resent = False


class Commands:
    """Commands by the process's own count, which is also the order in which they are sent."""

    def __init__(self) -> None:
        self._boot = 1 + secrets.randbelow(2**64 - 1)
        self._counter = 0
        self._waiting: dict[int, _Command] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, records: Sequence[bytes], now_ms: int) -> Call:
        """Stamp the origin into the records; `payload` of the call is what must be sent."""
        call = Call(len(records), now_ms + ANSWER_WITHIN_MS)
        for position, record in enumerate(records):
            self._counter += 1
            start = len(call.payload)
            call.payload += record
            _ORIGIN.pack_into(call.payload, start + _ORIGIN_AT, self._boot, self._counter)
            stamped = bytes(call.payload[start:])
            self._waiting[self._counter] = _Command(stamped, call, position)
        return call

    def settle(self, reply: Reply) -> bool:
        """Take an answer.

        Returns:
            False when the command must be sent once more: "not journalled" is no answer to a command that was sent
            before, because the first sending may have been carried out.
        """
        command = self._waiting.get(reply.counter)
        if command is None:
            return True
        if command.is_resent and reply.refusal in _NOT_JOURNALLED:
            return False
        del self._waiting[reply.counter]
        command.call.settle(command.position, reply)
        return True

    def record(self, counter: int) -> bytes:
        """Return the bytes of a command that waits, or nothing when it was settled meanwhile."""
        command = self._waiting.get(counter)
        return command.record if command is not None else b""

    def again(self) -> bytes:
        """Return everything unanswered, in the order of the first sending."""
        for command in self._waiting.values():
            command.is_resent = True
        return b"".join(command.record for command in self._waiting.values())

    def next_deadline_ms(self) -> int | None:
        """Return when the oldest call expires."""
        oldest = next(iter(self._waiting.values()), None)
        return oldest.call.deadline_ms if oldest is not None else None

    def expire(self, now_ms: int) -> None:
        """Fail the calls that waited too long."""
        late = [
            (counter, command)
            for counter, command in self._waiting.items()
            if command.call.deadline_ms <= now_ms
        ]
        for counter, command in late:
            del self._waiting[counter]
            if not command.call.done.done():
                command.call.done.set_exception(CoreTimeout())

    def fail(self, error: type[Exception]) -> None:
        """Fail all calls."""
        for command in self._waiting.values():
            if not command.call.done.done():
                command.call.done.set_exception(error())
        self._waiting.clear()


class Query:
    """One private read on its way."""

    __slots__ = ("deadline_ms", "done", "frame")

    def __init__(self, sent: bytes, deadline_ms: int) -> None:
        self.frame = sent
        self.deadline_ms = deadline_ms
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()


class Queries:
    """Private reads by their request number."""

    def __init__(self) -> None:
        self._request = 0
        self._waiting: dict[int, Query] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, kind: FrameKind, payload: bytes, now_ms: int) -> Query:
        """Number a query; its `frame` is what must be sent."""
        self._request = self._request % _LAST_REQUEST + 1
        query = Query(frame(kind, self._request, payload), now_ms + ANSWER_WITHIN_MS)
        self._waiting[self._request] = query
        return query

    def settle(self, request: int, payload: bytes) -> None:
        """Take an answer."""
        query = self._waiting.pop(request, None)
        if query is not None and not query.done.done():
            query.done.set_result(payload)

    def fail_one(self, request: int, error: Exception) -> None:
        """Fail one query."""
        query = self._waiting.pop(request, None)
        if query is not None and not query.done.done():
            query.done.set_exception(error)

    def waiting(self) -> Iterable[Query]:
        """Return the unanswered queries, oldest first."""
        return self._waiting.values()

    def next_deadline_ms(self) -> int | None:
        """Return when the oldest query expires."""
        oldest = next(iter(self._waiting.values()), None)
        return oldest.deadline_ms if oldest is not None else None

    def expire(self, now_ms: int) -> None:
        """Fail the queries that waited too long."""
        for request in [r for r, q in self._waiting.items() if q.deadline_ms <= now_ms]:
            self.fail_one(request, CoreTimeout())

    def fail(self, error: type[Exception]) -> None:
        """Fail all queries."""
        for request in list(self._waiting):
            self.fail_one(request, error())
