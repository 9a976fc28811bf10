"""Who is counted, for what, and where: one number over all workers."""

import asyncio
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.wire import Keys, TinySlice, decoded, key, serving, signed
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tickyard._core import COUNTERS_BYTES, Counters
from tickyard.base.clock import ManualClock
from tickyard.gateway.exchange import Incoming, Response
from tickyard.gateway.limits import CONNECTIONS, WAITING, WAITING_MS_MAX, address_number
from tickyard.gateway.route import Access, Limit, Operation, Route

if TYPE_CHECKING:
    from tickyard.gateway.app import Gateway

AT = "2020-12-08T09:08:57.715Z"
AT_MS = 1_607_418_537_715
HERE, THERE = "192.0.2.7", "192.0.2.8"


class Limited(TinySlice):
    """Routes with a limit of two in a second."""

    def routes(self) -> list[Route]:
        return [
            self._route("public/time", "ip"),
            self._route("public/status", "ip"),
            self._route("public/instruments", "ip+type"),
            self._route("account/balance", "user"),
            self._route("asset/bills", "user+currency"),
            self._route("trade/items", "user+instrument", is_per_item=True),
            self._route("trade/several", "user+instrument", method="POST"),
            self._route("trade/sweep", "user", shared_as="sweep", method="POST"),
        ]

    def operations(self) -> list[Operation]:
        limit = Limit(2, 1_000, "user", shared_as="sweep")
        return [Operation("sweep", Access.TRADE, self.order, limit)]

    def _route(self, path: str, scope: str, *, method: str = "GET", **more: Any) -> Route:
        access = Access.PUBLIC if scope.startswith("ip") else Access.READ
        limit = Limit(2, 1_000, scope, **more)
        return Route(method, f"/api/v5/{path}", access, self.echo, limit, is_direct=True)


class Desk:
    """A gateway that is asked without a socket."""

    def __init__(self, counters: Counters | None) -> None:
        self.clock = ManualClock(AT_MS * 10**6)
        keys = Keys(key("carol", account=18))
        self.gateway: Gateway = Limited().gateway(
            wall=self.clock, exchange=self.clock, counters=counters, keys=keys
        )

    async def ask(
        self, target: str, *, peer: str = HERE, name: str = "alice", body: str = ""
    ) -> Response:
        target, method = f"/api/v5/{target}", "POST" if body else "GET"
        given = signed(method, target, body, name=name, timestamp=AT)
        headers = {name.lower().encode(): value.encode() for name, value in given.items()}
        now_us = self.clock.now_us()
        incoming = Incoming(method.encode(), target.encode(), headers, body.encode(), peer, now_us)
        answered: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self.gateway.rest.respond(incoming, answered.set_result)
        return await answered

    async def codes(self, *targets: str, **how: str) -> list[str]:
        return [decoded((await self.ask(target, **how)).body)["code"] for target in targets]


async def test_one_too_many_is_refused_with_429_and_its_next_window_is_new() -> None:
    desk = Desk(Counters())
    assert await desk.codes("public/time", "public/time") == ["0", "0"]
    refused = await desk.ask("public/time")
    assert (refused.status, decoded(refused.body)) == (
        429,
        {"code": "50011", "msg": "Too many requests", "data": []},
    )
    assert b"Retry-After" in refused.extra
    desk.clock.advance_ms(1_000)
    assert await desk.codes("public/time") == ["0"]


async def test_addresses_and_routes_are_counted_apart() -> None:
    desk = Desk(Counters())
    assert await desk.codes(*["public/time"] * 3) == ["0", "0", "50011"]
    assert await desk.codes("public/time", peer=THERE) == ["0"]
    assert await desk.codes("public/status") == ["0"]


async def test_a_private_route_counts_accounts_wherever_they_ask_from_and_with_whatever_key() -> (
    None
):
    desk = Desk(Counters())
    assert await desk.codes("account/balance") == ["0"]
    assert await desk.codes("account/balance", peer=THERE, name="alice-2") == ["0"]
    assert await desk.codes("account/balance", peer="192.0.2.9") == ["50011"]
    assert await desk.codes("account/balance", name="carol") == ["0"]


async def test_values_of_a_parameter_are_counted_apart_where_the_scope_says_so() -> None:
    desk = Desk(Counters())
    spot, swap = "public/instruments?instType=SPOT", "public/instruments?instType=SWAP"
    assert await desk.codes(spot, spot, spot, swap) == ["0", "0", "50011", "0"]
    bills = [f"asset/bills?ccy={ccy}" for ccy in ("BTC", "BTC", "BTC", "USDT")]
    assert await desk.codes(*bills) == ["0", "0", "50011", "0"]


async def test_each_item_of_a_list_counts() -> None:
    desk = Desk(Counters())
    for here, there, status in ((1, 1, 200), (1, 2, 429), (0, 1, 429), (1, 0, 429)):
        items = [{"instId": "BTC-USDT"}] * here + [{"instId": "ETH-USDT"}] * there
        answer = await desk.ask("trade/several", body=json.dumps(items))
        assert answer.status == status, (here, there)


async def test_items_are_left_to_whoever_reads_them() -> None:
    assert await Desk(Counters()).codes(*["trade/items"] * 3) == ["0"] * 3


async def test_without_counters_nothing_is_limited() -> None:
    assert await Desk(None).codes(*["public/time"] * 9) == ["0"] * 9


async def test_an_unsigned_request_does_not_count_for_the_account() -> None:
    desk = Desk(Counters())
    for _ in range(3):
        assert await desk.codes("account/balance", name="nobody") == ["50119"]
    assert await desk.codes("account/balance", "account/balance") == ["0", "0"]


async def test_workers_that_share_memory_count_together() -> None:
    memory = os.memfd_create("test")
    os.ftruncate(memory, COUNTERS_BYTES)
    one, other = Desk(Counters(memory)), Desk(Counters(memory))
    os.close(memory)
    assert await one.codes("public/time") == ["0"]
    assert await other.codes("public/time", "public/time") == ["0", "50011"]
    assert await one.codes("public/time") == ["50011"]


def test_memory_of_another_size_is_refused() -> None:
    memory = os.memfd_create("test")
    with pytest.raises(ValueError, match="size"):
        Counters(memory)
    os.close(memory)


async def test_an_operation_and_a_route_of_the_same_name_count_together() -> None:
    desk = Desk(Counters())
    sweep = desk.gateway.limits.of(Limited().operations()[0])
    assert sweep is not None
    assert sweep.count(16, 0, AT_MS)
    assert [(await desk.ask("trade/sweep", body='{"a":1}')).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("", "192.0.2.7", False),
    ],
)
def test_addresses_of_one_network_of_ipv6_are_one(one: str, other: str, is_same: bool) -> None:  # noqa: FBT001
    assert (address_number(one) == address_number(other)) is is_same


async def test_a_fourth_websocket_in_a_second_waits_for_the_next_second() -> None:
    clock = ManualClock(AT_MS * 10**6)
    gateway = TinySlice().gateway(wall=clock, exchange=clock, counters=Counters())
    async with serving(gateway) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/public"
        for _ in range(3):
            async with connect(url):
                pass
        fourth = asyncio.create_task(_pong_of(url))
        async with connect(url, local_addr=("127.0.0.2", 0)):
            assert not fourth.done()
        clock.advance_ms(1_000)
        assert await fourth == "pong"


async def test_more_websockets_than_three_seconds_have_room_for_are_refused_for_their_address_alone() -> (
    None
):
    clock = ManualClock(AT_MS * 10**6)
    gateway = TinySlice().gateway(wall=clock, exchange=clock, counters=Counters())
    room = CONNECTIONS.count + WAITING.count
    async with serving(gateway) as port:
        url = f"ws://127.0.0.1:{port}/ws/v5/public"
        opening = [asyncio.create_task(_pong_of(url)) for _ in range(room + 1)]
        done, waiting = await asyncio.wait(opening, return_when=asyncio.FIRST_EXCEPTION)
        (refused,) = [error for task in done if (error := task.exception()) is not None]
        assert isinstance(refused, InvalidStatus)
        assert refused.response.status_code == 429
        assert decoded(bytes(refused.response.body))["code"] == "50011"
        assert await _pong_of(url, "127.0.0.2") == "pong"
        clock.advance_ms(1_000)
        _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        # Nobody waits for ever, even where others were always quicker.
        clock.advance_ms(WAITING_MS_MAX)
        left = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(answer == "pong" or isinstance(answer, InvalidStatus) for answer in left)


async def _pong_of(url: str, address: str = "127.0.0.1") -> str | bytes:
    async with connect(url, local_addr=(address, 0)) as connection:
        await connection.send("ping")
        return await connection.recv()
