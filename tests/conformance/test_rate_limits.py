"""Every endpoint has the limit that OKX publishes for it, as transcribed in vectors/: count/milliseconds/scope."""

import json
from pathlib import Path

import requests
from tests.support.exchange import Exchange

from tickyard.gateway.openapi.document import allowance
from tickyard.gateway.route import Limit

PUBLISHED: dict[str, str] = json.loads(
    (Path(__file__).parent / "vectors" / "rate_limits.json").read_text()
)


def test_every_endpoint_has_its_published_limit(exchange: Exchange) -> None:
    document = requests.get(f"{exchange.status()['http']}/openapi.json", timeout=10).json()
    served = {
        f"{method.upper()} {path}": operation["description"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    different = {
        name: (published, served[name])
        for name, published in PUBLISHED.items()
        if name in served and allowance(_limit(published)) not in served[name]
    }
    assert not different


def _limit(text: str) -> Limit:
    count, per_ms, scope = text.split("/")
    return Limit(int(count), int(per_ms), scope)
