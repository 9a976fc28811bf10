"""`verify` looks through the people and keys of a home, too, which nothing can make again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tickyard.engine.sqlite import SqliteDatabase
from tickyard.node.audit import verify_home
from tickyard.node.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of people who have not traded."""
    home = Home(tmp_path)
    home.create()
    with closing(sqlite3.connect(home.records / "records.sqlite")) as connection:
        connection.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
        connection.executemany("INSERT INTO people (name) VALUES (?)", [("alice" * 20,)] * 500)
        connection.commit()
    return home


def defects(home: Home) -> list[str]:
    found = verify_home(home, SqliteDatabase(home.root), lambda _line: None)
    return [defect.where for defect in found.defects]


@pytest.mark.parametrize(("at", "damage"), [(0, b"no database"), (3 * 4096, b"\xff" * 4096)])
def test_damaged_records_of_people_are_named(home: Home, at: int, damage: bytes) -> None:
    path = home.records / "records.sqlite"
    assert defects(home) == []
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + damage + whole[at + len(damage) :])
    assert set(defects(home)) == {"records/records.sqlite"}
