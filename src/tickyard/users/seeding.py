"""The demo's accounts and money as commands for the core."""

from collections.abc import Iterator
from hashlib import blake2b

from tickyard.base.ids import AccountId
from tickyard.engine import commands
from tickyard.engine.records import Wallet
from tickyard.instruments.catalog import Catalog
from tickyard.users.crowd import crowd
from tickyard.users.demo import FIRST_ACCOUNT, demo_accounts
from tickyard.users.model import DemoAccount


def seeding(catalog: Catalog) -> Iterator[bytes]:
    """Make the commands that open the demo's accounts and pay their money in.

    Each payment has a key made from its names alone, so that repeating the commands moves nothing.

    Args:
        catalog: the listing, whose definitions the core has been told before.
    """
    levels = {level.name: level.level for level in catalog.fee_levels}
    simulated = {member.id: member.account(catalog) for member in crowd()}
    known = {account.id: account for account in demo_accounts()} | simulated
    # The core numbers accounts without gaps: the others stay empty until the demo has use for them.
    for number in map(AccountId, range(min(known), FIRST_ACCOUNT)):
        account = known.get(number)
        if account is None:
            yield commands.define_account(account=number, master=number)
            continue
        yield commands.define_account(
            account=number, master=number, fee_level=levels[account.fee_level]
        )
        yield from _payments(account, catalog)


def _payments(account: DemoAccount, catalog: Catalog) -> Iterator[bytes]:
    for wallet, balances in ((Wallet.TRADING, account.trading), (Wallet.FUNDING, account.funding)):
        for symbol, amount in balances.items():
            asset = catalog.asset_by_symbol(symbol)
            assert asset is not None, (
                f"Invariant: the demo has money in listed assets only: {symbol}"
            )
            yield commands.credit(
                account=account.id,
                asset=asset.asset,
                amount=asset.units(amount),
                wallet=wallet,
                key=_payment_key(account.name, wallet, symbol),
            )


def _payment_key(account: str, wallet: Wallet, symbol: str) -> bytes:
    name = f"tickyard demo credit {account} {wallet.name} {symbol}"
    return blake2b(name.encode(), digest_size=16).digest()
