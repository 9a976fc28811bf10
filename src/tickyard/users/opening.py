"""Opening accounts: the records know them first, then the core is told, as often as it takes.

Everything has a key or is the same when repeated, so a crash between the two is mended at the next start.
"""

import asyncio
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from tickyard.base.errors import Unavailable
from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import Wallet
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow
from tickyard.instruments.catalog import Catalog
from tickyard.users.store import Account, StoredAccounts

WELCOME: Final[Mapping[str, str]] = {"USDT": "100000", "USDC": "50000", "BTC": "2", "ETH": "20"}
"""What a person has to begin with in a demo, in the trading wallet."""


class Core(Protocol):
    """The core, as far as it is told of accounts."""

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        """Submit commands and wait until they are carried out."""
        ...

    async def account(self, account: AccountId) -> AccountRow | None:
        """Read the account's settings; None when there is no such account."""
        ...


class Openings:
    """Tells the core of accounts that are in the records. One per process; several processes may do so at once."""

    def __init__(self, stored: StoredAccounts, core: Core, catalog: Catalog) -> None:
        self._stored = stored
        self._core = core
        self._catalog = catalog
        self._opening = asyncio.Lock()

    async def open_all(self) -> None:
        """Tell the core of every account that it may not know, in their order.

        Raises:
            Unavailable: the core refused; it is tried again at the next start.
        """
        async with self._opening:
            for account in await asyncio.to_thread(self._stored.unopened):
                await open_account(self._core, self._catalog, account)
                await asyncio.to_thread(self._stored.opened, account.account)


async def open_account(core: Core, catalog: Catalog, account: Account) -> None:
    """Tell the core of an account; a new person's has money in it.

    Raises:
        Unavailable: the core refused; it is tried again at the next start.
    """
    known = await core.account(account.account)
    records = []
    if known is None:
        master = None
        if account.master != account.account:
            # Fees are those of the whole family.
            master = await core.account(account.master)
        level = 0 if master is None else master.fee_level
        records.append(
            commands.define_account(account=account.account, master=account.master, fee_level=level)
        )
    if account.account == account.master:
        records += _welcome(catalog, account.account)
    for reply in await core.submit_many(records):
        if reply.refusal is not None:
            raise Unavailable(f"the core refused to open an account: {reply.refusal.name}")


def _welcome(catalog: Catalog, account: AccountId) -> Sequence[bytes]:
    records = []
    for symbol, amount in WELCOME.items():
        asset = catalog.asset_by_symbol(symbol)
        assert asset is not None, f"Invariant: a listed asset: {symbol}"
        key = blake2b(f"tickyard welcome {account} {symbol}".encode(), digest_size=16).digest()
        records.append(
            commands.credit(
                account=account,
                asset=asset.asset,
                amount=asset.units(amount),
                wallet=Wallet.TRADING,
                key=key,
            )
        )
    return records
