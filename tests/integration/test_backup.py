"""A backup is taken while orders are placed, and an exchange goes on from it."""

import asyncio
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.core_host import CoreHost
from tests.support.core_market import ALICE, BOB, limit, open_market

from tickyard.engine import Side
from tickyard.engine.client import CoreClient
from tickyard.engine.projector import Projector
from tickyard.engine.segments import EVENTS_FOLDER, SegmentReader
from tickyard.engine.sqlite import SqliteDatabase
from tickyard.node import backup, tables
from tickyard.node.held import Held, copy_growing
from tickyard.node.home import Home

SEGMENT = 2 << 20
KEY = b"k" * 32


def _say(_text: str) -> None:
    pass


async def _trade(client: CoreClient, stop: asyncio.Event, enough: asyncio.Event) -> int:
    number = 0
    while not stop.is_set():
        account, side = ((ALICE, Side.BUY), (BOB, Side.SELL))[number % 2]
        await client.submit(limit(account, side, 1_000 + number % 5, 1, client_id=b"n%d" % number))
        number += 1
        if number == 300:
            enough.set()
    return number


def _project(home: Path) -> None:
    with closing(SqliteDatabase(home).open_writer()) as connection:
        projector = Projector(connection, tables.projections(), SegmentReader(home / EVENTS_FOLDER))
        while projector.step():
            pass


def _record(home: Home) -> None:
    (home.keys / "records.key").write_bytes(KEY)
    with closing(sqlite3.connect(home.records / "records.sqlite")) as records, records:
        records.execute("create table people (name text)")
        records.execute("insert into people values ('dora')")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, backup.Manifest]:
    """A backup that was taken while orders were placed."""
    root = tmp_path_factory.mktemp("backup")
    home = Home(root / "home")
    home.create()
    _record(home)

    async def run() -> tuple[backup.Manifest, int]:
        client = await CoreClient.connect(home.core_socket)
        await open_market(client)
        stop, enough = asyncio.Event(), asyncio.Event()
        trading = asyncio.ensure_future(_trade(client, stop, enough))
        await enough.wait()
        _project(home.root)
        before = (await client.status()).seq
        manifest = await asyncio.to_thread(backup.take, home, root / "copy", _say)
        stop.set()
        await trading
        after = (await client.status()).seq
        assert before <= manifest.seq < after
        await client.close()
        return manifest, after

    with CoreHost(home.root, journal_segment_bytes=SEGMENT, event_segment_bytes=64 << 10):
        manifest, _ = asyncio.run(run())
    return root / "copy", manifest


async def test_an_exchange_goes_on_from_a_backup(
    taken: tuple[Path, backup.Manifest], tmp_path: Path
) -> None:
    copy, manifest = taken
    home = Home(tmp_path / "home")
    assert backup.restore(copy, home, _say) == manifest
    with CoreHost(home.root) as host:
        client = await CoreClient.connect(host.socket)
        now = await client.status(with_hash=True)
        assert (now.seq, now.state_hash) == (manifest.seq, manifest.state_hash)
        reply = await client.submit(limit(ALICE, Side.BUY, 1_000, 1))
        assert reply.refusal is None
        await client.close()


def test_people_and_their_key_are_in_a_backup_that_only_its_owner_reads(
    taken: tuple[Path, backup.Manifest], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    backup.restore(taken[0], home, _say)
    assert (home.keys / "records.key").read_bytes() == KEY
    with closing(sqlite3.connect(home.records / "records.sqlite")) as records:
        assert records.execute("select name from people").fetchall() == [("dora",)]
    for root in (home.root, taken[0]):
        assert stat.S_IMODE(root.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["journal", "records", "keys", "read"])
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    taken: tuple[Path, backup.Manifest], tmp_path: Path, name: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(taken[0], copy)
    victim = sorted((copy / name).iterdir())[0]
    damaged = bytearray(victim.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    victim.write_bytes(damaged)
    with pytest.raises(backup.CannotRestore, match=victim.name):
        backup.restore(copy, Home(tmp_path / "home"), _say)
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_backup_without_a_file_is_refused(
    taken: tuple[Path, backup.Manifest], tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(taken[0], copy)
    (copy / "keys" / "records.key").unlink()
    with pytest.raises(backup.CannotRestore, match=r"records\.key is missing"):
        backup.restore(copy, Home(tmp_path / "home"), _say)


def test_nothing_is_overwritten(taken: tuple[Path, backup.Manifest], tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(backup.CannotRestore, match="not empty"):
        backup.restore(taken[0], Home(tmp_path), _say)
    with pytest.raises(backup.CannotBackUp, match="exists already"):
        backup.take(Home(tmp_path), taken[0], _say)
    with pytest.raises(backup.CannotRestore, match="no backup"):
        backup.restore(tmp_path, Home(tmp_path / "home"), _say)


def test_a_file_that_grows_is_copied_up_to_some_write(tmp_path: Path) -> None:
    size, piece = 1 << 20, 1_000
    source = tmp_path / "growing"
    with source.open("wb") as file:
        file.truncate(size)
    begun = threading.Event()

    def grow() -> None:
        with source.open("r+b", buffering=0) as file:
            for number in range(size // piece):
                file.write(bytes([number % 255 + 1]) * piece)
                if number == 10:
                    begun.set()

    writer = threading.Thread(target=grow)
    writer.start()
    begun.wait()
    with source.open("rb") as reading, (tmp_path / "copy").open("wb") as writing:
        copy_growing(reading.fileno(), writing.fileno())
    writer.join()
    copied, whole = (tmp_path / "copy").read_bytes(), source.read_bytes()
    length = len(copied.rstrip(b"\0"))
    assert length >= piece
    assert copied[:length] == whole[:length]
    assert len(copied) == size


def test_what_is_held_stays_readable_when_it_is_removed(tmp_path: Path) -> None:
    segment = tmp_path / "00000000000000000001.log"
    segment.write_bytes(b"frames")
    with Held(tmp_path) as held:
        segment.unlink()
        held.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy" / segment.name).read_bytes() == b"frames"
