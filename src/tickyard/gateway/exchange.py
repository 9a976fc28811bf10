"""One HTTP request and what is answered, apart from how either is written on a connection."""

from msgspec import Struct

JSON = b"application/json"
TEXT = b"text/plain; charset=utf-8"


class Incoming(Struct, gc=False):
    """A request as it was received. Nothing is decoded: signatures cover the raw bytes."""

    method: bytes
    target: bytes
    """Path and query, as on the request line."""
    headers: dict[bytes, bytes]
    """Names in lower case; of a header that is given twice, the last."""
    body: bytes
    peer: str
    """The address of the other end."""
    received_us: int
    """Wall time, in microseconds."""
    connection: bytes = b""
    """The header line by which the answer says whether the connection stays open; mostly none."""
    is_secure: bool = False
    """Whether it came over TLS."""


class Response(Struct, gc=False):
    """What is answered."""

    status: int
    body: bytes
    content_type: bytes = JSON
    extra: bytes = b""
    """Further header lines, each with its line end."""
