"""HTTP/1.1 on one connection: keep-alive, and pipelining in order.

Requests of one connection are answered one after the other, so that what a client sends later sees
what it sent before. A request to open a WebSocket takes the connection away from here.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import cast

from tickyard.base.clock import Clock
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.handover import Passed
from tickyard.gateway.heartbeat import Heartbeat
from tickyard.gateway.http_reader import CLOSE, RequestReader, refusal
from tickyard.gateway.rest import Rest
from tickyard.gateway.shares import REQUEST_BYTES

PIPELINED_MAX = 16
"""Requests that may wait behind the one being answered; beyond it nothing more is read."""
IDLE_S_MAX = 75
"""An idle connection is kept this long."""
REQUEST_S_MAX = 30
"""A request that takes longer to arrive is given up."""
PIECE_BYTES = 32 * 1024
"""More is not read at once: one connection may have a quarter of a megabyte waiting in the system."""
LINGER_S = 2
"""How long a refused sender may go on sending before the connection is cut."""
WAIT_S = 0.1
"""After this, whoever was told to wait is asked for again."""


class Wait(Enum):
    """The answer to somebody who asks for an upgrade too early."""

    A_MOMENT = "ask again in a moment"


Upgrade = Callable[[Incoming, asyncio.Transport, bytes, int], Response | Wait | None]
"""Takes a connection over and returns None, or says why not. Bytes: received after the request; int: how often
it was told to wait."""

_STATUS_LINES = {
    status.value: b"HTTP/1.1 %d %b\r\n" % (status.value, status.phrase.encode())
    for status in HTTPStatus
}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Door:
    """What all HTTP connections of a worker share."""

    def __init__(self, rest: Rest, *, wall: Clock, heartbeat: Heartbeat, upgrade: Upgrade) -> None:
        self.rest = rest
        self.wall = wall
        self.heartbeat = heartbeat
        self.upgrade = upgrade
        self.connections: set[HttpConnection] = set()


class HttpConnection(asyncio.Protocol):
    """One connection, from its opening to its loss or its upgrade."""

    def __init__(self, door: Door, passed: Passed | None = None) -> None:
        """Prepare.

        Args:
            door: what all connections share.
            passed: what another process has told, if it accepted the connection.
        """
        self._door = door
        self._passed = passed
        self._reader = RequestReader("", door.wall)
        self._transport: asyncio.Transport | None = None
        self._share = door.rest.shares.alone()
        self._waiting: deque[Incoming] = deque()
        self._unread = b""
        self._is_queued = False
        self._current: Incoming | None = None
        self._is_in_turn = False
        self._is_paused = False
        self._is_held = False
        self._is_finishing = False
        self._has_ended = False
        self._waits = 0
        self._active_s = door.heartbeat.now_s
        self._partial_since_s = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        passed, self._passed = self._passed, None
        # uvloop's transports are no subclasses of asyncio's, only alike.
        self._transport = cast("asyncio.Transport", transport)
        peer = _address(transport) if passed is None else passed.peer
        # Whole connections are passed on by the process that has ended their TLS.
        is_secure = passed is not None and passed.request is None
        self._reader = RequestReader(peer, self._door.wall, is_secure=is_secure)
        self._door.connections.add(self)
        if passed is not None and passed.request is not None:
            self._reader.upgrade = passed.request
            self._leave_http(passed.rest)

    def connection_lost(self, exc: Exception | None) -> None:
        """End. A request that is being answered runs on, only its answer is dropped."""
        self._transport = None
        self._drop_waiting()
        self._door.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        """Take bytes."""
        if self._transport is None or self._is_finishing:
            return
        self._active_s = self._door.heartbeat.now_s
        if self._unread or len(data) > PIECE_BYTES:
            self._unread += data
            self._hold()
            self._take_turns()
        else:
            self._read(data)

    def eof_received(self) -> bool:
        """Answer what has come, then close: the client sends nothing more, but may still listen.

        Returns:
            Whether the connection stays open for that.
        """
        if self._transport is None:
            return False
        self._has_ended = True
        return self._current is not None or bool(self._waiting or self._unread)

    def go_on(self) -> None:
        """Go on after others have had their turns."""
        self._is_queued = False
        if self._unread and self._current is None and not self._waiting:
            piece, self._unread = self._unread[:PIECE_BYTES], self._unread[PIECE_BYTES:]
            self._read(piece)
        else:
            self._take_turns()

    def pause_writing(self) -> None:
        """Answer nothing more until the client reads."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Go on answering."""
        self._is_paused = False
        self._take_turns()

    def check(self) -> None:
        """Close the connection when nothing happens on it; called once a second."""
        if self._transport is None or self._current is not None:
            return
        now_s = self._door.heartbeat.now_s
        is_slow = self._reader.is_partial and now_s - self._partial_since_s >= REQUEST_S_MAX
        if is_slow or now_s - self._active_s >= IDLE_S_MAX:
            if self._is_finishing:  # told before, but the client does not read what is left
                self._transport.abort()
            else:
                self.finish()

    def finish(self) -> None:
        """Close the connection, after the answer that is being made."""
        self._is_finishing = True
        self._drop_waiting()
        if self._current is None and self._transport is not None:
            self._transport.close()

    def _read(self, data: bytes) -> None:
        transport, reader = self._transport, self._reader
        if transport is None:
            return
        if not reader.is_partial:
            self._partial_since_s = self._active_s
        rest = reader.feed(data)
        if reader.arrived:
            self._waiting.extend(reader.arrived)
            reader.arrived.clear()
            if len(self._waiting) > PIPELINED_MAX:
                self._hold()
        self._take_turns()
        if rest is not None:
            self._leave_http(rest + self._unread)
        elif reader.expects_continue and self._current is None and self._transport is not None:
            reader.expects_continue = False
            self._transport.write(_CONTINUE)

    def _hold(self) -> None:
        if not self._is_held and self._transport is not None:
            self._is_held = True
            self._transport.pause_reading()

    def _queue(self) -> None:
        if not self._is_queued:
            self._is_queued = True
            self._share.wait(self)

    def _drop_waiting(self) -> None:
        self._waiting.clear()
        self._unread = b""

    def _take_turns(self) -> None:
        # Answers that are ready at once come back into this loop, not into a deeper call.
        if self._is_in_turn:
            return
        self._is_in_turn = True
        while self._waiting and self._current is None and not self._is_paused:
            current = self._waiting[0]
            if not self._share.take(REQUEST_BYTES + len(current.body)):
                self._queue()
                break
            self._current = self._waiting.popleft()
            # Whose connection it is shows with its first request.
            self._share = self._door.rest.respond(current, self._answered) or self._share
        self._is_in_turn = False
        if self._waiting or self._current is not None:
            return
        if self._transport is None or self._is_finishing:
            return
        if self._reader.refused is not None:
            self._write(self._reader.refused, CLOSE)
            self._linger()
        elif self._unread:
            self._queue()
        elif self._has_ended:
            self.finish()
        elif self._is_held and not self._waits:
            self._is_held = False
            self._transport.resume_reading()

    def _answered(self, response: Response) -> None:
        current, self._current = self._current, None
        if self._transport is None or current is None:
            return
        self._active_s = self._door.heartbeat.now_s
        connection = CLOSE if self._is_finishing else current.connection
        self._write(response, connection, is_head=current.method == b"HEAD")
        if connection is CLOSE:
            self.finish()
        elif not self._is_in_turn:
            self._take_turns()

    def _write(self, response: Response, connection: bytes, *, is_head: bool = False) -> None:
        assert self._transport is not None, "Invariant: only open connections are answered"
        self._transport.write(
            b"%bContent-Type: %b\r\nDate: %b\r\n%b%bContent-Length: %d\r\n\r\n%b"
            % (
                _STATUS_LINES[response.status],
                response.content_type,
                self._door.heartbeat.date,
                response.extra,
                connection,
                len(response.body),
                b"" if is_head else response.body,
            )
        )

    def _linger(self) -> None:
        # Closed at once, what is still being sent would reset the connection before the client has
        # read why; so go on reading for a while, and drop it.
        transport, self._transport = self._transport, None
        self._door.connections.discard(self)
        if transport is not None:
            if self._is_held:
                transport.resume_reading()
            asyncio.get_running_loop().call_later(LINGER_S, transport.close)

    def _leave_http(self, rest: bytes) -> None:
        incoming, transport = self._reader.upgrade, self._transport
        if transport is None:
            return
        refused: Response | Wait | None
        if incoming is None or self._current is not None or self._waiting:
            refused = refusal(400, "An upgrade is not possible here")
        else:
            if self._is_held:
                self._is_held = False
                transport.resume_reading()
            refused = self._door.upgrade(incoming, transport, rest, self._waits)
        if refused is Wait.A_MOMENT:
            self._waits += 1
            self._drop_waiting()
            # What comes meanwhile is left in the system.
            self._hold()
            asyncio.get_running_loop().call_later(WAIT_S, self._leave_http, rest)
        elif refused is None:
            self._transport = None
            self._door.connections.discard(self)
        else:
            self._drop_waiting()
            self._reader.refused = refused
            self._take_turns()


def _address(transport: asyncio.BaseTransport) -> str:
    peer = transport.get_extra_info("peername")
    return peer[0] if isinstance(peer, tuple) else ""
