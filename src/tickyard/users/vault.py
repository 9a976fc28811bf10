"""Secrets at rest: encrypted with a key that does not lie beside them.

API secrets must be known to verify signatures, so they cannot be hashed.
"""

import os
import secrets
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_FILE_VARIABLE: Final = "TICKYARD_RECORDS_KEY_FILE"
"""Names a file with the 32 bytes, e.g. what a secret manager has mounted."""
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class WrongKey(ValueError):
    """The key file is not the one with which the records were encrypted, or is damaged."""


class Vault:
    """Encrypts and decrypts, each secret bound to whose it is."""

    def __init__(self, key: bytes) -> None:
        """Take a key of 32 bytes."""
        self._cipher = AESGCM(key)

    @classmethod
    def open(cls, default: Path) -> Self:
        """Read the key from where the environment says, else from a file, which is made when missing.

        Args:
            default: outside of the folder of the records, so that a copy of those alone tells nothing.

        Raises:
            WrongKey: the file is no key.
        """
        named = os.environ.get(KEY_FILE_VARIABLE)
        path = Path(named) if named else default
        if not named and not path.exists():
            _write_key(path)
        key = path.read_bytes()
        if len(key) != _KEY_BYTES:
            raise WrongKey(f"{path} has {len(key)} bytes, not {_KEY_BYTES}")
        return cls(key)

    def seal(self, secret: bytes, whose: str) -> bytes:
        """Encrypt.

        Args:
            secret: any bytes.
            whose: the same is needed to open it, so that rows cannot be exchanged.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, whose.encode())

    def unseal(self, sealed: bytes, whose: str) -> bytes:
        """Decrypt.

        Raises:
            WrongKey: it was sealed with another key, for somebody else, or has been changed.
        """
        try:
            return self._cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], whose.encode()
            )
        except InvalidTag:
            raise WrongKey("a secret was sealed with another key, or has been changed") from None


def _write_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
