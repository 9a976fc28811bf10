"""The application: the routes of all slices behind the rules that hold for each of them."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tickyard.base.errors import TickyardError
from tickyard.base.log import logger
from tickyard.site import page
from tickyard.site.errors import ForeignOrigin, NotJson, SiteRefusal
from tickyard.site.paths import CALLS
from tickyard.site.visit import Handler, SiteRoute, Visit, answer

BODY_BYTES_MAX: Final = 16 * 1024
_JSON: Final = "application/json"
_SAME_ORIGIN: Final = frozenset({"", "same-origin", "none"})

_log = logger("site")


def site(routes: Iterable[SiteRoute]) -> Starlette:
    """Put the application together."""
    return Starlette(
        routes=[
            *(
                Route(route.path, _guarded(route.handler, route.method), methods=[route.method])
                for route in routes
            ),
            Route(f"{CALLS}{{path:path}}", _unknown, methods=["GET", "POST"]),
            *page.page_routes(),
        ],
        middleware=page.middleware(),
    )


async def _unknown(_request: Request) -> Response:
    return _failure(404, "not_found", "There is no such call.", 0)


def _guarded(handler: Handler, method: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            if method == "POST":
                _check_origin(request)
            return await handler(Visit(request, await _body(request, method)))
        except SiteRefusal as refusal:
            return _refused(refusal)
        except TickyardError as error:
            _log.warning("site.unavailable", error=str(error))
            return _failure(503, "unavailable", "The exchange cannot do this now. Try again.", 2)

    return endpoint


def _check_origin(request: Request) -> None:
    """Let pass what our own pages send, and programs that are no browser.

    A browser says where a request comes from, and lets no page write these headers.
    """
    origin = request.headers.get("origin")
    host = request.headers.get("host", "")
    if origin is not None and origin.partition("://")[2] != host:
        raise ForeignOrigin
    if request.headers.get("sec-fetch-site", "") not in _SAME_ORIGIN:
        raise ForeignOrigin


async def _body(request: Request, method: str) -> bytes:
    if method != "POST":
        return b""
    # Pages of other sites can send forms and plain text, but not this.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        raise NotJson(f"its type must be {_JSON}")
    body = await request.body()
    if len(body) > BODY_BYTES_MAX:
        raise NotJson(f"it has more than {BODY_BYTES_MAX} bytes")
    return body or b"{}"


def _refused(refusal: SiteRefusal) -> Response:
    return _failure(refusal.status, refusal.name, str(refusal), refusal.retry_after_s)


def _failure(status: int, name: str, message: str, retry_after_s: int) -> Response:
    made = answer({"error": {"code": name, "message": message}}, status)
    if retry_after_s:
        made.headers["Retry-After"] = str(retry_after_s)
    return made
