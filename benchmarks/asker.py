"""A client that asks one question after the other, on one connection."""

import re
import socket
from typing import Final, Self

_READ_BYTES: Final = 1 << 18
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Asker:
    """A connection to a worker."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> bytes:
        """Send a request and return the body of its answer.

        Raises:
            RuntimeError: it was refused.
        """
        self._socket.sendall(request)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        length = _LENGTH.search(data, 0, end)
        if length is None:
            raise RuntimeError(f"an answer of unknown length: {bytes(data[:end])!r}")
        whole = end + 4 + int(length[1])
        while len(data) < whole:
            data += self._more()
        body = bytes(data[end + 4 :])
        if not body.startswith(b'{"code":"0"'):
            raise RuntimeError(f"refused: {body[:400]!r}")
        return body

    def _more(self) -> bytes:
        data = self._socket.recv(_READ_BYTES)
        if not data:
            raise RuntimeError("the server closed the connection")
        return data
