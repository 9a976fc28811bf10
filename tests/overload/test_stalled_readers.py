"""Clients that do not read are cut off one by one; whoever reads misses nothing meanwhile."""

import asyncio
import json
import socket
from contextlib import AsyncExitStack, suppress

import websockets
from tests.support.wire import TinySlice, serving

STALLED = 4
BEHIND = 10
"""A slow reader reads as fast as the others, so many frames late."""
FRAME_BYTES = 20_000
PUBLISHED_MAX = 2_000
SUBSCRIBE = json.dumps({"op": "subscribe", "args": [{"channel": "tickers", "instId": "BTC-USDT"}]})


class Reader:
    """Reads numbered frames and notes the numbers."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self._connection = connection
        self.numbers: list[int] = []

    async def read(self) -> None:
        """Read one frame."""
        self.numbers.append(json.loads(await self._connection.recv())["data"][0]["n"])


async def subscribed(stack: AsyncExitStack, port: int) -> websockets.ClientConnection:
    """Connect with a small receive buffer, and read the acknowledgement and the snapshot."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    sock.connect(("127.0.0.1", port))
    client = await stack.enter_async_context(
        websockets.connect(
            f"ws://127.0.0.1:{port}/ws/v5/public", sock=sock, max_queue=1, close_timeout=0.1
        )
    )
    await client.send(SUBSCRIBE)
    for _ in range(2):
        await client.recv()
    return client


async def test_stalled_readers_are_cut_off_and_the_others_miss_nothing() -> None:
    tiny = TinySlice()
    async with asyncio.timeout(60), serving(tiny.gateway()) as port, AsyncExitStack() as stack:
        prompt, slow = [Reader(await subscribed(stack, port)) for _ in range(2)]
        for _ in range(STALLED):
            await subscribed(stack, port)
        published, listening = 0, 2 + STALLED
        while listening > 2:
            row = {"n": published, "padding": "x" * FRAME_BYTES}
            listening = tiny.topics.publish("tickers", "BTC-USDT", json.dumps([row]).encode())
            published += 1
            assert published < PUBLISHED_MAX, "what a client does not read is bounded"
            await prompt.read()
            if published > BEHIND:
                await slow.read()
        for _ in range(BEHIND):
            await slow.read()
        assert prompt.numbers == slow.numbers == list(range(published))


async def test_a_slow_reader_is_told_why_it_was_cut_off() -> None:
    tiny = TinySlice()
    async with asyncio.timeout(60), serving(tiny.gateway()) as port, AsyncExitStack() as stack:
        slow = await subscribed(stack, port)
        row = json.dumps([{"padding": "x" * FRAME_BYTES}]).encode()
        published = 0
        while tiny.topics.publish("tickers", "BTC-USDT", row):
            published += 1
            assert published < PUBLISHED_MAX
            await asyncio.sleep(0)
        read = 0
        with suppress(websockets.ConnectionClosedError):
            async for _ in slow:
                read += 1
        assert 0 < read <= published
        assert (slow.close_code, slow.close_reason) == (4005, "Send buffer is full.")
