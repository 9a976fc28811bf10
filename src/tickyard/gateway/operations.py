"""WebSocket operations: orders, amendments and cancellations on a connection that is logged in.

Operations of one connection are begun in the order in which they came, and answered when they are
done: an answer says by its `id` what it answers.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, Protocol

from tickyard.base.clock import Clock
from tickyard.gateway.body import without_blanks
from tickyard.gateway.deadline import parse_deadline
from tickyard.gateway.envelope import reply_json
from tickyard.gateway.errors import Failure, Refused, explain
from tickyard.gateway.permissions import require
from tickyard.gateway.rest import HANDLER_S_MAX
from tickyard.gateway.route import Caller, Operation, Request
from tickyard.gateway.runner import Runner

IN_FLIGHT_MAX = 1024
"""Operations of one connection that may wait for their answers at the same time."""

_ID_LENGTH_MAX = 32


class Requester(Protocol):
    """A session, as far as operations need it."""

    in_flight: int

    @property
    def caller(self) -> Caller | None:
        """Who has logged in, if anybody."""
        ...

    @property
    def peer(self) -> str:
        """The address of the other end."""
        ...

    @property
    def takes_operations(self) -> bool:
        """Whether operations are served under the path that was opened."""
        ...

    def answered(self, reply: bytes) -> None:
        """Send the reply of an operation that was in flight."""
        ...


class Operations:
    """The operations of all slices."""

    def __init__(
        self, operations: Iterable[Operation], *, wall: Clock, exchange: Clock, runner: Runner
    ) -> None:
        self._operations = {operation.op: operation for operation in operations}
        self._wall = wall
        self._exchange = exchange
        self._runner = runner

    def knows(self, op: str) -> bool:
        """Tell whether there is such an operation."""
        return op in self._operations

    def start(self, session: Requester, op: str, request: dict[str, Any], payload: bytes) -> None:
        """Begin an operation, or refuse it at once; either way `session.answered` is called later.

        Args:
            session: who asks.
            op: an operation that is known.
            request: the whole frame.
            payload: the text it was decoded from.
        """
        received_us = self._wall.now_us()
        operation = self._operations[op]
        session.in_flight += 1
        id_ = request.get("id")
        if type(id_) is int:
            id_ = str(id_)
        try:
            call = self._request(session, operation, id_, request, payload, received_us)
        except Exception as error:  # noqa: BLE001  # the request boundary
            known = id_ if type(id_) is str else None
            session.answered(self._failed(known, op, explain(error), received_us))
            return
        self._runner.start(
            self._handle(operation, str(id_), call),
            session.answered,
            is_direct=operation.is_direct,
        )

    def _request(
        self,
        session: Requester,
        operation: Operation,
        id_: object,
        request: dict[str, Any],
        payload: bytes,
        received_us: int,
    ) -> Request:
        if not session.takes_operations:
            raise Refused("60028")
        caller = session.caller
        if caller is None:
            raise Refused("60011")
        require(caller, operation.access)
        if type(id_) is not str or not 0 < len(id_) <= _ID_LENGTH_MAX:
            raise Refused("60013", "Parameter id error")
        args = request.get("args")
        if type(args) is not list or not args or not all(type(arg) is dict for arg in args):
            raise Refused("60013")
        if session.in_flight > IN_FLIGHT_MAX:
            raise Refused("50013")
        expires_at_ms = 0
        if operation.has_deadline and (deadline := request.get("expTime")) is not None:
            expires_at_ms = parse_deadline(str(deadline), self._exchange)
        return Request(
            caller=caller,
            params={},
            body=without_blanks(args, payload),
            received_us=received_us,
            expires_at_ms=expires_at_ms,
            peer=session.peer,
        )

    async def _handle(self, operation: Operation, id_: str, request: Request) -> bytes:
        try:
            if operation.is_direct:
                answer = await operation.handler(request)
            else:
                async with asyncio.timeout(HANDLER_S_MAX):
                    answer = await operation.handler(request)
            now_us = self._wall.now_us()
            return reply_json(
                id_, operation.op, answer.code, answer.msg, answer.data, request.received_us, now_us
            )
        except Exception as error:  # noqa: BLE001  # the request boundary
            return self._failed(id_, operation.op, explain(error), request.received_us)

    def _failed(self, id_: str | None, op: str, failure: Failure, received_us: int) -> bytes:
        now_us = self._wall.now_us()
        return reply_json(id_, op, failure.code, failure.message, failure.data, received_us, now_us)
