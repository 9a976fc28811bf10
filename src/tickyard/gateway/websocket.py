"""The hand-over of a connection from HTTP to picows, and the way back for what picows hears.

The class that picows does this with is not public and takes fifteen arguments in order, so its
version is pinned, and this is the only file that knows it.
"""

import asyncio
import base64
import binascii
import logging
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from picows import WSAutoPingStrategy, WSFrame, WSListener, WSMsgType, WSTransport
from picows.picows import WSProtocol  # type: ignore[attr-defined]  # not public

from tickyard.base.log import logger
from tickyard.gateway.exchange import Incoming
from tickyard.gateway.outbox import Sink
from tickyard.gateway.session import CLOSE_NOT_TEXT, WebSocketSession
from tickyard.gateway.shares import FRAME_BYTES

MESSAGE_BYTES_MAX = 64 * 1024
"""A longer message from a client is answered with close code 1009."""
PIECES_MAX = 1024
"""So is one that comes in more pieces than this."""
CLOSE_TOO_BIG = 1009
CLOSE_PROTOCOL = 1002
CLOSE_NORMAL = 1000

_CLOSE_S = 1
"""How long a client may take to answer a close frame."""
_CLOSE_TIMES_MAX = 10
"""A client that reads on, however slowly, has so many times that to read what was sent before the close frame."""
_READ_BUFFER_BYTES = 16 * 1024
_KEY_BYTES = 16
_CODE_BYTES = 2
_REASON_BYTES_MAX = 123
_VERSION = b"13"

_log = logger("gateway")


class NotAnUpgrade(ValueError):
    """The request does not open a WebSocket as RFC 6455 wants it, section 4.2.1."""


def hand_over(
    incoming: Incoming,
    transport: asyncio.Transport,
    rest: bytes,
    make_session: Callable[[Sink], WebSocketSession],
) -> None:
    """Give a connection to picows; frames reach the session from then on.

    Args:
        incoming: the request that asks for it.
        transport: of the connection.
        rest: bytes that were received after the request.
        make_session: called once the handshake is answered.

    Raises:
        NotAnUpgrade: nothing was changed.
    """
    request = _handshake(incoming)
    protocol: Any = WSProtocol(
        None,  # host and port: of clients
        None,  # path: of clients
        False,  # noqa: FBT003  # is a client
        lambda _request: _Listener(make_session),
        _QuietLogger(),
        True,  # noqa: FBT003  # disconnect when the listener fails
        None,  # handshake timeout: the handshake is complete
        False,  # noqa: FBT003  # ping by itself
        20,  # ping: idle seconds
        20,  # ping: seconds to answer
        WSAutoPingStrategy.PING_WHEN_IDLE,
        False,  # noqa: FBT003  # pong by itself: the session wants to hear of pings
        MESSAGE_BYTES_MAX,
        None,  # extra headers: of clients
        _READ_BUFFER_BYTES,
    )
    transport.set_protocol(protocol)
    is_local = transport.get_extra_info("socket").family == socket.AF_UNIX
    protocol.connection_made(_LocalTransport(transport) if is_local else transport)
    _feed(protocol, request + rest)


def _handshake(incoming: Incoming) -> bytes:
    """Write the request anew, with what picows looks at, in the one spelling that it takes."""
    headers = incoming.headers
    key = headers.get(b"sec-websocket-key", b"")
    try:
        is_key = len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except binascii.Error:
        is_key = False
    if (
        incoming.method != b"GET"
        or headers.get(b"upgrade", b"").lower() != b"websocket"
        or headers.get(b"sec-websocket-version") != _VERSION
        or not is_key
    ):
        raise NotAnUpgrade
    return (
        b"GET / HTTP/1.1\r\nHost: -\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: %b\r\nSec-WebSocket-Key: %b\r\n\r\n" % (_VERSION, key)
    )


def _feed(protocol: Any, data: bytes) -> None:  # noqa: ANN401  # picows does not type it
    view = memoryview(data)
    while view:
        buffer = protocol.get_buffer(len(view))
        size = min(len(buffer), len(view))
        buffer[:size] = view[:size]
        view = view[size:]
        protocol.buffer_updated(size)


class _Listener(WSListener):
    """Hears what picows reads, and puts the pieces of a message together."""

    def __init__(self, make_session: Callable[[Sink], WebSocketSession]) -> None:
        super().__init__()
        self._make_session = make_session
        self._session: WebSocketSession | None = None
        self._transport: WSTransport | None = None
        self._held: deque[tuple[WSMsgType, bool, bytes]] = deque()
        self._pieces: list[bytes] = []
        self._collected_bytes = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._session = self._make_session(_PicowsSink(transport))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        session = self._session
        if session is None:
            return
        payload = frame.get_payload_as_bytes()
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            session.close(CLOSE_PROTOCOL, "No extension was agreed on.")
        elif self._held or not session.share.take(FRAME_BYTES + len(payload)):
            self._hold(session, transport, (frame.msg_type, frame.fin, payload))
        elif frame.msg_type == WSMsgType.TEXT and frame.fin and not self._pieces:
            session.receive(payload)
        else:
            self._hear(session, transport, frame.msg_type, frame.fin, payload)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._held.clear()
        if self._session is not None:
            self._session.lost()
            self._session = None

    def go_on(self) -> None:
        """Take what was held, as much as there is a share for; then read on."""
        while self._held:
            session, transport = self._session, self._transport
            if session is None or transport is None:
                return  # `on_ws_disconnected` drops what was held
            kind, is_last, payload = self._held[0]
            if not session.share.take(FRAME_BYTES + len(payload)):
                session.share.wait(self)
                return
            self._held.popleft()
            try:
                self._hear(session, transport, kind, is_last, payload)
            except Exception:  # noqa: BLE001  # one connection's bug must not end the turn of others
                _log.exception("session.failed")
                transport.disconnect(graceful=False)
        if self._transport is not None and not self._transport.is_disconnected:
            self._transport.underlying_transport.resume_reading()

    def _hold(
        self,
        session: WebSocketSession,
        transport: WSTransport,
        frame: tuple[WSMsgType, bool, bytes],
    ) -> None:
        """Keep a frame for a later turn; so is what follows it in the read buffer, and no more is read."""
        if not self._held:
            transport.underlying_transport.pause_reading()
            session.share.wait(self)
        self._held.append(frame)

    def _hear(
        self,
        session: WebSocketSession,
        transport: WSTransport,
        kind: WSMsgType,
        is_last: bool,  # noqa: FBT001  # as the frame has it
        payload: bytes,
    ) -> None:
        if kind == WSMsgType.TEXT and is_last and not self._pieces:
            session.receive(payload)
        elif kind == WSMsgType.PING:
            session.heard()
            transport.send_pong(payload)
        elif kind == WSMsgType.PONG:
            session.heard()
        elif kind == WSMsgType.CLOSE:
            self._close(transport, payload)
        elif kind == WSMsgType.BINARY:
            session.close(CLOSE_NOT_TEXT, "Only text is understood.")
        else:
            self._collect(session, kind, is_last=is_last, piece=payload)

    def _collect(
        self, session: WebSocketSession, kind: WSMsgType, *, is_last: bool, piece: bytes
    ) -> None:
        """Take a piece. Source: RFC 6455, section 5.4."""
        if (kind == WSMsgType.TEXT) is bool(self._pieces):
            session.close(CLOSE_PROTOCOL, "Pieces of messages are mixed up.")
            return
        self._pieces.append(piece)
        self._collected_bytes += len(piece)
        if self._collected_bytes > MESSAGE_BYTES_MAX or len(self._pieces) > PIECES_MAX:
            session.close(CLOSE_TOO_BIG, "Message is too big.")
            self._drop()
        elif is_last:
            payload = b"".join(self._pieces)
            self._drop()
            session.receive(payload)

    def _drop(self) -> None:
        self._pieces.clear()
        self._collected_bytes = 0

    def _close(self, transport: WSTransport, payload: bytes) -> None:
        # Answered with the code that came. Source: RFC 6455, section 5.5.1.
        code = int.from_bytes(payload[:_CODE_BYTES], "big") if payload else CLOSE_NORMAL
        transport.send_close(code)  # type: ignore[arg-type]  # any int will do
        transport.disconnect()


class _PicowsSink:
    """The sending half. Frames are written as they are, past picows, joined by the outbox."""

    def __init__(self, transport: WSTransport) -> None:
        self._transport = transport
        underlying = transport.underlying_transport
        self.write = underlying.write
        self.unsent = underlying.get_write_buffer_size

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and end the connection when it is answered, or soon after it was read."""
        text = reason.encode()[:_REASON_BYTES_MAX].decode(errors="ignore")
        self._transport.send_close(code, text)  # type: ignore[arg-type]  # any int will do
        self._abort_later(self.unsent(), _CLOSE_TIMES_MAX)

    def _abort_later(self, unsent: int, times: int) -> None:
        asyncio.get_running_loop().call_later(_CLOSE_S, self._abort, unsent, times)

    def _abort(self, unsent: int, times: int) -> None:
        if self._transport.is_disconnected:
            return
        left = self.unsent()
        if left < unsent and times > 1:
            self._abort_later(left, times - 1)
        else:
            self._transport.disconnect(graceful=False)


class _LocalTransport:
    """A transport over a Unix socket, as picows wants it: it sets options of TCP on all it is given."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as the transport has it
        return getattr(self._transport, name)

    def get_extra_info(self, name: str) -> object:
        """Return what the transport tells, and a socket without options."""
        found = self._transport.get_extra_info(name)
        return _NoOptions(found.fileno()) if name == "socket" else found


class _NoOptions:
    """A socket without options."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def setsockopt(self, *_option: object) -> None:
        """Leave it."""

    def getsockopt(self, *_option: object) -> int:
        """Return 0 for all."""
        return 0


class _QuietLogger:
    """What picows logs is mostly a client's doing and none of our malfunctions."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802  # as `logging` spells it
        return level >= logging.CRITICAL

    def log(self, *_args: object) -> None:
        """Drop it."""

    debug = info = warning = error = log

    def exception(self, message: str, *_args: object) -> None:
        """Report an exception that came out of a listener: a bug."""
        _log.exception("session.failed", detail=message)
