"""The accounts and keys of the simulated participants follow from a table."""

import re
from decimal import Decimal

from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import CommandKind
from tickyard.instruments import listing
from tickyard.users import DemoKeyStore, crowd, demo_accounts, demo_keys, seeding
from tickyard.users.demo import FIRST_ACCOUNT

CATALOG = listing.load()


def test_about_a_hundred_and_fifty_take_part_each_with_an_account_of_its_own() -> None:
    numbers = {member.id for member in crowd()}
    assert len(numbers) == len(crowd()) == 150
    assert max(account.id for account in demo_accounts()) < min(numbers)
    assert max(numbers) < FIRST_ACCOUNT


def test_keys_are_the_same_in_every_process_and_look_like_those_of_okx() -> None:
    keys = [member.key for member in crowd()]
    assert keys[0].api_key == "219b8fdb-01ad-40dd-b239-c92ed3e35d6c"
    for key in keys:
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key.api_key)  # fmt: skip
        assert re.fullmatch(r"[0-9A-F]{32}", key.secret_key)
    everybody = [*keys, *demo_keys()]
    assert len({key.api_key for key in everybody}) == len(everybody)
    assert len({key.secret_key for key in everybody}) == len(everybody)


def test_the_gateway_of_a_demo_knows_the_keys() -> None:
    store = DemoKeyStore()
    for member in crowd():
        record = store.lookup(member.key.api_key)
        assert record is not None
        assert record.account == record.master == member.id


def test_everybody_has_the_same_worth_of_every_asset() -> None:
    for member in (crowd()[0], crowd()[-1]):
        money = member.account(CATALOG).trading
        assert set(money) == {asset.symbol for asset in CATALOG.assets}
        for asset in CATALOG.assets:
            worth = Decimal(money[asset.symbol]) * asset.reference_usd
            assert abs(worth / Decimal(member.group.stake_usd) - 1) < Decimal("0.01")


def test_account_numbers_are_told_to_the_core_without_a_gap() -> None:
    told = [c for c in seeding(CATALOG) if c[0] == CommandKind.DEFINE_ACCOUNT]
    first = demo_accounts()[0].id
    assert [c[:8] for c in told] == [
        commands.define_account(account=AccountId(n), master=AccountId(n))[:8]
        for n in range(first, FIRST_ACCOUNT)
    ]
