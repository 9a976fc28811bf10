"""Connections that one process accepts and another serves, over real sockets, on both event loops."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop
import websockets
from tests.support.wire import TinySlice, decoded, listening

from tickyard.gateway import handover
from tickyard.gateway.handover import Arrivals, Passed, Successors
from tickyard.gateway.server import Server

SUBSCRIBE = json.dumps({"op": "subscribe", "args": [{"channel": "tickers", "instId": "BTC-USDT"}]})
HANDSHAKE = (
    b"GET /ws/v5/public HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PING = b"\x81\x84\x00\x00\x00\x00ping"
PONG = b"\x81\x04pong"

loops = pytest.mark.parametrize("run", [uvloop.run, asyncio.run], ids=["uvloop", "asyncio"])


class Worker:
    """A server with a gateway of its own, that can be stopped alone."""

    def __init__(self, tasks: asyncio.TaskGroup, **given: Any) -> None:
        self.tiny = TinySlice()
        self._stop, self._ready = asyncio.Event(), asyncio.Event()
        server = Server(self.tiny.gateway(), **given)
        self._task = tasks.create_task(server.run(self._stop, self._ready.set))

    async def ready(self) -> "Worker":
        await self._ready.wait()
        return self

    async def stop(self) -> None:
        self._stop.set()
        await self._task


async def connected(url: str) -> websockets.ClientConnection:
    return await websockets.connect(url)


async def livez(port: int) -> bool:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n")
    said = await reader.read()
    writer.close()
    return b"alive\n" in said


@asynccontextmanager
async def pair(
    folder: Path, *, fanout_workers: int = 1
) -> AsyncIterator[tuple[int, Worker, list[Worker]]]:
    """Serve with a worker that accepts, and others that it hands to; gives the port and all of them.

    Without any, the one that accepts looks for somebody who is not there.
    """
    paths = [folder / f"fanout-{number}.sock" for number in range(fanout_workers)]
    sock = listening()
    async with asyncio.TaskGroup() as tasks:
        successors = Successors(paths or [folder / "nobody.sock"])
        entry = await Worker(tasks, plain=[sock], fanout=successors).ready()
        fanout = [await Worker(tasks, arrivals=path).ready() for path in paths]
        try:
            yield sock.getsockname()[1], entry, fanout
        finally:
            for worker in (entry, *fanout):
                await worker.stop()


@loops
def test_public_streams_are_served_by_the_worker_they_are_handed_to(
    run: Callable[..., None], tmp_path: Path
) -> None:
    async def scene() -> None:
        async with pair(tmp_path) as (port, entry, [fanout]):
            url = f"ws://127.0.0.1:{port}/ws/v5/"
            async with websockets.connect(url + "public") as public:
                await public.send(SUBSCRIBE)
                assert decoded(await public.recv())["event"] == "subscribe"
                await public.recv()
                assert fanout.tiny.topics.publish("tickers", "BTC-USDT", b"[]") == 1
                assert decoded(await public.recv())["data"] == []
                assert entry.tiny.topics.publish("tickers", "BTC-USDT", b"[]") == 0
            async with websockets.connect(url + "business") as business:
                await business.send(SUBSCRIBE)
                await business.recv()
                assert fanout.tiny.topics.has("tickers", "BTC-USDT")

    run(scene())


@loops
def test_private_streams_stay_where_they_came_in(run: Callable[..., None], tmp_path: Path) -> None:
    async def scene() -> None:
        async with (
            pair(tmp_path) as (port, entry, [fanout]),
            websockets.connect(f"ws://127.0.0.1:{port}/ws/v5/private") as client,
        ):
            await client.send(SUBSCRIBE)
            await client.recv()
            assert entry.tiny.topics.has("tickers", "BTC-USDT")
            assert not fanout.tiny.topics.has("tickers", "BTC-USDT")

    run(scene())


@loops
@pytest.mark.parametrize("before", [b"", b"GET /livez HTTP/1.1\r\n\r\n"], ids=["first", "later"])
def test_nothing_is_lost_on_the_way(
    run: Callable[..., None], tmp_path: Path, before: bytes
) -> None:
    """Frames that come with the handshake travel along; those that come after it wait in the system."""

    async def scene() -> None:
        async with pair(tmp_path) as (port, _, _):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            if before:
                writer.write(before)
                assert b"alive\n" in await reader.read(1000)
            writer.write(HANDSHAKE + PING * 2 + PING[:5])
            await writer.drain()
            await asyncio.sleep(0)
            writer.write(PING[5:] + PING)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
            assert await reader.readexactly(len(PONG) * 4) == PONG * 4
            writer.close()

    run(scene())


@loops
def test_while_a_worker_starts_again_connections_wait_for_it(
    run: Callable[..., None], tmp_path: Path
) -> None:
    async def scene() -> None:
        async with pair(tmp_path) as (port, _, [fanout]):
            url = f"ws://127.0.0.1:{port}/ws/v5/public"
            async with websockets.connect(url) as client:
                await fanout.stop()
                assert '"64008"' in str(await client.recv())
                with pytest.raises(websockets.ConnectionClosed):
                    await client.recv()
            async with asyncio.TaskGroup() as tasks:
                early = tasks.create_task(connected(url))
                assert await livez(port), "meanwhile the others are served"
                again = await Worker(tasks, arrivals=tmp_path / "fanout-0.sock").ready()
                for client in (await early, await connected(url)):
                    await client.send("ping")
                    assert await client.recv() == "pong"
                    await client.close()
                await again.stop()

    run(scene())


async def test_who_has_died_is_no_reason_to_wait_while_others_live(tmp_path: Path) -> None:
    async with pair(tmp_path, fanout_workers=2) as (port, _, [dead, alive]):
        await dead.stop()
        for _ in range(4):
            client = await connected(f"ws://127.0.0.1:{port}/ws/v5/public")
            await client.send(SUBSCRIBE)
            await client.recv()
            assert alive.tiny.topics.has("tickers", "BTC-USDT")
            await client.close()


async def test_when_too_many_wait_the_client_is_told_to_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "WAITING_MAX", 0)
    async with pair(tmp_path, fanout_workers=0) as (port, _, _):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await connected(f"ws://127.0.0.1:{port}/ws/v5/public")
        response = refused.value.response
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")


async def test_a_connection_that_nobody_takes_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "HELD_S_MAX", 0)
    async with pair(tmp_path, fanout_workers=0) as (port, _, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HANDSHAKE)
        async with asyncio.timeout(20):
            assert await reader.read() == b""
        writer.close()


async def test_a_handshake_that_is_refused_is_refused_by_the_other_worker(tmp_path: Path) -> None:
    async with pair(tmp_path) as (port, _, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HANDSHAKE.replace(b"Version: 13", b"Version: 12"))
        assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
        writer.close()


async def test_connections_are_spread_evenly(tmp_path: Path) -> None:
    async with pair(tmp_path, fanout_workers=2) as (port, _, workers):
        clients = [
            await websockets.connect(f"ws://127.0.0.1:{port}/ws/v5/public") for _ in range(4)
        ]
        for client in clients:
            await client.send(SUBSCRIBE)
            await client.recv()
        told = [worker.tiny.topics.publish("tickers", "BTC-USDT", b"[]") for worker in workers]
        assert told == [2, 2]
        for client in clients:
            await client.close()


async def test_more_connections_than_the_system_holds_wait_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "next.sock"
    arrived: list[Passed] = []
    done = asyncio.Event()

    def take(connection: socket.socket, passed: Passed) -> None:
        connection.close()
        arrived.append(passed)
        if len(arrived) == 1_000:
            done.set()

    arrivals = Arrivals(path, take)
    arrivals.open()
    successors = Successors([path])
    ours, theirs = socket.socketpair()
    # The receiver has no turn before all of them are sent.
    for number in range(1_000):
        assert successors.take(theirs.fileno(), Passed(str(number)))
    async with asyncio.timeout(20):
        await done.wait()
    assert [passed.peer for passed in arrived] == [str(number) for number in range(1_000)]
    successors.close()
    arrivals.close()
    ours.close()
    theirs.close()


async def test_what_waits_for_a_process_that_died_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "HELD_S_MAX", 0)
    path = tmp_path / "next.sock"
    arrivals = Arrivals(path, lambda connection, _: connection.close())
    arrivals.open()
    successors = Successors([path])
    ours, theirs = socket.socketpair()
    while successors.take(theirs.fileno(), Passed("")):
        pass
    theirs.close()
    arrivals.close()
    ours.setblocking(False)  # noqa: FBT003
    async with asyncio.timeout(20):
        assert await asyncio.get_running_loop().sock_recv(ours, 1) == b""
    ours.close()
    successors.close()
