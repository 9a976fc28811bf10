"""What the OpenAPI document says of a route."""

from typing import Any

from tickyard.gateway.openapi import Shape, document
from tickyard.gateway.route import Access, Answer, Limit, Request, Route


async def _handler(request: Request) -> Answer:
    return Answer([])


def _described(route: Route, shape: Shape) -> dict[str, Any]:
    made = document([route], {f"{route.method} {route.path}": shape}, version="1")
    found: dict[str, Any] = made["paths"][route.path][route.method.lower()]
    return found


def _row(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation["responses"]["200"]["content"]["application/json"]
    row: dict[str, Any] = content["schema"]["properties"]["data"]["items"]
    return row


def test_what_a_query_takes_is_parameters() -> None:
    route = Route("GET", "/api/v5/market/ticker", Access.PUBLIC, _handler, summary="A ticker")
    made = _described(route, Shape(takes={"instId!": "text", "bar": "1m|1H"}))
    assert made["operationId"] == "getMarketTicker"
    assert made["parameters"] == [
        {"name": "instId", "in": "query", "required": True, "schema": {"type": "string"}},
        {
            "name": "bar",
            "in": "query",
            "required": False,
            "schema": {"type": "string", "enum": ["1m", "1H"]},
        },
    ]
    assert "security" not in made


def test_a_private_route_wants_a_signature_and_says_its_limit() -> None:
    limit = Limit(60, 2_000, "user+instrument")
    route = Route("POST", "/api/v5/trade/order", Access.TRADE, _handler, limit, has_deadline=True)
    made = _described(route, Shape(takes={"instId!": "text"}))
    assert set(made["security"][0]) == {
        "OK-ACCESS-KEY",
        "OK-ACCESS-SIGN",
        "OK-ACCESS-TIMESTAMP",
        "OK-ACCESS-PASSPHRASE",
    }
    assert "60 in 2 s for each user and instrument" in made["description"]
    assert [parameter["name"] for parameter in made["parameters"]] == ["expTime"]


def test_a_body_of_many_is_a_list_of_one_to_twenty() -> None:
    route = Route("POST", "/api/v5/trade/batch-orders", Access.TRADE, _handler)
    takes = {"instId!": "text", "attachAlgoOrds": "objects", "attachAlgoOrds[].slOrdPx": "text"}
    body = _described(route, Shape(takes=takes, many=True))["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert (schema["minItems"], schema["maxItems"]) == (1, 20)
    assert schema["items"]["required"] == ["instId"]
    attached = schema["items"]["properties"]["attachAlgoOrds"]
    assert attached["items"]["properties"] == {"slOrdPx": {"type": "string"}}


def test_members_of_rows_are_always_there_and_may_be_nested() -> None:
    route = Route("GET", "/api/v5/account/balance", Access.READ, _handler)
    gives = ("totalEq", "details", "details[].ccy", "details[].collateralEnabled:boolean")
    row = _row(_described(route, Shape(gives=gives)))
    assert row["required"] == ["totalEq", "details"]
    assert row["properties"]["details"]["items"]["required"] == ["ccy", "collateralEnabled"]


def test_rows_may_be_lists() -> None:
    route = Route("GET", "/api/v5/market/candles", Access.PUBLIC, _handler)
    assert _row(_described(route, Shape(gives="lists"))) == {"type": "array"}
