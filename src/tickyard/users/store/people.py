"""Everybody who has signed up."""

import msgspec
from sqlalchemy import ColumnElement, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from tickyard.base.ids import AccountId
from tickyard.users.errors import EmailTaken
from tickyard.users.records import ACCOUNTS, PEOPLE, SESSIONS
from tickyard.users.store.accounts import add_account
from tickyard.users.store.sessions import end_sessions


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


class StoredPeople:
    """Reads and writes people."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, email: str, password_hash: str, now_ms: int) -> Person:
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
                account = add_account(connection, person, None, "", now_ms)
        except IntegrityError:
            raise EmailTaken from None
        return Person(
            person, email, password_hash, account, totp_secret=None, totp_is_on=False, totp_step=0
        )

    def by_email(self, email: str) -> Person | None:
        """Find a person by address, in lower case."""
        return self._find(PEOPLE.c.email == email)

    def find(self, id_: int) -> Person | None:
        """Find a person by number."""
        return self._find(PEOPLE.c.id == id_)

    def set_password(self, person: int, password_hash: str, keep: bytes, now_ms: int) -> None:
        """Replace the password and end every session but one, with the keys that belong to those."""
        with self._engine.begin() as connection:
            connection.execute(
                update(PEOPLE)
                .where(PEOPLE.c.id == person)
                .values(password_hash=password_hash, secured_ms=now_ms)
            )
            end_sessions(
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

    def _find(self, condition: ColumnElement[bool]) -> Person | None:
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
