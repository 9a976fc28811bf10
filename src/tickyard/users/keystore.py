"""Keys as the gateway asks for them: those of the demo, and several stores as one."""

from hashlib import sha256

from tickyard.base.ids import AccountId
from tickyard.gateway.keys import KeyRecord, KeyStore
from tickyard.gateway.route import Access
from tickyard.users.crowd import crowd
from tickyard.users.demo import demo_accounts, demo_keys
from tickyard.users.model import DemoKey, uid_of


class DemoKeyStore:
    """Knows the keys of the demo and of its simulated participants, and no others. Only a gateway in demo mode is given one."""

    def __init__(self) -> None:
        numbers = {account.name: account.id for account in demo_accounts()}
        keys = [(key, numbers[key.account]) for key in demo_keys()]
        keys += [(member.key, member.id) for member in crowd()]
        self._records = {key.api_key: _record(key, account) for key, account in keys}

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when there is none of that name."""
        return self._records.get(api_key)


class KeyStores:
    """Several key stores as one; the first that knows a key answers."""

    def __init__(self, *stores: KeyStore) -> None:
        self._stores = stores

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when nobody knows it."""
        for store in self._stores:
            record = store.lookup(api_key)
            if record is not None:
                return record
        return None


def _record(key: DemoKey, account: AccountId) -> KeyRecord:
    return KeyRecord(
        key=key.api_key,
        secret=key.secret_key.encode(),
        passphrase_sha256=sha256(key.passphrase.encode()).digest(),
        account=account,
        uid=uid_of(account),
        master=account,
        permissions=frozenset(key.permissions) | {Access.READ},
        label=key.name,
    )
