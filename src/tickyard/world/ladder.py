"""Where quotes should stand, and which of them are worth moving. Pure."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from tickyard.world.pair import Pair
from tickyard.world.profiles import Behaviour

_BPS = 10_000
_WIDENING = 1.25
"""The n-th quote stands n to this power steps from the best."""
_TOLERANCE = 0.5
"""A quote moves when it is off by more than this part of the distance to its neighbour."""
_LOW = 0.4
"""A quote is filled up when less than this part of its size is left."""


class Side(StrEnum):
    """Which way a quote trades, in OKX's words."""

    BUY = "buy"
    SELL = "sell"


class Slot:
    """One quote of a ladder, and the order that stands in it, if any."""

    __slots__ = ("client_id", "filled", "number", "price", "side", "size", "stretch")

    def __init__(self, pair: Pair, side: Side, number: int, stretch: float) -> None:
        self.side = side
        self.number = number
        # Always the same name, so that a quoter that starts again finds its orders.
        self.client_id = f"q{pair.code}{side.value[0]}{number}"
        self.stretch = stretch
        """Keeps the distances of a ladder from being all alike."""
        self.price = 0
        """Ticks of the resting order; 0 when there is none."""
        self.size = 0
        """Total lots of the order."""
        self.filled = 0
        """Lots of it that were filled when it was last looked at."""

    @property
    def is_empty(self) -> bool:
        """Whether no order stands here."""
        return self.price == 0

    @property
    def is_low(self) -> bool:
        """Whether little is left of the order."""
        return not self.is_empty and self.size - self.filled < self.size * _LOW

    def fill(self, lots: int) -> None:
        """Note that some of the order was filled."""
        self.filled += lots
        if self.filled >= self.size:
            self.clear()

    def clear(self) -> None:
        """Note that the order is gone."""
        self.price = self.size = self.filled = 0


class Move(msgspec.Struct, frozen=True):
    """A quote that should stand at another price, in ticks."""

    slot: Slot
    price: int


def targets(pair: Pair, behaviour: Behaviour, middle: float, slots: Sequence[Slot]) -> list[int]:
    """Where the quotes of one side should stand, in ticks; `slots` are ordered from the best outwards."""
    found: list[int] = []
    for slot in slots:
        distance = middle * _offset_bps(behaviour, slot.number) * slot.stretch / _BPS
        if slot.side is Side.BUY:
            price = pair.below(middle - distance)
            found.append(max(1, min(price, found[-1] - 1) if found else price))
        else:
            price = pair.above(middle + distance)
            found.append(max(price, found[-1] + 1) if found else price)
    return found


def tolerance(pair: Pair, behaviour: Behaviour, middle: float, number: int) -> int:
    """By how many ticks a quote may be off."""
    gap = _offset_bps(behaviour, number + 1) - _offset_bps(behaviour, number)
    return max(1, pair.below(middle * gap * _TOLERANCE / _BPS))


def plan(
    pair: Pair, behaviour: Behaviour, middle: float, bids: Sequence[Slot], asks: Sequence[Slot]
) -> list[Move]:
    """Choose the quotes to move, and in which order, so that none meets another of the same ladder.

    Those that give way to the price come before those that follow it. When not all may move, each kind
    has half, from the best outwards. A quote that would meet one that stays is kept a tick away from it.
    """
    giving_way: list[Move] = []
    following: list[Move] = []
    for side in (bids, asks):
        for slot, price in zip(side, targets(pair, behaviour, middle, side), strict=True):
            if slot.is_empty or abs(slot.price - price) <= tolerance(
                pair, behaviour, middle, slot.number
            ):
                continue
            gives_way = (price > slot.price) is (slot.side is Side.SELL)
            (giving_way if gives_way else following).append(Move(slot, price))
    for moves in (giving_way, following):
        moves.sort(key=lambda move: move.slot.number)
    half = behaviour.moves_max // 2
    first = giving_way[: max(half, behaviour.moves_max - len(following))]
    then = following[: behaviour.moves_max - len(first)]
    return [move for move in apart([*first, *then], bids, asks) if move.price != move.slot.price]


def apart(moves: Iterable[Move], bids: Sequence[Slot], asks: Sequence[Slot]) -> list[Move]:
    """Keep every move a tick away from what stands on the other side by then.

    Args:
        moves: in the order in which they are made; also of empty slots, which are placed.
        bids: all of this ladder's bids.
        asks: all of its asks.
    """
    standing = {slot: slot.price for slot in (*bids, *asks) if not slot.is_empty}
    kept: list[Move] = []
    for move in moves:
        price = move.price
        if move.slot.side is Side.BUY:
            price = min([price, *(standing[slot] - 1 for slot in asks if slot in standing)])
        else:
            price = max([price, *(standing[slot] + 1 for slot in bids if slot in standing)])
        price = max(1, price)
        standing[move.slot] = price
        kept.append(Move(move.slot, price))
    return kept


def _offset_bps(behaviour: Behaviour, number: int) -> float:
    return behaviour.half_spread_bps + behaviour.step_bps * float(number**_WIDENING)
