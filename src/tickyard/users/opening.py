"""Opening accounts: the records know them first, then the core is told, as often as it takes.

Everything has a key or is the same when repeated, so a crash between the two is mended at the next start.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final, Protocol

from tickyard.base.errors import Unavailable
from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import Wallet
from tickyard.engine.replies import Reply
from tickyard.instruments.catalog import Catalog
from tickyard.users.store import Account

WELCOME: Final[Mapping[str, str]] = {"USDT": "100000", "USDC": "50000", "BTC": "2", "ETH": "20"}
"""What a person has to begin with in a demo, in the trading wallet."""


class Core(Protocol):
    """The core, as far as it is told of accounts."""

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        """Submit commands and wait until they are carried out."""
        ...


async def open_account(core: Core, catalog: Catalog, account: Account) -> None:
    """Tell the core of an account; a new person's has money in it.

    Raises:
        Unavailable: the core refused; it is tried again at the next start.
    """
    records = [commands.define_account(account=account.account, master=account.master)]
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
