"""Whatever arrives, nothing is raised, and what is answered is well formed."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.http_desk import AT_NS, HttpClient, posted
from tests.support.session_desk import NOW_S, Sink, parts_of
from tests.support.wire import TinySlice, decoded, login

from tickyard.base.clock import ManualClock
from tickyard.gateway.session import WebSocketSession

VALID = posted(b'{"clOrdId":"a","px":""}') + b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["op", "id", "args", "channel", "instId", "expTime", "apiKey", ""]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
ops = st.sampled_from(["login", "subscribe", "unsubscribe", "order", "batch-orders", "x"])
frames = st.fixed_dictionaries({"op": ops | trees, "args": trees}, optional={"id": trees})


def in_a_gateway(scene: Callable[[TinySlice, Any, ManualClock], Awaitable[None]]) -> None:
    async def run() -> None:
        clock = ManualClock(AT_NS)
        tiny = TinySlice()
        gateway = tiny.gateway(wall=clock, exchange=clock)
        async with gateway.runner:
            await scene(tiny, gateway, clock)
            await gateway.runner.drain(1)

    asyncio.run(run())


@settings(deadline=None, max_examples=150)
@given(
    edits=st.lists(st.tuples(st.integers(0, len(VALID)), st.binary(max_size=3)), max_size=4),
    cuts=st.lists(st.integers(0, len(VALID)), max_size=4),
)
def test_bytes_that_were_http_once(edits: list[tuple[int, bytes]], cuts: list[int]) -> None:
    data = bytearray(VALID)
    for at, replaced in edits:
        data[at : at + len(replaced)] = replaced
    places = [0, *sorted(cuts), len(data)]

    async def scene(tiny: TinySlice, gateway: Any, clock: ManualClock) -> None:
        client = HttpClient(tiny, gateway, clock)
        for start, end in itertools.pairwise(places):
            if not client.transport.is_closed:
                await client.says(bytes(data[start:end]))
        for status, _, body in client.answers():
            assert status in {200, 400, 401, 404, 405, 413, 417, 431}
            assert body

    in_a_gateway(scene)


@settings(deadline=None, max_examples=150)
@given(texts=st.lists(frames.map(json.dumps) | trees.map(json.dumps) | st.text(), max_size=5))
def test_frames_that_mean_nothing(texts: list[str]) -> None:
    async def scene(_: TinySlice, gateway: Any, clock: ManualClock) -> None:
        sink = Sink()
        parts = parts_of(gateway)
        session = WebSocketSession(parts, sink, conn_id="1", path="/ws/v5/private", peer="x")
        session.receive(json.dumps(login(NOW_S)).encode())
        for text in texts:
            session.receive(text.encode("utf-8", "surrogatepass"))
        await gateway.runner.drain(1)
        await asyncio.sleep(0)
        for answer in sink.texts:
            assert answer == b"pong" or {"event", "op", "arg"} & set(decoded(answer))

    in_a_gateway(scene)
