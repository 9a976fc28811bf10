"""`verify` finds what is wrong with a home, says where, and exits 1; whole homes give nothing."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.support.core_host import CoreHost
from tests.support.core_market import ALICE, BOB, limit, open_market

from tickyard.engine import Side, replay
from tickyard.engine.client import CoreClient
from tickyard.engine.cursors import kept_cursors
from tickyard.engine.database import Unavailable
from tickyard.engine.projector import Projector
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.engine.sqlite import READ_DATABASE, SqliteDatabase
from tickyard.node import tables
from tickyard.node.cli import main

JOURNAL_SEGMENT = 2 << 20
EVENT_SEGMENT = 64 << 10
PARTS = 3
COMMANDS_A_PART = 420
"""A frame each, so that a part fills most of a segment of the journal."""

Damage = Callable[[Path], None]
COLUMNS = {
    "orders": "filled",
    "fills": "fee",
    "bills": "balance",
    "bill_order_names": "tag",
    "trades": "price",
    "bars": "high",
    "book_changes": "seq",
}
"""A column of each table that is not of its key."""


async def _trade(host: CoreHost, numbers: range) -> None:
    client = await CoreClient.connect(host.socket)
    if numbers.start == 0:
        await open_market(client)
    for number in numbers:
        account, side = ((ALICE, Side.BUY), (BOB, Side.SELL))[number % 2]
        # Every seventh rests for ever, and has a name.
        price = 1_000 + number % 5 if number % 7 else (900 if side is Side.BUY else 1_100)
        await client.submit(limit(account, side, price, 1 + number % 3, client_id=b"n%d" % number))
    await client.close()


def _project(home: Path) -> None:
    with closing(SqliteDatabase(home).open_writer()) as connection:
        projector = Projector(connection, tables.projections(), SegmentReader(home / EVENTS_FOLDER))
        while projector.step():
            pass


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of several segments, with a snapshot after each part."""
    home = tmp_path_factory.mktemp("plain") / "home"
    with CoreHost(
        home, journal_segment_bytes=JOURNAL_SEGMENT, event_segment_bytes=EVENT_SEGMENT
    ) as host:
        for part in range(PARTS):
            numbers = range(part * COMMANDS_A_PART, (part + 1) * COMMANDS_A_PART)
            asyncio.run(_trade(host, numbers))
            assert replay.make_snapshot(home, keep=2) is not None
        host.stop()
    _project(home)
    return home


@pytest.fixture(scope="module")
def tidied(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, compressed and pruned."""
    home = tmp_path_factory.mktemp("tidied") / "home"
    shutil.copytree(plain, home)
    done = replay.tidy(home, keep_bytes=1, cursors=kept_cursors(home, SqliteDatabase(home)))
    assert done.segments > 2
    assert done.removed > 2
    assert done.to_bytes < done.from_bytes / 4
    return home


@pytest.fixture
def damaged_copy(plain: Path, tidied: Path, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    def copy(which: str) -> Path:
        home = tmp_path / "home"
        shutil.copytree({"plain": plain, "tidied": tidied}[which], home)
        return home

    yield copy
    shutil.rmtree(tmp_path / "home", ignore_errors=True)


def verify(home: Path) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(main, ["verify", "--home", str(home), "-o", "json"])
    return done.exit_code, json.loads(done.stdout)


def assert_found(home: Path, where: str, what: str) -> None:
    code, said = verify(home)
    found = [f"{defect['where']}: {defect['what']}" for defect in said["defects"]]
    assert code == 1
    assert said["ok"] is False
    assert any(where in line and what in line for line in found), found


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def segments(home: Path, folder: str, suffix: str) -> list[Path]:
    return sorted((home / folder).glob(f"*{suffix}"))


@pytest.mark.parametrize("which", ["plain", "tidied"])
def test_whole_homes_have_no_defects(which: str, damaged_copy: Callable[[str], Path]) -> None:
    code, said = verify(damaged_copy(which))
    assert (code, said["defects"], said["unfinished"]) == (0, [], [])
    assert said["snapshots"] == 2
    assert said["rows"] > 100
    assert (said["olderRows"] > 100) == (which == "tidied")


def _bit_of_a_frame(home: Path) -> tuple[str, str]:
    (first, *_) = segments(home, "journal", ".log")
    flip(first, 20 * 4096 + 70)
    return f"{first.name} at byte {20 * 4096}", ""


def _bit_of_events(home: Path) -> tuple[str, str]:
    first = segments(home, "events", ".evt")[1]
    flip(first, 70)
    return f"{first.name} at byte 0", ""


def _bit_of_a_compressed_segment(home: Path) -> tuple[str, str]:
    (first, *_) = segments(home, "events", ".zst")
    flip(first, first.stat().st_size // 2)
    return first.name, ""


def _no_segment(home: Path) -> tuple[str, str]:
    second = segments(home, "journal", ".log")[1]
    second.unlink()
    return second.name, "it is missing"


def _no_compressed_segment(home: Path) -> tuple[str, str]:
    (first, *_) = segments(home, "events", ".zst")
    first.unlink()
    return first.name.removesuffix(".zst"), "it is missing"


def _bit_of_a_snapshot(home: Path) -> tuple[str, str]:
    newest = segments(home, "snapshots", ".snap")[-1]
    flip(newest, newest.stat().st_size // 2)
    return f"snapshot {int(newest.stem)}", "block"


def _short_events(home: Path) -> tuple[str, str]:
    newest = segments(home, "events", ".evt")[-1]
    newest.write_bytes(newest.read_bytes()[:-100])
    return "events after sequence", "the cursor of"


@pytest.mark.parametrize(
    ("which", "damage"),
    [
        ("plain", _bit_of_a_frame),
        ("plain", _bit_of_events),
        ("plain", _no_segment),
        ("plain", _bit_of_a_snapshot),
        ("plain", _short_events),
        ("tidied", _bit_of_a_compressed_segment),
        ("tidied", _no_compressed_segment),
        ("tidied", _bit_of_a_snapshot),
        ("tidied", _short_events),
    ],
)
def test_damage_is_found_and_its_place_is_named(
    which: str,
    damage: Callable[[Path], tuple[str, str]],
    damaged_copy: Callable[[str], Path],
) -> None:
    home = damaged_copy(which)
    where, what = damage(home)
    assert_found(home, where, what)


@pytest.mark.parametrize(
    ("which", "table"),
    # Of the pruned home every candle is older than what is kept: its hour is that of the start.
    [("plain", table) for table in COLUMNS]
    + [("tidied", table) for table in COLUMNS if table != "bars"],
)
def test_a_row_that_is_not_what_the_events_make_it_is_named(
    which: str, table: str, damaged_copy: Callable[[str], Path]
) -> None:
    home = damaged_copy(which)
    column = COLUMNS[table]
    with closing(sqlite3.connect(home / READ_DATABASE, isolation_level=None)) as connection:
        info = connection.execute(f"PRAGMA table_info({table})").fetchall()
        columns = [name for _, name, *_ in info]
        keys = [name for _, name in sorted((place, name) for _, name, *_, place in info if place)]
        # The newest row by its last key.
        order = f"ORDER BY {keys[-1]} DESC LIMIT 1"
        row = dict(
            zip(
                columns,
                connection.execute(f"SELECT * FROM {table} {order}").fetchone(),
                strict=True,
            )
        )
        key = " AND ".join(f"{name} = {row[name]}" for name in keys)
        place = f"table {table}, " + " ".join(f"{name} {row[name]}" for name in keys)

        connection.execute(f"UPDATE {table} SET {column} = '77' WHERE {key}")
        assert_found(home, f"{place}, column {column}", "77")

        connection.execute(f"DELETE FROM {table} WHERE {key}")
        assert_found(home, place, "the row is missing")

        values = [*row.values()]
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
        assert verify(home)[0] == 0

        other = {**row, keys[-1]: row[keys[-1]] + 1}
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", [*other.values()])
        place = f"table {table}, " + " ".join(f"{name} {other[name]}" for name in keys)
        assert_found(home, place, "no event made this row")


@pytest.mark.parametrize("which", ["plain", "tidied"])
def test_a_lost_cursor_is_named_and_its_tables_are_made_again(
    which: str, damaged_copy: Callable[[str], Path]
) -> None:
    home = damaged_copy(which)
    with closing(sqlite3.connect(home / READ_DATABASE, isolation_level=None)) as connection:
        connection.execute("DELETE FROM cursors WHERE projection = 'trades'")
    assert_found(home, "table cursors, projection trades", "table trades has rows")
    # Nothing is stored twice: the candles of these trades would grow.
    _project(home)
    assert verify(home)[0] == 0


def test_a_projector_whose_cursor_is_lost_at_work_begins_anew(
    damaged_copy: Callable[[str], Path],
) -> None:
    home = damaged_copy("plain")
    with closing(SqliteDatabase(home).open_writer()) as connection:
        projector = Projector(connection, tables.projections(), SegmentReader(home / EVENTS_FOLDER))
        connection.execute("DELETE FROM cursors")
        with pytest.raises(Unavailable, match="has lost cursors: bills, orders, trades, triggers"):
            projector.step()
    _project(home)
    assert verify(home)[0] == 0


def test_a_cursor_of_no_projection_is_named(damaged_copy: Callable[[str], Path]) -> None:
    home = damaged_copy("plain")
    with closing(sqlite3.connect(home / READ_DATABASE, isolation_level=None)) as connection:
        connection.execute("INSERT INTO cursors VALUES ('nobody', 5)")
    assert_found(home, "table cursors, projection nobody", "no projection has this name")


def test_a_lost_database_is_built_again_from_what_is_kept(
    damaged_copy: Callable[[str], Path],
) -> None:
    home = damaged_copy("tidied")
    shutil.rmtree(home / READ_DATABASE.parent)
    _project(home)
    code, said = verify(home)
    assert (code, said["defects"]) == (0, [])
    assert said["rows"] > 100
