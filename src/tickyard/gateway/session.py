"""One WebSocket conversation: login, subscriptions, operations. It knows frames, not sockets.

Nothing is sent that was not asked for, and no error without a request: a client that sees an error
without an `id` gives up everything that it waits for. Source: OKX v5, "WebSocket".
"""

import re
from collections import deque
from typing import Any

from tickyard.base.log import REDACTED
from tickyard.engine import read_frame
from tickyard.gateway import body as json_body
from tickyard.gateway.envelope import event_json
from tickyard.gateway.errors import Refused
from tickyard.gateway.frames import text_frame
from tickyard.gateway.heartbeat import Heartbeat
from tickyard.gateway.operations import ID_LENGTH_MAX, Operations
from tickyard.gateway.outbox import Flusher, Outbox, Sink
from tickyard.gateway.route import ApiError, Caller
from tickyard.gateway.signature import Signatures
from tickyard.gateway.subscriptions import Subscriptions, Switchboard

IDLE_S_MAX = 30
"""A connection on which nothing came or went for this long is closed."""
REQUESTS_PER_HOUR_MAX = 480
"""Logins, subscriptions and unsubscriptions of one connection."""

HELD_MAX = 1_024
"""Texts that wait for a subscription before them to be in force."""

CLOSE_GOING_AWAY = 1001
CLOSE_TRY_LATER = 1013
CLOSE_IDLE = 4004
CLOSE_SLOW = 4005
CLOSE_KEY_CHANGED = 4007
CLOSE_NOT_TEXT = 1003
CLOSE_NOT_UTF8 = 1007

_PINGS = frozenset({b"ping", b'"ping"'})
_PING_BYTES_MAX = 6
_PUBLIC_PATH = "/ws/v5/public"
_HOUR_S = 3_600
_UPGRADE = "64008"
_UPGRADE_TEXT = "The connection will soon be closed for a service upgrade. Please reconnect."
_SECRET = re.compile(r'("(?:passphrase|sign)"\s*:\s*")(?:[^"\\]|\\.)*')


class Parts:
    """What all sessions of a worker share."""

    def __init__(
        self,
        *,
        signatures: Signatures,
        operations: Operations,
        switchboard: Switchboard,
        heartbeat: Heartbeat,
        flusher: Flusher,
    ) -> None:
        self.signatures = signatures
        self.operations = operations
        self.switchboard = switchboard
        self.heartbeat = heartbeat
        self.flusher = flusher
        self.sessions: set[WebSocketSession] = set()
        """Those whose connection is not gone yet."""


class WebSocketSession:
    """The conversation with one client."""

    def __init__(self, parts: Parts, sink: Sink, *, conn_id: str, path: str, peer: str) -> None:
        self._parts = parts
        self._sink = sink
        self.share = parts.operations.shares.alone()
        """What is used of the worker: the connection's own until somebody logs in."""
        self._conn_id = conn_id
        self._path = path
        self._peer = peer
        self._caller: Caller | None = None
        self._outbox = Outbox(sink, parts.flusher, self._too_slow)
        self.send_frame = parts.flusher.share(self._outbox)
        """Queues one text that has its frame header already, as `Topics` sends to many."""
        self._subscriptions = Subscriptions(self, parts.switchboard, self._settled)
        self._held: deque[bytes] = deque()
        self._alive_s = parts.heartbeat.now_s
        self._written = 0
        self._hour = 0
        self._requests = 0
        self._is_closed = False
        self.in_flight = 0
        """Operations that are not answered yet."""
        parts.sessions.add(self)

    @property
    def conn_id(self) -> str:
        """The connection's name, unique among the workers."""
        return self._conn_id

    @property
    def caller(self) -> Caller | None:
        """Who has logged in, if anybody."""
        return self._caller

    @property
    def peer(self) -> str:
        """The address of the other end."""
        return self._peer

    @property
    def takes_operations(self) -> bool:
        """Whether operations are served under the path that was opened."""
        return self._path != _PUBLIC_PATH

    def send(self, payload: bytes) -> None:
        """Queue one text."""
        if not self._is_closed:
            self._outbox.put(text_frame(payload))

    def answered(self, reply: bytes) -> None:
        """Queue the reply to an operation."""
        self.in_flight -= 1
        self.send(reply)

    def refuse(self, error: ApiError, id_: str | None = None) -> None:
        """Queue an error event."""
        self.send(event_json("error", self._conn_id, id_=id_, code=error.code, msg=error.message))

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then a close frame, and end the conversation."""
        if self._is_closed:
            return
        self._outbox.flush()
        self._end(code, reason)

    def end_service(self) -> None:
        """Tell the client to connect again, and close: the worker stops. Source: OKX v5, "WebSocket", "Notification"."""
        notice = event_json("notice", self._conn_id, code=_UPGRADE, msg=_UPGRADE_TEXT)
        self.send(notice)
        self.close(CLOSE_GOING_AWAY, "The server is going away.")

    def heard(self) -> None:
        """Note that the client lives: any frame counts, also a ping of the protocol."""
        self._alive_s = self._parts.heartbeat.now_s

    def check(self) -> None:
        """Close the connection when it is idle, the client too slow or without its key; called once a second."""
        now_s = self._parts.heartbeat.now_s
        if self._outbox.written != self._written:
            # Who listens to a busy channel need not ping. Who does not read is found too slow.
            self._written, self._alive_s = self._outbox.written, now_s
        if now_s - self._alive_s >= IDLE_S_MAX:
            self.close(CLOSE_IDLE, "No data received in 30s.")
        elif self._caller is not None and not self._parts.signatures.holds(self._caller):
            self.close(CLOSE_KEY_CHANGED, "API key has been updated or deleted.")
        else:
            self._outbox.check(now_s)

    def lost(self) -> None:
        """Forget everything: the connection is gone."""
        self._is_closed = True
        self._parts.sessions.discard(self)
        self._parts.flusher.leave(self._outbox)
        self._subscriptions.end_all()

    def receive(self, payload: bytes) -> None:
        """Take one text from the client."""
        self.heard()
        if self._is_closed:
            return
        if len(payload) <= _PING_BYTES_MAX and payload in _PINGS:
            self.send(b"pong")
            return
        if self._subscriptions.is_settling or self._held:
            self._hold(payload)
        else:
            self._take(payload)

    def _hold(self, payload: bytes) -> None:
        """Leave a text for later: whoever subscribes and then orders sees that order on the channel."""
        self._held.append(payload)
        if len(self._held) > HELD_MAX:
            self.close(CLOSE_TRY_LATER, "Too much was sent before a subscription was answered.")

    def _settled(self) -> None:
        """Take what was held, until it holds the rest up again."""
        while self._held and not self._is_closed and not self._subscriptions.is_settling:
            self._take(self._held.popleft())

    def _take(self, payload: bytes) -> None:
        operations = self._parts.operations
        frame = read_frame(payload)
        if frame is not None and operations.reads_items(frame[0]):
            operations.start(self, *frame)
            return
        try:
            request = json_body.decode(payload)
        except json_body.NotJson:
            self._refuse_illegal(payload)
            return
        if type(request) is not dict or type(op := request.get("op")) is not str:
            self._refuse_illegal(payload)
            return
        if operations.knows(op):
            args = json_body.without_blanks(request.get("args"), payload)
            operations.start(self, op, request_id(request), args, request.get("expTime"))
        else:
            self._converse(op, request, payload)

    def _converse(self, op: str, request: dict[str, Any], payload: bytes) -> None:
        id_ = request_id(request)
        if id_ is not None and len(id_) > ID_LENGTH_MAX:
            # It would come back with each element of args.
            self.refuse(Refused("60013", "Parameter id error"))
            return
        try:
            match op:
                case "login":
                    self._count_request()
                    self._log_in(_objects(request.get("args")), id_)
                case "subscribe":
                    self._count_request()
                    self._subscriptions.begin(_objects(request.get("args")), payload, id_)
                case "unsubscribe":
                    self._count_request()
                    self._subscriptions.end(_objects(request.get("args")), payload, id_)
                case _:
                    self.refuse(Refused("60019", f"Invalid op: {op}"), id_)
        except Refused as refusal:
            self.refuse(refusal, id_)

    def _log_in(self, logins: list[dict[str, Any]], id_: str | None) -> None:
        if len(logins) != 1:
            raise Refused("60009", "One account can log in on a connection")
        caller = self._parts.signatures.caller_of_login(logins[0], self._peer)
        if self._caller is not None and caller.account != self._caller.account:
            raise Refused("60031")
        self._caller = caller
        self.share = self._parts.operations.shares.of(caller.account)
        self.send(event_json("login", self._conn_id, id_=id_, code="0", msg=""))

    def _count_request(self) -> None:
        hour = self._parts.heartbeat.now_s // _HOUR_S
        if hour != self._hour:
            self._hour, self._requests = hour, 0
        self._requests += 1
        if self._requests > REQUESTS_PER_HOUR_MAX:
            raise Refused("60014")

    def _refuse_illegal(self, payload: bytes) -> None:
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            self.close(CLOSE_NOT_UTF8, "Invalid UTF-8")
            return
        # Clients look for the id of their request in the JSON after the colon, and log the rest.
        shown = _SECRET.sub(rf"\g<1>{REDACTED}", text)
        self.refuse(Refused("60012", f"Illegal request: {shown}"))

    def _too_slow(self) -> None:
        if not self._is_closed:
            self._end(CLOSE_SLOW, "Send buffer is full.")

    def _end(self, code: int, reason: str) -> None:
        self._is_closed = True
        self._held.clear()
        self._parts.flusher.leave(self._outbox)
        self._sink.close(code, reason)
        self._subscriptions.end_all()


def request_id(request: dict[str, Any]) -> str | None:
    """Return the `id` of a request, if it has one that can be sent back."""
    id_ = request.get("id")
    if type(id_) is str:
        return id_
    return str(id_) if type(id_) is int else None


def _objects(args: object) -> list[dict[str, Any]]:
    if type(args) is not list or not args or not all(type(arg) is dict for arg in args):
        raise Refused("60013")
    return args
