"""The demo's keys, as the gateway asks for them."""

from hashlib import sha256

from tickyard.gateway.keys import KeyRecord
from tickyard.gateway.route import Access
from tickyard.users.demo import demo_accounts, demo_keys
from tickyard.users.model import DemoAccount, DemoKey, uid_of


class DemoKeyStore:
    """Knows the demo's keys and no others. Only a gateway in demo mode is given one."""

    def __init__(self) -> None:
        accounts = {account.name: account for account in demo_accounts()}
        self._records = {key.api_key: _record(key, accounts[key.account]) for key in demo_keys()}

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when there is none of that name."""
        return self._records.get(api_key)


def _record(key: DemoKey, account: DemoAccount) -> KeyRecord:
    return KeyRecord(
        key=key.api_key,
        secret=key.secret_key.encode(),
        passphrase_sha256=sha256(key.passphrase.encode()).digest(),
        account=account.id,
        uid=uid_of(account.id),
        master=account.id,
        permissions=frozenset(key.permissions) | {Access.READ},
        label=key.name,
    )
