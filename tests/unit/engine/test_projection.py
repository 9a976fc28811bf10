import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from tickyard.engine.cursors import newest_cursor
from tickyard.engine.database import Connection, ReadDatabase
from tickyard.engine.events import Event, EventBatch
from tickyard.engine.projection import Table, delete_newer
from tickyard.engine.projector import EVENTS_PER_COMMIT, Projector, run
from tickyard.engine.rebuilding import CannotRebuild, empty
from tickyard.engine.records import Seq
from tickyard.engine.sqlite import READ_DATABASE, SqliteDatabase


class Segments:
    """Batches in memory, in the place of the files of a home."""

    def __init__(self, *batches: EventBatch) -> None:
        self.batches = list(batches)
        self.oldest = Seq(1)

    def oldest_seq(self) -> Seq:
        return self.oldest

    def tail(self, seq: Seq) -> Iterator[EventBatch | None]:
        position = next(
            (i for i, b in enumerate(self.batches) if b.last_seq >= seq), len(self.batches)
        )
        while True:
            if position < len(self.batches):
                yield self.batches[position]
                position += 1
            else:
                yield None


class Numbers:
    """A projection that stores the number of every event, and may fail at one of them."""

    def __init__(self, name: str = "numbers", fail_at: int = 0) -> None:
        self.name = name
        self.tables = (Table(name, older="seq < :since_seq"),)
        self.fail_at = fail_at

    def migrate(self, connection: Connection) -> None:
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.name} (seq INTEGER, idx INTEGER, PRIMARY KEY (seq, idx))"
        )

    def rewind(self, connection: Connection, since: Mapping[str, int]) -> int:
        return delete_newer(connection, self.tables, since)

    def apply(self, connection: Connection, batch: EventBatch) -> None:
        for event in batch.events:
            if event.seq == self.fail_at:
                raise OSError("the disk is full")
            connection.execute(f"INSERT INTO {self.name} VALUES (?, ?)", (event.seq, event.index))


def batch(first: int, last: int, *seqs: int) -> EventBatch:
    events = [Event(Seq(seq), seqs[:i].count(seq), 0) for i, seq in enumerate(seqs)]
    return EventBatch(Seq(first), Seq(last), 0, events)


def projector(connection: Connection, segments: Segments, *projections: Numbers) -> Projector:
    return Projector(connection, projections, cast("Any", segments))


def stored(connection: Connection, table: str = "numbers") -> list[tuple[int, int]]:
    return connection.execute(f"SELECT seq, idx FROM {table} ORDER BY seq, idx").fetchall()


def cursor(connection: Connection, name: str = "numbers") -> int:
    found = connection.execute("SELECT seq FROM cursors WHERE projection = ?", (name,)).fetchone()
    assert found is not None
    return int(found[0])


@pytest.fixture
def connection(read_database: ReadDatabase) -> Iterator[Connection]:
    opened = read_database.open_writer()
    yield opened
    opened.close()


def test_rows_and_cursor_follow_the_events(connection: Connection) -> None:
    segments = Segments(batch(1, 2, 1, 1, 2))
    work = projector(connection, segments, Numbers())
    assert not work.step()
    assert stored(connection) == [(1, 0), (1, 1), (2, 0)]
    assert cursor(connection) == 2
    segments.batches.append(batch(3, 3, 3))
    work.step()
    assert stored(connection)[-1] == (3, 0)


def test_commands_without_events_count(connection: Connection) -> None:
    projector(connection, Segments(batch(1, 7)), Numbers()).step()
    assert cursor(connection) == 7


def test_a_second_run_resumes_after_the_cursor(connection: Connection) -> None:
    segments = Segments(batch(1, 1, 1), batch(2, 2, 2))
    projector(connection, segments, Numbers()).step()
    again = projector(connection, segments, Numbers())
    assert again.next_seq == 3
    again.step()
    assert stored(connection) == [(1, 0), (2, 0)]


def test_a_failure_leaves_neither_rows_nor_cursor(connection: Connection) -> None:
    segments = Segments(batch(1, 1, 1), batch(2, 2, 2))
    with pytest.raises(OSError, match="full"):
        projector(connection, segments, Numbers(fail_at=2)).step()
    assert stored(connection) == []
    assert cursor(connection) == 0
    projector(connection, segments, Numbers()).step()
    assert stored(connection) == [(1, 0), (2, 0)]


def test_a_batch_that_is_partly_stored_is_stored_from_the_cursor_on(
    connection: Connection,
) -> None:
    projector(connection, Segments(batch(1, 2, 1, 2)), Numbers()).step()
    projector(connection, Segments(batch(1, 4, 1, 2, 3, 4)), Numbers()).step()
    assert stored(connection) == [(1, 0), (2, 0), (3, 0), (4, 0)]


def test_a_new_projection_starts_from_the_beginning_and_old_ones_store_nothing_twice(
    connection: Connection,
) -> None:
    segments = Segments(batch(1, 1, 1), batch(2, 2, 2))
    projector(connection, segments, Numbers()).step()
    projector(connection, segments, Numbers(), Numbers("others")).step()
    assert stored(connection) == stored(connection, "others") == [(1, 0), (2, 0)]


def test_new_tables_begin_with_the_oldest_kept_events(connection: Connection) -> None:
    segments = Segments(batch(1, 1, 1), batch(2, 2, 2))
    projector(connection, segments, Numbers()).step()
    segments.batches, segments.oldest = segments.batches[1:], Seq(2)
    projector(connection, segments, Numbers(), Numbers("others")).step()
    assert stored(connection) == [(1, 0), (2, 0)]
    assert stored(connection, "others") == [(2, 0)]


def test_a_gap_stops_the_projector(connection: Connection) -> None:
    with pytest.raises(AssertionError, match="gaps"):
        projector(connection, Segments(batch(2, 2, 2)), Numbers()).step()


def test_a_long_catch_up_commits_in_between(connection: Connection) -> None:
    half = EVENTS_PER_COMMIT // 2 + 1
    batches = [
        batch(first, first + half, *range(first, first + half))
        for first in (1, half + 2, 2 * half + 3)
    ]
    work = projector(connection, Segments(*batches), Numbers())
    assert work.step()
    assert cursor(connection) == batches[1].last_seq
    assert not work.step()
    assert cursor(connection) == batches[2].last_seq


async def test_a_damaged_database_is_named_with_what_helps(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    database.open_writer().close()
    (tmp_path / READ_DATABASE).write_bytes(b"not a database at all" * 1000)
    named = f"{tmp_path / READ_DATABASE} is damaged.*delete the folder"
    with pytest.raises(ValueError, match=named):
        newest_cursor(tmp_path, database)
    with pytest.raises(CannotRebuild, match=named):
        empty(tmp_path, database, [])


async def test_a_database_that_is_damaged_or_removed_at_work_is_told_and_made_again(
    tmp_path: Path,
) -> None:
    database, stop, told = SqliteDatabase(tmp_path), asyncio.Event(), asyncio.Queue[str]()
    path = tmp_path / READ_DATABASE
    database.open_writer().close()
    path.write_bytes(b"not a database at all" * 1000)
    async with asyncio.TaskGroup() as group, asyncio.timeout(20):
        numbers = Numbers()
        group.create_task(run(tmp_path, database, [numbers], stop, tell=told.put_nowait))
        assert "is damaged" in await told.get()
        path.unlink()
        assert await told.get() == ""
        path.unlink()
        assert "was removed or replaced" in await told.get()
        assert await told.get() == ""
        with closing(database.open_reader()) as connection:
            assert connection.has_table("numbers")
        stop.set()


def test_tables_that_were_emptied_meanwhile_are_made_again(
    read_database: ReadDatabase, tmp_path: Path
) -> None:
    connection = read_database.open_writer()
    numbers = Numbers()
    following = projector(connection, Segments(batch(1, 2, 1, 2), batch(3, 3, 3)), numbers)
    while following.step():
        pass
    rows = connection.execute("SELECT * FROM numbers").fetchall()
    connection.execute("CREATE TABLE another (x INTEGER)")
    assert empty(tmp_path, read_database, [numbers]).rows == len(rows) == 3
    assert connection.execute("SELECT * FROM numbers").fetchall() == []
    assert following.next_seq == 4
    while following.step():
        pass
    assert connection.execute("SELECT * FROM numbers").fetchall() == rows
    assert following.next_seq == 4
    connection.execute("SELECT * FROM another")
    connection.close()


def test_a_change_of_others_that_leaves_the_cursors_is_none(read_database: ReadDatabase) -> None:
    connection, other = read_database.open_writer(), read_database.open_writer()
    following = projector(connection, Segments(batch(1, 2, 1, 2)), Numbers())
    while following.step():
        pass
    other.execute("CREATE TABLE another (x INTEGER)")
    assert following.step() is False
    assert following.next_seq == 3
    connection.close()
    other.close()
