"""What is hostile to each REST endpoint: for each field, values and the code that they are answered with.

An endpoint that is served and stands in none of these tables fails the test. What an endpoint leaves unread is in
no row: what is never looked at cannot be wrong.
"""

from collections.abc import Mapping
from typing import Final

from tests.hostile import items
from tests.hostile.items import Item, needing, setting
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
_FUNDING_BILLS: Final[Fields] = {
    **_PAGE, "ccy": asked_currencies(is_list=False), "type": asked_number(),
}  # fmt: skip
_CANDLES: Final[Fields] = {
    **_PAGE, "instId": asked_instrument(), "bar": asked_word("1x", "60", "1h", "-1m", case="1Min"),
}  # fmt: skip
_PAIRS: Final[Fields] = {
    "instId": {
        **asked_instrument(), "BTC-USDT,XXX": NO_INSTRUMENT, ",".join(["BTC-USDT"] * 6): "50025",
    },
    "tdMode": {**asked_word(case="Cash", is_needed=True), "cross": OTHER_MODE},
}  # fmt: skip
_PRICE: Final = each((*NO_NUMBERS, "0", "0.0", ".5", "5.", DIGITS_39, DIGITS_400), WRONG)
_BTC: Final = {"instId": "BTC-USDT"}
_SPOT: Final = {"instType": "SPOT"}

GET: Final = (
    Asked("account/account-position-risk", {}, {}),
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
    Asked("asset/transfer-state", {}, {"clientId": each(("x", "\0", "' OR 1=1--"), WRONG)}, code="50015"),
    Asked("market/books", _BTC, _named(sz={**asked_limit(), "401": WRONG})),
    Asked("market/books-full", _BTC, _named(sz={**asked_limit(), "5001": WRONG})),
    Asked("market/candles", _BTC, _CANDLES),
    Asked("market/history-candles", _BTC, _CANDLES),
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
    Asked("asset/subaccount/managed-subaccount-bills", {}, {}),
    Asked("users/entrust-subaccount-list", {}, {}),
    Asked("users/subaccount/list", {}, {**_PAGE, "enable": asked_word("1", "yes", case="True")}),
    # What there is none of yet.
    Asked("market/history-index-candles", {}, {}),
    Asked("market/history-mark-price-candles", {}, {}),
    Asked("market/index-candles", {}, {}),
    Asked("market/index-tickers", {}, {}),
    Asked("market/mark-price-candles", {}, {}),
    Asked("public/mark-price", {}, {}),
    Asked("public/block-trades", _BTC, _named()),
    Asked("public/delivery-exercise-history", {"instType": "OPTION"}, {"instType": _kinds("SPOT", "SWAP")}),
    Asked("public/discount-rate-interest-free-quota", {}, _MAYBE_NAMED),
    Asked("public/economic-calendar", {}, _MAYBE_NAMED),
    Asked("public/estimated-price", _BTC, _named()),
    Asked("public/estimated-settlement-info", _BTC, _named()),
    Asked("public/event-contract/events", {}, _MAYBE_NAMED),
    Asked("public/event-contract/markets", {}, _MAYBE_NAMED),
    Asked("public/event-contract/series", {}, _MAYBE_NAMED),
    Asked("public/funding-rate", _BTC, _named()),
    Asked("public/funding-rate-history", _BTC, _named()),
    Asked("public/instrument-tick-bands", {"instType": "OPTION"}, {"instType": _kinds("SPOT", "SWAP")}),
    Asked("public/insurance-fund", {"instType": "SWAP"}, {"instType": _kinds("SPOT")}),
    Asked("public/interest-rate-loan-quota", {}, _MAYBE_NAMED),
    Asked("public/open-interest", {"instType": "SWAP"}, {"instType": _kinds("SPOT", "MARGIN"), **_MAYBE_NAMED}),
    Asked("public/opt-summary", {}, _MAYBE_NAMED),
    Asked("public/option-trades", {}, _MAYBE_NAMED),
    Asked(
        "public/position-tiers",
        {"instType": "SWAP", "tdMode": "cross"},
        {"instType": _kinds("SPOT"), "tdMode": asked_word("cash", case="Cross", is_needed=True)},
    ),
    Asked("public/premium-history", _BTC, _named()),
    Asked("public/settlement-history", {"instFamily": "BTC-USD"}, {"instFamily": each((None, ""), MISSING)}),
    Asked("public/underlying", {"instType": "SWAP"}, {"instType": _kinds("SPOT", "MARGIN")}),
    Asked("public/vip-interest-rate-loan-quota", {}, _MAYBE_NAMED),
    Asked("rubik/stat/contracts/open-interest-history", _BTC, _named()),
    Asked("asset/exchange-list", {}, {}),
    *(
        Asked(path, {}, {"instType": _ANY_KIND})
        for path in (
            "account/bills-history-archive", "account/borrow-repay-history", "account/collateral-assets",
            "account/greeks", "account/interest-accrued", "account/interest-limits", "account/interest-rate",
            "account/mmp-config", "account/move-positions-history", "account/positions",
            "account/positions-history", "account/quick-margin-borrow-repay-history",
            "account/spot-borrow-repay-history", "account/vip-interest-accrued", "account/vip-interest-deducted",
            "account/vip-loan-order-list", "asset/convert/currencies", "asset/convert/currency-pair",
            "asset/convert/history", "asset/deposit-history", "asset/deposit-withdraw-status",
            "asset/monthly-statement", "asset/non-tradable-assets", "asset/withdrawal-history",
        )
    ),
    *(
        Asked(path, dict.fromkeys(needed, "1"), {name: each((None, ""), MISSING) for name in needed}, code=code)
        for path, needed, code in (
            ("account/max-loan", ("instId", "mgnMode"), "0"),
            ("asset/deposit-address", ("ccy",), "0"),
            ("account/adjust-leverage-info", ("instType", "mgnMode", "lever"), OTHER_MODE),
            ("account/leverage-info", ("mgnMode",), OTHER_MODE),
            ("account/precheck-set-delta-neutral", ("stgyType",), OTHER_MODE),
            ("account/risk-state", (), OTHER_MODE),
            ("account/set-account-switch-precheck", ("acctLv",), OTHER_MODE),
            ("asset/deposit-lightning", (), OUTSIDE),
        )
    ),
    Asked("account/position-tiers", _SPOT, {"instType": _kinds()}),
)  # fmt: skip
"""Queries. Those that are right answer too, and change as little."""

POST: Final[Mapping[str, tuple[Item, ...]]] = {
    "account/account-level-switch-preset": needing(OTHER_MODE, "acctLv"),
    "account/activate-option": needing(OTHER_MODE),
    "account/borrow-repay": needing(OTHER_MODE),
    "account/mmp-config": needing(OTHER_MODE, "instFamily"),
    "account/mmp-reset": needing(OTHER_MODE, "instFamily"),
    "account/move-positions": needing(OTHER_MODE),
    "account/position-builder": needing(OTHER_MODE),
    "account/position-builder-graph": needing(OTHER_MODE),
    "account/position/margin-balance": needing(OTHER_MODE, "instId", "posSide", "type", "amt"),
    "account/quick-margin-borrow-repay": needing(OTHER_MODE),
    "account/set-account-level": setting("acctLv", "1", "2", "3", "4"),
    "account/set-auto-earn": needing(OTHER_MODE, "ccy"),
    "account/set-auto-loan": needing(OTHER_MODE),
    "account/set-auto-repay": needing(OTHER_MODE, "autoRepay"),
    "account/set-collateral-assets": needing(OTHER_MODE, "type", "collateralEnabled"),
    "account/set-fee-type": setting("feeType", "0", "1"),
    "account/set-greeks": needing(OTHER_MODE, "greeksType"),
    "account/set-isolated-mode": needing(OTHER_MODE, "isoMode", "type"),
    "account/set-leverage": needing(OTHER_MODE, "lever", "mgnMode"),
    "account/set-position-mode": setting("posMode", "net_mode", "long_short_mode"),
    "account/set-riskOffset-amt": needing(OTHER_MODE, "ccy", "clSpotInUseAmt"),
    "account/set-riskOffset-type": needing(OTHER_MODE),
    "account/set-settle-currency": needing(OTHER_MODE, "settleCcy"),
    "account/set-trading-config": needing(OTHER_MODE, "type"),
    "account/spot-manual-borrow-repay": needing(OTHER_MODE, "ccy", "side", "amt"),
    "asset/convert-dust-assets": needing(OUTSIDE),
    "asset/convert/estimate-quote": needing(OUTSIDE),
    "asset/convert/trade": needing(OUTSIDE),
    "asset/purchase_redempt": needing(OUTSIDE),
    "asset/subaccount/transfer": items.ACROSS,
    "asset/transfer": items.TRANSFER,
    "users/subaccount/apikey": items.NEW_KEY,
    "users/subaccount/create-subaccount": items.NEW_SUB_ACCOUNT,
    "users/subaccount/delete-apikey": items.DELETED_KEY,
    "users/subaccount/modify-apikey": items.CHANGED_KEY,
    "users/subaccount/set-transfer-out": items.TRANSFER_OUT,
    "asset/cancel-withdrawal": (),  # no demo key may withdraw, so only that is shown
    "asset/withdrawal": (),
    "asset/withdrawal-lightning": (),
    "trade/amend-order": items.AMEND,
    "trade/cancel-all-after": items.CANCEL_ALL_AFTER,
    "trade/cancel-order": items.CANCEL,
    "trade/mass-cancel": items.MASS_CANCEL,
    "trade/order": items.PLACE,
}
"""What takes one object."""

BATCHES: Final[Mapping[str, tuple[tuple[Item, ...], str]]] = {
    "trade/amend-batch-orders": (items.AMEND, "51501"),
    "trade/batch-orders": (items.PLACE, "51111"),
    "trade/cancel-batch-orders": (items.CANCEL, "51406"),
}
"""What takes a list of objects, and the code for more than twenty."""
