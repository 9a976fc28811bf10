"""What is no request of ours is refused: too large, malformed, or of two meanings."""

import pytest
from tests.support.http_desk import GET_TIME, ORDER, HttpClient, posted
from tests.support.wire import decoded


async def test_a_body_that_is_announced_too_large_is_refused_before_it_comes(
    http: HttpClient,
) -> None:
    await http.says(posted(b"", length=65_537))
    ((status, headers, body),) = http.answers()
    assert (status, decoded(body)["code"]) == (413, "50002")
    assert headers[b"connection"] == b"close"
    await http.says(b"x" * 65_537)
    assert http.answers() == []
    assert http.slice.seen == []


async def test_a_body_that_grows_too_large_is_refused(http: HttpClient) -> None:
    head = f"POST {ORDER} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    await http.says(head, chunk, chunk, chunk)
    assert http.answer()[0] == 413


async def test_the_largest_body_is_accepted(http: HttpClient) -> None:
    body = b'{"clOrdId":"' + b"a" * (65_536 - 14) + b'"}'
    await http.says(posted(body))
    assert http.answer()[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 20_000,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000,
        b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: a\r\n" % n for n in range(101)) + b"\r\n",
    ],
    ids=["target", "header", "headers"],
)
async def test_a_head_is_limited(http: HttpClient, head: bytes) -> None:
    await http.says(*(head[at : at + 1_000] for at in range(0, len(head), 1_000)))
    assert http.answer()[0] == 431


@pytest.mark.parametrize("size", [1_000, 100_000])
async def test_a_head_is_limited_however_it_arrives(http: HttpClient, size: int) -> None:
    head = b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n"
    await http.says(*(head[at : at + size] for at in range(0, len(head), size)))
    assert http.answer()[0] == 431


async def test_what_is_pipelined_before_a_head_is_no_part_of_it(http: HttpClient) -> None:
    earlier = b"GET /api/v5/public/time HTTP/1.1\r\nX: " + b"a" * 6_000 + b"\r\n\r\n"
    await http.says(earlier * 3 + GET_TIME[:20], GET_TIME[20:])
    assert [status for status, _, _ in http.answers()] == [200] * 4


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nX : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nX\x00: a\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n",
    ],
)
async def test_what_is_no_http_or_may_be_read_in_two_ways_is_refused(
    http: HttpClient, request_bytes: bytes
) -> None:
    await http.says(request_bytes)
    status, body = http.answer()
    assert (status, body["code"]) == (400, "50002")
    await http.says(GET_TIME)
    assert http.answers() == []


async def test_no_leave_is_given_for_what_is_refused(http: HttpClient) -> None:
    await http.says(posted(b"", b"Expect: 100-continue", length=100_000))
    assert http.answer()[0] == 413


async def test_other_expectations_cannot_be_met(http: HttpClient) -> None:
    await http.says(posted(b"{}", b"Expect: a miracle"))
    assert http.answer()[0] == 417


async def test_no_tunnel_is_opened(http: HttpClient) -> None:
    await http.says(b"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n" + GET_TIME)
    assert http.answer()[0] == 405
