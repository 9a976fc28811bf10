"""Workers and a real core host: answers, restarts, feeds, segments."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.core_host import CoreHost
from tests.support.core_market import (
    ALICE,
    BOB,
    BTC,
    BTC_USDT,
    COIN,
    FUNDS,
    USDT,
    definitions,
    limit,
    open_market,
)
from tests.support.feed_reader import FeedReader

from tickyard.base import exits
from tickyard.engine import MarketView, commands, replay
from tickyard.engine.client import MAX_IN_FLIGHT, CoreClient
from tickyard.engine.errors import CoreBusy, CoreClosed, CoreTimeout
from tickyard.engine.events import LiveBatch, OrderAccepted, Posted, Traded
from tickyard.engine.feed import Feed
from tickyard.engine.records import AccountId, OrderState, Refusal, Seq, Side
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader

OPENED = Seq(len(definitions()))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[CoreHost]:
    with CoreHost(tmp_path / "home") as running:
        yield running


@pytest.fixture
async def client(host: CoreHost) -> CoreClient:
    connected = await CoreClient.connect(host.socket)
    await open_market(connected)
    return connected


async def read_until(feed: Feed, seq: Seq) -> list[LiveBatch]:
    reader = FeedReader(feed)
    batches = [await reader.next()]
    while batches[-1].last_seq < seq:
        batches.append(await reader.next())
    await reader.stop()
    return batches


async def test_what_was_acknowledged_is_read_at_once(client: CoreClient) -> None:
    placed = await client.submit(limit(ALICE, Side.BUY, 100, 5, client_id=b"mine"))
    traded = await client.submit(limit(BOB, Side.SELL, 100, 2))
    assert (placed.refusal, traded.refusal) == (None, None)

    found = await client.open_orders(ALICE)
    assert (found.seq, found.orders[0].order_id) == (traded.seq, placed.order_id)
    order = await client.order(ALICE, client_id=b"mine")
    assert order == found.orders[0]
    assert (order.state, order.filled) == (OrderState.PARTIALLY_FILLED, 2)
    assert await client.order(BOB, order_id=placed.order_id) is None

    balances = {row.asset: row for row in (await client.balances(ALICE)).rows}
    assert balances[USDT].trading == FUNDS - 2 * 100 * COIN // 10**6
    assert balances[USDT].hold == 3 * 100 * COIN // 10**6
    assert balances[BTC].trading > FUNDS

    book = await client.book(BTC_USDT, 5)
    assert (book.bids, book.asks) == ([(100, 3, 1)], [])
    account = await client.account(ALICE)
    assert account is not None
    assert (account.last_seq, account.open_orders) == (traded.seq, 1)
    assert await client.account(AccountId(99)) is None
    found_definitions = await client.definitions()
    assert [row.symbol for row in found_definitions.instruments] == [b"BTC-USDT"]
    assert await client.has_key(ALICE.to_bytes(8, "little") + BTC.to_bytes(8, "little"))
    assert not await client.has_key(bytes(16))
    status = await client.status()
    assert (status.seq, status.state_hash) == (traded.seq, "")
    await client.close()


async def test_what_was_committed_and_what_there_is_is_counted(client: CoreClient) -> None:
    await client.submit(limit(ALICE, Side.BUY, 10))
    found = await client.counts()
    assert (found.accounts, found.instruments) == (2, 1)
    assert (found.open_orders, found.triggers) == (1, 0)
    assert found.appended == OPENED + 1
    assert 0 < found.commits <= found.appended
    assert found.commit_ns > 0
    within = [count for _, count in found.commits_within_us]
    assert within == sorted(within)
    assert within[-1] <= found.commits
    assert set(found.waiting.values()) | set(found.refused.values()) == {0}
    await client.close()


async def test_commands_of_many_tasks_are_answered_each_with_its_own(client: CoreClient) -> None:
    async def place_and_cancel(n: int) -> None:
        name = b"n%d" % n
        placed = await client.submit(limit(ALICE, Side.BUY, 10, client_id=name))
        assert placed.client_id == name
        canceled = await client.submit(
            commands.cancel_order(account=ALICE, instrument=BTC_USDT, client_id=name)
        )
        assert canceled.order_id == placed.order_id

    async with asyncio.TaskGroup() as tasks:
        for n in range(200):
            tasks.create_task(place_and_cancel(n))
    assert (await client.open_orders(ALICE)).orders == []
    await client.close()


async def test_a_batch_is_answered_in_the_order_of_its_records(client: CoreClient) -> None:
    replies = await client.submit_many(
        [
            limit(ALICE, Side.BUY, 10, client_id=b"one"),
            limit(ALICE, Side.BUY, 0),
            limit(BOB, Side.BUY, 9),
        ]
    )
    assert [reply.refusal for reply in replies] == [None, Refusal.PRICE_INVALID, None]
    assert replies[0].client_id == b"one"
    assert await client.submit_many([]) == []
    await client.close()


async def test_killed_under_load_nothing_is_lost_and_nothing_done_twice(
    host: CoreHost, client: CoreClient
) -> None:
    names = [b"n%d" % n for n in range(300)]

    async def place(name: bytes) -> None:
        reply = await client.submit(limit(ALICE, Side.BUY, 10, client_id=name))
        assert reply.refusal is None

    async with asyncio.TaskGroup() as tasks:
        for n, name in enumerate(names):
            tasks.create_task(place(name))
            if n % 100 == 50:
                await client.submit(limit(BOB, Side.BUY, 10))
                await asyncio.to_thread(host.kill)
                await asyncio.to_thread(host.start)
    orders = (await client.open_orders(ALICE)).orders
    assert sorted(order.client_id for order in orders) == sorted(names)
    await client.close()
    assert host.stop() == exits.STOPPED
    assert replay.verify(host.home).defects == []


async def test_a_read_waits_for_a_core_that_is_being_restarted(
    host: CoreHost, client: CoreClient
) -> None:
    before = await client.status(with_hash=True)
    await asyncio.to_thread(host.kill)
    waiting = asyncio.ensure_future(client.status(with_hash=True))
    await asyncio.to_thread(host.start)
    assert await waiting == before
    await client.close()


async def test_without_a_core_a_call_ends_after_five_seconds(
    host: CoreHost, client: CoreClient
) -> None:
    host.kill()
    calls = (
        client.submit(limit(ALICE, Side.BUY, 10)),
        client.balances(ALICE),
        CoreClient.connect(host.socket),
    )
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [CoreTimeout] * 3
    await client.close()


async def test_more_in_flight_than_allowed_is_refused_and_nothing_sent(
    host: CoreHost, client: CoreClient
) -> None:
    host.kill()
    waiting = asyncio.ensure_future(
        client.submit_many([limit(ALICE, Side.BUY, 10)] * MAX_IN_FLIGHT)
    )
    await asyncio.sleep(0)
    with pytest.raises(CoreBusy):
        await client.submit(limit(ALICE, Side.BUY, 10))
    with pytest.raises(CoreBusy):
        await client.status()
    await client.close()
    with pytest.raises(CoreClosed):
        await waiting
    with pytest.raises(CoreClosed):
        await client.status()


async def test_a_feed_gives_market_events_and_those_of_watched_accounts(
    host: CoreHost, client: CoreClient
) -> None:
    feed = await Feed.connect(host.socket, MarketView([]))
    # A command may have been answered before its events are published.
    stands_at = feed.after
    assert stands_at <= OPENED
    reading = asyncio.ensure_future(read_until(feed, Seq(OPENED + 2)))
    await feed.watch(ALICE)
    await client.submit(limit(ALICE, Side.BUY, 100))
    traded = await client.submit(limit(BOB, Side.SELL, 100))
    assert traded.seq == OPENED + 2
    batches = await reading
    assert batches[0].first_seq == stands_at + 1
    events = [event for batch in batches for event in batch.events]
    assert [type(event) for event in events].count(Traded) == 1
    assert {event.account for event in events if isinstance(event, OrderAccepted | Posted)} == {
        ALICE
    }
    await feed.close()
    await client.close()


async def test_the_view_of_a_feed_is_the_book_of_the_core(
    host: CoreHost, client: CoreClient
) -> None:
    view = MarketView([(BTC_USDT, (1, 2), (1, 4))])
    feed = await Feed.connect(host.socket, view)
    for distance in range(1, 40):
        await client.submit(limit(ALICE, Side.BUY, 1_000 - distance, distance))
        await client.submit(limit(BOB, Side.SELL, 1_000 + distance, distance))
    last = await client.submit(limit(BOB, Side.SELL, 995, 12))
    batches = await read_until(feed, last.seq)
    assert {book for batch in batches for book in batch.books} == {BTC_USDT}
    asked = await client.book(BTC_USDT, 100)
    loaded = MarketView([(BTC_USDT, (1, 2), (1, 4))]).book(BTC_USDT)
    loaded.load(
        read_at=asked.seq, changed_at=asked.seq, time_ms=0, bids=asked.bids, asks=asked.asks
    )
    followed = view.book(BTC_USDT)
    assert followed.top(100) == loaded.top(100)
    assert (followed.seq, followed.level_counts) == (last.seq, (39, 35))
    await feed.close()
    await client.close()


async def test_a_watch_says_from_where_on_nothing_is_left_out(
    host: CoreHost, client: CoreClient
) -> None:
    feed = await Feed.connect(host.socket, MarketView([]))
    reading = asyncio.ensure_future(read_until(feed, Seq(OPENED + 1)))
    after = await feed.watch(BOB)
    placed = await client.submit(limit(BOB, Side.BUY, 10))
    assert after < placed.seq
    events = [event for batch in await reading for event in batch.events]
    assert any(isinstance(event, OrderAccepted) for event in events)
    await feed.close()
    await client.close()


async def test_a_feed_resumes_after_a_restart_without_a_gap(
    host: CoreHost, client: CoreClient
) -> None:
    feed = await Feed.connect(host.socket, MarketView([]))
    await feed.watch(ALICE)
    first = await client.submit(limit(ALICE, Side.BUY, 10))
    await read_until(feed, first.seq)
    await client.submit(limit(ALICE, Side.BUY, 11))
    await asyncio.to_thread(host.kill)
    await asyncio.to_thread(host.start)
    last = await client.submit(limit(ALICE, Side.BUY, 12))
    batches = await read_until(feed, last.seq)
    assert batches[0].first_seq == first.seq + 1
    accepted = [e.price for b in batches for e in b.events if isinstance(e, OrderAccepted)]
    assert accepted == [11, 12]
    await feed.close()
    await client.close()


async def test_segments_are_read_from_any_command_and_followed(
    host: CoreHost, client: CoreClient
) -> None:
    segments = SegmentReader(host.home / EVENTS_FOLDER)
    assert [batch.first_seq for batch in segments.read_from(Seq(1))] == list(range(1, OPENED + 1))
    assert [batch.first_seq for batch in segments.read_from(OPENED)] == [OPENED]
    assert list(segments.read_from(Seq(OPENED + 1))) == []
    tail = segments.tail(Seq(OPENED + 1))
    assert next(tail) is None
    following = segments.follow(Seq(OPENED + 1))
    await client.submit(limit(ALICE, Side.BUY, 10))
    assert (await anext(following)).first_seq == OPENED + 1
    batch = next(tail)
    assert batch is not None
    assert isinstance(batch.events[0], OrderAccepted)
    await client.close()


async def test_snapshot_replay_and_verification_agree_with_the_running_core(
    host: CoreHost, client: CoreClient
) -> None:
    status = await client.status(with_hash=True)
    assert replay.make_snapshot(host.home) == status.seq
    assert replay.make_snapshot(host.home) is None
    replayed = replay.replay(host.home)
    assert (replayed.seq, replayed.state_hash) == (status.seq, status.state_hash)
    report = replay.verify(host.home)
    assert (report.defects, report.snapshots, report.state_hash) == ([], 1, status.state_hash)
    await client.close()


def test_a_second_host_of_a_home_refuses_to_start(host: CoreHost) -> None:
    other = CoreHost(host.home)
    other.stderr = host.home / "other.txt"
    assert other.launch().wait(timeout=10) == exits.REFUSED
    assert "is in use by process" in other.stderr.read_text()


def test_damage_refuses_to_start_and_is_the_last_word(host: CoreHost) -> None:
    async def work() -> None:
        client = await CoreClient.connect(host.socket)
        await open_market(client)
        await client.close()

    asyncio.run(work())
    host.kill()
    segment = next((host.home / "journal").glob("*.log"))
    with segment.open("r+b") as file:
        file.seek(4096 + 100)
        file.write(b"\xff")
    assert host.launch().wait(timeout=10) == exits.REFUSED
    assert "at byte 4096" in host.stderr.read_text().splitlines()[-1]
    with pytest.raises(ValueError, match="at byte 4096"):
        replay.replay(host.home)
    assert any("at byte 4096" in defect.where for defect in replay.verify(host.home).defects)


def test_a_host_without_a_supervisor_stops(host: CoreHost) -> None:
    assert host.orphan() == exits.STOPPED
    host.start()


def test_only_its_owner_may_look_into_a_home(host: CoreHost) -> None:
    for path in (
        host.home / "journal",
        host.home / "events",
        host.home / "snapshots",
        host.home / "run",
    ):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
