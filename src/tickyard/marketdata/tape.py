"""Trades: the newest ones of an instrument, and how matches of one order become one print."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from tickyard.base.clock import NS_PER_MS
from tickyard.base.ids import Seq, TradeId
from tickyard.engine import Side, Traded

LENGTH = 500
"""How many trades of each instrument are kept at hand."""


class Trade(msgspec.Struct, frozen=True):
    """Two orders met: a price in ticks, a size in lots."""

    trade_id: TradeId
    price: int
    size: int
    taker_side: Side
    seq: Seq
    time_ms: int

    @classmethod
    def of(cls, event: Traded) -> "Trade":
        """Take what is public of a trade."""
        return cls(
            event.trade_id,
            event.price,
            event.size,
            event.taker_side,
            event.seq,
            event.time_ns // NS_PER_MS,
        )


class Print(msgspec.Struct, frozen=True):
    """All that one taker traded at one price: `count` matches, the newest one's id, their whole size."""

    last: Trade
    size: int
    count: int


class Tape:
    """The newest trades of one instrument."""

    def __init__(self) -> None:
        self._trades: deque[Trade] = deque(maxlen=LENGTH)

    @property
    def last(self) -> Trade | None:
        """The newest trade."""
        return self._trades[-1] if self._trades else None

    def add(self, trade: Trade) -> bool:
        """Append a trade; False when it, or a newer one, is there already."""
        if self._trades and trade.trade_id <= self._trades[-1].trade_id:
            return False
        self._trades.append(trade)
        return True

    def newest(self, count: int) -> Sequence[Trade]:
        """So many trades at most, newest first."""
        return list(islice(reversed(self._trades), count))


def prints(trades: Iterable[Trade]) -> Iterator[Print]:
    """Join what one taker traded at one price; a command is one taker.

    Args:
        trades: consecutive trades of one instrument, oldest first.
    """
    last: Trade | None = None
    size = count = 0
    for trade in trades:
        if last is not None and (trade.seq, trade.price) != (last.seq, last.price):
            yield Print(last, size, count)
            size = count = 0
        last, size, count = trade, size + trade.size, count + 1
    if last is not None:
        yield Print(last, size, count)
