"""When somebody buys or sells: a Hawkes process, in which every trade makes more of them likely for a while.

Each side excites itself more than the other, fast (bursts of milliseconds) and slowly (minutes of unrest). Kernels
are exponential, so an event costs the same however long the history is; times come by thinning (Ogata 1981).
"""

from math import exp
from typing import Final

from tickyard.world.ladder import Side
from tickyard.world.rng import Rng

BRANCHING: Final = 0.8
"""So many trades follow from each on average; below 1, or there would be no end."""
_DECAYS: Final = (20.0, 0.1)
"""Per second: of the fast kernel and of the slow one."""
_SHARES: Final = (0.5, 0.5)
"""How much of the branching each has."""
_OWN_SIDE: Final = 0.8
_SIDES: Final = (Side.BUY, Side.SELL)


class Flow:
    """The moments at which one pair is traded. Times are seconds since its beginning."""

    def __init__(self, rng: Rng, per_second: float) -> None:
        """Begin calm.

        Args:
            rng: where the moments come from.
            per_second: how many there are on average.
        """
        self._rng = rng
        self._base = per_second * (1 - BRANCHING) / 2
        self._excited = {side: [0.0, 0.0] for side in _SIDES}
        self._now_s = 0.0

    def intensity(self, side: Side, busy: float = 1.0) -> float:
        """How many trades of a side there would be in a second if it stayed as it is."""
        return self._base * busy + sum(self._excited[side])

    def next(self, busy: float = 1.0) -> tuple[float, Side]:
        """Go on to the next trade.

        Args:
            busy: factor of those trades that nothing has caused.

        Returns:
            When it is, and on which side.
        """
        while True:
            bound = sum(self.intensity(side, busy) for side in _SIDES)
            self._go_on(self._rng.waiting(bound))
            drawn = self._rng.between(0, bound)
            for side in _SIDES:
                drawn -= self.intensity(side, busy)
                if drawn < 0:
                    self._excite(side)
                    return self._now_s, side

    def _go_on(self, seconds: float) -> None:
        self._now_s += seconds
        for kernels in self._excited.values():
            for number, decay in enumerate(_DECAYS):
                kernels[number] *= exp(-decay * seconds)

    def _excite(self, cause: Side) -> None:
        for side, kernels in self._excited.items():
            share = _OWN_SIDE if side is cause else 1 - _OWN_SIDE
            for number, (decay, part) in enumerate(zip(_DECAYS, _SHARES, strict=True)):
                kernels[number] += BRANCHING * part * share * decay
