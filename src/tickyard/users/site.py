"""What pages do for a person: sign up, log in, secure the entry, make keys."""

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from tickyard.site.paths import CALLS
from tickyard.site.visit import Handler, SiteRoute, Visit, answer
from tickyard.users.errors import NoSuchThing, NotLoggedIn
from tickyard.users.keys import Keys, KeyWish
from tickyard.users.model import uid_of
from tickyard.users.opening import Openings
from tickyard.users.people import People
from tickyard.users.recorded_keys import SEEN_WITHIN_MS
from tickyard.users.sessions import AGE_MS, Sessions
from tickyard.users.site_shapes import (
    Code,
    Credentials,
    Named,
    Nothing,
    PasswordChange,
    Proof,
    account_row,
    key_row,
    new_key_row,
    person_row,
    session_row,
)
from tickyard.users.store import Person, SessionRow, Store
from tickyard.users.sub_accounts import add_sub_account


class Door:
    """The calls. One per process."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        sessions: Sessions,
        keys: Keys,
        openings: Openings,
        seen_within_ms: int = SEEN_WITHIN_MS,
    ) -> None:
        """Take what the calls need.

        Args:
            store: the records.
            people: who may log in.
            sessions: who has.
            keys: makes keys.
            openings: tells the core of new accounts.
            seen_within_ms: after this long every gateway worker has seen a change of keys.
        """
        self._seen_within_ms = seen_within_ms
        self._store = store
        self._people = people
        self._sessions = sessions
        self._keys = keys
        self._openings = openings

    async def sign_up(self, visit: Visit) -> Response:
        """Sign up, and log in."""
        given = visit.body(Credentials)
        person = await self._people.sign_up(given.email, given.password, address=visit.address)
        await self._openings.open_all()
        return await self._logged_in(visit, person, status=201)

    async def log_in(self, visit: Visit) -> Response:
        """Log in."""
        given = visit.body(Credentials)
        person = await self._people.log_in(
            given.email, given.password, given.code, address=visit.address
        )
        return await self._logged_in(visit, person)

    async def log_out(self, visit: Visit) -> Response:
        """End this session."""
        visit.body(Nothing)
        session = await self._session(visit)
        await asyncio.to_thread(self._store.sessions.end, session.person, session.public_id)
        await self._seen()
        return visit.forget(answer({}))

    async def me(self, visit: Visit) -> Response:
        """Tell who is logged in; null for nobody."""
        session = await self._find_session(visit)
        if session is None:
            return answer(None)
        return answer(person_row(await self._people.of(session)))

    async def change_password(self, visit: Visit) -> Response:
        """Change the password; other sessions end."""
        given = visit.body(PasswordChange)
        session = await self._session(visit)
        await self._people.change_password(
            session, given.current, given.new, given.code, address=visit.address
        )
        await self._seen()
        return answer({})

    async def begin_totp(self, visit: Visit) -> Response:
        """Make a second factor."""
        visit.body(Nothing)
        return answer(await self._people.begin_totp(await self._session(visit)))

    async def confirm_totp(self, visit: Visit) -> Response:
        """Turn the second factor on."""
        given = visit.body(Code)
        session = await self._session(visit)
        await self._people.confirm_totp(session, given.code, address=visit.address)
        return answer({})

    async def remove_totp(self, visit: Visit) -> Response:
        """Turn the second factor off."""
        given = visit.body(Proof)
        session = await self._session(visit)
        await self._people.remove_totp(session, given.password, given.code, address=visit.address)
        return answer({})

    async def sessions(self, visit: Visit) -> Response:
        """List where the person is logged in."""
        mine = await self._session(visit)
        found = await asyncio.to_thread(self._store.sessions.of_person, mine.person)
        return answer([session_row(session, mine) for session in found])

    async def end_session(self, visit: Visit) -> Response:
        """End a session elsewhere."""
        given = visit.body(Named)
        session = await self._session(visit)
        if not await asyncio.to_thread(self._store.sessions.end, session.person, given.name):
            raise NoSuchThing("session")
        await self._seen()
        return answer({})

    async def keys(self, visit: Visit) -> Response:
        """List keys, without their secrets."""
        session = await self._session(visit)
        found = await asyncio.to_thread(self._store.keys.of_person, session.person)
        return answer([key_row(key) for key in found])

    async def make_key(self, visit: Visit) -> Response:
        """Make a key; its secret is in this answer and nowhere else."""
        wish = visit.body(KeyWish)
        session = await self._session(visit)
        made = await asyncio.to_thread(self._keys.make, session.person, wish)
        await self._seen()
        return answer(new_key_row(made), 201)

    async def delete_key(self, visit: Visit) -> Response:
        """Delete a key."""
        given = visit.body(Named)
        session = await self._session(visit)
        await asyncio.to_thread(self._keys.delete, session.person, given.name)
        await self._seen()
        return answer({})

    async def session_key(self, visit: Visit) -> Response:
        """Make the key with which this page signs what it asks of the API."""
        visit.body(Nothing)
        session = await self._session(visit)
        person = await self._people.of(session)
        made = await asyncio.to_thread(
            self._keys.make_for_session, session, person.account, session.created_ms + AGE_MS
        )
        await self._seen()
        return answer(new_key_row(made), 201)

    async def accounts(self, visit: Visit) -> Response:
        """List the master account and its sub-accounts."""
        session = await self._session(visit)
        found = await asyncio.to_thread(self._store.accounts.of_person, session.person)
        return answer([account_row(account) for account in found])

    async def add_account(self, visit: Visit) -> Response:
        """Open a sub-account."""
        name = visit.body(Named).name
        session = await self._session(visit)
        person = await self._people.of(session)
        account = await asyncio.to_thread(
            lambda: add_sub_account(
                self._store, person.id, person.account, name, now_ms=session.seen_ms
            )
        )
        await self._openings.open_all()
        return answer({"account": account, "uid": uid_of(account), "name": name}, 201)

    async def _seen(self) -> None:
        """Wait until every gateway worker has seen a change of keys."""
        await asyncio.sleep(self._seen_within_ms / 1_000)

    async def _logged_in(self, visit: Visit, person: Person, status: int = 200) -> Response:
        token, _ = await asyncio.to_thread(
            lambda: self._sessions.begin(person.id, browser=visit.browser, address=visit.address)
        )
        return visit.remember(answer(person_row(person), status), token)

    async def _session(self, visit: Visit) -> SessionRow:
        found = await self._find_session(visit)
        if found is None:
            raise NotLoggedIn
        return found

    async def _find_session(self, visit: Visit) -> SessionRow | None:
        if not visit.token:
            return None
        return await asyncio.to_thread(
            lambda: self._sessions.find(visit.token, browser=visit.browser)
        )


def site_routes(door: Door) -> Sequence[SiteRoute]:
    """Make the calls of this slice."""
    return (
        _post("sign-up", door.sign_up, "Sign up"),
        _post("log-in", door.log_in, "Log in"),
        _post("log-out", door.log_out, "Log out"),
        _get("me", door.me, "Who is logged in"),
        _post("password", door.change_password, "Change the password"),
        _post("second-factor/begin", door.begin_totp, "Make a second factor"),
        _post("second-factor/confirm", door.confirm_totp, "Turn the second factor on"),
        _post("second-factor/remove", door.remove_totp, "Turn the second factor off"),
        _get("sessions", door.sessions, "List sessions"),
        _post("sessions/end", door.end_session, "End a session"),
        _get("keys", door.keys, "List keys"),
        _post("keys/make", door.make_key, "Make a key"),
        _post("keys/delete", door.delete_key, "Delete a key"),
        _post("session-key", door.session_key, "Make the key of this page"),
        _get("accounts", door.accounts, "List accounts"),
        _post("accounts/add", door.add_account, "Open a sub-account"),
    )


def _get(name: str, handler: Handler, summary: str) -> SiteRoute:
    return SiteRoute("GET", CALLS + name, handler, summary)


def _post(name: str, handler: Handler, summary: str) -> SiteRoute:
    return SiteRoute("POST", CALLS + name, handler, summary)
