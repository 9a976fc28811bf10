"""Accounts and keys of the demo."""

from collections.abc import Mapping

import msgspec

from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access

_UID_OF_ACCOUNT_ZERO = 10_000_000_000


def uid_of(account: AccountId) -> str:
    """Return the public number of an account."""
    return str(_UID_OF_ACCOUNT_ZERO + account)


class DemoAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A master account with money to begin with."""

    name: str
    id: AccountId
    fee_level: str
    """Name of a row of the fee table, e.g. "VIP5"."""
    trading: Mapping[str, str] = {}
    """Starting balances of the trading wallet: asset to amount."""
    funding: Mapping[str, str] = {}
    """The same of the funding wallet."""


class DemoKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An API key that everybody may know."""

    name: str
    account: str
    """Name of the account it opens."""
    api_key: str
    secret_key: str
    passphrase: str
    permissions: tuple[Access, ...]

    def wire(self) -> dict[str, str]:
        """Spell the key as OKX does."""
        return {
            "apiKey": self.api_key,
            "secretKey": self.secret_key,
            "passphrase": self.passphrase,
            "permissions": ",".join(self.permissions),
        }
