"""The accounts of the simulated participants: made from one table and the listing, for nobody could write them down.

Names, keys and starting money follow from `data/crowd.toml` alone, so every process comes to the same ones.
"""

from collections.abc import Iterator
from decimal import Context, Decimal
from functools import cache
from hashlib import blake2b
from typing import Final
from uuid import UUID

import msgspec

from tickyard.base.data_files import read_toml
from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access
from tickyard.instruments.catalog import Catalog
from tickyard.users.demo import FIRST_ACCOUNT
from tickyard.users.model import DemoAccount, DemoKey

_ROUND: Final = Context(prec=3)
"""Starting money has few figures, as people would choose it."""


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Participants that are alike."""

    name: str
    first_id: AccountId
    count: int
    fee_level: str
    stake_usd: str


class Member(msgspec.Struct, frozen=True):
    """A participant: one account with one key, both of the same name."""

    id: AccountId
    group: Group
    key: DemoKey

    @property
    def name(self) -> str:
        """Group and number, e.g. "retail7"."""
        return self.key.name

    def account(self, catalog: Catalog) -> DemoAccount:
        """Return the account with what it has to begin with."""
        stake = Decimal(self.group.stake_usd)
        return DemoAccount(
            name=self.name,
            id=self.id,
            fee_level=self.group.fee_level,
            trading={
                asset.symbol: f"{_ROUND.divide(stake, asset.reference_usd):f}"
                for asset in catalog.assets
            },
        )


class _CrowdFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    passphrase: str
    group: tuple[Group, ...]


@cache
def crowd() -> tuple[Member, ...]:
    """Return all simulated participants, in the order of their numbers."""
    file = read_toml("tickyard.users", "crowd.toml", _CrowdFile)
    members = tuple(_members(file))
    numbers = [member.id for member in members]
    assert numbers == sorted(set(numbers)), "Invariant: no two participants share an account"
    assert numbers[-1] < FIRST_ACCOUNT, "Invariant: the numbers of people begin above"
    return members


def _members(file: _CrowdFile) -> Iterator[Member]:
    for group in file.group:
        for number in range(group.count):
            name = f"{group.name}{number + 1}"
            key = DemoKey(
                name=name,
                account=name,
                api_key=str(UUID(bytes=_hash(name, "key"), version=4)),
                secret_key=_hash(name, "secret").hex().upper(),
                passphrase=file.passphrase,
                permissions=(Access.READ, Access.TRADE),
            )
            yield Member(AccountId(group.first_id + number), group, key)


def _hash(name: str, purpose: str) -> bytes:
    return blake2b(f"tickyard demo {purpose} of {name}".encode(), digest_size=16).digest()
