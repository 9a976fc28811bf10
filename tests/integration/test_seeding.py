"""The demo is written into the journal once, completed where it was cut short, and never changed."""

import sys
from itertools import islice
from pathlib import Path

import pytest
from tests.support.core_host import CoreHost

from tickyard import users
from tickyard.engine import commands
from tickyard.engine.client import CoreClient
from tickyard.instruments import listing
from tickyard.node import seed
from tickyard.node.home import Home


async def test_a_second_start_appends_nothing(tmp_path: Path) -> None:
    with CoreHost(tmp_path):
        assert await seed.ensure(Home(tmp_path)) > 0
        assert await seed.ensure(Home(tmp_path)) == 0


async def test_what_was_cut_short_is_completed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listing.definitions
    with CoreHost(tmp_path):
        monkeypatch.setattr(users, "seeding", lambda _: iter(()))
        monkeypatch.setattr(listing, "definitions", lambda catalog: islice(whole(catalog), 3))
        assert await seed.ensure(Home(tmp_path)) == 3
        monkeypatch.undo()
        rest = await seed.ensure(Home(tmp_path))
        assert rest >= len(list(whole(listing.load()))) - 3
        assert await seed.ensure(Home(tmp_path)) == 0


async def test_data_files_that_contradict_the_journal_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CoreHost(tmp_path):
        await seed.ensure(Home(tmp_path))
        other = commands.define_asset(
            asset=listing.load().assets[0].asset, unit_digits=2, symbol=b"X"
        )
        monkeypatch.setattr(listing, "definitions", lambda _: iter([other]))
        with pytest.raises(seed.CannotSeed, match="refused to define asset"):
            await seed.ensure(Home(tmp_path))


async def test_a_placeholder_that_becomes_a_participant_gets_its_fee_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = users.crowd()[0]
    with CoreHost(tmp_path):
        monkeypatch.setattr(sys.modules[users.seeding.__module__], "crowd", tuple)
        await seed.ensure(Home(tmp_path))
        monkeypatch.undo()
        before = await _fee_level(tmp_path, member.id)
        await seed.ensure(Home(tmp_path))
        assert before == 0 < await _fee_level(tmp_path, member.id)
        assert await seed.ensure(Home(tmp_path)) == 0


async def _fee_level(root: Path, account: int) -> int:
    client = await CoreClient.connect(Home(root).core_socket)
    try:
        found = (await client.definitions()).accounts
        return next(row.fee_level for row in found if row.account == account)
    finally:
        await client.close()
