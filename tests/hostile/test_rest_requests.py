"""Signatures, permissions, bodies and methods: everything that is judged before an endpoint looks at its fields."""

from collections.abc import Iterator, Mapping

import pytest
from tests.hostile.rest import BATCHES, GET, POST
from tests.hostile.trial import Case, refused
from tests.hostile.values import NOT_JSON
from tests.hostile.venue import ALICE, BOB, READER, Venue, is_private, request

from tickyard.gateway.body import DEPTH_MAX
from tickyard.gateway.http_reader import BODY_BYTES_MAX
from tickyard.gateway.route import Access, Route

PREFIX = "/api/v5/"
JSON = {"Content-Type": "application/json"}
KEY, SIGN, TIMESTAMP, PASSPHRASE = (
    f"OK-ACCESS-{name}" for name in ("KEY", "SIGN", "TIMESTAMP", "PASSPHRASE")
)
PATHS = sorted({*(row.path for row in GET), *POST, *BATCHES})
WHOLE_LIST = frozenset({"account/balance", "asset/transfer"})
ALL_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")

MALFORMED = {
    # header: values, and the code that each of them is answered with
    KEY: {
        "": "50103", "x": "50119", "f3809dd7-9133-4cd5-8f4a-d68e63a6d91B": "50119", "0" * 64: "50119",
        "a b": "50111", "' OR 1=1--": "50111", "../etc/passwd": "50111", "0" * 65: "50111", "\xff": "50111",
        "\u00e9": "50111", "*": "50111", "a\tb": "50111",
    },
    PASSPHRASE: {"": "50104", "x": "50105", "TICKYARD-DEMO": "50105", "tickyard-demo2": "50105", "\xff": "50105", "x" * 4000: "50105"},
    SIGN: {"": "50106", "x": "50113", "=": "50113", "A" * 44: "50113", "A" * 4000: "50113", "\xff" * 44: "50113"},
    TIMESTAMP: {
        "": "50107", "x": "50112", "1700000000": "50112", "1700000000.123": "50112", "2020-12-08T09:08:57.715": "50112",
        "2020-12-08 09:08:57.715Z": "50112", "2020-12-08T09:08:57.715+00:00": "50112", "2020-13-08T09:08:57.715Z": "50112",
        "2020-02-30T09:08:57.715Z": "50112", "2020-12-08T24:00:00.000Z": "50112", "2020-12-08T09:08:60.000Z": "50112",
        "0000-01-01T00:00:00.000Z": "50112", "-020-12-08T09:08:57.715Z": "50112", "2020-12-08T09:08:57.Z": "50112",
        "2020-12-08T09:08:57.7151234Z": "50112", "2020-12-08T09:08:57,715Z": "50112", "\xd9\xa1": "50112",
        "2020-12-08T09:08:57.715z": "50112", "2020-12-08T09:08:57.715Z ; x": "50112", "9" * 4000: "50112",
        "2020-12-08T09:08:57.715Z": "50102", "0001-01-01T00:00:00Z": "50102", "9999-12-31T23:59:59.999Z": "50102",
    },
}  # fmt: skip

NO_BODIES = {
    b"": "50000", b" ": NOT_JSON, b"{": NOT_JSON, b"}": NOT_JSON, b"{}{}": NOT_JSON, b"{} x": NOT_JSON, b"{},": NOT_JSON,
    b"[": NOT_JSON, b"[}": NOT_JSON, b'{"a"}': NOT_JSON, b'{"a":}': NOT_JSON, b'{"a":1,}': NOT_JSON, b"{'a':1}": NOT_JSON,
    b"{a:1}": NOT_JSON, b"// x\n{}": NOT_JSON, b"\xef\xbb\xbf{}": NOT_JSON, b"\xff\xfe{\0}\0": NOT_JSON,
    b"\0": NOT_JSON, b"{}\0": NOT_JSON, b"null": NOT_JSON, b"1": NOT_JSON, b'"x"': NOT_JSON, b"true": NOT_JSON,
    b"NaN": NOT_JSON, b"x": NOT_JSON, b"a=1&b=2": NOT_JSON, b"<a/>": NOT_JSON,
    b'{"a":1,"a":1}': NOT_JSON, b'{"a":1,"\\u0061":2}': NOT_JSON, b'[{"a":{"b":1,"b":2}}]': NOT_JSON,
    b'{"instId":"BTC-USDT","sz":"1","sz":"2"}': NOT_JSON, b'{"instId":"BTC-USDT","instId":""}': NOT_JSON,
    b'{"a":"\xff"}': NOT_JSON, b'{"\xff":1}': NOT_JSON, b'{"a":"\xc0\x80"}': NOT_JSON, b'{"a":"\xed\xa0\x80"}': NOT_JSON,
    b'{"a":"\xf5\x80\x80\x80"}': NOT_JSON, b'{"a":"\\ud800"}': NOT_JSON, b'{"a":"\\uD83Dx"}': NOT_JSON,
    b'{"a":"\n"}': NOT_JSON, b'{"a":"\\x"}': NOT_JSON, b'{"a":"\\u12"}': NOT_JSON, b'{"a":1e999999999999999999999}': NOT_JSON,
    b"[" * 30_000: NOT_JSON, b"[" * 30_000 + b"]" * 30_000: NOT_JSON, b'{"a":' * 10_000 + b"1" + b"}" * 10_000: NOT_JSON,
    b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1): NOT_JSON, b'{"a":' * 600 + b"null" + b"}" * 600: NOT_JSON,
    b"9" * 60_000: NOT_JSON, b'{"a":' + b"9" * 60_000 + b"}": NOT_JSON, b'"' + b"a" * 60_000: NOT_JSON,
}  # fmt: skip
"""Bodies that no endpoint takes, and their codes."""

NO_CONTENT_TYPES = (
    None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json",
    "text/json", "application", "*/*", "application /json", "x application/json", "text/plain; application/json",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_what_nobody_may_call_so_changes_nothing(venue: Venue, path: str) -> None:
    methods = [method for method, known in venue.served.routes if known == PREFIX + path]
    await refused(
        venue, [case for method in methods for case in _unauthorised(venue, method, path)]
    )
    await refused(venue, _other_methods(venue, path, methods))


@pytest.mark.parametrize("path", sorted({*POST, *BATCHES}))
async def test_a_body_that_is_none_changes_nothing(venue: Venue, path: str) -> None:
    target = PREFIX + path
    code = {True: "50120"}.get(venue.served.routes["POST", target].access is Access.WITHDRAW)
    # Bodies are read in one place, but for those of orders, which are looked at from near by.
    some = None if path.startswith("trade/") or path in WHOLE_LIST else 12
    cases = [
        _signed(venue, "POST", target, body, JSON, code or wanted)
        for body, wanted in list(NO_BODIES.items())[:some]
    ]
    for kind in NO_CONTENT_TYPES:
        headers = {} if kind is None else {"Content-Type": kind}
        cases.append(_signed(venue, "POST", target, b'{"x":1}', headers, code or "50006"))
    await refused(venue, cases)
    large = b'{"x":"' + b"x" * BODY_BYTES_MAX + b'"}'
    await refused(venue, [_signed(venue, "POST", target, large, JSON, NOT_JSON, status=413)])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_path_is_not_found(venue: Venue, method: str) -> None:
    paths = (
        "//", "/api", "/api/v5", "/api/v5/", "/api/v5/trade", "/api/v5/trade/order/", "/api/v5/trade/orders",
        "/api/v5/TRADE/order", "/API/v5/trade/order", "//api/v5/trade/order", "/api/v5//trade/order", "/api/v4/trade/order",
        "/api/v5/trade/../trade/order", "/api/v5/%74rade/order", "/api/v5/trade/order%00", "/api/v5/trade/order%2f",
        "/api/v5/trade/order;x=1", "/api/v5/trade/order.json", "/..%2f..%2fetc/passwd",
        "/../../etc/passwd", "/api/v5/trade/order/1", "/.env", "/metrics", "/debug", "/ws/v5/private", "/api/v5/sprd/nothing",
        "/" + "a" * 8_000, "*",
    )  # fmt: skip
    await refused(
        venue, [_signed(venue, method, path, b"", JSON, "50005", status=404) for path in paths]
    )


def _unauthorised(venue: Venue, method: str, path: str) -> Iterator[Case]:
    route, target = venue.served.routes[method, PREFIX + path], PREFIX + path
    if not is_private(route):
        return
    body = b'{"x":"1"}' if method == "POST" else b""
    key = venue.keys[ALICE]

    def sent(code: str, *, what: str, **changed: str | None) -> Case:
        """Sign properly, then change headers; None leaves one out."""

        def raw() -> bytes:
            headers: dict[str, str | None] = {**JSON, **key.headers(method, target, body)}
            headers |= {name.replace("_", "-"): value for name, value in changed.items()}
            kept = {name: value for name, value in headers.items() if value is not None}
            return request(method, target, kept, body)

        return Case(f"{method} {path}: {what}", raw, code)

    names = {KEY: "50103", PASSPHRASE: "50104", SIGN: "50106", TIMESTAMP: "50107"}
    yield Case(f"{method} {path}: no login", lambda: request(method, target, JSON, body), "50103")
    for name, code in names.items():
        yield sent(code, what=f"without {name}", **{name: None})
    for name, values in MALFORMED.items():
        # They are read in one place, so the whole list goes to one endpoint of each method.
        for value, code in list(values.items())[: None if path in WHOLE_LIST else 2]:
            yield sent(code, what=f"{name}: {value[:40]!r}", **{name: value})
    other = venue.keys[BOB]
    yield sent("50113", what="another's key", **{KEY: other.api_key})
    yield sent("50113", what="another's signature", **{SIGN: other.sign("x")})
    yield from _altered(venue, method, target, body)
    yield from _late(venue, method, target, body)
    yield from _forbidden(venue, route, target, body)


def _altered(venue: Venue, method: str, target: str, body: bytes) -> Iterator[Case]:
    """Sign one request and send another."""
    query = f"{target}?instId=BTC-USDT&instType=SPOT"
    others = {
        "a parameter more": (method, target, body, f"{target}?a=1", body),
        "a parameter less": (method, query, body, target, body),
        "parameters in another order": (method, query, body, f"{target}?instType=SPOT&instId=BTC-USDT", body),
        "a parameter encoded": (method, query, body, query.replace("BTC-", "BTC%2D"), body),
        "a mark of a query": (method, target, body, f"{target}?", body),
        "another path": (method, f"{target}-x", body, target, body),
        "another method": ("GET" if method == "POST" else "POST", target, body, target, body),
        "a method in lower case": (method.lower(), target, body, target, body),
        "a path in upper case": (method, target.upper(), body, target, body),
    }  # fmt: skip
    if method == "POST":
        others |= {
            "another body": (method, target, b'{"x":"2"}', target, body),
            "a body with spaces": (method, target, b'{"x": "1"}', target, body),
            "no body": (method, target, b"", target, body),
        }
    key = venue.keys[ALICE]
    for what, (signed_method, signed_target, signed_body, sent_target, sent_body) in others.items():

        def raw(
            signed: tuple[str, str, bytes] = (signed_method, signed_target, signed_body),
            sent: tuple[str, bytes] = (sent_target, sent_body),
        ) -> bytes:
            return request(method, sent[0], {**JSON, **key.headers(*signed)}, sent[1])

        yield Case(f"{method} {target}: signed for {what}", raw, "50113")


def _late(venue: Venue, method: str, target: str, body: bytes) -> Iterator[Case]:
    key = venue.keys[ALICE]
    for late_s in (31, 60, 86_400, 10**9, -31.5, -60, -86_400, -(10**9)):

        def raw(late_s: float = late_s) -> bytes:
            headers = key.headers(method, target, body, late_s=late_s)
            return request(method, target, {**JSON, **headers}, body)

        yield Case(f"{method} {target}: {late_s} s late", raw, "50102")


def _forbidden(venue: Venue, route: Route, target: str, body: bytes) -> Iterator[Case]:
    for name, may in ((READER, {Access.READ}), (ALICE, {Access.READ, Access.TRADE})):
        if route.access not in may:
            yield _signed(venue, route.method, target, body, JSON, "50120", name=name)


def _other_methods(venue: Venue, path: str, methods: list[str]) -> Iterator[Case]:
    for method in ALL_METHODS:
        if method not in methods and method != "HEAD":
            yield _signed(venue, method, PREFIX + path, b"", {}, "50115", status=405)


def _signed(
    venue: Venue,
    method: str,
    target: str,
    body: bytes,
    headers: Mapping[str, str],
    code: str,
    *,
    status: int | None = None,
    name: str = ALICE,
) -> Case:
    key = venue.keys[name]

    def raw() -> bytes:
        return request(method, target, {**headers, **key.headers(method, target, body)}, body)

    return Case(f"{method} {target[:80]} {body[:60]!r} {dict(headers)}", raw, code, status)
