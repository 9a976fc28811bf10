"""Requests that are read in one call mean what the parser for everything says, or are left to it."""

from hypothesis import example, given
from hypothesis import strategies as st

from tickyard.base.clock import ManualClock
from tickyard.engine import read_request
from tickyard.gateway.exchange import Incoming
from tickyard.gateway.http_reader import RequestReader

BODY = b'{"instId":"BTC-USDT"}'
ORDER = (
    b"POST /api/v5/trade/order HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"OK-ACCESS-KEY: a1\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
)

starts = st.sampled_from(
    [
        b"GET / ",
        b"POST /a?b=c%20 ",
        b"DELETE /a ",
        b"GET * ",
        b"GET /\xc3\xa9 ",
        b"GET /a  ",
        b"get /a ",
    ]
)
versions = st.sampled_from(
    [b"HTTP/1.1\r\n"] * 4 + [b"HTTP/1.0\r\n", b"HTTP/1.1\n", b"HTTP/2.0\r\n"]
)
fields = st.sampled_from(
    [
        b"Host: a\r\n",
        b"X-A:b\r\n",
        b"x-a:  b\r\n",
        b"X-A: b \r\n",
        b"x-b: \r\n",
        b"x_c: d\r\n",
        b"X-D: \xc3\xa9\r\n",
        b"X-E: a\tb\r\n",
        b"X-F: a\r\n b\r\n",
        b"X-G : a\r\n",
        b"Connection: keep-alive\r\n",
        b"Connection: close\r\n",
        b"Connection: upgrade\r\n",
        b"Upgrade: h2c\r\n",
        b"Expect: 100-continue\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Length: 2\r\n",
        b"Content-Length: 02\r\n",
        b"Content-Length: 0\r\n",
        b"content-length: 3\r\n",
        b"Content-Length: 99999\r\n",
    ]
)
bodies = st.sampled_from(
    [b"", b"{}", b"{}\r\n", b"{}GET / HTTP/1.1\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n"]
)


def read(*pieces: bytes) -> tuple[list[Incoming], object, object, list[bytes | None]]:
    reader = RequestReader("127.0.0.1", ManualClock(0))
    rests = [reader.feed(piece) for piece in pieces]
    return reader.arrived, reader.refused, reader.upgrade, rests[-1:]


def assert_is_read_alike(text: bytes) -> None:
    # A request that comes in two pieces is read by the parser for everything.
    if text and read_request(text) is not None:
        assert read(text) == read(text[:1], text[1:])


@given(
    start=starts,
    version=versions,
    head=st.lists(fields, max_size=4),
    end=st.sampled_from([b"\r\n", b"\n", b""]),
    body=bodies,
)
def test_what_is_plain_is_read_alike(
    start: bytes, version: bytes, head: list[bytes], end: bytes, body: bytes
) -> None:
    assert_is_read_alike(start + version + b"".join(head) + end + body)


@given(at=st.integers(0, len(ORDER)), byte=st.binary(max_size=2))
@example(0, b"\r\n")
@example(len(ORDER), b"\0")
def test_what_is_broken_is_left_to_the_parser(at: int, byte: bytes) -> None:
    assert_is_read_alike(ORDER[:at] + byte + ORDER[at + 1 :])
    assert_is_read_alike(ORDER[:at] + byte + ORDER[at:])


def test_a_plain_order_is_read_in_one_call() -> None:
    method, target, headers, body = read_request(ORDER) or (b"", b"", {}, b"")
    assert (method, target, body) == (b"POST", b"/api/v5/trade/order", BODY)
    assert headers == {
        b"host": b"127.0.0.1",
        b"content-type": b"application/json",
        b"ok-access-key": b"a1",
        b"content-length": b"21",
    }


def test_plain_requests_and_others_may_come_in_turn() -> None:
    other = ORDER.replace(b"Host:", b"Host: ")
    arrived = read(ORDER, other[:9], other[9:], ORDER + ORDER, ORDER)[0]
    assert [one.body for one in arrived] == [BODY] * 5
