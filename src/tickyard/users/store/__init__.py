"""People, their accounts, sessions and keys in the records: the only place of this slice that knows SQL there.

Every function is one transaction. They block, so they are called from threads.
"""

from sqlalchemy import Engine

from tickyard.users.store.accounts import Account, StoredAccounts
from tickyard.users.store.keys import KeyRow, StoredKeys
from tickyard.users.store.people import Person, StoredPeople
from tickyard.users.store.sessions import SessionRow, StoredSessions

__all__ = [
    "Account",
    "KeyRow",
    "Person",
    "SessionRow",
    "Store",
    "StoredAccounts",
    "StoredKeys",
    "StoredPeople",
    "StoredSessions",
]


class Store:
    """The records of people, by what they are about."""

    def __init__(self, engine: Engine) -> None:
        self.people = StoredPeople(engine)
        self.accounts = StoredAccounts(engine)
        self.sessions = StoredSessions(engine)
        self.keys = StoredKeys(engine)
