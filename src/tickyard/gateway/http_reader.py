"""From bytes to requests: httptools does the parsing, the limits are here.

Nearly all requests come whole, alone and as plain as programs write them. Those are read in one call, which takes a third
of the time; what is not plain is httptools' affair.
"""

import httptools

from tickyard.base.clock import Clock
from tickyard.engine import read_request
from tickyard.gateway.envelope import answer_json
from tickyard.gateway.exchange import Incoming, Response

BODY_BYTES_MAX = 64 * 1024
HEAD_BYTES_MAX = 16 * 1024
HEADERS_MAX = 100

CLOSE = b"Connection: close\r\n"
KEEP_ALIVE = b"Connection: keep-alive\r\n"

_MALFORMED = "50002"
_VERSIONS = frozenset({"1.0", "1.1"})


class RequestReader:
    """Reads the requests of one connection."""

    __slots__ = (
        "_again", "_body", "_body_bytes", "_fields", "_head_bytes", "_headers", "_is_in_head",
        "_is_new", "_is_secure", "_parser", "_peer", "_piece_bytes", "_pieces", "_target", "_wall", "arrived",
        "expects_continue", "is_partial", "on_header", "refused", "upgrade",
    )  # fmt: skip

    def __init__(self, peer: str, wall: Clock, *, is_secure: bool = False) -> None:
        self.arrived: list[Incoming] = []
        """Complete requests, to be taken away by the caller."""
        self.refused: Response | None = None
        """The answer to what cannot be read; nothing is read after it."""
        self.upgrade: Incoming | None = None
        """The request that wants to leave HTTP, once `feed` has returned bytes."""
        self.is_partial = False
        """Whether a request has begun and is not complete."""
        self.expects_continue = False
        """Whether its sender waits for leave to send the body."""
        self._peer = peer
        self._is_secure = is_secure
        self._wall = wall
        self._target = b""
        self._fields: dict[bytes, bytes] = {}
        self._headers: dict[bytes, bytes] = {}
        self._head_bytes = 0
        self._piece_bytes = 0
        self._is_in_head = True
        self._is_new = False
        self._again = b""
        self._body = b""
        self._pieces: list[bytes] = []
        self._body_bytes = 0
        # Called for each header of each request: a method written in C takes a third of the time.
        self.on_header = self._fields.__setitem__
        self._parser = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> bytes | None:
        """Take bytes.

        Returns:
            What follows the request that wants to leave HTTP; None while there is no such request.
        """
        if self.refused is not None:
            return None
        if not self.is_partial and (plain := read_request(data)) is not None:
            self.arrived.append(
                Incoming(*plain, self._peer, self._wall.now_us(), b"", self._is_secure)
            )
            return None
        self._piece_bytes = len(data)
        self._is_new = False
        pieces: list[bytes | memoryview] = [data]
        while pieces:
            piece = pieces.pop()
            try:
                self._parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                rest = memoryview(piece)[upgrade.args[0] :]
                if self.upgrade is not None:
                    return bytes(rest)
                pieces += (rest, self._again)
                self._again = b""
            except httptools.HttpParserError:
                self._refuse(400, "Malformed HTTP request")
                break
        # Where in this piece a new head began is not known: what is before it belongs to others.
        if self.is_partial and self._is_in_head and not self._is_new:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse(431, "Request headers are too large")
        return None

    def on_message_begin(self) -> None:
        """Hear of a new request, from httptools as all that follows."""
        self._target = b""
        self._fields.clear()
        self._head_bytes = 0
        self._body = b""
        self._body_bytes = 0
        self._is_in_head = True
        self._is_new = True
        self.is_partial = True

    def on_url(self, url: bytes) -> None:
        """Hear a piece of the target."""
        self._target += url

    def on_headers_complete(self) -> None:
        """Hear that the body follows, if there is one."""
        self._is_in_head = False
        self._headers = {name.lower(): value for name, value in self._fields.items()}
        if len(self._headers) > HEADERS_MAX:
            self._refuse(431, "Too many request headers")
        elif self._head_bytes + self._piece_bytes > HEAD_BYTES_MAX and self._is_head_large():
            self._refuse(431, "Request headers are too large")
        elif (size := self._headers.get(b"content-length")) and int(size) > BODY_BYTES_MAX:
            self._refuse_body()
        elif (expected := self._headers.get(b"expect")) is not None:
            if expected.lower() == b"100-continue":
                self.expects_continue = True
            else:
                self._refuse(417, "Unknown expectation")

    def on_body(self, body: bytes) -> None:
        """Hear a piece of the body."""
        self._body_bytes += len(body)
        if self._body_bytes > BODY_BYTES_MAX:
            self._refuse_body()
        elif self._body_bytes == len(body):
            self._body = body
        else:
            self._pieces.append(body)

    def on_message_complete(self) -> None:
        """Hear that the request is complete."""
        self.is_partial = False
        self.expects_continue = False
        if self.refused is not None:
            return
        parser = self._parser
        if (
            parser.should_upgrade()
            and b"websocket" not in self._headers.get(b"upgrade", b"").lower()
        ):
            self._decline()
            return
        version = parser.get_http_version()
        if version not in _VERSIONS:
            self._refuse(400, "Only HTTP/1.1 is spoken here")
            return
        if not parser.should_keep_alive():
            connection = CLOSE
        else:
            connection = KEEP_ALIVE if version == "1.0" else b""
        if self._pieces:
            self._body += b"".join(self._pieces)
            self._pieces.clear()
        incoming = Incoming(
            parser.get_method(),
            self._target,
            self._headers,
            self._body,
            self._peer,
            self._wall.now_us(),
            connection,
            self._is_secure,
        )
        if parser.should_upgrade():
            self.upgrade = incoming
        else:
            self.arrived.append(incoming)

    def _decline(self) -> None:
        """Read a request that offers another protocol once more, without the offer.

        The parser has left the body to that protocol. Java's client offers HTTP/2 with each request.
        """
        if self._parser.get_method() == b"CONNECT":
            self._refuse(405, "No tunnels are opened here")
            return
        fields = [
            b"%b: %b\r\n" % field
            for field in self._fields.items()
            if field[0].lower() != b"upgrade"
        ]
        start = b"%b %b HTTP/1.1\r\n" % (self._parser.get_method(), self._target)
        self._again = b"".join((start, *fields, b"\r\n"))

    def _is_head_large(self) -> bool:
        """Measure a head that is complete, when it may be too large: most pieces are smaller."""
        fields = sum(len(name) + len(value) for name, value in self._fields.items())
        return len(self._target) + fields > HEAD_BYTES_MAX

    def _refuse_body(self) -> None:
        self._refuse(413, f"Body is larger than {BODY_BYTES_MAX} bytes")

    def _refuse(self, status: int, message: str) -> None:
        if self.refused is None:
            self.refused = refusal(status, message)


def refusal(status: int, message: str) -> Response:
    """Make the answer to what is no acceptable HTTP."""
    return Response(status, answer_json(_MALFORMED, message, []))
