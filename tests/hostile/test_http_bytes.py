"""Bytes that are HTTP in part: every answer says so, none reaches an endpoint twice, and the server lives on."""

import asyncio
from collections.abc import Sequence

import pytest
from tests.hostile.venue import ALICE, Line, Venue, request

BALANCE = "/api/v5/account/balance"
ORDER = "/api/v5/trade/order"
TIME = b"GET /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n"
BODY = (
    b'{"instId":"BTC-USDT","tdMode":"cash","side":"buy","ordType":"limit","px":"40000","sz":"0.01"}'
)
ACCEPTED = (200, "0")
MALFORMED = (400, "50002")
TOO_LARGE = (413, "50002")
HEAD_TOO_LARGE = (431, "50002")
CUT = (0, "")
"""Closed without a word."""

SHAPES = {
    # Smuggling: what could be read as one request or as two is read as none.
    "content-length and chunked": ("POST", "Content-Length: {size}\r\nTransfer-Encoding: chunked\r\n", "{body}"),
    "chunked and content-length": ("POST", "Transfer-Encoding: chunked\r\nContent-Length: {size}\r\n", "0\r\n\r\n{body}"),
    "two lengths that differ": ("POST", "Content-Length: {size}\r\nContent-Length: 3\r\n", "{body}"),
    "two lengths alike": ("POST", "Content-Length: {size}\r\nContent-Length: {size}\r\n", "{body}"),
    "two lengths in one": ("POST", "Content-Length: {size}, {size}\r\n", "{body}"),
    "a length with a sign": ("POST", "Content-Length: +{size}\r\n", "{body}"),
    "a negative length": ("POST", "Content-Length: -1\r\n", "{body}"),
    "a length in hex": ("POST", "Content-Length: 0x10\r\n", "{body}"),
    "a length with an underscore": ("POST", "Content-Length: 1_0\r\n", "{body}"),
    "a length in other digits": ("POST", "Content-Length: \u0661\u0660\r\n", "{body}"),
    "an empty length": ("POST", "Content-Length: \r\n", "{body}"),
    "a length beyond 64 bits": ("POST", "Content-Length: 18446744073709551617\r\n", "{body}"),
    "a space before the colon": ("POST", "Content-Length : {size}\r\n", "{body}"),
    "chunked twice": ("POST", "Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"),
    "another encoding": ("POST", "Transfer-Encoding: gzip\r\n", "{body}"),
    "chunked but not last": ("POST", "Transfer-Encoding: chunked, gzip\r\n", "{body}"),
    "an encoding that looks like chunked": ("POST", "Transfer-Encoding: xchunked\r\n", "{body}"),
    "chunked after a tab": ("POST", "Transfer-Encoding:\x0bchunked\r\n", "0\r\n\r\n"),
    "a folded header": ("POST", "X-A: 1\r\n Content-Length: {size}\r\n", "{body}"),
    "a folded encoding": ("POST", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
    "a chunk of no size": ("POST", "Transfer-Encoding: chunked\r\n", "x\r\n{body}\r\n0\r\n\r\n"),
    "a chunk with a sign": ("POST", "Transfer-Encoding: chunked\r\n", "+5\r\n{body}\r\n0\r\n\r\n"),
    "a chunk in hex with 0x": ("POST", "Transfer-Encoding: chunked\r\n", "0x5\r\n{body}\r\n0\r\n\r\n"),
    "a chunk beyond 64 bits": ("POST", "Transfer-Encoding: chunked\r\n", "10000000000000000\r\nx"),
    "a chunk that is longer than it says": ("POST", "Transfer-Encoding: chunked\r\n", "1\r\n{body}\r\n0\r\n\r\n"),
    "a header without a colon": ("GET", "X-A\r\n", ""),
    "a header without a name": ("GET", ": 1\r\n", ""),
    "a header with a space in its name": ("GET", "X A: 1\r\n", ""),
    "a NUL in a name": ("GET", "X-\0A: 1\r\n", ""),
    "a NUL in a value": ("GET", "X-A: \x001\r\n", ""),
    "a bare carriage return": ("GET", "X-A: 1\rX-B: 2\r\n", ""),
    "a control character": ("GET", "X-A: \x01\r\n", ""),
}  # fmt: skip
"""Headers beside a proper signature, and what follows them."""

LINES = {
    "nothing but ends of lines": (b"\r\n" * 20 + TIME, ACCEPTED),
    "no version": (b"GET /api/v5/public/time\r\nHost: x\r\n\r\n", MALFORMED),
    "a version to come": (b"GET /api/v5/public/time HTTP/3.0\r\nHost: x\r\n\r\n", MALFORMED),
    "a version of old": (b"GET /api/v5/public/time HTTP/0.9\r\nHost: x\r\n\r\n", MALFORMED),
    "a version that is none": (b"GET /api/v5/public/time HTTP/1.x\r\nHost: x\r\n\r\n", MALFORMED),
    "another protocol": (b"GET /api/v5/public/time ICE/1.1\r\nHost: x\r\n\r\n", MALFORMED),
    "a method in lower case": (b"get /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED),
    "a method that is none": (b"HACK /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED),
    "a method of 10,000 letters": (b"A" * 10_000 + b" / HTTP/1.1\r\n\r\n", MALFORMED),
    "two spaces": (b"GET  /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n", ACCEPTED),
    "a space in the target": (b"GET /api/v5/public/ti me HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED),
    "a NUL in the target": (b"GET /api/v5/public/time\0 HTTP/1.1\r\nHost: x\r\n\r\n", MALFORMED),
    "a tunnel": (b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", (405, "50002")),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), MALFORMED),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", MALFORMED),
    "a proxy": (b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + TIME, MALFORMED),
    "zeros": (bytes(1_000), MALFORMED),
    "noise": (bytes(range(256)) * 8, MALFORMED),
    "a target of 20,000 letters": (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n", HEAD_TOO_LARGE),
    "a header of 20,000 letters": (TIME[:-2] + b"X-A: " + b"a" * 20_000 + b"\r\n\r\n", HEAD_TOO_LARGE),
    "a name of 20,000 letters": (TIME[:-2] + b"a" * 20_000 + b": 1\r\n\r\n", HEAD_TOO_LARGE),
    "200 headers": (TIME[:-2] + b"".join(b"X-%d: 1\r\n" % n for n in range(200)) + b"\r\n", HEAD_TOO_LARGE),
    "an expectation": (TIME[:-2] + b"Expect: tea\r\n\r\n", (417, "50002")),
    "a length of a terabyte": (b"POST %b HTTP/1.1\r\nContent-Length: 1000000000000\r\n\r\n" % ORDER.encode(), TOO_LARGE),
    "a length of a terabyte, politely": (b"POST %b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1000000000000\r\n\r\n" % ORDER.encode(), TOO_LARGE),
    "70,000 bytes in chunks": (b"POST %b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" % ORDER.encode() + b"7d0\r\n%b\r\n" % (b"x" * 2000) * 35 + b"0\r\n\r\n", TOO_LARGE),
}  # fmt: skip

QUERIES = {
    # percent-encodings: what is decoded, once, is what counts
    "instId=%42TC-USDT": "0", "instId=BTC%2dUSDT": "0", "inst%49d=BTC-USDT": "0", "instId=BTC-USDT&": "0", "&&instId=BTC-USDT": "0",
    "instId=BTC-USDT#x": "51001", "instId=BTC%252dUSDT": "51001", "instId=BTC-USDT%00": "51001", "instId=BTC-USDT%0a": "51001",
    "instId=BTC-USDT+": "51001", "instId=BTC-USDT%20": "51001", "instId=%": "51001", "instId=%zz": "51001", "instId=%4": "51001",
    "instId=%u0042TC-USDT": "51001", "instId=%ff": "51001", "instId=%c0%ae": "51001", "instId=%ed%a0%80": "51001",
    "instId=%ef%bc%a2TC-USDT": "51001", "instId=BTC-USDT&instId=NOPE": "51001", "instId=NOPE&instId=BTC-USDT": "0",
    "instId[]=BTC-USDT": "50014", "instId": "50014", "instId=": "50014", "=BTC-USDT": "50014", "instid=BTC-USDT": "50014",
    "instId=BTC-USDT;x=1": "51001", "?instId=BTC-USDT": "50014", "%26instId=BTC-USDT": "50014", "a" * 4_000: "50014",
    "&" * 4_000: "50014", "instId=" + "%41" * 2_000: "51001",
}  # fmt: skip


async def answers(venue: Venue, raw: bytes) -> Sequence[tuple[int, str]]:
    """Send bytes, then nothing more, and return status and code of everything that comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", venue.port)
    try:
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(10):
            answered = await reader.read()
    except ConnectionError:
        return [CUT]
    finally:
        writer.close()
    found = []
    while answered:
        head, _, rest = answered.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
        code = rest[:size].partition(b'"code":"')[2].partition(b'"')[0].decode()
        found.append((status, code))
        answered = rest[size:]
    return found


def signed(venue: Venue, shape: tuple[str, str, str]) -> bytes:
    """Write a properly signed request with further headers."""
    method, extra, after = shape
    target, body = (ORDER, BODY) if method == "POST" else (BALANCE, b"")
    headers = {
        **venue.keys[ALICE].headers(method, target, body),
        "Content-Type": "application/json",
    }
    head = f"{method} {target} HTTP/1.1\r\nHost: x\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    text = extra.replace("{size}", str(len(body)))
    return (head + text + "\r\n").encode() + after.replace("{body}", body.decode()).encode()


@pytest.mark.parametrize("name", SHAPES)
async def test_what_could_be_two_requests_is_none(venue: Venue, name: str) -> None:
    before = await venue.state_hash()
    assert await answers(venue, signed(venue, SHAPES[name]) + TIME) == [MALFORMED]
    assert await venue.state_hash() == before
    assert not venue.new_failures()


@pytest.mark.parametrize("name", LINES)
async def test_what_is_no_http_is_told_so(venue: Venue, name: str) -> None:
    raw, wanted = LINES[name]
    assert await answers(venue, raw) == [wanted]
    assert not venue.new_failures()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:30])
async def test_a_query_is_decoded_once(venue: Venue, query: str) -> None:
    target = f"/api/v5/market/ticker?{query}"
    async with Line(venue) as line:
        answer = await line.ask(request("GET", target, {}))
    assert answer.code == QUERIES[query], answer


async def test_a_get_with_a_body_is_a_get(venue: Venue) -> None:
    before = await venue.state_hash()
    headers = venue.keys[ALICE].headers("GET", BALANCE)
    raw = request("GET", BALANCE, {**headers, "Content-Type": "application/json"}, BODY)
    assert await answers(venue, raw + TIME) == [ACCEPTED, ACCEPTED]
    assert await venue.state_hash() == before


async def test_a_body_that_is_shorter_than_it_says_never_arrives(venue: Venue) -> None:
    before = await venue.state_hash()
    head, _, body = request(
        "POST", ORDER, venue.keys[ALICE].headers("POST", ORDER, BODY), BODY
    ).partition(b"\r\n\r\n")
    longer = head.replace(
        b"Content-Length: %d" % len(BODY), b"Content-Length: %d" % (len(BODY) + 1)
    )
    assert await answers(venue, longer + b"\r\n\r\n" + body) in ([], [CUT])
    shorter = head.replace(
        b"Content-Length: %d" % len(BODY), b"Content-Length: %d" % (len(BODY) - 1)
    )
    found = await answers(venue, shorter + b"\r\n\r\n" + body)
    assert found == [(401, "50113"), MALFORMED]
    assert await venue.state_hash() == before


@pytest.mark.parametrize(
    "endless", [b"X-A: " + b"a" * 10_000, b"X: 1\r\n" * 2_000], ids=["one header", "many alike"]
)
async def test_headers_that_never_end_are_cut_off(venue: Venue, endless: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", venue.port)
    writer.write(TIME[:-2])
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        answer = tasks.create_task(reader.readuntil(b"\r\n\r\n"))
        while not answer.done():
            writer.write(endless)
            await asyncio.sleep(0)
    writer.close()
    assert answer.result().startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "name", ["OK-ACCESS-KEY", "OK-ACCESS-SIGN", "OK-ACCESS-TIMESTAMP", "OK-ACCESS-PASSPHRASE"]
)
@pytest.mark.parametrize("is_lower", [False, True], ids=["alike", "in another case"])
async def test_of_a_header_that_comes_twice_the_last_counts(
    venue: Venue, name: str, *, is_lower: bool
) -> None:
    headers = venue.keys[ALICE].headers("GET", BALANCE)
    right = f"{name.lower() if is_lower else name}: {headers.pop(name)}\r\n".encode()
    head = request("GET", BALANCE, headers)[:-2]
    wrong = f"{name}: x\r\n".encode()
    assert await answers(venue, head + wrong + right + b"\r\n") == [ACCEPTED]
    ((status, _),) = await answers(venue, head + right + wrong + b"\r\n")
    assert status == 401
