"""What a worker does when the host is slow, full or gone: a host that says what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.support.core_market import ALICE, BOB, limit
from tests.support.feed_reader import PATIENCE_S, FeedReader
from tests.support.market_events import level, level_bytes

from tickyard.engine import LiveBatch, MarketView, protocol
from tickyard.engine.client import CoreClient
from tickyard.engine.errors import CoreBusy, CoreTimeout
from tickyard.engine.feed import TIP, Feed
from tickyard.engine.in_flight import ANSWER_WITHIN_MS
from tickyard.engine.protocol import FrameKind, FrameReader, frame
from tickyard.engine.records import Refusal, Side
from tickyard.engine.replies import REPLY

Frame = tuple[int, int, bytes]
Script = Callable[["Wire"], Awaitable[None]]


class Wire:
    """The host's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = FrameReader()
        self._ahead: list[Frame] = []

    async def receive(self) -> Frame:
        while not self._ahead:
            data = await self._reader.read(1 << 16)
            assert data, "the worker has closed the connection"
            self._ahead += self._frames.feed(data)
        return self._ahead.pop(0)

    def send(self, kind: FrameKind, request: int, payload: bytes) -> None:
        self._writer.write(frame(kind, request, payload))

    def reply(self, counter: int, refusal: Refusal | None = None) -> None:
        self.send(
            FrameKind.SUBMIT,
            0,
            REPLY.pack(counter, 0 if refusal else 7, 1, 0, 0, refusal or 0, b""),
        )


class Host:
    """Plays one script for each connection, in order; closes the connection after it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.scripts: list[Script] = []
        self.played = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        script = self.scripts[min(self.played, len(self.scripts) - 1)]
        self.played += 1
        await script(Wire(reader, writer))
        writer.close()


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    host = Host(tmp_path / "core.sock")
    server = await asyncio.start_unix_server(host.serve, host.path)
    yield host
    server.close()


def counters(payload: bytes) -> list[int]:
    return [
        int.from_bytes(payload[at + 16 : at + 24], "little") for at in range(0, len(payload), 128)
    ]


async def test_everything_unanswered_is_sent_again_in_its_order(host: Host) -> None:
    async def answers_the_second_and_goes(wire: Wire) -> None:
        while len(sent) < 3:
            sent.extend(counters((await wire.receive())[2]))
        wire.reply(2)

    async def answers(wire: Wire) -> None:
        again.extend(counters((await wire.receive())[2]))
        wire.reply(3)
        wire.reply(1)
        await wire.receive()

    sent: list[int] = []
    again: list[int] = []
    host.scripts = [answers_the_second_and_goes, answers]
    client = await CoreClient.connect(host.path)
    calls = [client.submit(limit(ALICE, Side.BUY, 1)) for _ in range(3)]
    replies = await asyncio.gather(*calls)
    assert [reply.counter for reply in replies] == [1, 2, 3]
    assert (sent, again) == ([1, 2, 3], [1, 3])
    await client.close()


async def test_busy_is_no_answer_to_a_command_that_was_sent_before(host: Host) -> None:
    async def goes(wire: Wire) -> None:
        await wire.receive()

    async def is_busy_first(wire: Wire) -> None:
        for refusal in (Refusal.BUSY, Refusal.UNAVAILABLE, None):
            assert counters((await wire.receive())[2]) == [1]
            wire.reply(1, refusal)
        wire.reply(99)
        await wire.receive()

    host.scripts = [goes, is_busy_first]
    client = await CoreClient.connect(host.path)
    assert (await client.submit(limit(ALICE, Side.BUY, 1))).refusal is None
    await client.close()


async def test_a_question_that_is_turned_away_is_told_so_and_an_unanswered_one_asked_again(
    host: Host,
) -> None:
    async def turns_away_and_goes(wire: Wire) -> None:
        kind, request, _ = await wire.receive()
        assert kind == FrameKind.ACCOUNT
        wire.send(FrameKind.BUSY, request, b"")
        await wire.receive()

    async def answers(wire: Wire) -> None:
        kind, request, payload = await wire.receive()
        assert payload == b"k" * 16
        wire.send(FrameKind(kind), request, b"\x01")
        await wire.receive()

    host.scripts = [turns_away_and_goes, answers]
    client = await CoreClient.connect(host.path)
    with pytest.raises(CoreBusy):
        await client.account(ALICE)
    assert await client.has_key(b"k" * 16)
    await client.close()


async def test_what_goes_on_is_not_ended_with_what_waited_too_long(host: Host) -> None:
    async def never_answers(wire: Wire) -> None:
        await wire.receive()
        kind, request, _ = await wire.receive()
        await asyncio.sleep(ANSWER_WITHIN_MS * 0.7 / 1000)
        wire.send(FrameKind(kind), request, b"\x00")
        await wire.receive()

    host.scripts = [never_answers]
    client = await CoreClient.connect(host.path)
    command = asyncio.ensure_future(client.submit(limit(ALICE, Side.BUY, 1)))
    await asyncio.sleep(ANSWER_WITHIN_MS / 2 / 1000)
    assert not await client.has_key(bytes(16))
    assert command.done()
    assert isinstance(command.exception(), CoreTimeout)
    await client.close()


async def test_a_feed_comes_back_with_its_accounts_and_its_place(host: Host) -> None:
    async def gives_one_batch_and_goes(wire: Wire) -> None:
        kind, _, payload = await wire.receive()
        assert (kind, payload) == (FrameKind.SUBSCRIBE, protocol.SUBSCRIBE.pack(TIP))
        wire.send(FrameKind.SUBSCRIBE, 0, protocol.SUBSCRIBE.pack(40))
        assert (await wire.receive())[::2] == (FrameKind.WATCH, protocol.WATCH.pack(ALICE))
        wire.send(FrameKind.WATCH, 0, protocol.WATCHED.pack(ALICE, 40))
        wire.send(FrameKind.EVENTS, 0, protocol.EVENT_BATCH.pack(41, 42, 9))

    async def goes_at_once(wire: Wire) -> None:
        await wire.receive()

    async def confirms(wire: Wire) -> None:
        subscribed = (await wire.receive())[2]
        assert subscribed == protocol.SUBSCRIBE.pack(42) + b"".join(
            map(protocol.WATCH.pack, (ALICE, BOB))
        )
        wire.send(FrameKind.SUBSCRIBE, 0, protocol.SUBSCRIBE.pack(42))
        assert (await wire.receive())[::2] == (FrameKind.WATCH, protocol.WATCH.pack(BOB))
        wire.send(FrameKind.WATCH, 0, protocol.WATCHED.pack(BOB, 42))
        wire.send(FrameKind.EVENTS, 0, protocol.EVENT_BATCH.pack(43, 43, 10))
        await wire.receive()

    host.scripts = [gives_one_batch_and_goes, goes_at_once, confirms]
    feed = await Feed.connect(host.path, MarketView([]))
    await feed.watch(ALICE)
    reader = FeedReader(feed)
    first = await reader.next()
    assert (first.first_seq, first.last_seq, first.events) == (41, 42, [])
    watching = [asyncio.ensure_future(feed.watch(BOB)) for _ in range(2)]
    await asyncio.sleep(0)
    assert (await reader.next()).first_seq == 43
    assert [await one for one in watching] == [42, 42]
    await reader.stop()
    await feed.close()


async def test_batches_wait_until_somebody_follows_however_many_they_are(host: Host) -> None:
    count = 60
    events = b"".join(level_bytes(level(1, "bid", price, 1)) for price in range(2_000))

    async def gives_more_than_may_wait(wire: Wire) -> None:
        await wire.receive()
        wire.send(FrameKind.SUBSCRIBE, 0, protocol.SUBSCRIBE.pack(0))
        for seq in range(1, count + 1):
            header = protocol.EVENT_BATCH.pack(seq, seq, 1)
            wire.send(FrameKind.EVENTS, 0, header + events)
        await wire.receive()

    host.scripts = [gives_more_than_may_wait]
    feed = await Feed.connect(host.path, MarketView([]))
    assert feed._wire is not None
    async with asyncio.timeout(PATIENCE_S):
        while feed._wire.transport.is_reading():  # noqa: ASYNC110  # nobody tells when it stops
            await asyncio.sleep(0)
    reader = FeedReader(feed)
    assert [(await reader.next()).first_seq for _ in range(count)] == list(range(1, count + 1))
    await reader.stop()
    await feed.close()


async def test_whoever_fails_at_a_batch_follows_no_more(host: Host) -> None:
    async def gives_two_batches(wire: Wire) -> None:
        await wire.receive()
        wire.send(FrameKind.SUBSCRIBE, 0, protocol.SUBSCRIBE.pack(0))
        for seq in (1, 2):
            wire.send(FrameKind.EVENTS, 0, protocol.EVENT_BATCH.pack(seq, seq, 1))
        await wire.receive()

    def fail(batch: LiveBatch) -> None:
        taken.append(batch.first_seq)
        raise LookupError

    taken: list[int] = []
    host.scripts = [gives_two_batches]
    feed = await Feed.connect(host.path, MarketView([]))
    with pytest.raises(LookupError):
        await feed.follow(fail)
    assert taken == [1]
    await feed.close()


async def test_a_feed_without_a_host_gives_up_after_five_seconds(tmp_path: Path) -> None:
    with pytest.raises(CoreTimeout):
        await Feed.connect(tmp_path / "core.sock", MarketView([]))


async def test_a_host_that_speaks_another_language_is_no_feed(host: Host) -> None:
    async def babbles(wire: Wire) -> None:
        await wire.receive()
        wire.send(FrameKind.BUSY, 0, b"")
        await wire.receive()

    host.scripts = [babbles]
    with pytest.raises(ValueError, match="frame of kind 14"):
        await Feed.connect(host.path, MarketView([]))


async def test_a_client_says_whether_it_reaches_the_host(host: Host) -> None:
    let_go = asyncio.Event()

    async def stay(_wire: Wire) -> None:
        await let_go.wait()

    host.scripts = [stay, stay]
    client = await CoreClient.connect(host.path)
    was_connected = client.is_connected
    let_go.set()
    async with asyncio.timeout(PATIENCE_S):
        while client.is_connected:  # noqa: ASYNC110  # nobody is told of it
            await asyncio.sleep(0)
    assert was_connected
    await client.close()
