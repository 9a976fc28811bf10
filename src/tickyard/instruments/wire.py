"""Instruments in OKX's spelling.

Source: OKX v5, GET /api/v5/public/instruments and GET /api/v5/account/instruments, "Response Parameters".
"""

from typing import Any

from tickyard.engine.records import InstrumentState
from tickyard.instruments.model import Instrument

INSTRUMENT_TYPES = frozenset({"SPOT", "MARGIN", "SWAP", "FUTURES", "OPTION", "EVENTS"})

STATES = {
    InstrumentState.PREOPEN: "preopen",
    InstrumentState.LIVE: "live",
    InstrumentState.POST_ONLY: "post_only",
    # OKX has no word for it; what matters to a client is that no new order is accepted.
    InstrumentState.CANCEL_ONLY: "suspend",
    InstrumentState.SUSPENDED: "suspend",
}

_PUBLIC_ONLY = (
    *("category", "alias", "floatPxLmtPct", "initPxLmtPct", "maxPxLmtPct"),
    *("rpiMinLevel", "rpiMinPxBand"),
)

Row = dict[str, Any]


def instrument_row(pair: Instrument, state: InstrumentState) -> Row:
    """Write one instrument as the public endpoint and the channel show it."""
    size_max = pair.lots_to_text(pair.max_limit_size)
    return {
        "instType": "SPOT",
        "seriesId": "",
        "instId": pair.symbol,
        "uly": "",
        "groupId": pair.fee_group,
        "instFamily": "",
        "category": "1",
        "baseCcy": pair.base.symbol,
        "quoteCcy": pair.quote.symbol,
        "settleCcy": "",
        "ctVal": "",
        "ctMult": "",
        "ctValCcy": "",
        "optType": "",
        "stk": "",
        "listTime": str(pair.listed_ms),
        "auctionEndTime": "",
        "contTdSwTime": "",
        "preMktSwTime": "",
        "openType": "",
        "expTime": "",
        "lever": "",
        "tickSz": pair.ticks_to_text(1),
        "lotSz": pair.lots_to_text(1),
        "minSz": pair.lots_to_text(pair.min_size),
        "ctType": "",
        "alias": "",
        "state": STATES[state],
        "ruleType": "normal",
        "maxLmtSz": size_max,
        # Market and stop orders are bounded in dollars. Source: "maxMktSz", "maxStopSz".
        "maxMktSz": pair.max_market_usd,
        "maxLmtAmt": pair.max_limit_usd,
        "maxMktAmt": pair.max_market_usd,
        "maxTwapSz": size_max,
        "maxIcebergSz": size_max,
        "maxTriggerSz": size_max,
        "maxStopSz": pair.max_market_usd,
        "futureSettlement": False,
        "tradeQuoteCcyList": [pair.quote.symbol],
        "instIdCode": pair.instrument,
        "instCategory": "1",
        "upcChg": [],
        "posLmtAmt": "",
        "posLmtPct": "",
        "longPosRemainingQuota": "",
        "shortPosRemainingQuota": "",
        "maxPlatOILmt": "",
        "maxPlatOICoinLmt": "",
        "elp": "0",
        "floatPxLmtPct": "",
        "initPxLmtPct": "",
        "maxPxLmtPct": "",
        "rpiMinLevel": "",
        "rpiMinPxBand": "",
    }


def account_instrument_row(pair: Instrument, state: InstrumentState) -> Row:
    """Write one instrument as the account's endpoint shows it: the same, less what is general."""
    row = instrument_row(pair, state)
    for name in _PUBLIC_ONLY:
        del row[name]
    return row


def price_limit_row(pair: Instrument, bounds: tuple[int, int], now_ms: int) -> Row:
    """Write the prices between which orders are accepted: a buyer's highest, a seller's lowest."""
    return {
        "instType": "SPOT",
        "instId": pair.symbol,
        "buyLmt": pair.ticks_to_text(bounds[1]),
        "sellLmt": pair.ticks_to_text(bounds[0]),
        "ts": str(now_ms),
        "enabled": True,
    }
