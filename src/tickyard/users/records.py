"""The tables of people: who they are, what proves it, and the keys they made."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

_METADATA: Final = MetaData()
# SQLite numbers rows by itself in a column of exactly this type.
_SERIAL: Final = BigInteger().with_variant(Integer(), "sqlite")

PEOPLE: Final = Table(
    "people",
    _METADATA,
    Column("id", _SERIAL, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(256), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("secured_ms", BigInteger, nullable=False),
    Column("totp_secret", LargeBinary),
    Column("totp_is_on", Boolean, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
)
"""People. `secured_ms`: when password or second factor last changed; `totp_step`: the newest one that was used."""

ACCOUNTS: Final = Table(
    "accounts",
    _METADATA,
    Column("account", BigInteger, primary_key=True, autoincrement=False),
    Column("person", ForeignKey(PEOPLE.c.id), index=True),
    Column("master", BigInteger, nullable=False),
    Column("name", String(20), nullable=False),
    Column("label", String(50), nullable=False),
    Column("can_transfer_out", Boolean),
    Column("created_ms", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index("accounts_by_name", "master", "name", unique=True),
)
"""Trading accounts, numbered without gaps, as the core wants them.

`person`: none for sub-accounts of the demo's accounts, into which nobody logs in. `can_transfer_out`: none until it was
set. `is_open`: the core has been told of it; until then whoever starts tells it again.
"""

SESSIONS: Final = Table(
    "sessions",
    _METADATA,
    Column("token_sha256", LargeBinary(32), primary_key=True),
    Column("person", ForeignKey(PEOPLE.c.id), nullable=False, index=True),
    Column("public_id", String(16), nullable=False, unique=True),
    Column("created_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
    Column("browser", String(200), nullable=False),
    Column("address", String(45), nullable=False),
)
"""Who is logged in. The token itself is only with the browser."""

KEYS: Final = Table(
    "api_keys",
    _METADATA,
    Column("api_key", String(64), primary_key=True),
    Column("account", ForeignKey(ACCOUNTS.c.account), nullable=False, index=True),
    Column("secret", LargeBinary, nullable=False),
    Column("passphrase_sha256", LargeBinary(32), nullable=False),
    Column("permissions", String(64), nullable=False),
    Column("label", String(50), nullable=False),
    Column("addresses", String(1024), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    Column("session", ForeignKey(SESSIONS.c.token_sha256, ondelete="CASCADE"), index=True),
)
"""API keys. Those of a `session` belong to a browser and end with it."""

CHANGES: Final = Table(
    "key_changes",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("version", BigInteger, nullable=False),
)
"""One row that counts the changes of keys, so that workers see cheaply whether there are any."""
