"""The OpenAPI document: every route is in it, and every answer of a running exchange is as it says."""

import os
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.hostile.venue import Key
from tests.support.exchange import Exchange

from tickyard.instruments import absent
from tickyard.node import build

EXAMPLES = int(os.environ.get("TICKYARD_API_EXAMPLES", "4"))
MANY = 10
TRADER = "whale"
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Words of the exchange, without which nearly everything that is generated is refused.
LIKELY = {
    "instId": "BTC-USDT",
    "instType": "SPOT",
    "ccy": "USDT",
    "tdMode": "cash",
    "side": "buy",
    "ordType": "limit",
    "px": "50000",
    "sz": "0.001",
    "limit": "5",
    "bar": "1m",
    "quoteCcy": "USDT",
    "from": "18",
    "to": "6",
    "amt": "1",
}
RARELY = ("after", "before", "begin", "end", "clOrdId", "tag", "instFamily", "uly", "category")


class Signed(AuthBase):
    """Signs whatever is sent."""

    def __init__(self, name: str) -> None:
        self._key = Key(name)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        assert isinstance(raw, bytes)
        assert request.method is not None
        request.headers.update(self._key.headers(request.method, request.path_url, raw))
        return request


@pytest.fixture(scope="module")
def traded(exchange: Exchange) -> Exchange:
    """An exchange in which the trader has a fill, a transfer and an order that rests."""
    seller, buyer = exchange.ccxt("mm1"), exchange.ccxt(TRADER)
    seller.create_order("BTC/USDT", "limit", "sell", 0.001, 65000)
    buyer.create_order("BTC/USDT", "limit", "buy", 0.002, 65000)
    buyer.transfer("USDT", 1, "spot", "funding")
    return exchange


def test_what_is_served_has_a_shape(traded: Exchange) -> None:
    served = {
        f"{method.upper()} {path}"
        for path, methods in _document(traded)["paths"].items()
        for method in methods
    }
    assert served <= build.shapes().keys(), "a row in shapes.json of its slice is missing"


def test_every_answer_is_as_the_document_says(traded: Exchange) -> None:
    http = traded.status()["http"]
    schema = schemathesis.openapi.from_dict(_document(traded))
    failures: list[str] = []
    session = requests.Session()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.label in absent.shapes() and EXAMPLES < MANY:
            continue  # always the same, which is shown elsewhere
        try:
            _probe(operation, session, http)
        except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001  # each has its turn
            failures.append(f"{operation.label}: {failure!r}\n{_details(failure)}")
    assert not failures, "\n\n".join(failures)


def _document(exchange: Exchange) -> dict[str, Any]:
    answer = requests.get(f"{exchange.status()['http']}/openapi.json", timeout=10)
    document: dict[str, Any] = answer.json()
    return document


def _probe(operation: Any, session: requests.Session, http: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), likely=st.sampled_from([True, True, False]))
    def probe(case: Any, likely: bool) -> None:  # noqa: FBT001
        if likely:
            case.query = _likely(case.query)
            body = case.body
            case.body = [_likely(item) for item in body] if type(body) is list else _likely(body)
        case.call_and_validate(base_url=http, session=session, auth=Signed(TRADER), checks=CHECKED)

    probe()


def _likely(members: Any) -> Any:
    if not isinstance(members, dict):
        return members
    return {name: LIKELY.get(name, value) for name, value in members.items() if name not in RARELY}


def _details(failure: BaseException) -> str:
    return "\n".join(str(inner) for inner in getattr(failure, "exceptions", ()))
