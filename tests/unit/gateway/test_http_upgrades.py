"""Wishes for another protocol on a connection of HTTP."""

import asyncio

from tests.support.http_desk import GET_TIME, HttpClient, posted

from tickyard.gateway.http import WAIT_S, Wait
from tickyard.gateway.http_reader import refusal


async def test_a_wish_for_a_websocket_takes_the_connection_away(http: HttpClient) -> None:
    request = b"GET /ws/v5/public HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    await http.says(request + b"\x81\x85more")
    ((incoming, rest),) = http.upgrades
    assert incoming.target == b"/ws/v5/public"
    assert rest == b"\x81\x85more"
    assert http.transport.sent == b""
    assert http.door.connections == set()


async def test_a_websocket_that_comes_too_early_is_asked_for_again_and_nothing_is_read_meanwhile(
    http: HttpClient,
) -> None:
    http.refusal = Wait.A_MOMENT
    await http.says(
        b"GET /ws/v5/public HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nmore"
    )
    assert (http.waits, http.transport.reading) == (0, False)
    http.refusal = None
    http.asked.clear()
    async with asyncio.timeout(WAIT_S * 50):
        await http.asked.wait()
    assert http.waits == 1
    assert http.transport.reading
    assert [rest for _, rest in http.upgrades] == [b"more", b"more"]
    assert http.transport.sent == b""


async def test_a_client_that_gives_up_waiting_is_not_asked_for_again(http: HttpClient) -> None:
    http.refusal = Wait.A_MOMENT
    await http.says(b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    http.connection.connection_lost(None)
    again = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(WAIT_S * 2, again.set_result, None)
    await again
    assert len(http.upgrades) == 1


async def test_a_websocket_that_cannot_be_opened_is_refused(http: HttpClient) -> None:
    http.refusal = refusal(400, "no")
    await http.says(b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    assert http.answer()[0] == 400


async def test_another_protocol_that_is_offered_is_declined_by_an_answer(http: HttpClient) -> None:
    # Java's client offers HTTP/2 with each request, unless it is told not to.
    offer = (
        b"Connection: Upgrade, HTTP2-Settings",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAEAAEAAAAI",
    )
    head = GET_TIME[:-2] + b"\r\n".join([*offer, b"", b""])
    order = posted(b'{"clOrdId":"a"}', *offer)
    await http.says(head + order[:-5], order[-5:] + GET_TIME, head)
    await http.says()
    assert [status for status, _, _ in http.answers()] == [200] * 4
    assert http.upgrades == []
    assert not http.transport.is_closed


async def test_a_chunked_body_belongs_to_the_request_that_offers_a_protocol(
    http: HttpClient,
) -> None:
    head, _, _ = posted(b'{"clOrdId":"a"}').partition(b"Content-Length")
    await http.says(
        head + b"Connection: upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n",
        b'{"clOrdId":"a"}\r\n0\r\n\r\n' + GET_TIME,
    )
    await http.says()
    assert [status for status, _, _ in http.answers()] == [200, 200]
