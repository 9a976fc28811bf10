"""The rules that hold for each call of a page."""

import httpx
import pytest
from starlette.responses import Response

from tickyard.base.errors import Unavailable
from tickyard.site.app import site
from tickyard.site.visit import SiteRoute, Visit, answer


async def _change(visit: Visit) -> Response:
    return answer(visit.body(dict))


async def _fail(visit: Visit) -> Response:
    raise Unavailable("the core is away: secret detail")


def browser() -> httpx.AsyncClient:
    app = site(
        [
            SiteRoute("POST", "/site/v1/change", _change),
            SiteRoute("GET", "/site/v1/fail", _fail),
        ]
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://exchange.test")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "http://exchange.test.evil.test"},
        {"origin": "http://exchange.test:81"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_what_another_site_sends_is_refused(headers: dict[str, str]) -> None:
    done = await browser().post("/site/v1/change", json={}, headers=headers)
    assert (done.status_code, done.json()["error"]["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://exchange.test"}, {"sec-fetch-site": "same-origin"}],
)
async def test_our_own_pages_and_programs_pass(headers: dict[str, str]) -> None:
    assert (await browser().post("/site/v1/change", json={"a": 1}, headers=headers)).json() == {
        "a": 1
    }


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_what_a_foreign_form_could_send_is_no_body(kind: str) -> None:
    done = await browser().post("/site/v1/change", content=b"{}", headers={"content-type": kind})
    assert (done.status_code, done.json()["error"]["code"]) == (400, "body_invalid")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"\xff", b'{"a":' * 10_000, b"{}" + b" " * 20_000]
)
async def test_a_body_that_is_none_is_refused(body: bytes) -> None:
    done = await browser().post(
        "/site/v1/change", content=body, headers={"content-type": "application/json"}
    )
    assert (done.status_code, done.json()["error"]["code"]) == (400, "body_invalid")


async def test_a_call_that_changes_something_cannot_be_a_get() -> None:
    assert (await browser().get("/site/v1/change")).status_code == 404


async def test_nothing_is_kept_by_browsers() -> None:
    done = await browser().post("/site/v1/change", json={})
    assert done.headers["cache-control"] == "no-store"


async def test_what_fails_inside_is_told_without_detail() -> None:
    done = await browser().get("/site/v1/fail")
    assert done.status_code == 503
    assert "secret detail" not in done.text
    assert done.headers["retry-after"] == "2"
