"""API keys as the gateway needs them. Where they are kept is the affair of whoever has them."""

from typing import Protocol

from msgspec import Struct

from tickyard.base.ids import AccountId
from tickyard.gateway.route import Access


class KeyRecord(Struct, frozen=True):
    """One API key and all that is needed to judge a request signed with it."""

    key: str
    """The API key, as in OK-ACCESS-KEY."""
    secret: bytes
    """The secret as its owner has it, in UTF-8: it is the HMAC key."""
    passphrase_sha256: bytes
    """SHA-256 of the passphrase in UTF-8. Fast on purpose: it is compared on every request."""
    account: AccountId
    uid: str
    """The account's public number."""
    master: AccountId
    """The master account; the same as `account` when this is not a sub-account."""
    permissions: frozenset[Access]
    """What the key may do. Reading is part of every key."""
    label: str = ""
    """The key's name, as its owner wrote it."""
    ips: tuple[str, ...] = ()
    """Addresses and networks ("10.0.0.0/8") it may be used from; empty for anywhere."""
    expires_at_ms: int = 0
    """Wall time after which it is unknown; 0 for never."""
    is_frozen: bool = False
    """Whether its owner or an operator has stopped it (50100)."""


class KeyStore(Protocol):
    """Knows the keys. Asked on every signed request, so it answers from memory."""

    def lookup(self, api_key: str) -> KeyRecord | None:
        """Return the key, or None when there is none of that name.

        The same object as long as nothing about the key changes: what is prepared from it is kept.
        """
        ...
