"""Pages of trades, newest first: from memory as far as it goes, then from disk.

The database may be a moment behind, so what memory has is never asked of it.
"""

from collections.abc import Sequence
from typing import Final

from tickyard.base.ids import TradeId
from tickyard.marketdata.market import Market
from tickyard.marketdata.model import History
from tickyard.marketdata.tape import LENGTH, Trade

TRADE_ID_MAX: Final = TradeId(2**63 - 1)
"""Newer than every trade."""


async def page_by_id(
    market: Market, history: History, *, older_than: TradeId, newer_than: TradeId, limit: int
) -> Sequence[Trade]:
    """The newest trades within both bounds."""
    kept = market.tape.newest(LENGTH)
    found = [trade for trade in kept if newer_than < trade.trade_id < older_than][:limit]
    oldest = kept[-1].trade_id if kept else older_than
    if len(found) == limit or oldest <= newer_than:
        return found
    older = await history.trades_by_id(
        market.instrument.instrument,
        older_than=min(older_than, oldest),
        newer_than=newer_than,
        limit=limit - len(found),
    )
    return [*found, *older]


async def page_by_time(
    market: Market, history: History, *, before_ms: int, limit: int
) -> Sequence[Trade]:
    """The newest trades before a time."""
    kept = market.tape.newest(LENGTH)
    found = [trade for trade in kept if trade.time_ms < before_ms][:limit]
    if len(found) == limit:
        return found
    key = market.instrument.instrument
    if not found:
        return await history.trades_by_time(key, before_ms=before_ms, limit=limit)
    older = await history.trades_by_id(
        key, older_than=kept[-1].trade_id, newer_than=TradeId(0), limit=limit - len(found)
    )
    return [*found, *older]
