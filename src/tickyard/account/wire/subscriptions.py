"""Which stream of a private channel a subscription means.

Source: OKX v5, WebSocket, "Account channel", "Balance and position channel", "Positions channel", "Request Parameters".
"""

from typing import Any, Final

import msgspec

from tickyard.base.ids import AccountId
from tickyard.gateway import body as json_body
from tickyard.gateway.channels import Arg, NoSuchStream
from tickyard.gateway.route import ApiError
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.wire import INSTRUMENT_TYPES

ACCOUNT: Final = "account"
BALANCE_AND_POSITION: Final = "balance_and_position"
POSITIONS: Final = "positions"

_INTERVALS: Final = frozenset({"0", "2000", "3000", "4000"})
_EVENTS_ONLY: Final = "0"
_POSITION_TYPES: Final = frozenset(INSTRUMENT_TYPES - {"SPOT"} | {"ANY"})


class Stream(msgspec.Struct, frozen=True):
    """One stream of a channel."""

    account: AccountId
    symbol: str = ""
    """Only this currency, unless empty."""
    product: str = ""
    """The type, family and name of instruments that are asked for; there are no positions in any."""
    is_regular: bool = False
    """Whether it is pushed every few seconds also when nothing happens."""


def account_stream(arg: Arg, account: AccountId, catalog: Catalog) -> Stream:
    """Read which balances are asked for.

    Raises:
        NoSuchStream: there is no such currency.
        ApiError: `extraParams` is wrong.
    """
    symbol = arg.get("ccy", "")
    if type(symbol) is not str or (symbol and catalog.asset_by_symbol(symbol) is None):
        raise NoSuchStream(ACCOUNT, ccy=symbol)
    return Stream(account, symbol=symbol, is_regular=_is_regular(arg))


def balance_and_position_stream(arg: Arg, account: AccountId, catalog: Catalog) -> Stream:
    """Name the one stream of an account."""
    del arg, catalog  # there is nothing to choose
    return Stream(account)


def positions_stream(arg: Arg, account: AccountId, catalog: Catalog) -> Stream:
    """Read which positions are asked for.

    Raises:
        NoSuchStream: `instType` is wrong.
        ApiError: `extraParams` is wrong.
    """
    del catalog  # nothing in it has positions
    kind = arg.get("instType")
    if type(kind) is not str or kind not in _POSITION_TYPES:
        raise NoSuchStream(POSITIONS, instType=kind)
    names = [arg.get(name, "") for name in ("instType", "instFamily", "instId")]
    if not all(type(name) is str for name in names):
        raise NoSuchStream(POSITIONS, instFamily=names[1], instId=names[2])
    return Stream(account, product="/".join(names), is_regular=_is_regular(arg))


def _is_regular(arg: Arg) -> bool:
    """Read `extraParams`, which is JSON inside of JSON: {"updateInterval": "0"} wants events only."""
    sent = arg.get("extraParams")
    if sent is None:
        return True
    try:
        inner: Any = json_body.decode(sent.encode()) if type(sent) is str else sent
    except json_body.NotJson:
        inner = None
    interval = str(inner.get("updateInterval", "2000")) if isinstance(inner, dict) else None
    if interval not in _INTERVALS:
        raise ApiError("60013", "Invalid args: extraParams")
    return interval != _EVENTS_ONLY
