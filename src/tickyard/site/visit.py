"""One call from a browser, as a slice sees it."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tickyard.site.errors import NotJson

T = TypeVar("T")

SESSION_COOKIE: Final = "tickyard_session"
_SECURE_COOKIE: Final = f"__Host-{SESSION_COOKIE}"
"""A browser lets no other host and no plain page set a cookie of such a name."""


class Visit:
    """A request, with what the gateway said of its sender."""

    def __init__(self, request: Request, body: bytes) -> None:
        self._request = request
        self._body = body

    @property
    def address(self) -> str:
        """Where the browser is. The gateway writes it, over whatever the browser has written."""
        return self._request.headers.get("x-forwarded-for", "")

    @property
    def browser(self) -> str:
        """What the browser calls itself."""
        return self._request.headers.get("user-agent", "")

    @property
    def is_secure(self) -> bool:
        """Whether it came over TLS."""
        return self._request.headers.get("x-forwarded-proto") == "https"

    @property
    def token(self) -> str:
        """The session's token; empty when there is none."""
        return self._request.cookies.get(self._cookie, "")

    def body(self, shape: type[T]) -> T:
        """Read the body; members that the shape does not know are refused.

        Raises:
            NotJson: it is something else.
        """
        try:
            return msgspec.json.decode(self._body, type=shape)
        except msgspec.DecodeError as error:
            raise NotJson(str(error)) from None

    def remember(self, answer: Response, token: str) -> Response:
        """Give the browser a session's token, out of reach of scripts."""
        answer.set_cookie(
            self._cookie, token, httponly=True, samesite="strict", secure=self.is_secure, path="/"
        )
        return answer

    def forget(self, answer: Response) -> Response:
        """Take the token away."""
        answer.delete_cookie(
            self._cookie, httponly=True, samesite="strict", secure=self.is_secure, path="/"
        )
        return answer

    @property
    def _cookie(self) -> str:
        return _SECURE_COOKIE if self.is_secure else SESSION_COOKIE


Handler = Callable[[Visit], Awaitable[Response]]


class SiteRoute(msgspec.Struct, frozen=True):
    """One call that pages make."""

    method: str
    """"GET" changes nothing; "POST" may."""
    path: str
    handler: Handler
    summary: str = ""


def answer(value: object, status: int = 200) -> Response:
    """Make a JSON answer of a struct, dict or list."""
    return Response(
        msgspec.json.encode(value),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
