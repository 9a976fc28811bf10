"""Fair prices: every asset has one in USD, so that all pairs agree with each other.

The logarithm of each price wanders without jumps and is drawn back to its reference over days. Half of an
asset's movement is common to all that are not stable.
"""

from collections.abc import Iterable, Mapping
from math import exp, log, sqrt
from typing import Final

from tickyard.world.rng import Rng
from tickyard.world.settings import volatility

STEP_MS: Final = 250
"""Prices move on a fixed grid of time, so that the path depends on the seed and not on who looks when."""
_YEAR_MS: Final = 365 * 86_400_000
_HALF_LIFE_MS: Final = 2 * 86_400_000
_COMMON: Final = sqrt(0.5)
_STABLE_BELOW: Final = 0.05
_DISTANCE_MAX: Final = 0.7
"""The logarithm never leaves its reference by more, so prices stay within a factor of two."""
_DOLLAR: Final = "USDT"


class FairPrices:
    """What every asset is worth now."""

    def __init__(self, references: Mapping[str, str], rng: Rng, *, is_moving: bool) -> None:
        """Begin at the reference prices.

        Args:
            references: price of each pair; assets without a pair against USDT are left out.
            rng: where the path comes from.
            is_moving: False for prices that stand still.
        """
        suffix = f"-{_DOLLAR}"
        self._reference = {
            pair.removesuffix(suffix): float(price)
            for pair, price in sorted(references.items())
            if pair.endswith(suffix)
        } | {_DOLLAR: 1.0}
        self._distance = dict.fromkeys(self._reference, 0.0)
        self._rng = rng
        self._is_moving = is_moving
        self._steps = 0

    def begin_at(self, prices: Iterable[tuple[str, float]]) -> None:
        """Begin where the market stands, e.g. after a restart.

        Args:
            prices: last prices of pairs; only those against USDT count.
        """
        for pair, price in prices:
            base, _, quote = pair.partition("-")
            if quote == _DOLLAR and base in self._reference and price > 0:
                distance = log(price / self._reference[base])
                self._distance[base] = max(-_DISTANCE_MAX, min(_DISTANCE_MAX, distance))

    def knows(self, base: str, quote: str) -> bool:
        """Tell whether a pair has a fair price."""
        return base in self._reference and quote in self._reference

    def advance(self, elapsed_ms: int) -> None:
        """Move on to a time since the beginning."""
        while self._is_moving and (self._steps + 1) * STEP_MS <= elapsed_ms:
            self._step()
            self._steps += 1

    def usd(self, asset: str) -> float:
        """What one of an asset is worth."""
        return self._reference[asset] * exp(self._distance[asset])

    def price(self, base: str, quote: str) -> float:
        """What one of `base` is worth in `quote`."""
        return self.usd(base) / self.usd(quote)

    def _step(self) -> None:
        together = self._rng.normal()
        pull = log(2) * STEP_MS / _HALF_LIFE_MS
        for asset, distance in self._distance.items():
            yearly = volatility(asset)
            own = self._rng.normal()
            if yearly >= _STABLE_BELOW:
                own = _COMMON * together + sqrt(1 - _COMMON * _COMMON) * own
            moved = distance * (1 - pull) + yearly * sqrt(STEP_MS / _YEAR_MS) * own
            self._distance[asset] = max(-_DISTANCE_MAX, min(_DISTANCE_MAX, moved))
