"""The prices that orders may have: near the index, more so when the book has been away from it."""

from collections import deque
from decimal import Decimal
from typing import Final

import msgspec

SAMPLES: Final = 120
"""The premium is the mean of the last two minutes, one sample a second."""


class Limits(msgspec.Struct, frozen=True):
    """The highest price of a buy order and the lowest of a sell order."""

    highest_buy: Decimal
    lowest_sell: Decimal


class Premium:
    """How far the middle of our book has been above the index, on average."""

    def __init__(self) -> None:
        self._samples: deque[Decimal] = deque(maxlen=SAMPLES)

    def add(self, middle: Decimal, index: Decimal) -> None:
        """Take a sample."""
        self._samples.append(middle - index)

    @property
    def mean(self) -> Decimal:
        """Zero without samples."""
        return sum(self._samples, Decimal(0)) / (len(self._samples) or 1)


def limits(index: Decimal, premium: Decimal, near: Decimal, far: Decimal) -> Limits:
    """Bound the prices of orders.

    Source: OKX, "Price limit rules": buy orders at most at the lower of max(index, (1 + Y) of it + premium)
    and (1 + Z) of it, sell orders likewise.

    Args:
        index: the index price.
        premium: the mean of the last two minutes.
        near: Y.
        far: Z, at least Y.
    """
    return Limits(
        highest_buy=min(max(index, index * (1 + near) + premium), index * (1 + far)),
        lowest_sell=max(min(index, index * (1 - near) + premium), index * (1 - far)),
    )
