"""API keys that people make: three random texts and what they may do.

Source: OKX v5, "Creating an API key": read, trade, withdraw; up to 20 addresses; a passphrase of 8 to 32 characters.
"""

import re
import secrets
from collections.abc import Sequence
from hashlib import sha256
from ipaddress import ip_network
from typing import Final
from uuid import UUID

import msgspec

from tickyard.base.clock import Clock
from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access
from tickyard.users.errors import InvalidKey, InvalidPassphrase, NoSuchThing, TooMany
from tickyard.users.store import KeyRow, SessionRow, Store
from tickyard.users.vault import Vault

KEYS_MAX: Final = 50
"""Of one account. Source: OKX v5, "API key"."""
ADDRESSES_MAX: Final = 20
LABEL_MAX: Final = 50
SESSION_LABEL: Final = "this page"
_PASSPHRASE: Final = re.compile(r"[\x21-\x7e]{8,32}")
_SECRET_BYTES: Final = 16
_GRANTABLE: Final = frozenset({Access.READ, Access.TRADE, Access.WITHDRAW})


class KeyWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What somebody wants of a new key."""

    label: str
    passphrase: str
    permissions: tuple[str, ...] = ("read_only",)
    addresses: tuple[str, ...] = ()
    expires_ms: int = 0
    """Wall time from which it is unknown; 0 for never."""
    account: AccountId | None = None
    """Whose; the master account when it is not said."""


class KeyChange(msgspec.Struct, frozen=True):
    """What somebody wants a key to be from now on; None leaves it as it is."""

    label: str | None = None
    permissions: tuple[str, ...] | None = None
    addresses: tuple[str, ...] | None = None


class NewKey(msgspec.Struct, frozen=True):
    """A key just made; its secret is shown this once."""

    row: KeyRow
    secret_key: str
    passphrase: str


class Keys:
    """Makes and deletes keys. Blocks; call it from a thread."""

    def __init__(self, store: Store, vault: Vault, wall: Clock) -> None:
        self._store = store
        self._vault = vault
        self._wall = wall

    def make(self, person: int, wish: KeyWish) -> NewKey:
        """Make a key.

        Raises:
            InvalidKey: a property cannot be.
            NoSuchThing: the account is not the person's.
            TooMany: the account has as many as it may.
        """
        accounts = [one.account for one in self._store.accounts.of_person(person)]
        account = min(accounts) if wish.account is None else wish.account
        if account not in accounts:
            raise NoSuchThing("account")
        return self.make_for(account, wish)

    def make_for(self, account: AccountId, wish: KeyWish) -> NewKey:
        """Make a key of an account, whoever's it is.

        Raises:
            InvalidKey: a property cannot be.
            TooMany: the account has as many as it may.
        """
        if len(self._store.keys.of_account(account)) >= KEYS_MAX:
            raise TooMany("keys", KEYS_MAX)
        if _PASSPHRASE.fullmatch(wish.passphrase) is None:
            raise InvalidPassphrase
        _check_label(wish.label)
        if 0 < wish.expires_ms <= self._wall.now_ms() or wish.expires_ms < 0:
            raise InvalidKey("A key cannot expire in the past.")
        return self._add(
            account,
            passphrase=wish.passphrase,
            permissions=_permissions(wish.permissions),
            label=wish.label,
            addresses=_addresses(wish.addresses),
            expires_ms=wish.expires_ms,
        )

    def make_for_session(self, session: SessionRow, account: AccountId, until_ms: int) -> NewKey:
        """Make the key with which a browser signs its requests; it ends with the session."""
        return self._add(
            account,
            passphrase=secrets.token_urlsafe(_SECRET_BYTES),
            permissions=f"{Access.READ},{Access.TRADE}",
            label=SESSION_LABEL,
            addresses="",
            expires_ms=until_ms,
            session=session.token_sha256,
        )

    def delete(self, person: int, api_key: str) -> None:
        """Delete a key.

        Raises:
            NoSuchThing: the person has none of that name.
        """
        accounts = [one.account for one in self._store.accounts.of_person(person)]
        if not self._store.keys.delete(accounts, api_key):
            raise NoSuchThing("key")

    def delete_of(self, account: AccountId, api_key: str) -> None:
        """Delete a key of an account.

        Raises:
            NoSuchThing: the account has none of that name.
        """
        if not self._store.keys.delete([account], api_key):
            raise NoSuchThing("key")

    def change(self, key: KeyRow, change: KeyChange) -> KeyRow:
        """Change a key; what is not said stays.

        Raises:
            InvalidKey: a property cannot be.
        """
        label = key.label if change.label is None else change.label
        _check_label(label)
        changed = msgspec.structs.replace(
            key,
            label=label,
            permissions=key.permissions
            if change.permissions is None
            else _permissions(change.permissions),
            addresses=key.addresses if change.addresses is None else _addresses(change.addresses),
        )
        self._store.keys.change(changed)
        return changed

    def _add(
        self,
        account: AccountId,
        *,
        passphrase: str,
        permissions: str,
        label: str,
        addresses: str,
        expires_ms: int,
        session: bytes | None = None,
    ) -> NewKey:
        api_key = str(UUID(bytes=secrets.token_bytes(16), version=4))
        secret = secrets.token_hex(_SECRET_BYTES).upper()
        now_ms = self._wall.now_ms()
        row = KeyRow(
            api_key=api_key,
            account=account,
            secret=self._vault.seal(secret.encode(), api_key),
            passphrase_sha256=sha256(passphrase.encode()).digest(),
            permissions=permissions,
            label=label,
            addresses=addresses,
            created_ms=now_ms,
            expires_ms=expires_ms,
            used_ms=now_ms,
            session=session,
        )
        self._store.keys.add(row)
        return NewKey(row, secret, passphrase)


def _check_label(label: str) -> None:
    if not label or len(label) > LABEL_MAX or not label.isprintable():
        raise InvalidKey(f"A label has 1 to {LABEL_MAX} printable characters.")


def _permissions(wanted: Sequence[str]) -> str:
    if not set(wanted) <= _GRANTABLE:
        raise InvalidKey("Permissions are read_only, trade and withdraw.")
    return ",".join(sorted({Access.READ, *map(Access, wanted)}))


def _addresses(wanted: Sequence[str]) -> str:
    if len(wanted) > ADDRESSES_MAX:
        raise InvalidKey(f"A key is bound to at most {ADDRESSES_MAX} addresses.")
    try:
        return ",".join(str(ip_network(address.strip())) for address in wanted)
    except ValueError:
        raise InvalidKey("An address looks like 203.0.113.7 or 2001:db8::/64.") from None
