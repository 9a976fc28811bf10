"""What is hostile to each REST endpoint: for each field, values and the code that they are answered with.

An endpoint that is served and stands in none of these tables fails the test. What an endpoint leaves unread is in
no row: what is never looked at cannot be wrong.
"""

from collections.abc import Mapping
from typing import Final

from tests.hostile.items import money, orders, sub_accounts, triggers
from tests.hostile.items.item import Item, needing, setting
from tests.hostile.values import (
    DIGITS_39,
    DIGITS_400,
    MISSING,
    NO_INSTRUMENT,
    NO_NAMES,
    NO_NUMBERS,
    WRONG,
    Hostile,
    asked_currencies,
    asked_instrument,
    asked_limit,
    asked_number,
    asked_word,
    each,
)  # fmt: skip

from tickyard.gateway.route import Access
from tickyard.instruments.absent import Absent, Outcome, absent
from tickyard.node import build

Fields = Mapping[str, Hostile]
NO_ORDER: Final = "51603"
NO_SUB: Final = "59510"
OTHER_MODE, OUTSIDE = "51010", "50038"


class Asked:
    """A query: what is right, what is wrong with each parameter, and how it is answered when nothing is wrong."""

    def __init__(
        self, path: str, right: Mapping[str, str], fields: Fields, *, code: str = "0"
    ) -> None:
        self.path = path
        self.right = right
        self.fields = fields
        self.code = code


def _kinds(*others: str) -> dict[str | None, str]:
    return asked_word("spot", "SPOT,SWAP", "STOCK", *others, case="Spot", is_needed=True)


def _named(**fields: Hostile) -> Fields:
    return {"instId": asked_instrument(), **fields}


_ANY_KIND: Final = asked_word("spot", "STOCK", case="Spot")
_MAYBE_NAMED: Final[Fields] = {"instId": asked_instrument(is_needed=False)}
_PAGE: Final[Fields] = {
    "after": asked_number(), "before": asked_number(), "limit": asked_limit(),
}  # fmt: skip
_TIMES: Final[Fields] = {"begin": asked_number(), "end": asked_number()}
_ORDERS: Final[Fields] = {
    **_PAGE, **_TIMES, **_MAYBE_NAMED,
    "ordType": asked_word("limit,x", "limits", case="Limit"),
    "category": asked_word(case="Normal"),
}  # fmt: skip
_DONE: Final[Fields] = {**_ORDERS, "instType": _kinds(), "state": asked_word("live", case="Filled")}
_FILLS: Final[Fields] = {
    **_PAGE, **_TIMES, **_MAYBE_NAMED, "ordId": asked_number(), "subType": asked_number(),
}  # fmt: skip
_BILLS: Final[Fields] = {
    **_PAGE, **_TIMES, **_MAYBE_NAMED,
    "instType": _ANY_KIND,
    "ccy": asked_currencies(is_list=False),
    "mgnMode": asked_word(case="Cross"),
    "ctType": asked_word(case="Linear"),
    "type": asked_number(),
    "subType": asked_number(),
}  # fmt: skip
_ALGOS: Final[Fields] = {
    **_PAGE, **_MAYBE_NAMED,
    "ordType": asked_word("limit", "conditional,trigger", case="Trigger", is_needed=True),
    "instType": _ANY_KIND,
}  # fmt: skip
_FUNDING_BILLS: Final[Fields] = {
    **_PAGE, "ccy": asked_currencies(is_list=False), "type": asked_number(), "pagingType": asked_word("0", "3", case="One"),
    "thirdPartyType": asked_word("0", "3", case="One"), "clientId": each(NO_NAMES, WRONG),
}  # fmt: skip
_CANDLES: Final[Fields] = {
    **_PAGE, "instId": asked_instrument(), "bar": asked_word("1x", "60", "1h", "-1m", case="1Min"),
}  # fmt: skip
_PAIRS: Final[Fields] = {
    "ccy": asked_currencies(),
    "instId": {
        **asked_instrument(), "BTC-USDT,NOPE": NO_INSTRUMENT, ",".join(["BTC-USDT"] * 6): "50025",
    },
    "tdMode": {**asked_word(case="Cash", is_needed=True), "cross": OTHER_MODE},
}  # fmt: skip
_PRICE: Final = each((*NO_NUMBERS, "0", "0.0", ".5", "5.", DIGITS_39, DIGITS_400), WRONG)
_BTC: Final = {"instId": "BTC-USDT"}
_SPOT: Final = {"instType": "SPOT"}

ABSENT: Final = absent()
SHAPES: Final = build.shapes()
_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.NONE: "0", Outcome.LIST: "0", Outcome.MODE: OTHER_MODE, Outcome.DEMO: OUTSIDE,
    Outcome.SPREAD: NO_INSTRUMENT, Outcome.CONTRACT: "51015",
}  # fmt: skip


def _asked_absent(row: Absent) -> Asked:
    """What there is none of: what it needs is still needed, and the outcome is always the same."""
    takes = SHAPES[f"GET /api/v5/{row.path}"].takes
    known = {name.rstrip("!"): kind.split("|") for name, kind in takes.items() if "|" in kind}
    right = {
        name: words[0] if words else known.get(name, ["USDT" if name == "ccy" else "1"])[0]
        for name, words in row.needs.items()
    }
    fields: dict[str, Hostile] = {
        name: {
            **each((None, ""), MISSING),
            **(each(("x", words[0].lower() + "x"), WRONG) if words else {}),
        }
        for name, words in row.needs.items()
    }
    if row.access is Access.PUBLIC:
        fields["instId"] = asked_instrument(is_needed="instId" in row.needs)
        right |= _BTC if "instId" in row.needs else {}
    if "instType" not in row.needs:
        fields["instType"] = _ANY_KIND
    for name in known.keys() - row.needs.keys() - {"instType"}:
        fields[name] = each(("x", " ", "0x1"), WRONG)
    fields |= {"after": each(("x", "1.5"), WRONG), "limit": each(("x", "0"), WRONG)}
    if row.outcome in {Outcome.SPREAD, Outcome.CONTRACT} and "sprdId" in row.needs:
        fields.pop("instId")
    return Asked(row.path, right, fields, code=_OUTCOMES[row.outcome])


def _posted_absent(row: Absent) -> tuple[Item, ...]:
    if row.access is Access.WITHDRAW:
        return ()  # no demo key may withdraw, so only that is shown
    return needing(_OUTCOMES[row.outcome], *row.needs)


GET: Final = (
    Asked("account/account-position-risk", {}, {"instType": _ANY_KIND}),
    Asked("account/balance", {}, {"ccy": asked_currencies()}),
    Asked("account/bills", {}, _BILLS),
    Asked("account/bills-archive", {}, _BILLS),
    Asked("account/config", {}, {}),
    Asked("account/instruments", _SPOT, {"instType": _kinds(), **_MAYBE_NAMED}),
    Asked("account/max-avail-size", {**_BTC, "tdMode": "cash"}, _PAIRS),
    Asked("account/max-size", {**_BTC, "tdMode": "cash"}, {**_PAIRS, "px": _PRICE}),
    Asked("account/max-withdrawal", {}, {"ccy": asked_currencies()}),
    Asked("account/subtypes", {}, {}),
    Asked("account/trade-fee", _SPOT, {"instType": _kinds(), **_MAYBE_NAMED}),
    Asked("asset/asset-valuation", {}, {"ccy": asked_currencies(is_list=False)}),
    Asked("asset/balances", {}, {"ccy": asked_currencies()}),
    Asked("asset/bills", {}, _FUNDING_BILLS),
    Asked("asset/bills-history", {}, _FUNDING_BILLS),
    Asked("asset/currencies", {}, {"ccy": asked_currencies()}),
    Asked(
        "asset/transfer-state",
        {"transId": "1"},
        {"transId": {**asked_number(), **each((None, ""), "50015"), **each(("0", "1", "9" * 20), WRONG)}},
        code=WRONG,
    ),
    Asked("asset/transfer-state", {}, {"clientId": each(("x", *NO_NAMES), WRONG)}, code="50015"),
    Asked("market/books", _BTC, _named(sz={**asked_limit(), "401": WRONG})),
    Asked("market/books-full", _BTC, _named(sz={**asked_limit(), "5001": WRONG})),
    Asked("market/candles", _BTC, _CANDLES),
    Asked("market/history-candles", _BTC, _CANDLES),
    Asked("market/history-index-candles", _BTC, _CANDLES),
    Asked("market/index-candles", _BTC, _CANDLES),
    Asked("market/index-tickers", _BTC, {"instId": asked_instrument(is_needed=False)}),
    Asked("market/index-components", {"index": "BTC-USDT"}, {"index": asked_instrument()}),
    Asked("market/exchange-rate", {}, {}),
    Asked("market/history-trades", _BTC, {**_PAGE, **_named(type=asked_word("0", "3", "1.0", case="One"))}),
    Asked("market/history-trades", {**_BTC, "type": "2"}, {"before": {"1": "50039"}}),
    Asked("market/platform-24-volume", {}, {}),
    Asked("market/ticker", _BTC, _named()),
    Asked("market/tickers", _SPOT, {"instType": _kinds("MARGIN")}),
    Asked("market/trades", _BTC, _named(limit=asked_limit())),
    Asked("public/instruments", _SPOT, {"instType": _kinds(), **_MAYBE_NAMED}),
    Asked("public/price-limit", _BTC, _named()),
    Asked("public/time", {}, {}),
    Asked("system/status", {}, {"state": asked_word(case="Ongoing")}),
    Asked("trade/account-rate-limit", {}, {}),
    Asked("trade/fills", {}, {**_FILLS, "instType": _ANY_KIND}),
    Asked("trade/fills-history", _SPOT, {**_FILLS, "instType": _kinds()}),
    Asked(
        "trade/order",
        {**_BTC, "ordId": "1"},
        _named(
            ordId={
                **asked_number(),
                **each((None, ""), "50015"),
                **each(("0", "1", "9" * 19, "9" * 20, "<other>", "<elsewhere>"), NO_ORDER),
            }
        ),
        code=NO_ORDER,
    ),
    Asked(
        "trade/order",
        {**_BTC, "clOrdId": "nothing"},
        {"clOrdId": {**each(NO_NAMES, WRONG), **each(("other", "elsewhere", "x" * 32, "OWN"), NO_ORDER)}},
        code=NO_ORDER,
    ),
    Asked(
        "trade/order-algo",
        {"algoId": "1"},
        {"algoId": {**asked_number(), **each((None, ""), "50015"), **each(("0", "1", "9" * 19), NO_ORDER)}},
        code=NO_ORDER,
    ),
    Asked("trade/orders-algo-pending", {"ordType": "trigger"}, _ALGOS),
    Asked(
        "trade/orders-algo-history",
        {"ordType": "trigger", "state": "canceled"},
        {**_ALGOS, "state": {**asked_word("live", case="Canceled"), **each((None, ""), "51602")}},
    ),
    Asked("trade/orders-history", _SPOT, _DONE),
    Asked("trade/orders-history-archive", _SPOT, _DONE),
    Asked("trade/orders-pending", {}, {**_ORDERS, "instType": _ANY_KIND, "state": asked_word("filled", case="Live")}),
    *(
        Asked(path, {"subAcct": "nobody"}, {"subAcct": {**each((None, ""), MISSING), "\0": NO_SUB, "x,y": NO_SUB}}, code=NO_SUB)
        for path in (
            "account/subaccount/balances", "account/subaccount/max-withdrawal", "asset/subaccount/balances",
            "users/subaccount/apikey",
        )
    ),
    Asked(
        "asset/subaccount/bills",
        {},
        {
            **_PAGE, "ccy": asked_currencies(is_list=False), "type": asked_word("2", "00", case="X"),
            "subAcct": {"nobody": NO_SUB, "' OR 1=1--": NO_SUB},
        },
    ),
    Asked(
        "asset/subaccount/managed-subaccount-bills",
        {},
        {**_PAGE, "ccy": asked_currencies(is_list=False), "type": asked_word("2", "00", case="X")},
    ),
    Asked("users/entrust-subaccount-list", {}, {}),
    Asked("users/subaccount/list", {}, {**_PAGE, "enable": asked_word("1", "yes", case="True")}),
    # What there is none of yet.
    Asked("market/history-mark-price-candles", _BTC, _CANDLES),
    Asked("market/mark-price-candles", _BTC, _CANDLES),
    Asked("public/mark-price", _SPOT, {"instType": _kinds(), **_MAYBE_NAMED}),
    *(_asked_absent(row) for row in ABSENT if row.method == "GET"),
)  # fmt: skip
"""Queries. Those that are right answer too, and change as little."""

POST: Final[Mapping[str, tuple[Item, ...]]] = {
    **{row.path: _posted_absent(row) for row in ABSENT if row.method == "POST"},
    "account/set-account-level": setting("acctLv", "1", "2", "3", "4"),
    "account/set-fee-type": setting("feeType", "0", "1"),
    "account/set-position-mode": setting("posMode", "net_mode", "long_short_mode"),
    "account/demo-adjust-balance": money.DEMO_MONEY,
    "asset/subaccount/transfer": money.ACROSS,
    "asset/transfer": money.TRANSFER,
    "users/subaccount/apikey": sub_accounts.NEW_KEY,
    "users/subaccount/create-subaccount": sub_accounts.NEW_SUB_ACCOUNT,
    "users/subaccount/delete-apikey": sub_accounts.DELETED_KEY,
    "users/subaccount/modify-apikey": sub_accounts.CHANGED_KEY,
    "users/subaccount/set-transfer-out": sub_accounts.TRANSFER_OUT,
    "trade/amend-order": orders.AMEND,
    "trade/cancel-all-after": orders.CANCEL_ALL_AFTER,
    "trade/cancel-order": orders.CANCEL,
    "trade/mass-cancel": orders.MASS_CANCEL,
    "trade/order": orders.PLACE,
    "trade/amend-algos": triggers.AMEND_ALGO,
    "trade/order-algo": triggers.PLACE_ALGO,
}
"""What takes one object."""

BATCHES: Final[Mapping[str, tuple[tuple[Item, ...], str]]] = {
    "trade/amend-batch-orders": (orders.AMEND, "51501"),
    "trade/batch-orders": (orders.PLACE, "51111"),
    "trade/cancel-algos": (triggers.CANCEL_ALGO, "51406"),
    "trade/cancel-advance-algos": (triggers.CANCEL_ALGO, "51406"),
    "trade/cancel-batch-orders": (orders.CANCEL, "51406"),
}
"""What takes a list of objects, and the code for more than twenty."""
