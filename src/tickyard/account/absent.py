"""Endpoints of positions, borrowing, custody and conversion, none of which there is yet.

Lists are empty, as they are at OKX for somebody who has none of it. What would change the account's mode or needs
margin is refused as it is in spot mode; what needs rails to the outside is refused as it is in demo trading.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tickyard.account.errors import NotInDemo, NotInSpotMode
from tickyard.account.wire.settings import NET_MODE, QUOTE_FEE_OFF, SPOT_MODE
from tickyard.gateway.route import Access, Answer, Handler, Limit, Request, Route
from tickyard.instruments.errors import ParameterMissing, ParameterWrong
from tickyard.instruments.params import optional_choice, required
from tickyard.instruments.wire import INSTRUMENT_TYPES

_LIMIT = Limit(5, 2_000, "user")
_FAST = Limit(20, 2_000, "user")

# GET: path, parameters that must be there.
_EMPTY = (
    ("account/positions", ()),
    ("account/positions-history", ()),
    ("account/interest-accrued", ()),
    ("account/interest-rate", ()),
    ("account/interest-limits", ()),
    ("account/greeks", ()),
    ("account/collateral-assets", ()),
    ("account/mmp-config", ()),
    ("account/max-loan", ("instId", "mgnMode")),
    ("account/position-tiers", ("instType",)),
    ("account/move-positions-history", ()),
    ("account/spot-borrow-repay-history", ()),
    ("account/borrow-repay-history", ()),
    ("account/quick-margin-borrow-repay-history", ()),
    ("account/vip-interest-accrued", ()),
    ("account/vip-interest-deducted", ()),
    ("account/vip-loan-order-list", ()),
    ("account/bills-history-archive", ()),
    ("asset/deposit-address", ("ccy",)),
    ("asset/deposit-history", ()),
    ("asset/withdrawal-history", ()),
    ("asset/deposit-withdraw-status", ()),
    ("asset/non-tradable-assets", ()),
    ("asset/convert/currencies", ()),
    ("asset/convert/currency-pair", ()),
    ("asset/convert/history", ()),
    ("asset/monthly-statement", ()),
)

# Needs another account mode: method, path, parameters that must be there.
_OTHER_MODE = (
    ("GET", "account/leverage-info", ("mgnMode",)),
    ("GET", "account/adjust-leverage-info", ("instType", "mgnMode", "lever")),
    ("GET", "account/risk-state", ()),
    ("GET", "account/set-account-switch-precheck", ("acctLv",)),
    ("GET", "account/precheck-set-delta-neutral", ("stgyType",)),
    ("POST", "account/account-level-switch-preset", ("acctLv",)),
    ("POST", "account/set-leverage", ("lever", "mgnMode")),
    ("POST", "account/position/margin-balance", ("instId", "posSide", "type", "amt")),
    ("POST", "account/set-isolated-mode", ("isoMode", "type")),
    ("POST", "account/set-greeks", ("greeksType",)),
    ("POST", "account/set-auto-loan", ()),
    ("POST", "account/set-auto-repay", ("autoRepay",)),
    ("POST", "account/set-auto-earn", ("ccy",)),
    ("POST", "account/set-collateral-assets", ("type", "collateralEnabled")),
    ("POST", "account/set-riskOffset-amt", ("ccy", "clSpotInUseAmt")),
    ("POST", "account/set-riskOffset-type", ()),
    ("POST", "account/set-settle-currency", ("settleCcy",)),
    ("POST", "account/set-trading-config", ("type",)),
    ("POST", "account/activate-option", ()),
    ("POST", "account/borrow-repay", ()),
    ("POST", "account/spot-manual-borrow-repay", ("ccy", "side", "amt")),
    ("POST", "account/quick-margin-borrow-repay", ()),
    ("POST", "account/mmp-config", ("instFamily",)),
    ("POST", "account/mmp-reset", ("instFamily",)),
    ("POST", "account/move-positions", ()),
    ("POST", "account/position-builder", ()),
    ("POST", "account/position-builder-graph", ()),
)

# Needs rails to the outside: path, access.
_OUTSIDE = (
    ("asset/withdrawal", Access.WITHDRAW),
    ("asset/cancel-withdrawal", Access.WITHDRAW),
    ("asset/withdrawal-lightning", Access.WITHDRAW),
    ("asset/convert/estimate-quote", Access.TRADE),
    ("asset/convert/trade", Access.TRADE),
    ("asset/convert-dust-assets", Access.TRADE),
    ("asset/purchase_redempt", Access.TRADE),
)


class Setting(msgspec.Struct, frozen=True):
    """A setting that can only be set to what it is."""

    path: str
    name: str
    value: str
    """The one value in spot mode; setting it changes nothing."""
    others: tuple[str, ...]
    """Values that other account modes have."""


_SETTINGS = (
    Setting("account/set-account-level", "acctLv", SPOT_MODE, ("2", "3", "4")),
    Setting("account/set-position-mode", "posMode", NET_MODE, ("long_short_mode",)),
    Setting("account/set-fee-type", "feeType", QUOTE_FEE_OFF, ("1",)),
)


def absent_routes() -> list[Route]:
    """Make a route of each row of the tables."""
    return [
        *(_route("GET", path, Access.READ, _nothing(needed)) for path, needed in _EMPTY),
        *(
            _route(method, path, _access(method), _other_mode(needed))
            for method, path, needed in _OTHER_MODE
        ),
        *(_route("POST", path, access, _outside) for path, access in _OUTSIDE),
        _route("GET", "asset/deposit-lightning", Access.READ, _outside),
        _route("GET", "asset/exchange-list", Access.PUBLIC, _nothing(())),
        *(_route("POST", row.path, Access.TRADE, _setting(row)) for row in _SETTINGS),
    ]


def _route(method: str, path: str, access: Access, handler: Handler) -> Route:
    return Route(
        method=method,
        path=f"/api/v5/{path}",
        access=access,
        handler=handler,
        limit=_FAST if method == "GET" else _LIMIT,
        summary="Not in spot mode, or not yet",
        is_direct=True,
    )


def _access(method: str) -> Access:
    return Access.READ if method == "GET" else Access.TRADE


def _nothing(needed: Iterable[str]) -> Handler:
    async def answer(request: Request) -> Answer:
        for name in needed:
            required(request.params, name)
        optional_choice(request.params, "instType", INSTRUMENT_TYPES)
        return Answer([])

    return answer


def _other_mode(needed: Iterable[str]) -> Handler:
    async def refuse(request: Request) -> Answer:
        sent: Any = request.params if request.body is None else request.body
        for name in needed:
            if not isinstance(sent, Mapping) or name not in sent:
                raise ParameterMissing(name)
        raise NotInSpotMode

    return refuse


async def _outside(request: Request) -> Answer:
    del request  # whatever it asks for
    raise NotInDemo


def _setting(row: Setting) -> Handler:
    async def answer(request: Request) -> Answer:
        body: Any = request.body
        if not isinstance(body, dict) or row.name not in body:
            raise ParameterMissing(row.name)
        wanted = str(body[row.name])
        if wanted in row.others:
            raise NotInSpotMode
        if wanted != row.value:
            raise ParameterWrong(row.name)
        return Answer([{row.name: row.value}])

    return answer
