"""The page itself: files that the build of `web/` has made, with the headers that keep foreign code out of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tickyard.site.paths import FILES, PAGES, STATIC

BUILT: Final = Path(__file__).with_name("page")
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "trusted-types tickyard",
        "require-trusted-types-for 'script'",
    )
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_LARGE_BYTES: Final = 1_024


class _Static(StaticFiles):
    """Files whose names change with what is in them."""

    def file_response(self, *args: object, **options: object) -> Response:
        response = super().file_response(*args, **options)  # type: ignore[arg-type]  # passed on
        response.headers["Cache-Control"] = _FOR_EVER
        return response


class _Hardened:
    """Adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers)


def page_routes(folder: Path = BUILT) -> Sequence[BaseRoute]:
    """Serve files by their names, and the page for every path that it knows."""

    async def file(request: Request) -> Response:
        return FileResponse(folder / request.url.path.removeprefix("/"))

    async def page(_request: Request) -> Response:
        index = folder / "index.html"
        if not index.exists():
            return PlainTextResponse("The page is not built. Build it with: make setup\n", 503)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    return (
        Mount(f"/{STATIC}", _Static(directory=folder / STATIC, check_dir=False)),
        *(Route(f"/{name}", file, methods=["GET"]) for name in sorted(FILES)),
        Route("/", page, methods=["GET"]),
        *(
            Route(path, page, methods=["GET"])
            for name in sorted(PAGES)
            for path in (f"/{name}", f"/{name}/{{rest:path}}")
        ),
    )


def middleware() -> Sequence[Middleware]:
    """Return what stands before every route."""
    return (Middleware(_Hardened), Middleware(GZipMiddleware, minimum_size=_LARGE_BYTES))
