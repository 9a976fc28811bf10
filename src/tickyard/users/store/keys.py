"""API keys, and how often any has changed."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from tickyard.base.ids import AccountId
from tickyard.users.records import ACCOUNTS, CHANGES, KEYS


class KeyRow(msgspec.Struct, frozen=True):
    """An API key."""

    api_key: str
    account: AccountId
    secret: bytes
    """Sealed."""
    passphrase_sha256: bytes
    permissions: str
    label: str
    addresses: str
    created_ms: int
    expires_ms: int
    used_ms: int
    session: bytes | None = None


class StoredKeys:
    """Reads and writes keys."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, key: KeyRow) -> None:
        """Add a key."""
        with self._engine.begin() as connection:
            connection.execute(insert(KEYS).values(msgspec.structs.asdict(key)))
            count_change(connection)

    def delete(self, accounts: Sequence[AccountId], api_key: str) -> bool:
        """Delete a key of one of these accounts; False when there is none of that name."""
        with self._engine.begin() as connection:
            done = connection.execute(
                delete(KEYS).where((KEYS.c.api_key == api_key) & KEYS.c.account.in_(accounts))
            )
            count_change(connection)
        return done.rowcount == 1

    def change(self, key: KeyRow) -> None:
        """Write down what a key may do, from where, and its label."""
        with self._engine.begin() as connection:
            connection.execute(
                update(KEYS)
                .where(KEYS.c.api_key == key.api_key)
                .values(label=key.label, permissions=key.permissions, addresses=key.addresses)
            )
            count_change(connection)

    def of_person(self, person: int) -> Sequence[KeyRow]:
        """List the keys that a person has made, oldest first; not those of sessions."""
        query = (
            select(KEYS)
            .join(ACCOUNTS, ACCOUNTS.c.account == KEYS.c.account)
            .where((ACCOUNTS.c.person == person) & KEYS.c.session.is_(None))
            .order_by(KEYS.c.created_ms, KEYS.c.api_key)
        )
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(query)]

    def of_account(self, account: AccountId) -> Sequence[KeyRow]:
        """List the keys that were made for an account, oldest first; not those of sessions."""
        query = (
            select(KEYS)
            .where((KEYS.c.account == account) & KEYS.c.session.is_(None))
            .order_by(KEYS.c.created_ms, KEYS.c.api_key)
        )
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(query)]

    def version(self) -> int:
        """Count the changes of keys so far."""
        with self._engine.connect() as connection:
            return int(connection.execute(select(CHANGES.c.version)).scalar_one())

    def all(self) -> tuple[int, Sequence[tuple[KeyRow, AccountId]]]:
        """Read every key with its master account, and the version that they are of."""
        query = select(KEYS, ACCOUNTS.c.master).join(ACCOUNTS, ACCOUNTS.c.account == KEYS.c.account)
        with self._engine.connect() as connection:
            # Read first: what changes meanwhile is read again.
            version = int(connection.execute(select(CHANGES.c.version)).scalar_one())
            rows = connection.execute(query).all()
        return version, [(_key(row), AccountId(row.master)) for row in rows]

    def note_use(self, keys: Sequence[str], now_ms: int) -> None:
        """Note that keys were used."""
        with self._engine.begin() as connection:
            connection.execute(update(KEYS).where(KEYS.c.api_key.in_(keys)).values(used_ms=now_ms))


def count_change(connection: Connection) -> None:
    """Note that keys have changed, so that every worker reads them again."""
    connection.execute(update(CHANGES).values(version=CHANGES.c.version + 1))


def _key(row: Row[*tuple[Any, ...]]) -> KeyRow:
    return KeyRow(**{column.name: getattr(row, column.name) for column in KEYS.c})
