"""Private reads that were sent and are not answered yet. Commands have `InFlight` in Rust."""

import asyncio
from collections.abc import Iterable
from typing import Final

from tickyard.engine.errors import CoreTimeout
from tickyard.engine.protocol import FrameKind, frame

ANSWER_WITHIN_MS: Final = 5_000
"""How long a call waits before its outcome counts as unknown."""
_LAST_REQUEST: Final = 0xFFFF_FFFF


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
