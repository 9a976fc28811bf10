"""OKX's words for what an order is, and the core's numbers for them. `crates/entry` reads the same words."""

from typing import Final

from tickyard.engine.records import OrderType, SelfTrade, Side

SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}
ORDER_TYPES: Final = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "post_only": OrderType.POST_ONLY,
    "fok": OrderType.FILL_OR_KILL,
    "ioc": OrderType.IMMEDIATE_OR_CANCEL,
}
SELF_TRADES: Final = {
    "cancel_maker": SelfTrade.CANCEL_MAKER,
    "cancel_taker": SelfTrade.CANCEL_TAKER,
    "cancel_both": SelfTrade.CANCEL_BOTH,
}
NAME_MAX: Final = 32
"""Longest client's name of an order, in characters."""
