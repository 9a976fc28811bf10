"""What people do with their own entry: sign up, log in, secure it.

Logging in takes as long, and is refused in the same words, for an address that nobody has signed up with.
"""

import asyncio
import re
from typing import Final

import msgspec

from tickyard.base.clock import Clock
from tickyard.users import passwords, totp
from tickyard.users.errors import (
    CodeNeeded,
    NotAnEmail,
    SecondFactorState,
    WrongCode,
    WrongCredentials,
)
from tickyard.users.passwords import Passwords
from tickyard.users.store import Person, SessionRow, StoredPeople
from tickyard.users.throttle import Throttle
from tickyard.users.vault import Vault

_EMAIL: Final = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f.]{2,}")
_EMAIL_MAX: Final = 254
_WINDOW_S: Final = 15 * 60
_PER_PERSON: Final = 10
_PER_ADDRESS: Final = 50


class Enrolment(msgspec.Struct, frozen=True, rename="camel"):
    """What an authenticator needs."""

    secret: str
    uri: str


class People:
    """Everybody who has signed up, and how they prove it."""

    def __init__(self, stored: StoredPeople, vault: Vault, wall: Clock) -> None:
        self._stored = stored
        self._vault = vault
        self._wall = wall
        self._passwords = Passwords()
        self._by_person = Throttle(wall, most=_PER_PERSON, window_s=_WINDOW_S)
        self._by_address = Throttle(wall, most=_PER_ADDRESS, window_s=_WINDOW_S)

    async def sign_up(self, email: str, password: str, *, address: str) -> Person:
        """Add a person.

        Raises:
            NotAnEmail: the address is none.
            WeakPassword: with the reason.
            EmailTaken: somebody has it.
            TooManyAttempts: too many were added, or guessed at, from there.
        """
        email = _normal(email)
        passwords.check_strength(password, email)
        self._by_address.check(address)
        # Also what succeeds: nobody signs up fifty times in a quarter of an hour.
        self._by_address.failed(address)
        hashed = await self._passwords.hash(password)
        return await asyncio.to_thread(self._stored.add, email, hashed, self._wall.now_ms())

    async def log_in(self, email: str, password: str, code: str, *, address: str) -> Person:
        """Return who knows the password, and has the second factor if there is one.

        Raises:
            WrongCredentials: they do not belong together.
            CodeNeeded: they do, and there is a second factor.
            WrongCode: it was wrong.
            TooManyAttempts: too many wrong answers.
        """
        email = email.strip().lower()
        self._by_address.check(address)
        self._by_person.check(email)
        person = await asyncio.to_thread(self._stored.by_email, email)
        kept = None if person is None else person.password_hash
        if not await self._passwords.verify(kept, password) or person is None:
            self._failed(email, address)
            raise WrongCredentials
        if person.totp_is_on:
            if not code:
                raise CodeNeeded
            await self._use_code(person, code, address)
        self._by_person.succeeded(email)
        return person

    async def of(self, session: SessionRow) -> Person:
        """Return who has logged in."""
        person = await asyncio.to_thread(self._stored.find, session.person)
        assert person is not None, "Invariant: a session is somebody's"
        return person

    async def change_password(
        self, session: SessionRow, current: str, new: str, code: str, *, address: str
    ) -> None:
        """Replace the password; every other session ends.

        Raises:
            As `log_in` and `sign_up`.
        """
        person = await self._prove(session, current, code, address)
        passwords.check_strength(new, person.email)
        hashed = await self._passwords.hash(new)
        await asyncio.to_thread(
            self._stored.set_password,
            person.id,
            hashed,
            session.token_sha256,
            self._wall.now_ms(),
        )

    async def begin_totp(self, session: SessionRow) -> Enrolment:
        """Make a second factor, which counts once a code of it was given.

        Raises:
            SecondFactorState: there is one.
        """
        person = await self.of(session)
        if person.totp_is_on:
            raise SecondFactorState("You have a second factor. Remove it first.")
        secret = totp.new_secret()
        await self._set_totp(person, secret, is_on=False)
        return Enrolment(secret, totp.provisioning_uri(secret, person.email))

    async def confirm_totp(self, session: SessionRow, code: str, *, address: str) -> None:
        """Turn the second factor on.

        Raises:
            SecondFactorState: none was begun, or it is on.
            WrongCode: the authenticator shows another.
        """
        person = await self.of(session)
        if person.totp_is_on or person.totp_secret is None:
            raise SecondFactorState("There is no second factor to confirm. Begin again.")
        await self._use_code(person, code, address)
        await self._set_totp(person, self._secret(person), is_on=True)

    async def remove_totp(
        self, session: SessionRow, password: str, code: str, *, address: str
    ) -> None:
        """Turn the second factor off, which takes password and code.

        Raises:
            As `log_in`.
        """
        person = await self._prove(session, password, code, address)
        await self._set_totp(person, None, is_on=False)

    async def _prove(self, session: SessionRow, password: str, code: str, address: str) -> Person:
        person = await self.of(session)
        return await self.log_in(person.email, password, code, address=address)

    async def _use_code(self, person: Person, code: str, address: str) -> None:
        step = totp.step_of(
            self._secret(person), code, now_ms=self._wall.now_ms(), after=person.totp_step
        )
        if step is None or not await asyncio.to_thread(self._stored.use_totp_step, person.id, step):
            self._failed(person.email, address)
            raise WrongCode

    async def _set_totp(self, person: Person, secret: str | None, *, is_on: bool) -> None:
        sealed = None if secret is None else self._vault.seal(secret.encode(), _whose(person))
        await asyncio.to_thread(
            lambda: self._stored.set_totp(
                person.id, sealed, is_on=is_on, now_ms=self._wall.now_ms()
            )
        )

    def _secret(self, person: Person) -> str:
        assert person.totp_secret is not None, "Invariant: asked only when there is one"
        return self._vault.unseal(person.totp_secret, _whose(person)).decode()

    def _failed(self, email: str, address: str) -> None:
        self._by_person.failed(email)
        self._by_address.failed(address)


def _normal(email: str) -> str:
    email = email.strip().lower()
    if len(email) > _EMAIL_MAX or _EMAIL.fullmatch(email) is None:
        raise NotAnEmail
    return email


def _whose(person: Person) -> str:
    return f"totp of {person.id}"
