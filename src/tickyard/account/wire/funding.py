"""The funding wallet, currencies and transfers in OKX's spelling.

Source: OKX v5, GET /api/v5/asset/currencies, balances, asset-valuation, transfer-state; POST /api/v5/asset/transfer.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from tickyard.account.demo_balance import ADDITIONS_MAX, Adjustment
from tickyard.account.errors import (
    FUNDING_TOO_SMALL,
    NOT_POSITIVE,
    SAME_WALLET,
    TRADING_TOO_SMALL,
    TransferRefused,
)
from tickyard.account.model import Holding, Transfer, TransferKind
from tickyard.account.wire.values import WALLET_IDS, WALLETS, Row, currency
from tickyard.base.amounts import NotAnAmount, amount_text, scaled_text
from tickyard.base.ids import Seq
from tickyard.engine.records import Wallet
from tickyard.instruments.catalog import Catalog
from tickyard.instruments.errors import ParameterMissing, ParameterWrong
from tickyard.instruments.grid import EXACT, OffGrid
from tickyard.instruments.model import Asset

_NAMES_A_SUB_ACCOUNT: Final = frozenset(
    {TransferKind.TO_SUB, TransferKind.FROM_SUB, TransferKind.ACROSS}
)
_DEMO_MONEY: Final = frozenset({"BTC", "ETH", "USDT", "OKB"})
_CLIENT_ID_MAX: Final = 32
_VALUE_DIGITS: Final = 8
_AMOUNT_MAX: Final = (1 << 127) - 1
_WITHDRAWAL_DIGITS: Final = "8"


def currency_row(asset: Asset) -> Row:
    """Write one currency on its one network. Neither deposits nor withdrawals are open."""
    return {
        "ccy": asset.symbol,
        "name": asset.name,
        "logoLink": "",
        "chain": f"{asset.symbol}-{asset.network}",
        "ctAddr": "",
        "canDep": False,
        "canWd": False,
        "canInternal": False,
        "depEstOpenTime": "",
        "wdEstOpenTime": "",
        "minDep": "0",
        "minWd": "0",
        "minInternal": "0",
        "maxWd": "0",
        "wdTickSz": _WITHDRAWAL_DIGITS,
        "wdQuota": "0",
        "usedWdQuota": "0",
        "fee": "0",
        "minFee": "0",
        "maxFee": "0",
        "minFeeForCtAddr": "",
        "maxFeeForCtAddr": "",
        "burningFeeRate": "",
        "mainNet": True,
        "needTag": False,
        "minDepArrivalConfirm": "0",
        "minWdUnlockConfirm": "0",
        "depQuotaFixed": "",
        "usedDepQuotaFixed": "",
        "depQuoteDailyLayer2": "",
    }


def funding_row(holding: Holding) -> Row:
    """Write what the funding wallet has of one currency; nothing in it is ever held."""
    balance = holding.asset.amount_text(holding.funding)
    return {"ccy": holding.asset.symbol, "bal": balance, "frozenBal": "0", "availBal": balance}


def valuation_row(trading_usd: Decimal, funding_usd: Decimal, price: Decimal, time_ms: int) -> Row:
    """Write what both wallets are worth.

    Args:
        trading_usd: in USD.
        funding_usd: in USD.
        price: what one of the asset that is counted in is worth in USD, more than zero.
        time_ms: exchange time.
    """
    return {
        "totalBal": _floor_ratio(EXACT.add(trading_usd, funding_usd), price),
        "ts": str(time_ms),
        "details": {
            "funding": _floor_ratio(funding_usd, price),
            "trading": _floor_ratio(trading_usd, price),
            "classic": "0",
            "earn": "0",
        },
    }


def _floor_ratio(value: Decimal, by: Decimal) -> str:
    """Divide, rounding down to 8 decimals."""
    scaled = EXACT.scaleb(value, _VALUE_DIGITS)
    return scaled_text(int(EXACT.divide_int(scaled, by)), _VALUE_DIGITS)


def read_transfer(body: Mapping[str, Any], catalog: Catalog) -> Transfer:
    """Read a transfer between the wallets of one account, or between two accounts.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    kind = _kind(body)
    needed = ("ccy", "amt", "from", "to")
    for name in (*needed, "subAcct") if kind in _NAMES_A_SUB_ACCOUNT else needed:
        if name not in body:
            raise ParameterMissing(name)
    sub_account = str(body["subAcct"]) if kind in _NAMES_A_SUB_ACCOUNT else ""
    return read_movement(body, catalog, kind, sub_account)


def _kind(body: Mapping[str, Any]) -> TransferKind:
    try:
        return TransferKind(str(body.get("type", TransferKind.WITHIN)))
    except ValueError:
        raise ParameterWrong("type") from None


def read_movement(
    body: Mapping[str, Any], catalog: Catalog, kind: TransferKind, sub_account: str
) -> Transfer:
    """Read how much of what moves between which wallets.

    Raises:
        ApiError: a parameter is wrong.
    """
    asset = currency(catalog, str(body["ccy"]))
    source, target = _wallet(body, "from"), _wallet(body, "to")
    if kind is TransferKind.WITHIN and source is target:
        raise TransferRefused(*SAME_WALLET)
    amount = _amount(body["amt"], asset)
    if amount > _AMOUNT_MAX:
        # More than there can be, and more than a record holds.
        raise TransferRefused(
            *(FUNDING_TOO_SMALL if source is Wallet.FUNDING else TRADING_TOO_SMALL)
        )
    return Transfer(asset, amount, source, target, client_name(body), kind, sub_account)


def _wallet(body: Mapping[str, Any], name: str) -> Wallet:
    wallet = WALLETS.get(str(body[name]))
    if wallet is None:
        raise ParameterWrong(name)
    return wallet


def _amount(sent: object, asset: Asset) -> int:
    is_negative = False
    if type(sent) is int:
        is_negative, sent = sent < 0, abs(sent)
    elif isinstance(sent, Decimal):
        # Other ways to drop the sign round, or overflow.
        is_negative, sent = sent < 0, sent.copy_abs()
    elif isinstance(sent, str):
        is_negative, sent = sent.startswith("-"), sent.removeprefix("-")
    try:
        units = asset.units(amount_text(sent))
    except (NotAnAmount, OffGrid):
        raise ParameterWrong("amt") from None
    if units == 0 or is_negative:
        raise TransferRefused(*NOT_POSITIVE)
    return units


def client_name(body: Mapping[str, Any]) -> str:
    """Read the client's name for a transfer; "" when it is absent.

    Raises:
        ApiError: it is none of up to 32 letters and digits.
    """
    sent = body.get("clientId", "")
    client_id = str(sent) if type(sent) in {str, int} else "-"
    is_plain = client_id.isascii() and client_id.isalnum() and len(client_id) <= _CLIENT_ID_MAX
    if client_id and not is_plain:
        raise ParameterWrong("clientId")
    return client_id


def read_adjustments(body: Mapping[str, Any], catalog: Catalog) -> tuple[bool, list[Adjustment]]:
    """Read how much demo money is to be added or taken.

    Returns:
        Whether it is to be added, and what; at least one currency.

    Raises:
        ApiError: a parameter is missing or wrong.
    """
    for name in ("type", "adjustments"):
        if name not in body:
            raise ParameterMissing(name)
    is_more = {"increase": True, "reduce": False}.get(str(body["type"]))
    if is_more is None:
        raise ParameterWrong("type")
    items = body["adjustments"]
    if type(items) is not list or not items or not all(isinstance(item, dict) for item in items):
        raise ParameterWrong("adjustments")
    found = {}
    for item in items:
        for name in ("ccy", "amt"):
            if name not in item:
                raise ParameterMissing(name)
        asset = currency(catalog, str(item["ccy"]))
        amount = _amount(item["amt"], asset)
        if asset.symbol not in _DEMO_MONEY or asset.symbol in found or amount > _AMOUNT_MAX:
            raise ParameterWrong("adjustments")
        found[asset.symbol] = Adjustment(asset, amount)
    return is_more, list(found.values())


def adjusted_row(wanted: Sequence[Adjustment], found: Sequence[Holding], left: int) -> Row:
    """Write the answer to who has adjusted a demo balance."""
    balances = {holding.asset.symbol: holding.trading for holding in found}
    return {
        "remainCnt": str(left),
        "totalCnt": str(ADDITIONS_MAX),
        "details": [
            {
                "ccy": one.asset.symbol,
                "amt": one.asset.amount_text(one.amount),
                "bal": one.asset.amount_text(balances.get(one.asset.symbol, 0)),
            }
            for one in wanted
        ],
    }


def transfer_row(number: Seq, made: Transfer) -> Row:
    """Write the answer to a transfer."""
    return {
        "transId": str(number),
        "clientId": made.client_id,
        "ccy": made.asset.symbol,
        "from": WALLET_IDS[made.source],
        "amt": made.asset.amount_text(made.amount),
        "to": WALLET_IDS[made.target],
    }


def transfer_state_row(number: Seq, made: Transfer) -> Row:
    """Write the state of a transfer: what can be found was carried out."""
    return {
        **transfer_row(number, made),
        "type": made.kind,
        "subAcct": made.sub_account,
        "instId": "",
        "toInstId": "",
        "state": "success",
    }
