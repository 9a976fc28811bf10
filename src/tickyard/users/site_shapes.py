"""What pages send, and how they are told of people, sessions, keys and accounts."""

import msgspec

from tickyard.users.keys import NewKey
from tickyard.users.model import uid_of
from tickyard.users.store import Account, KeyRow, Person, SessionRow


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who somebody says they are, and how they prove it."""

    email: str
    password: str
    code: str = ""


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The old and the new password."""

    current: str
    new: str
    code: str = ""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Password and second factor, for what needs them again."""

    password: str
    code: str = ""


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Six digits."""

    code: str


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something by its name."""

    name: str


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A body without members."""


def person_row(person: Person) -> dict[str, object]:
    """Write who is logged in."""
    return {
        "email": person.email,
        "uid": uid_of(person.account),
        "account": person.account,
        "hasSecondFactor": person.totp_is_on,
    }


def session_row(session: SessionRow, mine: SessionRow) -> dict[str, object]:
    """Write where somebody is logged in; `mine` is the session that asks."""
    return {
        "name": session.public_id,
        "since": session.created_ms,
        "seen": session.seen_ms,
        "browser": session.browser,
        "address": session.address,
        "isThis": session.token_sha256 == mine.token_sha256,
    }


def key_row(key: KeyRow) -> dict[str, object]:
    """Write a key, without what is secret of it."""
    return {
        "apiKey": key.api_key,
        "account": key.account,
        "label": key.label,
        "permissions": key.permissions.split(","),
        "addresses": key.addresses.split(",") if key.addresses else [],
        "made": key.created_ms,
        "used": key.used_ms,
        "expires": key.expires_ms,
    }


def new_key_row(made: NewKey) -> dict[str, object]:
    """Write a key just made; its secret is shown this once."""
    return {
        **key_row(made.row),
        "secretKey": made.secret_key,
        "passphrase": made.passphrase,
    }


def account_row(account: Account) -> dict[str, object]:
    """Write a master account or a sub-account."""
    return {
        "account": account.account,
        "uid": uid_of(account.account),
        "name": account.name,
        "isMaster": account.account == account.master,
        "made": account.created_ms,
    }
