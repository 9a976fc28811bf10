"""The people's side of an exchange without its processes: real records in a folder, a clock that stands still."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx

import tickyard.users
from tickyard.base import database, migrating
from tickyard.base.clock import ManualClock
from tickyard.engine.records import CommandKind, Refusal, SelfTrade, Seq
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow
from tickyard.instruments import listing
from tickyard.site.app import site
from tickyard.users.keys import Keys
from tickyard.users.opening import Openings
from tickyard.users.people import People
from tickyard.users.recorded_keys import RecordedKeys
from tickyard.users.sessions import Sessions
from tickyard.users.site import Door, site_routes
from tickyard.users.store import Store
from tickyard.users.sub_accounts import SubAccounts
from tickyard.users.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tickyard.engine.records import AccountId

NOW_NS = 1_795_500_000 * 10**9
PASSWORD = "violet tractor seventeen"
BROWSER = "Mozilla/5.0 Firefox/140.0"


class Ledger:
    """The core, as far as accounts are opened: numbers them without gaps and pays each key once."""

    def __init__(self, first: int) -> None:
        self.next_account = first
        self.paid: set[bytes] = set()
        self.is_away = False

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        return [self._carry_out(record) for record in records]

    async def account(self, account: AccountId) -> AccountRow | None:
        if account >= self.next_account:
            return None
        return AccountRow(account, account, 3, SelfTrade.CANCEL_MAKER, 0, Seq(0))

    def _carry_out(self, record: bytes) -> Reply:
        account = int.from_bytes(record[4:8], "little")
        refusal: Refusal | None = Refusal.DEFINITION_INVALID
        if self.is_away:
            refusal = Refusal.UNAVAILABLE
        elif record[0] == CommandKind.DEFINE_ACCOUNT and account <= self.next_account:
            self.next_account = max(self.next_account, account + 1)
            refusal = None
        elif record[0] == CommandKind.CREDIT and account < self.next_account:
            self.paid.add(record)
            refusal = None
        return Reply(0, 0, 0, 0, 0, refusal, b"")  # type: ignore[arg-type]


class PeopleDesk:
    """Records, verbs and the application over them."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.clock = ManualClock(NOW_NS)
        self.engine = database.open_database(url or database.records_url(folder))
        location = Path(tickyard.users.__file__).with_name("migrations")
        migrating.migrate(self.engine, [location])
        self.store = Store(self.engine)
        self.vault = Vault(bytes(range(32)))
        self.people = People(self.store.people, self.vault, self.clock)
        self.sessions = Sessions(self.store.sessions, self.clock)
        self.keys = Keys(self.store, self.vault, self.clock)
        self.recorded = RecordedKeys(self.store.keys, self.vault, self.clock)
        self.ledger = Ledger(tickyard.users.demo.FIRST_ACCOUNT)
        self.openings = Openings(self.store.accounts, self.ledger, listing.load())
        self.sub_accounts = SubAccounts(
            store=self.store,
            keys=self.keys,
            openings=self.openings,
            wall=self.clock,
            seen_within_ms=0,
        )
        self.door = Door(
            store=self.store,
            people=self.people,
            sessions=self.sessions,
            keys=self.keys,
            openings=self.openings,
            seen_within_ms=0,
        )
        self.app = site(site_routes(self.door))

    def browser(self, address: str = "192.0.2.7", *, secure: bool = False) -> httpx.AsyncClient:
        """Open a browser, as the gateway shows it to the application."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="https://exchange.test/site/v1" if secure else "http://exchange.test/site/v1",
            headers={
                "user-agent": BROWSER,
                "x-forwarded-for": address,
                "x-forwarded-proto": "https" if secure else "http",
            },
        )

    async def signed_up(self, email: str = "ada@example.org") -> httpx.AsyncClient:
        """Open a browser in which somebody has signed up."""
        browser = self.browser()
        done = await browser.post("sign-up", json={"email": email, "password": PASSWORD})
        assert done.status_code == 201, done.text
        return browser

    def account_of(self, email: str) -> AccountId:
        person = self.store.people.by_email(email)
        assert person is not None
        return person.account
