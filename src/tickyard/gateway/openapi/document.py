"""The document: one operation for each route, with its parameters, its answer, and how it is refused.

Source: OpenAPI 3.1. Facts of the wire that are no members (envelope, signature) are those of OKX v5, "Overview".
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tickyard.gateway.openapi.schema import LIST, NEEDED, Schema, given, kind, taken
from tickyard.gateway.openapi.shapes import LISTS, Shape
from tickyard.gateway.route import Access, Limit, Route

_ITEMS_MAX: Final = 20
"""Objects in a body that is a list. Source: OKX v5, "POST /api/v5/trade/batch-orders"."""
_PREFIX: Final = "/api/v5/"
_SIGNATURE: Final = (
    ("OK-ACCESS-KEY", "The API key"),
    ("OK-ACCESS-SIGN", "Base64 of HMAC-SHA256 over timestamp, method, path with query, and body"),
    ("OK-ACCESS-TIMESTAMP", "UTC, as 2026-01-31T12:00:00.000Z"),
    ("OK-ACCESS-PASSPHRASE", "The passphrase of the key"),
)
_NEEDS: Final = {
    Access.PUBLIC: "Anybody may ask.",
    Access.READ: "Any key may ask.",
    Access.TRADE: "The key needs the permission to trade.",
    Access.WITHDRAW: "The key needs the permission to withdraw.",
}
_CODE: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d+$",
    "description": '"0", "1" when every item was refused, "2" when some were, or the code of a refusal',
}
_MOMENT: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d+$",
    "description": "Wall time in µs: when the request came, when the answer left",
}
_REFUSED: Final[Schema] = {"$ref": "#/components/responses/Refused"}


def document(routes: Iterable[Route], shapes: Mapping[str, Shape], *, version: str) -> Schema:
    """Make the document.

    Args:
        routes: what is served.
        shapes: what each takes and gives, by method and path.
        version: of the program.

    Returns:
        The document, to be encoded as JSON.
    """
    paths: dict[str, Schema] = {}
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        shape = shapes.get(f"{route.method} {route.path}", Shape())
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, shape)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tickyard",
            "version": version,
            "summary": "The REST surface, wire-compatible with the OKX v5 API",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name, "description": text}
                for name, text in _SIGNATURE
            },
            "schemas": {
                "Code": _CODE,
                "Moment": _MOMENT,
                "Refusal": _envelope({"type": "array"}),
            },
            "responses": {
                "Refused": {
                    "description": "A refusal: the code says why",
                    "content": _json(_reference("Refusal")),
                }
            },
        },
    }


def name_of(route: Route) -> str:
    """Return the operation's name, e.g. `getTradeOrdersPending`."""
    words = re.split(r"\W+", route.path.removeprefix(_PREFIX))
    return route.method.lower() + "".join(word[:1].upper() + word[1:] for word in words)


def allowance(limit: Limit) -> str:
    """Write a limit for people, e.g. "60 in 2 s for each user and instrument"."""
    seconds = f"{limit.per_ms / 1000:g}"
    return f"{limit.count} in {seconds} s for each {limit.scope.replace('+', ' and ')}"


def _operation(route: Route, shape: Shape) -> Schema:
    about = [_NEEDS[route.access]]
    if route.limit is not None:
        about.append(f"At most {allowance(route.limit)}.")
    made: Schema = {
        "operationId": name_of(route),
        "tags": [route.path.removeprefix(_PREFIX).partition("/")[0]],
        "summary": route.summary or name_of(route),
        "description": " ".join(about),
    }
    if route.access is not Access.PUBLIC:
        made["security"] = [{name: [] for name, _ in _SIGNATURE}]
    parameters = _parameters(route, shape)
    if parameters:
        made["parameters"] = parameters
    if route.method != "GET":
        body = taken(shape.takes)
        if shape.many:
            body = {"type": "array", "items": body, "minItems": 1, "maxItems": _ITEMS_MAX}
        made["requestBody"] = {"required": True, "content": _json(body)}
    row = LIST if shape.gives == LISTS else given(shape.gives)
    made["responses"] = {
        "200": {
            "description": 'Done, or refused with a code that is not "0"',
            "content": _json(_envelope({"type": "array", "items": row})),
        },
        "4XX": _REFUSED,
        "5XX": _REFUSED,
    }
    return made


def _parameters(route: Route, shape: Shape) -> list[Schema]:
    found: list[Schema] = []
    if route.method == "GET":
        found += [
            {
                "name": name.rstrip(NEEDED),
                "in": "query",
                "required": name.endswith(NEEDED),
                "schema": kind(word),
            }
            for name, word in shape.takes.items()
        ]
    if route.has_deadline:
        found.append(
            {
                "name": "expTime",
                "in": "header",
                "description": "Exchange time in ms after which the request is not carried out",
                "schema": {"type": "string", "pattern": r"^\d+$"},
            }
        )
    return found


def _envelope(data: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {
            "code": _reference("Code"),
            "msg": {"type": "string"},
            "data": data,
            "inTime": _reference("Moment"),
            "outTime": _reference("Moment"),
        },
        "required": ["code", "msg", "data"],
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
