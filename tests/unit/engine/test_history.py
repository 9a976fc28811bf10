import asyncio
from collections.abc import Iterator
from contextlib import closing

import pytest

from tickyard.engine import history
from tickyard.engine.database import Connection, ReadDatabase
from tickyard.engine.history import History, HistoryLate
from tickyard.engine.records import Seq


@pytest.fixture
def past(read_database: ReadDatabase) -> Iterator[History]:
    opened = History(read_database)
    yield opened
    opened.close()


def store(database: ReadDatabase, seq: int) -> None:
    with closing(database.open_writer()) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS cursors (projection TEXT PRIMARY KEY, seq INTEGER)"
        )
        connection.execute(
            "INSERT INTO cursors VALUES ('bills', ?) ON CONFLICT (projection) DO UPDATE SET seq = excluded.seq",
            (seq,),
        )


def seq_of(connection: Connection) -> int:
    (seq,) = connection.execute("SELECT seq FROM cursors").fetchone()
    return int(seq)


async def test_a_query_runs_when_the_cursor_is_there(
    read_database: ReadDatabase, past: History
) -> None:
    store(read_database, 5)
    assert await past.read("bills", Seq(5), seq_of) == 5


async def test_a_query_waits_for_the_cursor(read_database: ReadDatabase, past: History) -> None:
    store(read_database, 5)
    reading = asyncio.ensure_future(past.read("bills", Seq(6), seq_of))
    await past.read("bills", Seq(5), seq_of)
    assert not reading.done()
    store(read_database, 6)
    assert await reading == 6


async def test_a_query_waits_for_the_database_to_be_made(
    read_database: ReadDatabase, past: History
) -> None:
    reading = asyncio.ensure_future(past.read("bills", Seq(0), seq_of))
    await asyncio.sleep(0)
    store(read_database, 1)
    assert await reading == 1


async def test_a_projector_that_does_not_come_is_told_as_outcome_unknown(
    read_database: ReadDatabase, past: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "WAIT_MS", 1)
    store(read_database, 5)
    with pytest.raises(HistoryLate) as late:
        await past.read("bills", Seq(6), seq_of)
    assert late.value.code == "50004"
    with pytest.raises(HistoryLate):
        await past.read("no such projection", Seq(0), seq_of)


async def test_readers_cannot_write(read_database: ReadDatabase, past: History) -> None:
    store(read_database, 5)
    with pytest.raises(Exception, match=r"read-?only"):
        await past.read(
            "bills", Seq(5), lambda connection: connection.execute("DELETE FROM cursors")
        )
