"""HTTP as far as the participants need it: one connection that is kept, one request at a time."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from tickyard.world.errors import Lost

_TIMEOUT_S: Final = 10


class Rest:
    """Requests to one origin, from one address."""

    def __init__(self, origin: str, source_address: str) -> None:
        parts = urlsplit(origin)
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or 80
        self._source = (source_address, 0)
        self._lock = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> bytes:
        """Send a request and return the body of its answer, whatever its status.

        Raises:
            Lost: there was no answer.
        """
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        payload = "\r\n".join(lines).encode() + body
        async with self._lock:
            try:
                async with asyncio.timeout(_TIMEOUT_S):
                    return await self._exchange(payload)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                raise Lost(f"{method} {target}: {error!r}") from error

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, payload: bytes) -> bytes:
        if self._streams is not None and self._streams[0].at_eof():
            self.close()  # the server has closed it since
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                self._host, self._port, local_addr=self._source
            )
        reader, writer = self._streams
        # Put back only when the answer was read to its end.
        self._streams = None
        try:
            writer.write(payload)
            head = await reader.readuntil(b"\r\n\r\n")
            headers = _headers(head)
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        except BaseException:
            writer.close()
            raise
        if headers.get("connection", "").lower() == "close":
            writer.close()
        else:
            self._streams = (reader, writer)
        return body


def _headers(head: bytes) -> dict[str, str]:
    _status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
