"""People, sessions and keys in the records: the only place of this slice that knows SQL there.

Every function is one transaction. They block, so they are called from threads.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tickyard.base.ids import AccountId
from tickyard.users.demo import FIRST_ACCOUNT
from tickyard.users.errors import EmailTaken, NameTaken
from tickyard.users.records import ACCOUNTS, CHANGES, KEYS, PEOPLE, SESSIONS

_RACES_MAX: Final = 20
"""How often an account is numbered again because another process was quicker."""


class Person(msgspec.Struct, frozen=True):
    """Somebody who has signed up."""

    id: int
    email: str
    password_hash: str
    account: AccountId
    """Their master account."""
    totp_secret: bytes | None
    """Sealed; there as soon as the second factor was begun."""
    totp_is_on: bool
    totp_step: int


class Account(msgspec.Struct, frozen=True):
    """A trading account of a person."""

    account: AccountId
    master: AccountId
    name: str
    """Of a sub-account; "" of a master account."""
    created_ms: int
    label: str = ""
    """What its owner wrote about it."""
    can_transfer_out: bool | None = None
    """Whether its own keys may move money out of it; None until somebody has said so."""


class SessionRow(msgspec.Struct, frozen=True):
    """Somebody who is logged in."""

    token_sha256: bytes
    person: int
    public_id: str
    created_ms: int
    seen_ms: int
    browser: str
    address: str


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


class Store:
    """Reads and writes the records of people."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_person(self, email: str, password_hash: str, now_ms: int) -> Person:
        """Add a person and their master account, which the core does not know yet.

        Raises:
            EmailTaken: there is one with this address.
        """
        try:
            with self._engine.begin() as connection:
                done = connection.execute(
                    insert(PEOPLE).values(
                        email=email,
                        password_hash=password_hash,
                        created_ms=now_ms,
                        secured_ms=now_ms,
                        totp_is_on=False,
                        totp_step=0,
                    )
                )
                assert done.inserted_primary_key is not None, "Invariant: a row has a number"
                person = int(done.inserted_primary_key[0])
                account = _add_account(connection, person, None, "", now_ms)
        except IntegrityError:
            raise EmailTaken from None
        return Person(
            person, email, password_hash, account, totp_secret=None, totp_is_on=False, totp_step=0
        )

    def person_by_email(self, email: str) -> Person | None:
        """Find a person by address, in lower case."""
        return self._person(PEOPLE.c.email == email)

    def person(self, id_: int) -> Person | None:
        """Find a person by number."""
        return self._person(PEOPLE.c.id == id_)

    def set_password(self, person: int, password_hash: str, keep: bytes, now_ms: int) -> None:
        """Replace the password and end every session but one, with the keys that belong to those."""
        with self._engine.begin() as connection:
            connection.execute(
                update(PEOPLE)
                .where(PEOPLE.c.id == person)
                .values(password_hash=password_hash, secured_ms=now_ms)
            )
            _end_sessions(
                connection, (SESSIONS.c.person == person) & (SESSIONS.c.token_sha256 != keep)
            )

    def set_totp(self, person: int, secret: bytes | None, *, is_on: bool, now_ms: int) -> None:
        """Begin, finish or remove the second factor."""
        with self._engine.begin() as connection:
            connection.execute(
                update(PEOPLE)
                .where(PEOPLE.c.id == person)
                .values(totp_secret=secret, totp_is_on=is_on, secured_ms=now_ms)
            )

    def use_totp_step(self, person: int, step: int) -> bool:
        """Note that a step was used; False when it, or a newer one, was used before, also just now."""
        with self._engine.begin() as connection:
            done = connection.execute(
                update(PEOPLE)
                .where((PEOPLE.c.id == person) & (PEOPLE.c.totp_step < step))
                .values(totp_step=step)
            )
        return done.rowcount == 1

    def add_account(
        self, person: int | None, master: AccountId, name: str, now_ms: int, *, label: str = ""
    ) -> AccountId:
        """Add a sub-account, which the core does not know yet.

        Raises:
            NameTaken: the master account has one of this name.
        """
        for _ in range(_RACES_MAX):
            if any(account.name == name for account in self.sub_accounts(master)):
                raise NameTaken
            try:
                with self._engine.begin() as connection:
                    return _add_account(connection, person, master, name, now_ms, label)
            except IntegrityError:
                continue  # another process has taken the number, or the name
        raise NameTaken

    def person_of(self, account: AccountId) -> int | None:
        """Find whose account it is; None for those of the demo."""
        query = select(ACCOUNTS.c.person).where(ACCOUNTS.c.account == account)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def sub_accounts(self, master: AccountId) -> Sequence[Account]:
        """List the sub-accounts of a master account, newest first."""
        query = _ACCOUNT.where(
            (ACCOUNTS.c.master == master) & (ACCOUNTS.c.account != master)
        ).order_by(ACCOUNTS.c.account.desc())
        with self._engine.connect() as connection:
            return [_account(row) for row in connection.execute(query)]

    def let_transfer_out(self, accounts: Sequence[AccountId], *, may: bool) -> None:
        """Note whether accounts' own keys may move money out of them."""
        with self._engine.begin() as connection:
            connection.execute(
                update(ACCOUNTS)
                .where(ACCOUNTS.c.account.in_(accounts))
                .values(can_transfer_out=may)
            )

    def accounts(self, person: int) -> Sequence[Account]:
        """List a person's accounts, the master account first."""
        query = _ACCOUNT.where(ACCOUNTS.c.person == person).order_by(ACCOUNTS.c.account)
        with self._engine.connect() as connection:
            return [_account(row) for row in connection.execute(query)]

    def unopened(self) -> Sequence[Account]:
        """List accounts of which the core may not know."""
        query = _ACCOUNT.where(~ACCOUNTS.c.is_open).order_by(ACCOUNTS.c.account)
        with self._engine.connect() as connection:
            return [_account(row) for row in connection.execute(query)]

    def opened(self, account: AccountId) -> None:
        """Note that the core knows an account."""
        with self._engine.begin() as connection:
            connection.execute(
                update(ACCOUNTS).where(ACCOUNTS.c.account == account).values(is_open=True)
            )

    def add_session(self, session: SessionRow) -> None:
        """Add a session."""
        with self._engine.begin() as connection:
            connection.execute(insert(SESSIONS).values(msgspec.structs.asdict(session)))

    def session(self, token_sha256: bytes) -> SessionRow | None:
        """Find a session."""
        query = select(SESSIONS).where(SESSIONS.c.token_sha256 == token_sha256)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else SessionRow(*row)

    def sessions(self, person: int) -> Sequence[SessionRow]:
        """List a person's sessions, the one that was seen last first."""
        query = (
            select(SESSIONS)
            .where(SESSIONS.c.person == person)
            .order_by(SESSIONS.c.seen_ms.desc(), SESSIONS.c.public_id)
        )
        with self._engine.connect() as connection:
            return [SessionRow(*row) for row in connection.execute(query)]

    def touch_session(self, token_sha256: bytes, now_ms: int) -> None:
        """Note that somebody was seen."""
        with self._engine.begin() as connection:
            connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.token_sha256 == token_sha256)
                .values(seen_ms=now_ms)
            )

    def end_session(self, person: int, public_id: str) -> bool:
        """End a session of a person, and its keys; False when there is none of that name."""
        with self._engine.begin() as connection:
            return _end_sessions(
                connection, (SESSIONS.c.person == person) & (SESSIONS.c.public_id == public_id)
            )

    def end_stale_sessions(self, seen_before_ms: int, created_before_ms: int) -> None:
        """End sessions that were not seen for long, or are old."""
        with self._engine.begin() as connection:
            _end_sessions(
                connection,
                (SESSIONS.c.seen_ms < seen_before_ms) | (SESSIONS.c.created_ms < created_before_ms),
            )

    def add_key(self, key: KeyRow) -> None:
        """Add a key."""
        with self._engine.begin() as connection:
            connection.execute(insert(KEYS).values(msgspec.structs.asdict(key)))
            _count_change(connection)

    def delete_key(self, accounts: Sequence[AccountId], api_key: str) -> bool:
        """Delete a key of one of these accounts; False when there is none of that name."""
        with self._engine.begin() as connection:
            done = connection.execute(
                delete(KEYS).where((KEYS.c.api_key == api_key) & KEYS.c.account.in_(accounts))
            )
            _count_change(connection)
        return done.rowcount == 1

    def change_key(self, key: KeyRow) -> None:
        """Write down what a key may do, from where, and its label."""
        with self._engine.begin() as connection:
            connection.execute(
                update(KEYS)
                .where(KEYS.c.api_key == key.api_key)
                .values(label=key.label, permissions=key.permissions, addresses=key.addresses)
            )
            _count_change(connection)

    def keys(self, person: int) -> Sequence[KeyRow]:
        """List the keys that a person has made, oldest first; not those of sessions."""
        query = (
            select(KEYS)
            .join(ACCOUNTS, ACCOUNTS.c.account == KEYS.c.account)
            .where((ACCOUNTS.c.person == person) & KEYS.c.session.is_(None))
            .order_by(KEYS.c.created_ms, KEYS.c.api_key)
        )
        with self._engine.connect() as connection:
            return [_key(row) for row in connection.execute(query)]

    def keys_of(self, account: AccountId) -> Sequence[KeyRow]:
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

    def all_keys(self) -> tuple[int, Sequence[tuple[KeyRow, AccountId]]]:
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

    def _person(self, condition: ColumnElement[bool]) -> Person | None:
        query = (
            select(
                PEOPLE.c.id,
                PEOPLE.c.email,
                PEOPLE.c.password_hash,
                ACCOUNTS.c.account,
                PEOPLE.c.totp_secret,
                PEOPLE.c.totp_is_on,
                PEOPLE.c.totp_step,
            )
            .join(ACCOUNTS, (ACCOUNTS.c.person == PEOPLE.c.id) & (ACCOUNTS.c.name == ""))
            .where(condition)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Person(*row)


_ACCOUNT = select(
    ACCOUNTS.c.account,
    ACCOUNTS.c.master,
    ACCOUNTS.c.name,
    ACCOUNTS.c.created_ms,
    ACCOUNTS.c.label,
    ACCOUNTS.c.can_transfer_out,
)


def _add_account(
    connection: Connection,
    person: int | None,
    master: AccountId | None,
    name: str,
    now_ms: int,
    label: str = "",
) -> AccountId:
    newest = connection.execute(select(func.max(ACCOUNTS.c.account))).scalar_one()
    account = AccountId(FIRST_ACCOUNT if newest is None else newest + 1)
    connection.execute(
        insert(ACCOUNTS).values(
            account=account,
            person=person,
            master=account if master is None else master,
            name=name,
            label=label,
            created_ms=now_ms,
            is_open=False,
        )
    )
    return account


def _end_sessions(connection: Connection, condition: ColumnElement[bool]) -> bool:
    ended = connection.execute(delete(SESSIONS).where(condition)).rowcount
    if ended:
        _count_change(connection)
    return bool(ended)


def _count_change(connection: Connection) -> None:
    connection.execute(update(CHANGES).values(version=CHANGES.c.version + 1))


def _account(row: Row[int, int, str, int, str, bool | None]) -> Account:
    return Account(AccountId(row[0]), AccountId(row[1]), *row[2:])


def _key(row: Row[*tuple[Any, ...]]) -> KeyRow:
    return KeyRow(**{column.name: getattr(row, column.name) for column in KEYS.c})
