"""Master accounts and sub-accounts."""

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tickyard.base.ids import AccountId
from tickyard.users.demo import FIRST_ACCOUNT
from tickyard.users.errors import NameTaken
from tickyard.users.records import ACCOUNTS

_RACES_MAX: Final = 20
"""How often an account is numbered again because another process was quicker."""


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


class StoredAccounts:
    """Reads and writes accounts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
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
                    return add_account(connection, person, master, name, now_ms, label)
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

    def of_person(self, person: int) -> Sequence[Account]:
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


_ACCOUNT = select(
    ACCOUNTS.c.account,
    ACCOUNTS.c.master,
    ACCOUNTS.c.name,
    ACCOUNTS.c.created_ms,
    ACCOUNTS.c.label,
    ACCOUNTS.c.can_transfer_out,
)


def add_account(
    connection: Connection,
    person: int | None,
    master: AccountId | None,
    name: str,
    now_ms: int,
    label: str = "",
) -> AccountId:
    """Add an account under the next number; its own master account when none is given."""
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


def _account(row: Row[int, int, str, int, str, bool | None]) -> Account:
    return Account(AccountId(row[0]), AccountId(row[1]), *row[2:])
