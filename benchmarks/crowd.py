"""Accounts that trade in a benchmark, enough of them that none comes near a rate limit, each from an address of its own."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple, Self

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from tickyard.base.clock import WallClock
from tickyard.base.database import open_database, records_url
from tickyard.base.ids import AccountId
from tickyard.engine.client import CoreClient
from tickyard.gateway.keys import KeyRecord
from tickyard.gateway.route import Access
from tickyard.instruments import listing
from tickyard.node import records
from tickyard.node.home import Home
from tickyard.users import demo_accounts, demo_keys, uid_of
from tickyard.users.demo import FIRST_ACCOUNT
from tickyard.users.keys import Keys, KeyWish
from tickyard.users.opening import open_account
from tickyard.users.store import Store

_PASSPHRASE: Final = "bench-passphrase"  # noqa: S105  # of homes that are gone afterwards
_WISH: Final = KeyWish("bench", _PASSPHRASE, (Access.READ, Access.TRADE))
_AT_ONCE: Final = 128


class Member(NamedTuple):
    """An account and its key."""

    account: AccountId
    api_key: str
    secret_key: str
    passphrase: str

    @classmethod
    def of_demo(cls, name: str) -> Self:
        """Find one who is in every home."""
        (account,) = (one.id for one in demo_accounts() if one.name == name)
        (key,) = (one for one in demo_keys() if one.name == name)
        return cls(account, key.api_key, key.secret_key, key.passphrase)

    @property
    def address(self) -> str:
        """Where it connects from, as the simulated participants: limits of addresses are not shared."""
        return f"127.1.{self.account // 256}.{self.account % 256}"


def imagined(count: int) -> Sequence[Member]:
    """Make members of a server without records; `Imagined` knows their keys."""
    return [
        Member(AccountId(number), f"bench-{number}", f"{number:032X}", _PASSPHRASE)
        for number in range(FIRST_ACCOUNT, FIRST_ACCOUNT + count)
    ]


class Imagined:
    """Knows keys of members that are in no records. Fulfils `gateway.keys.KeyStore`."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._records = {member.api_key: _record(member) for member in members}

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when there is none of that name."""
        return self._records.get(api_key)


async def sign_up(home: Home, count: int) -> Sequence[Member]:
    """Let people sign up at a running core, with a key each, as the site does it, before workers start."""
    engine = open_database(records_url(home.records))
    event.listen(engine, "connect", _forget_disk)
    store = Store(engine)
    keys = Keys(store, records.vault(home), WallClock())
    members = []
    for number in range(count):
        account = store.people.add(f"bench{number}@example.com", "", 0).account
        key = keys.make_for(account, _WISH)
        members.append(Member(account, key.row.api_key, key.secret_key, key.passphrase))
    await _open(home, store)
    engine.dispose()
    return members


async def _open(home: Home, store: Store) -> None:
    """Tell the core of all accounts, many at once; what it is told arrives in the accounts' order."""
    catalog = listing.load()
    client = await CoreClient.connect(home.core_socket)
    try:
        accounts = store.accounts.unopened()
        for start in range(0, len(accounts), _AT_ONCE):
            part = accounts[start : start + _AT_ONCE]
            await asyncio.gather(*(open_account(client, catalog, one) for one in part))
            for one in part:
                store.accounts.opened(one.account)
    finally:
        await client.close()


def _record(member: Member) -> KeyRecord:
    return KeyRecord(
        key=member.api_key,
        secret=member.secret_key.encode(),
        passphrase_sha256=sha256(member.passphrase.encode()).digest(),
        account=member.account,
        uid=uid_of(member.account),
        master=member.account,
        permissions=frozenset({Access.READ, Access.TRADE}),
    )


def _forget_disk(connection: DBAPIConnection, _record: object) -> None:
    """Wait for no disk: nobody asks what was in these records after a crash."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
