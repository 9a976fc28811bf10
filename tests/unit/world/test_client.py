import asyncio
import socket

import pytest
from tests.support.small_exchange import SmallExchange
from tests.support.wire import PASSPHRASE, SECRET, serving

from tickyard.base.clock import WallClock
from tickyard.world.client import Client
from tickyard.world.errors import Lost, Refused
from tickyard.world.settings import Kind, Participant


def client(port: int, *, name: str = "alice", secret: str = SECRET) -> Client:
    who = Participant(name, Kind.MAKER, name, secret, PASSPHRASE, "127.0.0.5", {})
    return Client(f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/ws/v5", who, WallClock())


ITEM = {"instId": "BTC-USDT", "side": "buy", "ordType": "limit", "px": "1", "sz": "1"}


async def test_requests_are_signed_and_the_connection_is_kept() -> None:
    exchange = SmallExchange()
    exchange.place("alice", ITEM)
    async with serving(exchange.gateway()) as port:
        alice = client(port)
        for _ in range(3):
            rows = await alice.get("trade/orders-pending", instType="SPOT", instId="BTC-USDT")
            assert [row["px"] for row in rows] == ["1"]
        await alice.post("trade/cancel-all-after", {"timeOut": "60"})
        alice.close()
    assert exchange.timers == ["60"]


async def test_a_refusal_has_the_code_of_the_exchange() -> None:
    async with serving(SmallExchange().gateway()) as port:
        stranger = client(port, secret="0" * 32)
        with pytest.raises(Refused) as refused:
            await stranger.get("trade/orders-pending", instType="SPOT")
        assert refused.value.code == "50113"
        stranger.close()


async def test_operations_go_over_a_socket_that_is_opened_again_when_lost() -> None:
    exchange = SmallExchange()
    async with serving(exchange.gateway()) as port:
        alice = client(port)
        keeping = asyncio.ensure_future(alice.keep_connected())
        async with asyncio.timeout(20):
            await alice.ready()
            assert [row["sCode"] for row in await alice.operate("batch-orders", [ITEM])] == ["0"]
            assert alice._transport is not None
            alice._transport.disconnect(graceful=False)
            await alice._transport.wait_disconnected()
            with pytest.raises(Lost):
                await alice.operate("batch-orders", [ITEM])
            await alice.ready()
            await alice.operate("batch-orders", [ITEM, ITEM])
        keeping.cancel()
        alice.close()
    assert len(exchange.resting("alice")) == 3


async def test_what_waits_when_the_socket_is_lost_is_told_so() -> None:
    async with serving(SmallExchange().gateway()) as port:
        alice = client(port)
        keeping = asyncio.ensure_future(alice.keep_connected())
        async with asyncio.timeout(20):
            await alice.ready()
            waiting = asyncio.ensure_future(alice.operate("batch-orders", [ITEM]))
            await asyncio.sleep(0)
            alice.close()
            with pytest.raises(Lost):
                await waiting
        keeping.cancel()


async def test_without_a_server_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_again:
        port = closed_again.getsockname()[1]
    nobody = client(port)
    with pytest.raises(Lost):
        await nobody.get("public/instruments", instType="SPOT")
    with pytest.raises(Lost):
        await nobody.operate("order", [ITEM])
