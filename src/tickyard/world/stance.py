"""Where a maker sees the middle, and how wide it quotes. Pure.

Avellaneda and Stoikov, "High-frequency trading in a limit order book": the middle gives way to the inventory, and
the spread pays for the risk of holding it until the horizon. `half_spread_bps` stands for their term of fill rates.
"""

from math import log
from typing import Final

import msgspec

from tickyard.world.profiles import Behaviour

_LOTS: Final = 5
"""An inventory that makes a maker reluctant counts as so many of the model's lots."""
_LEAN_MAX: Final = 0.45
"""The middle moves by less than half of the half spread, so that makers of one pair do not cross each other."""
_WIDER_MAX: Final = 6.0
_MEMORY_S: Final = 60.0
_SHARE_MIN: Final = 0.25
_BPS: Final = 10_000


class Stance(msgspec.Struct, frozen=True):
    """What a maker makes of the fair price."""

    middle: float
    half_bps: float


def stance(how: Behaviour, fair: float, variance: float, inventory: float) -> Stance:
    """Take a stance.

    Args:
        how: how the maker quotes.
        fair: the fair price.
        variance: of the price in a second, in basis points squared.
        inventory: what the maker has too much of, as a part of what makes it reluctant; negative when it is short.
    """
    risk = how.aversion * variance * how.horizon_s
    half_bps = min(how.half_spread_bps + risk / 2, how.half_spread_bps * _WIDER_MAX)
    most = _LEAN_MAX * how.half_spread_bps
    lean_bps = max(-most, min(most, -inventory * _LOTS * risk))
    return Stance(fair * (1 + lean_bps / _BPS), half_bps)


def share(inventory: float, *, is_buying: bool) -> float:
    """How much of its usual size a maker offers on a side, less on the one that makes its inventory larger."""
    burden = inventory if is_buying else -inventory
    return max(_SHARE_MIN, min(1.0, 1.0 - 0.75 * burden))


class Turbulence:
    """What a maker has seen the price do lately."""

    def __init__(self) -> None:
        self.variance = 0.0
        """Of the price in a second, in basis points squared."""
        self._last: tuple[float, float] | None = None

    def see(self, time_s: float, price: float) -> None:
        """Take note of a price."""
        if self._last is not None and time_s > self._last[0]:
            seconds = time_s - self._last[0]
            moved_bps = _BPS * log(price / self._last[1])
            weight = min(1.0, seconds / _MEMORY_S)
            self.variance += weight * (moved_bps * moved_bps / seconds - self.variance)
        self._last = time_s, price
