"""Balances of the trading wallet in OKX's spelling.

Source: OKX v5, GET /api/v5/account/balance, and the WebSocket channels "account" and "balance_and_position". In spot
mode `availEq` must be empty: clients then take what is free from `availBal`. Fields that another account mode has
are empty, those that spot mode has only with borrowing are zero.
"""

from collections.abc import Iterable
from decimal import Decimal

from tickyard.account.model import Holding
from tickyard.account.wire.values import Row, decimal_text
from tickyard.instruments.grid import EXACT

# Why a balance was pushed. Source: OKX v5, WebSocket, "Balance and position channel", "eventType".
SNAPSHOT = "snapshot"
FILLED = "filled"
TRANSFERRED = "transferred"


def usd_value(holding: Holding, units: int) -> Decimal:
    """Value so many units of an asset in USD, exactly."""
    return EXACT.multiply(holding.asset.amount_value(units), holding.usd_price)


def balance_row(
    holdings: Iterable[Holding], shown: Iterable[Holding], time_ms: int, *, is_push: bool = False
) -> Row:
    """Write the one row of a balance.

    Args:
        holdings: everything that the account has; counts in the totals.
        shown: what is listed by currency.
        time_ms: exchange time of the balances.
        is_push: the row is for the channel, which spells one field differently and has three fewer.
    """
    total = Decimal(0)
    for holding in holdings:
        total = EXACT.add(total, usd_value(holding, holding.trading))
    equity = decimal_text(total)
    detail = _push_detail if is_push else _detail
    return {
        "uTime": str(time_ms),
        "totalEq": equity,
        "isoEq": "",
        "adjEq": equity,
        "availEq": "",
        "ordFroz": "0",
        "imr": "0",
        "mmr": "0",
        "borrowFroz": "0",
        "mgnRatio": "",
        "notionalUsd": "0",
        "notionalUsdForBorrow": "0",
        "notionalUsdForSwap": "",
        "notionalUsdForFutures": "",
        "notionalUsdForOption": "0",
        "upl": "",
        "delta": "",
        "deltaLever": "",
        "deltaNeutralStatus": "",
        "details": [detail(holding, time_ms) for holding in shown],
    }


def _detail(holding: Holding, time_ms: int) -> Row:
    amount = holding.asset.amount_text
    balance, frozen = amount(holding.trading), amount(holding.hold)
    worth = decimal_text(usd_value(holding, holding.trading))
    return {
        "ccy": holding.asset.symbol,
        "eq": balance,
        "cashBal": balance,
        "uTime": str(time_ms),
        "isoEq": "",
        "availEq": "",
        "disEq": worth,
        "fixedBal": "0",
        "availBal": amount(holding.free),
        "frozenBal": frozen,
        "ordFrozen": frozen,
        "liab": "0",
        "upl": "",
        "uplLiab": "",
        "crossLiab": "0",
        "rewardBal": "0",
        "isoLiab": "",
        "mgnRatio": "",
        "imr": "",
        "mmr": "",
        "interest": "0",
        "twap": "0",
        "frpType": "0",
        "maxLoan": "0",
        "eqUsd": worth,
        "borrowFroz": "0",
        "notionalLever": "",
        "stgyEq": "0",
        "isoUpl": "",
        "spotInUseAmt": "",
        "clSpotInUseAmt": "",
        "maxSpotInUse": "",
        "spotIsoBal": "0",
        "smtSyncEq": "0",
        "spotCopyTradingEq": "0",
        "spotBal": balance,
        "openAvgPx": "",
        "accAvgPx": "",
        "spotUpl": "",
        "spotUplRatio": "",
        "totalPnl": "",
        "totalPnlRatio": "",
        "colRes": "0",
        "colBorrAutoConversion": "0",
        "collateralRestrict": False,
        "collateralEnabled": False,
        "autoLendStatus": "unsupported",
        "autoLendMtAmt": "0",
        "coinUsdPrice": decimal_text(holding.usd_price),
        "autoLendAmt": "0",
        "autoStakingStatus": "unsupported",
    }


def _push_detail(holding: Holding, time_ms: int) -> Row:
    row = _detail(holding, time_ms)
    row["maxSpotInUseAmt"] = row.pop("maxSpotInUse")
    del row["autoLendAmt"], row["autoStakingStatus"]
    return row


def balance_and_position_row(
    shown: Iterable[Holding],
    time_ms: int,
    *,
    event: str,
    trades: Iterable[tuple[str, int]] = (),
) -> Row:
    """Write the one row of the channel `balance_and_position`.

    Args:
        shown: the currencies that changed, or all.
        time_ms: exchange time of the balances.
        event: why it is pushed.
        trades: instrument and number of each trade behind it.
    """
    return {
        "pTime": str(time_ms),
        "eventType": event,
        "balData": [
            {
                "ccy": holding.asset.symbol,
                "cashBal": holding.asset.amount_text(holding.trading),
                "uTime": str(time_ms),
            }
            for holding in shown
        ],
        "posData": [],
        "trades": [{"instId": symbol, "tradeId": str(trade)} for symbol, trade in trades],
    }


def position_risk_row(holdings: Iterable[Holding], time_ms: int) -> Row:
    """Write the one row of the risk of positions: money, and no positions."""
    total = Decimal(0)
    coins: list[Row] = []
    for holding in holdings:
        worth = usd_value(holding, holding.trading)
        total = EXACT.add(total, worth)
        equity = holding.asset.amount_text(holding.trading)
        coins.append({"ccy": holding.asset.symbol, "eq": equity, "disEq": decimal_text(worth)})
    return {"ts": str(time_ms), "adjEq": decimal_text(total), "balData": coins, "posData": []}
