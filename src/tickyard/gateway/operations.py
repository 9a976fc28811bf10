"""WebSocket operations: orders, amendments and cancellations on a connection that is logged in.

Operations of one connection are begun in the order in which they came, and answered when they are
done: an answer says by its `id` what it answers.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from msgspec import Raw

from tickyard.base.clock import Clock
from tickyard.engine import Items
from tickyard.gateway.deadline import parse_deadline
from tickyard.gateway.envelope import reply_json
from tickyard.gateway.errors import Refused, explain
from tickyard.gateway.limits import Limits
from tickyard.gateway.permissions import require
from tickyard.gateway.route import Answer, Caller, Operation, Request
from tickyard.gateway.runner import Runner
from tickyard.gateway.shares import Share, Shares, commands_of

IN_FLIGHT_MAX = 1024
"""Operations of one connection that may wait for their answers at the same time."""
ID_LENGTH_MAX = 32
"""Longest `id` of a request, in characters."""

_NO_PARAMS: Mapping[str, str] = {}


class Requester(Protocol):
    """A session, as far as operations need it."""

    in_flight: int
    share: Share

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
        self,
        operations: Iterable[Operation],
        *,
        shares: Shares,
        limits: Limits,
        wall: Clock,
        exchange: Clock,
        runner: Runner,
    ) -> None:
        self.shares = shares
        self._operations = {operation.op: operation for operation in operations}
        self._checks = {
            op: check
            for op, operation in self._operations.items()
            if (check := limits.of(operation)) is not None
        }
        self._reading = {op for op, operation in self._operations.items() if operation.reads_items}
        self._wall = wall
        self._exchange = exchange
        self._runner = runner

    @property
    def all(self) -> Collection[Operation]:
        """Every operation that is served."""
        return self._operations.values()

    def knows(self, op: str) -> bool:
        """Tell whether there is such an operation."""
        return op in self._operations

    def reads_items(self, op: str) -> bool:
        """Tell whether there is such an operation, and it takes `Items`."""
        return op in self._reading

    def start(
        self,
        session: Requester,
        op: str,
        id_: str | None,
        args: Any,  # noqa: ANN401  # JSON is anything
        deadline: object = None,
    ) -> None:
        """Begin an operation, or refuse it at once; either way `session.answered` is called once.

        Args:
            session: who asks.
            op: an operation that is known.
            id_: the sender's name for it.
            args: `Items`, or what was decoded, without blanks.
            deadline: `expTime` of the frame, if there is one.
        """
        operation = self._operations[op]
        session.in_flight += 1
        commands = commands_of(args)
        asked = _Asked(self._wall, session, op, id_, commands)
        has_room = asked.share.enter(commands)
        try:
            request = self._request(session, operation, asked, args, deadline, has_room=has_room)
            check = self._checks.get(op)
            if check is not None:
                check.admit(request)
            work = operation.handler(request)
        except Exception as error:  # noqa: BLE001  # the request boundary
            asked.failed(error)
            return
        self._runner.start(work, asked.answered, asked.failed, is_direct=operation.is_direct)

    def _request(
        self,
        session: Requester,
        operation: Operation,
        asked: "_Asked",
        args: Any,  # noqa: ANN401
        deadline: object,
        *,
        has_room: bool,
    ) -> Request:
        if not session.takes_operations:
            raise Refused("60028")
        caller = session.caller
        if caller is None:
            raise Refused("60011")
        require(caller, operation.access)
        if not asked.id or len(asked.id) > ID_LENGTH_MAX or not _is_plain(asked.id):
            raise Refused("60013", "Parameter id error")
        if type(args) is not Items:
            if type(args) is not list or not args:
                raise Refused("60013")
            for arg in args:
                if type(arg) is not dict:
                    raise Refused("60013")
        if not has_room or session.in_flight > IN_FLIGHT_MAX:
            raise Refused("50013")
        expires_at_ms = 0
        if deadline is not None and operation.has_deadline:
            expires_at_ms = parse_deadline(str(deadline), self._exchange)
        return Request(caller, _NO_PARAMS, args, asked.received_us, expires_at_ms, session.peer)


def _is_plain(id_: str) -> bool:
    """Tell whether it is of letters and digits. Source: OKX v5, "WS / Place order", "id"."""
    return id_.isascii() and id_.isalnum()


class _Asked:
    """An operation that is being answered."""

    __slots__ = ("_commands", "_op", "_session", "_wall", "id", "received_us", "share")

    def __init__(
        self, wall: Clock, session: Requester, op: str, id_: str | None, commands: int
    ) -> None:
        self._wall = wall
        self._session = session
        self._op = op
        self._commands = commands
        self.share = session.share
        self.id = id_
        self.received_us = wall.now_us()

    def answered(self, answer: Answer) -> None:
        self._reply(answer.code, answer.msg, answer.data)

    def failed(self, error: Exception) -> None:
        failure = explain(error)
        self._reply(failure.code, failure.message, failure.data)

    def _reply(self, code: str, msg: str, data: list[Any] | Raw) -> None:
        self.share.leave(self._commands)
        self._session.answered(
            reply_json(self.id, self._op, code, msg, data, self.received_us, self._wall.now_us())
        )
