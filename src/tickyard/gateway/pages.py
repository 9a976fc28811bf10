"""The few paths outside the API: what this is, what it takes and gives, and whether it lives and is ready."""

from collections.abc import Callable, Mapping
from functools import cache

from msgspec import json

from tickyard.gateway.exchange import TEXT, Response
from tickyard.gateway.openapi.schema import Schema

_WELCOME = {
    "name": "Tickyard",
    "what": "A crypto exchange with the OKX v5 API",
    "rest": "/api/v5",
    "websocket": ["/ws/v5/public", "/ws/v5/private", "/ws/v5/business"],
    "openapi": "/openapi.json",
    "try": "/api/v5/public/instruments?instType=SPOT",
}


def pages(
    is_ready: Callable[[], bool], document: Callable[[], Schema]
) -> Mapping[bytes, Callable[[], Response]]:
    """Return the pages by path.

    Args:
        is_ready: whether this worker can serve: it has reached the core and loaded what it needs.
        document: makes the OpenAPI document; called when somebody asks for it first.
    """

    @cache
    def described() -> bytes:
        return json.encode(document()) + b"\n"

    def readiness() -> Response:
        if is_ready():
            return Response(200, b"ready\n", TEXT)
        return Response(503, b"not ready\n", TEXT)

    return {
        b"/": lambda: Response(200, json.format(json.encode(_WELCOME), indent=2) + b"\n"),
        b"/livez": lambda: Response(200, b"alive\n", TEXT),
        b"/readyz": readiness,
        b"/openapi.json": lambda: Response(200, described()),
    }
