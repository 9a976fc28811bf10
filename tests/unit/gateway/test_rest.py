"""From a request to its handler and back, without a connection."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from tests.support.wire import Keys as KnownKeys
from tests.support.wire import TinySlice, decoded, key, signed

from tickyard.base.clock import ManualClock
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.route import Access, Route

AT = "2020-12-08T09:08:57.715Z"
AT_MS = 1_607_418_537_715
BALANCE = "/api/v5/account/balance"
ORDER = "/api/v5/trade/order"


async def ask(
    method: str,
    target: str,
    body: str = "",
    *,
    name: str = "alice",
    headers: Mapping[str, str | None] | None = None,
    tiny: TinySlice | None = None,
    **gateway: Any,
) -> Response:
    """Send one signed request; a header of None is left out."""
    clock = ManualClock(AT_MS * 10**6)
    made = (tiny or TinySlice()).gateway(wall=clock, exchange=clock, **gateway)
    given = {**signed(method, target, body, name=name, timestamp=AT), **(headers or {})}
    raw = {
        header.lower().encode(): value.encode()
        for header, value in given.items()
        if value is not None
    }
    answered: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    async with made.runner:
        incoming = Incoming(method.encode(), target.encode(), raw, body.encode(), "192.0.2.7", 5)
        made.rest.respond(incoming, answered.set_result)
        return await answered


def code(response: Response) -> str:
    body = decoded(response.body)
    assert body["msg"] or body["code"] == "0"
    assert isinstance(body["data"], list)
    return str(body["code"])


async def test_the_query_reaches_the_handler_without_blanks() -> None:
    response = await ask("GET", f"{BALANCE}?ccy=BTC%2CUSDT&x=")
    assert decoded(response.body) == {"code": "0", "msg": "", "data": [{"ccy": "BTC,USDT"}]}


async def test_the_handler_sees_who_asked_from_where() -> None:
    tiny = TinySlice()
    await ask("GET", BALANCE, tiny=tiny)
    (request,) = tiny.seen
    assert (request.signer.key, request.account, request.peer) == ("alice", 16, "192.0.2.7")
    assert request.received_us == 5


async def test_public_routes_look_at_no_signature() -> None:
    response = await ask("GET", "/api/v5/public/time", headers={"OK-ACCESS-SIGN": "nonsense"})
    assert code(response) == "0"


@pytest.mark.parametrize("value", ["0", "1", "true"])
async def test_any_demo_header_is_accepted(value: str) -> None:
    assert code(await ask("GET", BALANCE, headers={"x-simulated-trading": value})) == "0"


@pytest.mark.parametrize(
    ("method", "target", "expected", "status"),
    [
        ("GET", "/api/v5/nothing", "50005", 404),
        ("GET", "/api/v5/account/balance/", "50005", 404),
        ("GET", "/API/v5/account/balance", "50005", 404),
        ("GET", "/api/v5/account%2Fbalance", "50005", 404),
        ("GET", "/../api/v5/account/balance", "50005", 404),
        ("POST", BALANCE, "50115", 405),
        ("GET", ORDER, "50115", 405),
        ("DELETE", ORDER, "50115", 405),
        ("OPTIONS", ORDER, "50115", 405),
        ("POST", "/livez", "50115", 405),
    ],
)
async def test_paths_are_exact_and_have_one_method(
    method: str, target: str, expected: str, status: int
) -> None:
    response = await ask(method, target)
    assert (code(response), response.status) == (expected, status)


async def test_a_wrong_method_is_told_the_right_one() -> None:
    assert (await ask("GET", ORDER)).extra == b"Allow: POST\r\n"


@pytest.mark.parametrize(
    ("header", "expected", "status"),
    [
        ("OK-ACCESS-KEY", "50103", 401),
        ("OK-ACCESS-PASSPHRASE", "50104", 401),
        ("OK-ACCESS-SIGN", "50106", 401),
        ("OK-ACCESS-TIMESTAMP", "50107", 401),
    ],
)
async def test_private_routes_need_every_header(header: str, expected: str, status: int) -> None:
    response = await ask("GET", BALANCE, headers={header: None})
    assert (code(response), response.status) == (expected, status)


async def test_a_key_does_what_it_may() -> None:
    assert code(await ask("GET", BALANCE, name="alice-readonly")) == "0"
    assert code(await ask("POST", ORDER, "{}", name="alice-readonly")) == "50120"
    assert code(await ask("POST", "/api/v5/asset/withdrawal", "{}")) == "50120"
    keys = KnownKeys(key("rich", account=16, permissions=frozenset({Access.WITHDRAW})))
    target = "/api/v5/asset/withdrawal"
    assert code(await ask("POST", target, '{"a":1}', name="rich", keys=keys)) == "0"


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", "0"),
        ("Application/JSON; charset=utf-8", "0"),
        (None, "50006"),
        ("text/plain", "50006"),
        ("application/x-www-form-urlencoded", "50006"),
    ],
)
async def test_a_post_says_that_it_is_json(content_type: str | None, expected: str) -> None:
    response = await ask("POST", ORDER, "{}", headers={"Content-Type": content_type})
    assert code(response) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", "50000"),
        ("{", "50002"),
        ("5", "50002"),
        ('"text"', "50002"),
        ("null", "50002"),
        ('{"sz":"1","sz":"2"}', "50002"),
        ("[" * 60_000, "50002"),
        ('{"sz":NaN}', "50002"),
    ],
)
async def test_a_body_must_be_json_without_doubt(body: str, expected: str) -> None:
    response = await ask("POST", ORDER, body)
    assert (code(response), response.status) == (expected, 400)


async def test_who_has_not_signed_learns_nothing_about_the_body() -> None:
    assert code(await ask("POST", ORDER, "{", headers={"OK-ACCESS-SIGN": "x"})) == "50113"


async def test_blank_members_of_a_body_mean_absent() -> None:
    tiny = TinySlice()
    await ask("POST", ORDER, '{"clOrdId": "a", "px": "", "attachAlgoOrds": null}', tiny=tiny)
    assert tiny.seen[0].body == {"clOrdId": "a"}


@pytest.mark.parametrize(
    ("expires", "expected"),
    [(AT_MS + 1, "0"), (AT_MS, "50036"), (AT_MS - 1, "50036"), ("soon", "51000")],
)
async def test_a_late_request_is_refused(expires: int | str, expected: str) -> None:
    tiny = TinySlice()
    response = await ask("POST", ORDER, "{}", headers={"expTime": str(expires)}, tiny=tiny)
    assert code(response) == expected
    if expected == "0":
        assert tiny.seen[0].expires_at_ms == expires
    else:
        assert tiny.seen == []


async def test_a_deadline_counts_only_where_there_is_one() -> None:
    tiny = TinySlice()
    late = {"expTime": "1"}
    assert (
        code(await ask("POST", "/api/v5/trade/cancel-order", "{}", headers=late, tiny=tiny)) == "0"
    )
    assert tiny.seen[0].expires_at_ms == 0


async def test_order_answers_say_when_they_came_and_left() -> None:
    body = decoded((await ask("POST", ORDER, '{"clOrdId":"a"}')).body)
    assert body["inTime"] == "5"
    assert body["outTime"] == str(AT_MS * 1_000)


@pytest.mark.parametrize("path", ["/api/v5/fail", "/api/v5/fail-direct"])
@pytest.mark.parametrize(
    ("how", "expected", "status"),
    [
        ("refusal", "51001", 200),
        ("parameter", "51000", 400),
        ("timeout", "50004", 400),
        ("slow", "50004", 400),
        ("busy", "50013", 429),
        ("down", "50001", 503),
        ("bug", "50026", 500),
    ],
)
async def test_whatever_a_handler_raises_becomes_an_envelope(
    path: str, how: str, expected: str, status: int
) -> None:
    response = await ask("GET", f"{path}?how={how}")
    assert (code(response), response.status) == (expected, status)
    assert (response.extra == b"Retry-After: 1\r\n") is (status in {429, 503})


async def test_the_pages_tell_what_this_is_and_how_it_is() -> None:
    assert decoded((await ask("GET", "/")).body)["rest"] == "/api/v5"
    assert (await ask("GET", "/livez")).status == 200
    assert (await ask("GET", "/readyz")).status == 200
    unready = await ask("GET", "/readyz", is_ready=lambda: False)
    assert unready.status == 503


def test_two_routes_of_one_name_are_a_mistake() -> None:
    class Twice(TinySlice):
        def routes(self) -> list[Route]:
            return [*super().routes(), *super().routes()]

    with pytest.raises(AssertionError, match="one route"):
        Twice().gateway()
