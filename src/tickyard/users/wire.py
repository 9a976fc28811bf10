"""Sub-accounts and their keys in OKX's spelling.

Source: OKX v5, "Sub-account". Addresses and permissions are comma-separated lists in one text.
"""

from collections.abc import Mapping
from typing import Any, Final

from tickyard.gateway.route import Access
from tickyard.instruments.errors import ParameterMissing, ParameterWrong
from tickyard.instruments.params import members
from tickyard.users.keys import LABEL_MAX, KeyChange, KeyWish, NewKey
from tickyard.users.model import uid_of
from tickyard.users.store import Account, KeyRow

Row = dict[str, Any]

_STANDARD: Final = "1"
_CUSTODY: Final = frozenset({"5", "12"})
_GRANTABLE: Final = frozenset({Access.READ, Access.TRADE})
"""Nothing is withdrawn from a sub-account."""
_NETWORKS_OF_ONE: Final = ("/32", "/128")


def word(sent: Mapping[str, Any], name: str) -> str:
    """Return a member that must be there.

    Raises:
        ParameterMissing: it is absent.
        ParameterWrong: it is no text and no number.
    """
    if name not in sent:
        raise ParameterMissing(name)
    value = sent[name]
    if type(value) not in {str, int}:
        raise ParameterWrong(name)
    return str(value)


def new_account(body: object) -> tuple[str, str, bool]:
    """Read what sub-account somebody wants.

    Returns:
        Its name, its label, and whether it is one in another's custody.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    sent = members(body)
    name, kind = word(sent, "subAcct"), word(sent, "type")
    label = word(sent, "label") if "label" in sent else ""
    if len(label) > LABEL_MAX or (label and not label.isprintable()):
        raise ParameterWrong("label")
    if kind not in _CUSTODY | {_STANDARD}:
        raise ParameterWrong("type")
    return name, label, kind in _CUSTODY


def may_transfer_out(body: object) -> tuple[list[str], bool]:
    """Read whose keys may move money out, or may not.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    sent = members(body)
    names = [name for name in word(sent, "subAcct").split(",") if name]
    may = {"true": True, "false": False}.get(str(sent.get("canTransOut", True)).lower())
    if may is None:
        raise ParameterWrong("canTransOut")
    return names, may


def key_wish(body: object) -> KeyWish:
    """Read what key somebody wants.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    sent = members(body)
    return KeyWish(
        label=word(sent, "label"),
        passphrase=word(sent, "passphrase"),
        permissions=_permissions(sent) or (Access.READ,),
        addresses=_addresses(sent) or (),
    )


def key_change(body: object) -> KeyChange:
    """Read how somebody wants a key changed.

    Raises:
        ApiError: a parameter is wrong.
    """
    sent = members(body)
    return KeyChange(
        label=word(sent, "label") if "label" in sent else None,
        permissions=_permissions(sent),
        addresses=_addresses(sent),
    )


def _permissions(sent: Mapping[str, Any]) -> tuple[str, ...] | None:
    found = _list(sent, "perm")
    if found is not None and not _GRANTABLE.issuperset(found):
        raise ParameterWrong("perm")
    return found


def _addresses(sent: Mapping[str, Any]) -> tuple[str, ...] | None:
    return _list(sent, "ip")


def _list(sent: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    if name not in sent:
        return None
    return tuple(item.strip() for item in word(sent, name).split(",") if item.strip())


def account_row(account: Account) -> Row:
    """Write one sub-account of the list."""
    return {
        "type": _STANDARD,
        "enable": True,
        "subAcct": account.name,
        "uid": uid_of(account.account),
        "label": account.label,
        "mobile": "",
        "gAuth": False,
        "frozenFunc": [],
        "canTransOut": account.can_transfer_out is True,
        "ts": str(account.created_ms),
        "subAcctLv": "1",
        "firstLvSubAcct": "",
        "ifDma": False,
    }


def opened_row(account: Account) -> Row:
    """Write the answer to whoever has opened a sub-account."""
    return {
        "subAcct": account.name,
        "label": account.label,
        "uid": uid_of(account.account),
        "ts": str(account.created_ms),
    }


def key_row(key: KeyRow) -> Row:
    """Write a key, without what is secret of it."""
    return {
        "label": key.label,
        "apiKey": key.api_key,
        "perm": key.permissions,
        "ip": ",".join(_plain(address) for address in key.addresses.split(",")),
        "ts": str(key.created_ms),
    }


def new_key_row(name: str, made: NewKey) -> Row:
    """Write a key just made; its secret is shown this once."""
    return {
        "subAcct": name,
        **key_row(made.row),
        "secretKey": made.secret_key,
        "passphrase": made.passphrase,
    }


def _plain(address: str) -> str:
    for ending in _NETWORKS_OF_ONE:
        address = address.removesuffix(ending)
    return address
