"""What the layouts of events have in common: the header, enums by their numbers, the shape of a decoder."""

from collections.abc import Callable, Mapping
from typing import Final

from tickyard.engine.events import Event
from tickyard.engine.records import EventKind, OrderState, OrderType, SelfTrade, Side, TradeMode

Decoders = Mapping[EventKind, tuple[int, Callable[[bytes | memoryview, int], Event]]]
"""For each kind its size, and what reads one that begins at a byte of a buffer."""

# Decoders name every field twice: to gather fields behind a star takes twice as long, and workers decode every trade.
# An i128 is read as low half (Q) and high half (q).
HEADER: Final = "<4xIQQ"
"""After kind and size: index, seq, time."""

# Looked up: calling the class of an enum costs five times as much.
SIDES = {v.value: v for v in Side}
ORDER_TYPES = {v.value: v for v in OrderType}
TRADE_MODES = {v.value: v for v in TradeMode}
SELF_TRADES = {v.value: v for v in SelfTrade}
ORDER_STATES = {v.value: v for v in OrderState}
