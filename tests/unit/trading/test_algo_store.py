"""Trigger orders as they are stored, and found once they have ended, on real databases."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support import golden
from tests.support.order_events import ALICE, BOB, PAIR, START_MS, batch, ns

from tickyard.base.ids import InstrumentId, Seq, TriggerId
from tickyard.engine.database import ReadDatabase
from tickyard.engine.event_codec import decode
from tickyard.engine.events import TriggerChanged
from tickyard.engine.history import History
from tickyard.engine.records import TriggerKind, TriggerState
from tickyard.trading.algo_store import PROJECTION, TriggersProjection, TriggerStore
from tickyard.trading.filters import TriggerFilter

EVERY_KIND = frozenset(TriggerKind)


def changed(seq: int, number: int, state: TriggerState, **facts: Any) -> TriggerChanged:
    """Alice's trigger order of that number, in that state since that command."""
    event = bytes.fromhex(golden.read("records.json")["events"]["TriggerChanged"]["hex"])
    (usual,) = decode(event)
    assert isinstance(usual, TriggerChanged)
    usual = replace(usual, account=ALICE, instrument=PAIR.instrument, client_id=b"")
    trigger_id, time_ns = TriggerId(number << 24), ns(seq)
    return replace(
        usual, seq=Seq(seq), trigger_id=trigger_id, time_ns=time_ns, state=state, **facts
    )


def wanted(**facts: Any) -> TriggerFilter:
    """All of them, but for what is said."""
    return replace(TriggerFilter(EVERY_KIND), **facts)


class Shelf:
    """The read database of a home, with the table of trigger orders."""

    def __init__(self, database: ReadDatabase) -> None:
        self.connection = database.open_writer()
        self.projection = TriggersProjection()
        self.connection.execute("CREATE TABLE cursors (projection TEXT PRIMARY KEY, seq INTEGER)")
        self.connection.execute("INSERT INTO cursors VALUES (?, 999)", (PROJECTION,))
        self.projection.migrate(self.connection)
        self.history = History(database)
        self.store = TriggerStore(self.history)

    def put(self, *events: TriggerChanged) -> None:
        self.connection.begin_writing()
        self.projection.apply(self.connection, batch(*events))
        self.connection.commit()

    async def numbers(self, asked: TriggerFilter, *, since_ms: int = 0) -> list[int]:
        found = await self.store.done(ALICE, Seq(0), asked, since_ms=since_ms)
        return [trigger.trigger_id >> 24 for trigger in found]


@pytest.fixture
def shelf(read_database: ReadDatabase) -> Iterator[Shelf]:
    found = Shelf(read_database)
    with closing(found.connection), closing(found.history):
        yield found


async def test_one_is_found_once_it_has_ended_as_it_was_told_last(shelf: Shelf) -> None:
    shelf.put(changed(1, 1, TriggerState.LIVE, size=5, client_id=b"stop1"))
    shelf.put(changed(2, 1, TriggerState.LIVE, size=7, client_id=b"stop1"))
    one = TriggerId(1 << 24)
    assert await shelf.store.find(ALICE, Seq(0), one, "") is None
    fired = changed(3, 1, TriggerState.EFFECTIVE, size=7, fired_price=600_000, client_id=b"stop1")
    shelf.put(fired)
    assert await shelf.store.find(ALICE, Seq(0), one, "") == fired
    assert await shelf.store.find(ALICE, Seq(0), None, "stop1") == fired
    assert await shelf.store.find(BOB, Seq(0), one, "") is None
    assert await shelf.store.find(ALICE, Seq(0), None, "") is None


async def test_history_is_filtered_and_paged_newest_first(shelf: Shelf) -> None:
    shelf.put(
        changed(1, 1, TriggerState.EFFECTIVE, kind=TriggerKind.CONDITIONAL),
        changed(2, 2, TriggerState.CANCELED, kind=TriggerKind.TRAILING),
        changed(3, 3, TriggerState.FAILED, kind=TriggerKind.CONDITIONAL),
        changed(4, 4, TriggerState.LIVE, kind=TriggerKind.CONDITIONAL),
        changed(5, 5, TriggerState.EFFECTIVE, account=BOB),
        changed(6, 6, TriggerState.CANCELED, instrument=InstrumentId(PAIR.instrument + 1)),
    )
    assert await shelf.numbers(wanted()) == [6, 3, 2, 1]
    assert await shelf.numbers(wanted(limit=2)) == [6, 3]
    assert await shelf.numbers(wanted(older_than=3 << 24)) == [2, 1]
    assert await shelf.numbers(wanted(newer_than=2 << 24)) == [6, 3]
    assert await shelf.numbers(wanted(state=TriggerState.CANCELED)) == [6, 2]
    assert await shelf.numbers(wanted(instrument=PAIR.instrument)) == [3, 2, 1]
    assert await shelf.numbers(wanted(trigger_id=TriggerId(2 << 24))) == [2]
    assert await shelf.numbers(wanted(kinds=frozenset({TriggerKind.CONDITIONAL}))) == [3, 1]
    assert await shelf.numbers(wanted(), since_ms=START_MS + 2_500) == [6, 3]


async def test_what_came_from_kept_events_is_deleted_and_made_again(shelf: Shelf) -> None:
    before = changed(1, 1, TriggerState.CANCELED)
    after = [changed(2, 2, TriggerState.LIVE), changed(3, 2, TriggerState.EFFECTIVE)]
    shelf.put(before, *after)
    since = {"since_seq": 2, "since_ms": START_MS + 1_500, "first_order": 2 << 24}
    assert shelf.projection.rewind(shelf.connection, since) == 1
    assert await shelf.numbers(wanted()) == [1]
    shelf.put(*after)
    assert await shelf.numbers(wanted()) == [2, 1]
