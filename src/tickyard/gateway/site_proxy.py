"""Passes on what is not the API's: pages, and what they call, are served by a process of their own.

So a log-in, which costs much on purpose, or a large file never stands in the way of an order.
"""

import contextlib
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Final

import httpx

from tickyard.base.log import logger
from tickyard.engine.socket_path import reachable
from tickyard.gateway.exchange import Incoming, Response

Serves = Callable[[bytes, bytes], bool]
"""Tells by method and path what is passed on."""
_HOST: Final = httpx.URL("http://site")
_TIMEOUT_S: Final = 10
_CONNECTIONS: Final = 32
_DROPPED: Final = frozenset(
    {
        *(b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"),
        # Rewritten here; what a client sends in these is not believed.
        *(b"content-length", b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"expect"),
    }
)
_KEPT: Final = frozenset(
    {
        *(
            "cache-control",
            "etag",
            "last-modified",
            "location",
            "retry-after",
            "set-cookie",
            "vary",
        ),
        *(
            "content-security-policy",
            "content-encoding",
            "referrer-policy",
            "x-content-type-options",
        ),
        *("cross-origin-opener-policy", "permissions-policy"),
    }
)

_log = logger("gateway")


class SiteProxy:
    """Speaks to the site's process over its Unix socket."""

    def __init__(self, socket_path: Path, serves: Serves) -> None:
        self.serves = serves
        self._held = contextlib.ExitStack()
        path = self._held.enter_context(reachable(socket_path))
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(
                uds=str(path), limits=httpx.Limits(max_connections=_CONNECTIONS)
            ),
            timeout=_TIMEOUT_S,
            # It speaks for everybody: a cookie that it kept of one would let the next in as them.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )

    async def ask(self, incoming: Incoming, *, is_secure: bool) -> Response:
        """Pass a request on and return the answer; 502 when there is none."""
        headers = [
            (name, value) for name, value in incoming.headers.items() if name not in _DROPPED
        ]
        headers.append((b"x-forwarded-for", incoming.peer.encode()))
        headers.append((b"x-forwarded-proto", b"https" if is_secure else b"http"))
        try:
            asked = self._client.build_request(
                incoming.method.decode("latin-1"),
                _HOST.copy_with(raw_path=incoming.target),
                headers=headers,
                content=incoming.body,
            )
            async with contextlib.aclosing(await self._client.send(asked, stream=True)) as answer:
                # As it is: a file may be compressed.
                body = b"".join([piece async for piece in answer.aiter_raw()])
        except httpx.HTTPError as error:
            _log.warning("site.unreachable", error=repr(error))
            return Response(
                502,
                b"The pages of this exchange are not reachable. They come back by themselves.\n",
                b"text/plain; charset=utf-8",
                b"Retry-After: 1\r\n",
            )
        return _response(answer, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        self._held.close()


def _response(answer: httpx.Response, body: bytes) -> Response:
    extra = b"".join(
        b"%b: %b\r\n" % (name, value)
        for name, value in answer.headers.raw
        if name.decode("latin-1").lower() in _KEPT
    )
    kind = answer.headers.get("content-type", "application/octet-stream")
    return Response(answer.status_code, body, kind.encode("latin-1"), extra)
