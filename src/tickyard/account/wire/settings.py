"""Settings, fees and sizes of an account in OKX's spelling.

Source: OKX v5, GET /api/v5/account/config, trade-fee, max-size, max-avail-size, max-withdrawal.
"""

from collections.abc import Sequence

from tickyard.account.model import Holding
from tickyard.account.wire.values import Row
from tickyard.base.amounts import ppb_text
from tickyard.engine.records import SelfTrade
from tickyard.gateway.route import Access, Caller
from tickyard.instruments.model import FeeLevel, Instrument

SPOT_MODE = "1"
NET_MODE = "net_mode"
QUOTE_FEE_OFF = "0"

FEE_GROUPS = ("1", "2")
"""Pairs against USDT, and pairs against USDC and coins. Source: OKX v5, "groupId"."""

_PERMISSIONS = (Access.READ, Access.TRADE, Access.WITHDRAW)
_SELF_TRADE = {
    SelfTrade.CANCEL_MAKER: "cancel_maker",
    SelfTrade.CANCEL_TAKER: "cancel_taker",
    SelfTrade.CANCEL_BOTH: "cancel_both",
}


def config_row(caller: Caller, main_uid: str, level: FeeLevel, self_trade: SelfTrade) -> Row:
    """Write the settings of an account in spot mode, and of the key that asks.

    Args:
        caller: who asks.
        main_uid: public number of the master account.
        level: the account's row of the fee table.
        self_trade: the account's self-trade prevention, never the default.
    """
    is_main = caller.account == caller.master
    return {
        "uid": caller.uid,
        "mainUid": main_uid,
        "acctLv": SPOT_MODE,
        "acctStpMode": _SELF_TRADE[self_trade],
        "posMode": NET_MODE,
        "autoLoan": False,
        "greeksType": "PA",
        "feeType": QUOTE_FEE_OFF,
        "level": level.name,
        "levelTmp": "",
        "ctIsoMode": "automatic",
        "mgnIsoMode": "automatic",
        "spotOffsetType": "",
        "stgyType": "0",
        "roleType": "0",
        "traderInsts": [],
        "spotRoleType": "0",
        "spotTraderInsts": [],
        "opAuth": "0",
        "kycLv": "3",
        "label": caller.label,
        "ip": "",
        "perm": ",".join(p for p in _PERMISSIONS if p is Access.READ or p in caller.permissions),
        "liquidationGear": "-1",
        "enableSpotBorrow": False,
        "spotBorrowAutoRepay": False,
        "type": "0" if is_main else "1",
        "settleCcy": "",
        "settleCcyList": [],
    }


def fee_row(level: FeeLevel, groups: Sequence[str], now_ms: int) -> Row:
    """Write the fee rates of spot pairs: negative is charged, positive is paid."""
    maker, taker = ppb_text(-level.maker_ppb), ppb_text(-level.taker_ppb)
    return {
        "level": level.name,
        "feeGroup": [
            {"taker": taker, "maker": maker, "groupId": group, "elpMaker": ""} for group in groups
        ],
        "delivery": "",
        "exercise": "",
        "instType": "SPOT",
        "ts": str(now_ms),
        "taker": taker,
        "maker": maker,
        "takerU": "",
        "makerU": "",
        "takerUSDC": taker,
        "makerUSDC": maker,
        "ruleType": "normal",
        "category": "1",
        "fiat": [],
        "settle": "",
    }


def max_size_row(pair: Instrument, lots_to_buy: int, lots_to_sell: int) -> Row:
    """Write the largest orders that the account could pay for, in base."""
    return {
        "instId": pair.symbol,
        "ccy": "",
        "maxBuy": pair.lots_to_text(lots_to_buy),
        "maxSell": pair.lots_to_text(lots_to_sell),
    }


def available_size_row(pair: Instrument, quote: int, base: int) -> Row:
    """Write what is free: quote money to buy with, base coins to sell, in ledger units."""
    return {
        "instId": pair.symbol,
        "availBuy": pair.quote.amount_text(quote),
        "availSell": pair.base.amount_text(base),
    }


def max_withdrawal_row(holding: Holding) -> Row:
    """Write how much of a currency may leave the trading wallet."""
    free = holding.asset.amount_text(holding.free)
    return {
        "ccy": holding.asset.symbol,
        "maxWd": free,
        "maxWdEx": free,
        "spotOffsetMaxWd": "",
        "spotOffsetMaxWdEx": "",
    }
