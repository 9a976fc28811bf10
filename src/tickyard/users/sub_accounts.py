"""Sub-accounts of a master account, and the keys that its owner makes for them."""

import asyncio
from collections.abc import Sequence
from typing import Final

from tickyard.base.clock import Clock
from tickyard.base.ids import AccountId
from tickyard.users.errors import InvalidName, NoSuchThing, TooMany
from tickyard.users.keys import KeyChange, Keys, KeyWish, NewKey
from tickyard.users.opening import Openings
from tickyard.users.recorded_keys import SEEN_WITHIN_MS
from tickyard.users.store import Account, KeyRow, Store

SUB_ACCOUNTS_MAX: Final = 20
"""Of one master account."""
_NAME_MAX: Final = 20


class SubAccounts:
    """What owners do with their sub-accounts over the API. One per worker."""

    def __init__(
        self,
        *,
        store: Store,
        keys: Keys,
        openings: Openings,
        wall: Clock,
        seen_within_ms: int = SEEN_WITHIN_MS,
    ) -> None:
        """Take what they need.

        Args:
            store: the records.
            keys: makes keys.
            openings: tells the core of new accounts.
            wall: for when they were made.
            seen_within_ms: after this long every gateway worker has seen a change of keys.
        """
        self._store = store
        self._keys = keys
        self._openings = openings
        self._wall = wall
        self._seen_within_ms = seen_within_ms

    async def of(self, master: AccountId) -> Sequence[Account]:
        """List the sub-accounts of a master account, newest first."""
        return await asyncio.to_thread(self._store.accounts.sub_accounts, master)

    async def named(self, master: AccountId, name: str) -> Account:
        """Find a sub-account by its name.

        Raises:
            NoSuchThing: the master account has none of this name.
        """
        for account in await self.of(master):
            if account.name == name:
                return account
        raise NoSuchThing("sub-account")

    async def open(self, master: AccountId, name: str, label: str) -> Account:
        """Open a sub-account; it can be traded on when this returns.

        Raises:
            InvalidName: the name cannot be one.
            NameTaken: there is one of this name.
            TooMany: there are as many as there may be.
        """
        now_ms = self._wall.now_ms()

        def add() -> None:
            person = self._store.accounts.person_of(master)
            add_sub_account(self._store, person, master, name, now_ms=now_ms, label=label)

        await asyncio.to_thread(add)
        await self._openings.open_all()
        return await self.named(master, name)

    async def let_transfer_out(self, accounts: Sequence[Account], *, may: bool) -> None:
        """Say whether the accounts' own keys may move money out of them."""
        numbers = [account.account for account in accounts]
        await asyncio.to_thread(lambda: self._store.accounts.let_transfer_out(numbers, may=may))

    async def keys(self, account: Account) -> Sequence[KeyRow]:
        """List the keys of a sub-account, oldest first."""
        return await asyncio.to_thread(self._store.keys.of_account, account.account)

    async def make_key(self, account: Account, wish: KeyWish) -> NewKey:
        """Make a key; every worker knows it when this returns.

        Raises:
            InvalidKey: a property cannot be.
            TooMany: the account has as many as it may.
        """
        made = await asyncio.to_thread(self._keys.make_for, account.account, wish)
        await self._seen()
        return made

    async def change_key(self, account: Account, api_key: str, change: KeyChange) -> KeyRow:
        """Change a key.

        Raises:
            NoSuchThing: the account has none of that name.
            InvalidKey: a property cannot be.
        """
        for key in await self.keys(account):
            if key.api_key == api_key:
                changed = await asyncio.to_thread(self._keys.change, key, change)
                await self._seen()
                return changed
        raise NoSuchThing("key")

    async def delete_key(self, account: Account, api_key: str) -> None:
        """Delete a key.

        Raises:
            NoSuchThing: the account has none of that name.
        """
        await asyncio.to_thread(self._keys.delete_of, account.account, api_key)
        await self._seen()

    async def _seen(self) -> None:
        await asyncio.sleep(self._seen_within_ms / 1_000)


def add_sub_account(
    store: Store,
    person: int | None,
    master: AccountId,
    name: str,
    *,
    now_ms: int,
    label: str = "",
) -> AccountId:
    """Write a new sub-account down; the core is to be told of it. Blocks; call it from a thread.

    Raises:
        InvalidName: the name cannot be one.
        NameTaken: there is one of this name.
        TooMany: there are as many as there may be.
    """
    if not 0 < len(name) <= _NAME_MAX or not (name.isascii() and name.isalnum()):
        raise InvalidName
    if len(store.accounts.sub_accounts(master)) >= SUB_ACCOUNTS_MAX:
        raise TooMany("sub-accounts", SUB_ACCOUNTS_MAX)
    return store.accounts.add(person, master, name, now_ms, label=label)
