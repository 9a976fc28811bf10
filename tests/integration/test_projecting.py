"""The tables of all slices are those of the events, whatever becomes of the projector; over the events of a real core."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from tests.support.dying import DyingConnection, Killed
from tests.support.trading_house import ALICE, BOB, House, core_host, open_house

from tickyard.engine import comparison, projector, rebuilding
from tickyard.engine.database import ReadDatabase
from tickyard.engine.events import EventBatch
from tickyard.engine.projector import Projector
from tickyard.engine.rebuilding import empty
from tickyard.engine.records import Seq
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.engine.sqlite import READ_DATABASE, SqliteDatabase
from tickyard.node import tables


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which people have traded, with trigger orders among their orders; nothing runs there."""
    home = tmp_path_factory.mktemp("traded")
    with core_host(home):
        asyncio.run(_trade(home))
    return home


def test_f37_a_projector_that_dies_at_any_statement_stores_each_event_once(
    events: Path, read_database: ReadDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a server, where each death costs a connection, one transaction takes everything.
    if isinstance(read_database, SqliteDatabase):
        monkeypatch.setattr(projector, "EVENTS_PER_COMMIT", 200)
    for statement in count(1):
        if _is_prepared(events, read_database, statement):
            break
    deaths, statement, reached = 0, 1, Seq(0)
    while True:
        with closing(DyingConnection(read_database.open_writer())) as connection:
            dying = _projector(connection, events)
            # A commit before which it did not die, or after which it did, begins the next transaction.
            statement = statement if dying.next_seq == reached else 1
            reached = dying.next_seq
            connection.die_at(statement)
            try:
                if not dying.step() and dying.next_seq == reached:
                    break
            except Killed:
                deaths, statement = deaths + 1, statement + 1
    assert deaths > 20
    _assert_equal(events, read_database)


def test_f37_tables_that_are_rebuilt_are_those_of_the_events(
    events: Path, read_database: ReadDatabase
) -> None:
    _project(events, read_database)
    with closing(read_database.open_writer()) as connection:
        connection.execute("UPDATE fills SET size = size + 1")
        connection.execute("DELETE FROM bills WHERE account = ?", (ALICE,))
    assert _compare(events, read_database).defects
    assert empty(events, read_database, tables.projections()).since == 1
    _project(events, read_database)
    _assert_equal(events, read_database)


def test_rebuild_keeps_what_pruned_events_have_made(
    events: Path, read_database: ReadDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    _project(events, read_database)
    before = _dump(read_database)
    with monkeypatch.context() as patched:
        for module in (rebuilding, projector, comparison):
            patched.setattr(module, "SegmentReader", PrunedSegments)
        done = empty(events, read_database, tables.projections())
        assert done.since > 1
        assert 0 < done.rows < sum(map(len, before.values()))
        assert _dump(read_database) != before
        with closing(read_database.open_writer()) as connection:
            segments = PrunedSegments(events / EVENTS_FOLDER)
            again = Projector(connection, tables.projections(), segments)
            while again.step():
                pass
        assert _compare(events, read_database).older_rows > 0
    assert _dump(read_database) == before
    _assert_equal(events, read_database)


def test_f36_a_database_put_back_from_an_older_copy_catches_up_exactly_once(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, copy = SqliteDatabase(tmp_path), tmp_path / "copy.sqlite"
    monkeypatch.setattr(projector, "EVENTS_PER_COMMIT", 200)
    with closing(database.open_writer()) as connection:
        early = Projector(connection, tables.projections(), SegmentReader(events / EVENTS_FOLDER))
        assert early.step()
        assert early.step()
        connection.execute("VACUUM INTO ?", (str(copy),))
        reached = early.next_seq
        while early.step():
            pass
        assert early.next_seq > reached
    for file in (tmp_path / READ_DATABASE).parent.iterdir():
        file.unlink()
    copy.rename(tmp_path / READ_DATABASE)
    _project(events, database)
    _assert_equal(events, database)


class PrunedSegments(SegmentReader):
    """The events of which the older half is gone."""

    def oldest_seq(self) -> Seq:
        newest = max(batch.last_seq for batch in super().read_from(Seq(1)))
        return next(
            batch.first_seq for batch in super().read_from(Seq(1)) if batch.first_seq > newest // 2
        )

    def read_from(self, seq: Seq) -> Iterator[EventBatch]:
        assert seq >= self.oldest_seq()
        return super().read_from(seq)


async def _trade(home: Path) -> None:
    async with open_house(home) as house:
        for price in range(60_000, 60_040):
            await _trade_around(house, price)


async def _trade_around(house: House, price: int) -> None:
    await house.trade_at(str(price))
    await house.place(ALICE, "buy", "0.003", str(price - 5), clOrdId=f"dip{price}", tag="bot")
    await house.place(BOB, "sell", "0.001", str(price - 5))
    await house.algo(ALICE, ordType="trigger", triggerPx=str(price + 2), orderPx="-1", sz="0.001")


def _projector(connection: DyingConnection, events: Path) -> Projector:
    return Projector(connection, tables.projections(), SegmentReader(events / EVENTS_FOLDER))


def _is_prepared(events: Path, database: ReadDatabase, statement: int) -> bool:
    with closing(DyingConnection(database.open_writer())) as connection:
        connection.die_at(statement)
        try:
            _projector(connection, events)
        except Killed:
            return False
        return True


def _project(events: Path, database: ReadDatabase) -> None:
    with closing(database.open_writer()) as connection:
        projector = Projector(
            connection, tables.projections(), SegmentReader(events / EVENTS_FOLDER)
        )
        while projector.step():
            pass


def _compare(events: Path, database: ReadDatabase) -> comparison.Comparison:
    return comparison.compare(
        events, database, tables.projections(to_compare=True), lambda _seq: None
    )


def _assert_equal(events: Path, database: ReadDatabase) -> None:
    found = _compare(events, database)
    assert found.defects == []
    assert (found.rows > 500, found.older_rows) == (True, 0)
    kept = {table for table, rows in _dump(database).items() if rows}
    assert kept >= {"orders", "fills", "triggers", "bills", "trades", "bars"}


def _dump(database: ReadDatabase) -> dict[str, list[tuple[object, ...]]]:
    names = [table.name for each in tables.projections() for table in each.tables]
    with closing(database.open_writer()) as connection:
        return {
            name: sorted(map(tuple, connection.execute(f"SELECT * FROM {name}")), key=repr)
            for name in names
        }
