"""Ledger lines in OKX's spelling.

Source: OKX v5, GET /api/v5/account/bills and GET /api/v5/asset/bills.
"""

from collections.abc import Mapping
from typing import Final

from tickyard.account.model import Bill, BillFilter
from tickyard.account.wire.values import WALLET_IDS, Row, currency
from tickyard.base.ids import AccountId
from tickyard.engine.records import PostingReason, Side, Wallet
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.params import limit, optional_choice, optional_instrument, whole
from tickyard.instruments.wire import INSTRUMENT_TYPES

_TRANSFER, _TRADE = "1", "2"
_MOVEMENTS: Final = frozenset(
    {PostingReason.TRANSFER, PostingReason.CREDIT, PostingReason.DEBIT, PostingReason.ROUNDING}
)
_TRADES: Final = frozenset({PostingReason.TRADE, PostingReason.FEE})
_REASONS: Final = {_TRANSFER: _MOVEMENTS, _TRADE: _TRADES}
_SIDES: Final = {"1": Side.BUY, "2": Side.SELL}
_SUB_TYPES: Final = {side: word for word, side in _SIDES.items()}
_IN, _OUT = "11", "12"

# Lines of the funding wallet have numbers of their own. Source: OKX v5, GET /api/v5/asset/bills, "type".
_FUNDING_TYPES: Final = {
    "1": (PostingReason.CREDIT, True, None, None),
    "2": (PostingReason.DEBIT, False, None, None),
    "20": (PostingReason.TRANSFER, False, False, True),
    "21": (PostingReason.TRANSFER, True, False, True),
    "22": (PostingReason.TRANSFER, False, False, False),
    "23": (PostingReason.TRANSFER, True, False, False),
    "130": (PostingReason.TRANSFER, True, True, None),
    "131": (PostingReason.TRANSFER, False, True, None),
}
"""Why money moved, whether into the wallet, whether within the account, and whether that is a master account."""

_TO_SUB, _FROM_SUB = "0", "1"
_GIVEN: Final = {_TO_SUB: False, _FROM_SUB: True}
"""Transfers with sub-accounts: whether they add to the master account's wallet."""

_BY_TIME, _BY_ID = "1", "2"
_PAGING: Final = (_BY_TIME, _BY_ID)
_THIRD_PARTIES: Final = ("1", "2", "5")
"""Source: OKX v5, GET /api/v5/asset/bills-history, "pagingType"."""

SUB_TYPE_NAMES: Final = {
    _TRANSFER: ("Transfer", {_IN: "Transfer in", _OUT: "Transfer out"}),
    _TRADE: ("Trade", {"1": "Buy", "2": "Sell"}),
}
"""The types of lines that there are, with their sub-types. Source: OKX v5, GET /api/v5/account/subtypes."""


def bill_filter(
    params: Mapping[str, str], catalog: Catalog, *, oldest_ms: int
) -> BillFilter | None:
    """Read which lines of the trading wallet are asked for.

    Args:
        params: the query.
        catalog: the listing.
        oldest_ms: lines before this time are not shown.

    Returns:
        The filter; None when no line can match it: it asks for products that there are not.

    Raises:
        ApiError: a parameter is wrong, or names something unknown.
    """
    kind, sub_type = whole(params, "type"), whole(params, "subType")
    instrument_type = optional_choice(params, "instType", INSTRUMENT_TYPES)
    margin = optional_choice(params, "mgnMode", ("isolated", "cross", "cash"))
    contract = optional_choice(params, "ctType", ("linear", "inverse"))
    pair = optional_instrument(params, catalog)
    asset = currency(catalog, params["ccy"]) if "ccy" in params else None
    wanted = BillFilter(
        asset=None if asset is None else asset.asset,
        instrument=None if pair is None else pair.instrument,
        reasons=_reasons(kind, sub_type, only_trades=instrument_type is not None),
        side=_SIDES.get(str(sub_type)),
        is_incoming={_IN: True, _OUT: False}.get(str(sub_type)),
        older_than=whole(params, "after"),
        newer_than=whole(params, "before"),
        begin_ms=max(whole(params, "begin") or 0, oldest_ms),
        end_ms=whole(params, "end"),
        limit=limit(params),
    )
    is_elsewhere = instrument_type not in (None, "SPOT") or margin in ("isolated", "cross")
    if is_elsewhere or contract is not None or not wanted.reasons:
        return None
    return wanted


def _reasons(
    kind: int | None, sub_type: int | None, *, only_trades: bool
) -> frozenset[PostingReason]:
    found = _MOVEMENTS | _TRADES if kind is None else _REASONS.get(str(kind), frozenset())
    if sub_type is not None:
        owner = next(
            (type_ for type_, (_, words) in SUB_TYPE_NAMES.items() if str(sub_type) in words), ""
        )
        found &= _REASONS.get(owner, frozenset())
    # Lines without an instrument have no instrument type.
    return found & _TRADES if only_trades else found


def bill_row(bill: Bill, catalog: Catalog) -> Row:
    """Write one line of the trading wallet."""
    asset = catalog.asset(bill.asset)
    is_trade = bill.reason in _TRADES
    pair = catalog.instrument(bill.instrument) if is_trade else None
    if pair is None:
        size, price = asset.amount_text(bill.amount), ""
    else:
        # The size is in the currency of the line.
        is_base = bill.asset == pair.base.asset
        whole_size = bill.price * bill.size
        size = pair.lots_to_text(bill.size) if is_base else pair.notional_to_text(whole_size)
        price = pair.ticks_to_text(bill.price)
    here, there = WALLET_IDS[bill.wallet], ""
    if bill.counter_wallet is not None:
        there = WALLET_IDS[bill.counter_wallet]
    source, target = (there, here) if bill.amount > 0 else (here, there)
    return {
        "instType": "SPOT" if is_trade else "",
        "billId": str(bill.bill_id),
        "type": _TRADE if is_trade else _TRANSFER,
        "subType": _sub_type(bill),
        "ts": str(bill.time_ms),
        "balChg": asset.amount_text(bill.amount),
        "posBalChg": "0",
        "bal": asset.amount_text(bill.balance),
        "posBal": "0",
        "sz": size,
        "px": price,
        "ccy": asset.symbol,
        "pnl": "0",
        "fee": asset.amount_text(bill.fee),
        "earnAmt": "",
        "earnApr": "",
        "mgnMode": "cash" if is_trade else "",
        "instId": "" if pair is None else pair.symbol,
        "ordId": str(bill.order_id) if is_trade else "",
        "execType": ("T" if bill.is_taker else "M") if is_trade else "",
        "from": "" if is_trade else source,
        "to": "" if is_trade else target,
        "notes": "",
        "interest": "0",
        "tag": bill.tag,
        "fillTime": str(bill.time_ms) if is_trade else "",
        "tradeId": str(bill.trade_id) if is_trade else "",
        "clOrdId": bill.client_id if is_trade else "",
        "fillIdxPx": ""
        if pair is None or not bill.index_price
        else pair.ticks_to_text(bill.index_price),
        "fillMarkPx": "",
        "fillPxVol": "",
        "fillPxUsd": "",
        "fillMarkVol": "",
        "fillFwdPx": "",
    }


def _sub_type(bill: Bill) -> str:
    if bill.side is not None:
        return _SUB_TYPES[bill.side]
    return _IN if bill.amount > 0 else _OUT


def sub_type_row(kind: str) -> Row:
    """Write one type of lines with its sub-types."""
    name, sub_types = SUB_TYPE_NAMES[kind]
    return {
        "type": kind,
        "typeDesc": name,
        "subTypeDetails": [
            {"subType": sub_type, "subTypeDesc": text} for sub_type, text in sub_types.items()
        ],
    }


def funding_filter(
    params: Mapping[str, str], catalog: Catalog, *, is_master: bool
) -> BillFilter | None:
    """Read which lines of the funding wallet are asked for; cursors are times, or ids when that is said.

    Args:
        params: the query.
        catalog: the listing.
        is_master: whether a master account asks.

    Returns:
        The filter; None when no line can match it.

    Raises:
        ApiError: a parameter is wrong, or names something unknown.
    """
    asset = currency(catalog, params["ccy"]) if "ccy" in params else None
    kind, older, newer = (whole(params, name) for name in ("type", "after", "before"))
    by_id = optional_choice(params, "pagingType", _PAGING) == _BY_ID
    optional_choice(params, "thirdPartyType", _THIRD_PARTIES)
    most = limit(params)
    if kind is not None and str(kind) not in _FUNDING_TYPES:
        return None
    reason, is_incoming, is_within, of_master = (
        (None, None, None, None) if kind is None else _FUNDING_TYPES[str(kind)]
    )
    if of_master not in {None, is_master}:
        return None
    return BillFilter(
        wallet=Wallet.FUNDING,
        asset=None if asset is None else asset.asset,
        reasons=None if reason is None else frozenset({reason}),
        is_incoming=is_incoming,
        is_within=is_within,
        older_than=older if by_id else None,
        newer_than=newer if by_id else None,
        begin_ms=None if newer is None or by_id else newer + 1,
        end_ms=None if older is None or by_id else older - 1,
        limit=most,
    )


def funding_bill_row(bill: Bill, catalog: Catalog, *, is_master: bool) -> Row:
    """Write one line of the funding wallet.

    Args:
        bill: the line.
        catalog: the listing.
        is_master: whether it is of a master account.
    """
    asset = catalog.asset(bill.asset)
    return {
        "billId": str(bill.bill_id),
        "ccy": asset.symbol,
        "clientId": bill.client_id,
        "balChg": asset.amount_text(bill.amount),
        "bal": asset.amount_text(bill.balance),
        "type": _funding_type(bill, is_master=is_master),
        "notes": "",
        "ts": str(bill.time_ms),
    }


def _funding_type(bill: Bill, *, is_master: bool) -> str:
    is_within = bill.counter_account == bill.account
    for name, (reason, is_incoming, within, of_master) in _FUNDING_TYPES.items():
        if (reason, is_incoming) == (bill.reason, bill.amount > 0) and (
            within is None or (within, of_master) in {(is_within, None), (is_within, is_master)}
        ):
            return name
    raise AssertionError(f"Invariant: a line of the funding wallet has a type: {bill}")


def sub_account_filter(
    params: Mapping[str, str], catalog: Catalog, accounts: frozenset[AccountId]
) -> BillFilter:
    """Read which transfers with sub-accounts a master account asks for; cursors are times.

    Args:
        params: the query.
        catalog: the listing.
        accounts: the sub-accounts with which they were made.

    Raises:
        ApiError: a parameter is wrong, or names something unknown.
    """
    asset = currency(catalog, params["ccy"]) if "ccy" in params else None
    older_ms, newer_ms = whole(params, "after"), whole(params, "before")
    kind = optional_choice(params, "type", _GIVEN)
    return BillFilter(
        wallet=None,
        asset=None if asset is None else asset.asset,
        reasons=frozenset({PostingReason.TRANSFER}),
        is_incoming=None if kind is None else _GIVEN[kind],
        counter_accounts=accounts,
        begin_ms=None if newer_ms is None else newer_ms + 1,
        end_ms=None if older_ms is None else older_ms - 1,
        limit=limit(params),
    )


def sub_account_bill_row(bill: Bill, catalog: Catalog, name: str) -> Row:
    """Write one transfer between a master account and the sub-account of a name."""
    asset = catalog.asset(bill.asset)
    return {
        "billId": str(bill.bill_id),
        "ccy": asset.symbol,
        "amt": asset.amount_text(abs(bill.amount)),
        "type": _FROM_SUB if bill.amount > 0 else _TO_SUB,
        "subAcct": name,
        "ts": str(bill.time_ms),
    }
