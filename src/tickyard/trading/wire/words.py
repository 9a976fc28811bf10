"""OKX's words for what an order is, and the core's numbers for them. `crates/entry` reads the same words."""

from typing import Final

from tickyard.engine.records import OrderType, SelfTrade, Side, TradeMode

SIDES: Final = {"buy": Side.BUY, "sell": Side.SELL}
SIDE_WORDS: Final = {side: word for word, side in SIDES.items()}
SUB_TYPES: Final = {"1": Side.BUY, "2": Side.SELL}
"""Which side a fill was on. Source: OKX v5, GET /api/v5/trade/fills, "subType"."""
SUB_TYPE_WORDS: Final = {side: word for word, side in SUB_TYPES.items()}
ORDER_TYPES: Final = {
    "market": OrderType.MARKET,
    "limit": OrderType.LIMIT,
    "post_only": OrderType.POST_ONLY,
    "fok": OrderType.FILL_OR_KILL,
    "ioc": OrderType.IMMEDIATE_OR_CANCEL,
}
ORDER_TYPE_WORDS: Final = {order_type: word for word, order_type in ORDER_TYPES.items()}
TRADE_MODES: Final = {"cash": TradeMode.CASH, "cross": TradeMode.CROSS}
"""Clients rewrite the mode of spot stops to `cross`; without margin it means the same."""
TRADE_MODE_WORDS: Final = {mode: word for word, mode in TRADE_MODES.items()}
SELF_TRADES: Final = {
    "cancel_maker": SelfTrade.CANCEL_MAKER,
    "cancel_taker": SelfTrade.CANCEL_TAKER,
    "cancel_both": SelfTrade.CANCEL_BOTH,
}
SELF_TRADE_WORDS: Final = {self_trade: word for word, self_trade in SELF_TRADES.items()}
NAME_MAX: Final = 32
"""Longest client's name of an order, in characters."""
