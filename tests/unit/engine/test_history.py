import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickyard.engine import history
from tickyard.engine.history import History, HistoryLate
from tickyard.engine.projection import open_writer
from tickyard.engine.records import Seq


@pytest.fixture
def past(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path)
    yield opened
    opened.close()


def store(home: Path, seq: int) -> None:
    connection = open_writer(home)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS cursors (projection TEXT PRIMARY KEY, seq INTEGER)"
    )
    connection.execute("REPLACE INTO cursors VALUES ('bills', ?)", (seq,))
    connection.close()


def seq_of(connection: sqlite3.Connection) -> int:
    return connection.execute("SELECT seq FROM cursors").fetchone()[0]


async def test_a_query_runs_when_the_cursor_is_there(tmp_path: Path, past: History) -> None:
    store(tmp_path, 5)
    assert await past.read("bills", Seq(5), seq_of) == 5


async def test_a_query_waits_for_the_cursor(tmp_path: Path, past: History) -> None:
    store(tmp_path, 5)
    reading = asyncio.ensure_future(past.read("bills", Seq(6), seq_of))
    await past.read("bills", Seq(5), seq_of)
    assert not reading.done()
    store(tmp_path, 6)
    assert await reading == 6


async def test_a_query_waits_for_the_database_to_be_made(tmp_path: Path, past: History) -> None:
    reading = asyncio.ensure_future(past.read("bills", Seq(0), seq_of))
    await asyncio.sleep(0)
    store(tmp_path, 1)
    assert await reading == 1


async def test_a_projector_that_does_not_come_is_told_as_outcome_unknown(
    tmp_path: Path, past: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "WAIT_MS", 1)
    store(tmp_path, 5)
    with pytest.raises(HistoryLate) as late:
        await past.read("bills", Seq(6), seq_of)
    assert late.value.code == "50004"
    with pytest.raises(HistoryLate):
        await past.read("no such projection", Seq(0), seq_of)


async def test_readers_cannot_write(tmp_path: Path, past: History) -> None:
    store(tmp_path, 5)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await past.read(
            "bills", Seq(5), lambda connection: connection.execute("DELETE FROM cursors")
        )
