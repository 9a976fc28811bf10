"""Who serves what, and what a client notices when one of the processes dies."""

import asyncio
import json
import ssl

import pytest
import websockets
from tests.support.exchange import Exchange, kill
from websockets.asyncio.client import ClientConnection

PATIENCE_S = 30
TRADES = {"channel": "trades", "instId": "USDC-USDT"}


async def _subscribed(url: str, context: ssl.SSLContext | None = None) -> ClientConnection:
    client = await websockets.connect(f"{url}/public", ssl=context)
    await client.send(json.dumps({"op": "subscribe", "args": [TRADES]}))
    assert json.loads(await client.recv())["event"] == "subscribe"
    return client


def _trade(exchange: Exchange) -> None:
    for name, side in (("alice", "sell"), ("bob", "buy")):
        exchange.ccxt(name).create_order("USDC/USDT", "limit", side, 10, 1)


async def _hears_of_a_trade(client: ClientConnection, exchange: Exchange) -> bool:
    await asyncio.to_thread(_trade, exchange)
    async with asyncio.timeout(PATIENCE_S):
        return bool(json.loads(await client.recv())["data"][0]["px"] == "1")


def test_status_names_every_process(exchange: Exchange) -> None:
    pids = exchange.status()["pids"]
    assert {len(pids["gateway"]), len(pids["fanout"])} == {1}
    assert isinstance(pids["tls"], int)


async def test_public_streams_come_from_the_fanout_worker(fresh_exchange: Exchange) -> None:
    """The fan-out worker dies: its clients are closed and come back, and orders go on meanwhile."""
    status = fresh_exchange.status()
    client = await _subscribed(status["ws"])
    assert await _hears_of_a_trade(client, fresh_exchange)
    (fanout,) = status["pids"]["fanout"]
    kill(fanout)
    with pytest.raises(websockets.ConnectionClosed):
        async with asyncio.timeout(PATIENCE_S):
            await client.recv()
    await asyncio.to_thread(_trade, fresh_exchange)
    again = await asyncio.to_thread(fresh_exchange.wait_ready, without=fanout)
    assert again["pids"]["gateway"] == status["pids"]["gateway"]
    client = await _subscribed(status["ws"])
    assert await _hears_of_a_trade(client, fresh_exchange)
    await client.close()


async def test_the_death_of_the_tls_process_leaves_plain_clients_alone(
    fresh_exchange: Exchange,
) -> None:
    status = fresh_exchange.status()
    trust = ssl.create_default_context(cafile=status["ca"])
    plain = await _subscribed(status["ws"])
    sealed = await _subscribed(status["wss"], trust)
    kill(status["pids"]["tls"])
    with pytest.raises((websockets.ConnectionClosed, ConnectionError)):
        async with asyncio.timeout(PATIENCE_S):
            await sealed.recv()
    assert await _hears_of_a_trade(plain, fresh_exchange)
    await asyncio.to_thread(fresh_exchange.wait_ready, without=status["pids"]["tls"])
    sealed = await _subscribed(status["wss"], trust)
    assert await _hears_of_a_trade(sealed, fresh_exchange)
    for client in (plain, sealed):
        await client.close()


async def test_the_death_of_one_of_two_workers_stops_nobody(fresh_exchange: Exchange) -> None:
    fresh_exchange.stop()
    fresh_exchange.options = ("--workers", "2", "--fanout-workers", "2")
    fresh_exchange.start()
    before = fresh_exchange.status()
    killed = [before["pids"][role][0] for role in ("gateway", "fanout")]
    for pid in killed:
        kill(pid)
    try:
        client = await _subscribed(before["ws"])
    except websockets.InvalidMessage:
        # It was in the hands of one that died; whoever comes again meets the other.
        client = await _subscribed(before["ws"])
    assert await _hears_of_a_trade(client, fresh_exchange)
    await client.close()
    for pid in killed:
        after = await asyncio.to_thread(fresh_exchange.wait_ready, without=pid)
    for role in ("gateway", "fanout"):
        assert before["pids"][role][1] in after["pids"][role]
