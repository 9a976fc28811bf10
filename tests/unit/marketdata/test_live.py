"""A worker that starts anywhere in the life of an exchange sees what one sees that was there all the time."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.support.market_desk import Follower
from tests.support.market_events import BTC, Listener, batch, level, live, subscribe, traded
from tests.support.market_history import MarketDatabase, btc

from tickyard.base.clock import DAY_MS, ManualClock
from tickyard.base.ids import InstrumentId, Seq
from tickyard.engine import BookRow, CoreStatus, EventBatch

NOW_MS = 20_000 * DAY_MS


class Core:
    """A core whose book is what its events made it, and whose events can be read again."""

    def __init__(self) -> None:
        self.batches: list[EventBatch] = []
        self.bids: dict[int, int] = {}
        self.seq = Seq(0)

    def publish(self, events: EventBatch) -> EventBatch:
        self.batches.append(events)
        self.seq = events.last_seq
        for event in events.events:
            size = getattr(event, "size", 0)
            if hasattr(event, "orders"):
                self.bids[event.price] = size  # type: ignore[attr-defined]
        return events

    async def book(self, instrument: InstrumentId, depth: int) -> BookRow:
        del depth
        bids = [(p, s, 1) for p, s in self.bids.items() if s] if instrument == BTC else []
        return BookRow(self.seq, NOW_MS * 1_000_000, bids, [])

    async def status(self) -> CoreStatus:
        return CoreStatus(self.seq, NOW_MS * 1_000_000, "")

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        return iter([events for events in self.batches if events.last_seq >= seq])


class Worker(Follower):
    def __init__(self, core: Core, database: MarketDatabase) -> None:
        super().__init__(core, database, ManualClock(NOW_MS * 1_000_000))

    def apply(self, events: EventBatch) -> None:
        self.live.apply(live(self.markets.view, *events.events))

    def picture(self) -> object:
        market = btc(self.markets)
        day = market.chart.day(NOW_MS)
        return (
            market.book.top(400),
            market.book.seq,
            market.tape.newest(500),
            day,
            market.chart.first_ms,
        )


HISTORY = [
    batch(traded(1, 600_000, 5, seq=2, ms=NOW_MS - 9_000), level(2, "bid", 599_000, 4)),
    batch(traded(2, 600_010, 6, seq=3, ms=NOW_MS - 8_000), level(3, "bid", 599_000, 9)),
    batch(level(5, "bid", 599_010, 1)),
    batch(traded(3, 599_010, 1, seq=7, ms=NOW_MS - 7_000), level(7, "bid", 599_010, 0)),
    batch(level(8, "bid", 598_000, 2)),
]


@pytest.mark.parametrize("stored", range(len(HISTORY) + 1))
@pytest.mark.parametrize("started", range(len(HISTORY) + 1))
async def test_a_worker_sees_the_same_whenever_it_starts_and_however_far_the_projector_is(
    database: MarketDatabase, stored: int, started: int
) -> None:
    core = Core()
    witness = Worker(core, database)
    await witness.live.load()
    for events in HISTORY[:started]:
        witness.apply(core.publish(events))
    for events in HISTORY[: min(stored, started)]:
        database.store(*events.events)

    late = Worker(core, database)
    await late.live.load()
    assert late.picture() == witness.picture()
    for events in HISTORY[started:]:
        core.publish(events)
        witness.apply(events)
        late.apply(events)
    assert late.picture() == witness.picture()
    await witness.store.close()
    await late.store.close()


async def test_events_that_were_loaded_are_not_taken_twice(database: MarketDatabase) -> None:
    core = Core()
    for events in HISTORY:
        core.publish(events)
    worker = Worker(core, database)
    await worker.live.load()
    before = worker.picture()
    for events in HISTORY[2:]:
        worker.apply(events)
    assert worker.picture() == before
    await worker.store.close()


async def test_subscribers_get_a_new_snapshot_when_everything_is_loaded_again(
    database: MarketDatabase,
) -> None:
    core = Core()
    worker = Worker(core, database)
    await worker.live.load()
    channel = next(c for c in worker.streams.channels() if c.name == "books")
    listener = Listener()
    await subscribe(worker.topics, channel, listener, "BTC-USDT")
    for events in HISTORY:
        core.publish(events)
    await worker.live.load()
    assert [frame["action"] for frame in listener.take()] == ["snapshot", "snapshot"]
    await worker.store.close()


async def test_an_instrument_that_is_not_listed_here_is_left_out(database: MarketDatabase) -> None:
    core = Core()
    worker = Worker(core, database)
    await worker.live.load()
    worker.apply(batch(traded(1, 1, 1, instrument=9_999), level(1, "bid", 1, 1, instrument=9_999)))
    assert btc(worker.markets).book.seq == 0
    await worker.store.close()


async def test_a_question_waits_for_what_the_core_has_done(database: MarketDatabase) -> None:
    core = Core()
    worker = Worker(core, database)
    await worker.live.load()
    for events in HISTORY:
        core.publish(events)
    asked = asyncio.ensure_future(worker.live.caught_up())
    await asyncio.sleep(0)
    for events in HISTORY:
        assert not asked.done()
        worker.apply(events)
    await asked
    await worker.store.close()
