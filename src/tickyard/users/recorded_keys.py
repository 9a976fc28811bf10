"""The keys that people made, as a gateway worker knows them: all in memory, read again when any changes.

Whoever changes a key waits `SEEN_WITHIN_MS` before saying that it is done: by then every worker has seen it.
"""

import asyncio
from typing import Final

from tickyard.base.clock import DAY_MS, HOUR_MS, Clock
from tickyard.base.ids import AccountId
from tickyard.base.log import logger
from tickyard.gateway.keys import KeyRecord
from tickyard.gateway.route import Access
from tickyard.users.model import uid_of
from tickyard.users.store import KeyRow, StoredKeys
from tickyard.users.vault import Vault

LOOK_EVERY_MS: Final = 100
SEEN_WITHIN_MS: Final = 300
UNUSED_MS: Final = 14 * DAY_MS
"""A key that may trade or withdraw and is bound to no address ends when it was not used for so long.

Source: OKX v5, "API key", "Validity".
"""
_NOTE_USE_EVERY_MS: Final = HOUR_MS

_log = logger("users")


class RecordedKeys:
    """Knows the keys of the records. Fulfils `gateway.keys.KeyStore`."""

    def __init__(self, stored: StoredKeys, vault: Vault, wall: Clock) -> None:
        self._stored = stored
        self._vault = vault
        self._wall = wall
        self._version = -1
        self._rows: dict[str, KeyRow] = {}
        self._records: dict[str, KeyRecord] = {}
        self._used: set[str] = set()

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when there is none of that name, or it was not used for long."""
        record = self._records.get(api_key)
        if record is None:
            return None
        row = self._rows[api_key]
        if _may_lapse(row) and self._wall.now_ms() - row.used_ms > UNUSED_MS:
            return None
        self._used.add(api_key)
        return record

    async def load(self) -> None:
        """Read the keys, if any has changed."""
        if await asyncio.to_thread(self._stored.version) != self._version:
            await asyncio.to_thread(self._read)

    async def follow(self) -> None:
        """Keep up with changes, for ever."""
        noted_ms = self._wall.now_ms()
        while True:
            await asyncio.sleep(LOOK_EVERY_MS / 1_000)
            await self.load()
            if self._used and self._wall.now_ms() - noted_ms > _NOTE_USE_EVERY_MS:
                noted_ms = self._wall.now_ms()
                used, self._used = self._used, set()
                await asyncio.to_thread(self._stored.note_use, sorted(used), noted_ms)

    def _read(self) -> None:
        version, found = self._stored.all()
        rows = {row.api_key: row for row, _ in found}
        records = {}
        for row, master in found:
            known = self._records.get(row.api_key)
            # The same object as long as nothing changes: signatures keep what they made of it.
            is_same = known is not None and self._rows[row.api_key] == row
            records[row.api_key] = (
                known if known is not None and is_same else self._record(row, master)
            )
        self._version, self._rows, self._records = version, rows, records
        _log.info("keys.read", count=len(records))

    def _record(self, row: KeyRow, master: AccountId) -> KeyRecord:
        return KeyRecord(
            key=row.api_key,
            secret=self._vault.unseal(row.secret, row.api_key),
            passphrase_sha256=row.passphrase_sha256,
            account=row.account,
            uid=uid_of(row.account),
            master=master,
            permissions=frozenset(Access(word) for word in row.permissions.split(",")),
            label=row.label,
            ips=tuple(row.addresses.split(",")) if row.addresses else (),
            expires_at_ms=row.expires_ms,
        )


def _may_lapse(row: KeyRow) -> bool:
    return not row.addresses and row.session is None and row.permissions != Access.READ
