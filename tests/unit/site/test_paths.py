import re
from pathlib import Path

import pytest

from tickyard.site import paths

ROUTER = Path(__file__).parents[3] / "web" / "src" / "app" / "router.tsx"


def test_the_site_knows_the_pages_of_the_router() -> None:
    known = set(re.findall(r'path: "/([a-z-]+)', ROUTER.read_text()))
    assert known <= paths.PAGES


@pytest.mark.parametrize(
    "path", ["/", "/markets", "/trade/BTC-USDT", "/static/x.js", "/mark.svg", "/site/v1/me"]
)
def test_pages_and_calls_are_the_sites(path: str) -> None:
    assert paths.serves(b"GET", path.encode())


@pytest.mark.parametrize(
    "path",
    [
        *("", "*", "//", "//markets", "/api", "/api/v5/x", "/ws/v5/public", "/.env", "/metrics"),
        *(
            "/../etc/passwd",
            "/..%2fmarkets",
            "http://x/markets",
            "/Markets",
            "/mark.svg/x",
            "/site",
        ),
    ],
)
def test_everything_else_is_not(path: str) -> None:
    assert not paths.serves(b"GET", path.encode())


def test_a_page_is_only_read() -> None:
    assert not paths.serves(b"POST", b"/markets")
    assert paths.serves(b"POST", b"/site/v1/log-in")
