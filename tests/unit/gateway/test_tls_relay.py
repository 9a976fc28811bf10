"""TLS ends in a process of its own, and a worker serves what is behind it; real sockets, both event loops."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvloop
import websockets
from tests.support.wire import TinySlice, decoded, listening

from tickyard.gateway import handover
from tickyard.gateway.handover import Successors
from tickyard.gateway.outbox import UNSENT_BYTES_MAX
from tickyard.gateway.server import Server
from tickyard.gateway.tls_relay import TlsRelay
from tickyard.node import certificates

SUBSCRIBE = '{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}'
GET = b"GET /api/v5/public/time HTTP/1.1\r\nHost: x\r\n\r\n"

loops = pytest.mark.parametrize("run", [uvloop.run, asyncio.run], ids=["uvloop", "asyncio"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with certificates."""
    found: Path = tmp_path_factory.mktemp("tls")
    certificates.ensure(found, dt.datetime.now(dt.UTC))
    return found


def trust(folder: Path) -> ssl.SSLContext:
    """Return the context of a client that trusts the home's authority, as strictly as Python can."""
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


@asynccontextmanager
async def relaying(folder: Path, tiny: TinySlice, *, workers: int = 1) -> AsyncIterator[int]:
    """Serve a gateway behind TLS; gives the port."""
    path = folder / "worker.sock"
    sock = listening()
    stop, ready = asyncio.Event(), asyncio.Semaphore(0)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(workers):
            server = Server(tiny.gateway(), arrivals=path)
            tasks.create_task(server.run(stop, ready.release))
            await ready.acquire()
        relay = TlsRelay([sock], certificates.server_context(folder), Successors([path]))
        tasks.create_task(relay.run(stop, ready.release))
        await ready.acquire()
        try:
            yield sock.getsockname()[1]
        finally:
            stop.set()


@loops
def test_rest_and_websocket_are_served_behind_tls(run: Callable[..., None], folder: Path) -> None:
    async def scene() -> None:
        tiny = TinySlice()
        async with relaying(folder, tiny) as port:
            async with websockets.connect(
                f"wss://localhost:{port}/ws/v5/private", ssl=trust(folder)
            ) as client:
                await client.send(SUBSCRIBE)
                assert decoded(await client.recv())["event"] == "subscribe"
                await client.recv()
                await client.send("x" * 20_000)
                assert len(await client.recv()) > 20_000
                await client.close(4001, "enough")
                assert client.close_code == 4001
            reader, writer = await asyncio.open_connection("localhost", port, ssl=trust(folder))
            for _ in range(2):
                writer.write(GET)
                assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
                await reader.readuntil(b"]}")
            writer.close()

    run(scene())


@loops
def test_large_answers_arrive_whole(run: Callable[..., None], folder: Path) -> None:
    data = b'["' + b"x" * 900_000 + b'"]'

    async def scene() -> None:
        tiny = TinySlice()
        async with (
            relaying(folder, tiny) as port,
            websockets.connect(
                f"wss://localhost:{port}/ws/v5/public", ssl=trust(folder), max_size=None
            ) as client,
        ):
            await client.send(SUBSCRIBE)
            await client.recv()
            await client.recv()
            for _ in range(3):
                assert tiny.topics.publish("tickers", "BTC-USDT", data) == 1
                assert len(await client.recv()) > len(data)

    run(scene())


@loops
def test_a_client_that_does_not_read_is_too_slow_for_the_worker(
    run: Callable[..., None], folder: Path
) -> None:
    data = b'["' + b"x" * 100_000 + b'"]'

    async def scene() -> None:
        tiny = TinySlice()
        async with relaying(folder, tiny) as port:
            client = await websockets.connect(
                f"wss://localhost:{port}/ws/v5/public", ssl=trust(folder), max_queue=1
            )
            await client.send(SUBSCRIBE)
            await client.recv()
            await client.recv()
            client.transport.pause_reading()
            sent = 0
            async with asyncio.timeout(20):
                while tiny.topics.publish("tickers", "BTC-USDT", data):
                    sent += len(data)
                    await asyncio.sleep(0.001)
            # Beside what the system takes, the worker's own limit and what the relay may hold.
            assert sent < 20 * UNSENT_BYTES_MAX
            client.transport.abort()

    run(scene())


@loops
def test_a_client_that_goes_is_gone_for_the_worker(run: Callable[..., None], folder: Path) -> None:
    async def scene() -> None:
        tiny = TinySlice()
        async with relaying(folder, tiny) as port:
            client = await websockets.connect(
                f"wss://localhost:{port}/ws/v5/public", ssl=trust(folder)
            )
            await client.send(SUBSCRIBE)
            await client.recv()
            client.transport.abort()
            async with asyncio.timeout(20):
                await tiny.tickers.one_closed.wait()

    run(scene())


@loops
def test_a_request_may_come_with_the_end_of_what_is_sent(
    run: Callable[..., None], folder: Path
) -> None:
    async def scene() -> None:
        tiny = TinySlice()
        async with relaying(folder, tiny) as port:
            _, writer = await asyncio.open_connection("localhost", port, ssl=trust(folder))
            writer.write(GET)
            writer.close()
            async with asyncio.timeout(20):
                await tiny.one_seen.wait()

    run(scene())


async def test_the_address_of_the_client_is_known_behind_it(folder: Path) -> None:
    tiny = TinySlice()
    async with relaying(folder, tiny) as port:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1",
            port,
            ssl=trust(folder),
            server_hostname="localhost",
            local_addr=("127.0.0.9", 0),
        )
        writer.write(GET)
        await reader.readuntil(b"]}")
        writer.close()
    assert [request.peer for request in tiny.seen] == ["127.0.0.9"]


@loops
def test_when_too_many_wait_for_a_worker_the_client_is_told_to_come_again(
    run: Callable[..., None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "WAITING_MAX", 0)

    async def scene() -> None:
        async with relaying(folder, TinySlice(), workers=0) as port:
            reader, writer = await asyncio.open_connection("localhost", port, ssl=trust(folder))
            writer.write(GET)
            answer = await reader.read()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"Retry-After: 1\r\n" in answer
            writer.close()

    run(scene())
