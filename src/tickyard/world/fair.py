"""Fair prices: every asset has one in USD, so that all pairs agree with each other.

The logarithm of a price follows the market `beta` times and wanders by itself; how fast both go changes with the
time of day and with a variance of its own (Heston, "A Closed-Form Solution for Options with Stochastic
Volatility"); now and then there is a jump, of one asset or of the market. Over a week it is drawn back to its
reference, so that a market that has lived for months still has plausible prices.
"""

from collections.abc import Iterable, Mapping
from math import exp, log, sqrt
from typing import Final

from tickyard.base.clock import DAY_MS
from tickyard.world.profiles import Motion, market, motion
from tickyard.world.rng import Rng
from tickyard.world.season import season

STEP_MS: Final = 250
"""Prices move on a fixed grid of time, so that the path depends on the seed and not on who looks when."""
_WEEK_MS: Final = 7 * DAY_MS
_YEAR_MS: Final = 365 * DAY_MS
_HALF_LIFE_MS: Final = _WEEK_MS
_DISTANCE_MAX: Final = 0.7
"""The logarithm never leaves its reference by more, so prices stay within a factor of two."""
_VARIANCE_MIN: Final = 0.05
_VARIANCE_MAX: Final = 8.0
_JUMP_SIGMA: Final = 0.4
_NEWS_HALF_MS: Final = 5_000
"""A jump is halfway there after five seconds: not everybody reads the news at once."""
_DOLLAR: Final = "USDT"
_STILL: Final = Motion(volatility=0, beta=0, jumps_per_week=0, jump_percent=0)
_SEASON_STEPS: Final = 240
"""The time of day is looked at every minute."""


class FairPrices:
    """What every asset is worth now."""

    def __init__(
        self, references: Mapping[str, str], rng: Rng, *, is_moving: bool, began_ms: int = 0
    ) -> None:
        """Begin at the reference prices.

        Args:
            references: price of each pair; assets without a pair against USDT are left out.
            rng: where the path comes from.
            is_moving: False for prices that stand still.
            began_ms: the time of the beginning.
        """
        suffix = f"-{_DOLLAR}"
        self._reference = {
            pair.removesuffix(suffix): float(price)
            for pair, price in sorted(references.items())
            if pair.endswith(suffix)
        } | {_DOLLAR: 1.0}
        self._motion = {
            asset: _STILL if asset == _DOLLAR else motion(asset) for asset in self._reference
        }
        self._own = {
            asset: sqrt(max(0.0, how.volatility**2 - (how.beta * market().volatility) ** 2))
            for asset, how in self._motion.items()
        }
        self._distance = dict.fromkeys(self._reference, 0.0)
        self._news = dict.fromkeys(self._reference, 0.0)
        """How much of the jumps is still to come."""
        self._variance = 1.0
        self._season = 1.0
        self._rng = rng
        self._is_moving = is_moving
        self._began_ms = began_ms
        self._steps = 0

    @property
    def variance(self) -> float:
        """How wild the market is now; 1 on average."""
        return self._variance

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
            if self._steps % _SEASON_STEPS == 0:
                self._season = season(self._began_ms + self._steps * STEP_MS)
            self.move(STEP_MS, self._season)
            self._steps += 1

    def usd(self, asset: str) -> float:
        """What one of an asset is worth."""
        return self._reference[asset] * exp(self._distance[asset])

    def all_usd(self) -> dict[str, float]:
        """What one of each asset is worth."""
        return {asset: self.usd(asset) for asset in self._distance}

    def price(self, base: str, quote: str) -> float:
        """What one of `base` is worth in `quote`."""
        return self.usd(base) / self.usd(quote)

    def move(self, step_ms: int, busy: float) -> None:
        """Let prices take one step.

        Args:
            step_ms: how long it is.
            busy: how busy the time of day is, as `season` says.
        """
        together = self._rng.normal()
        pace = sqrt(self._variance * busy * step_ms / _YEAR_MS)
        common = market().volatility * pace * together
        shock = self._jump(market().jumps_per_week, market().jump_percent, step_ms)
        pull = log(2) * step_ms / _HALF_LIFE_MS
        news = 1 - 0.5 ** (step_ms / _NEWS_HALF_MS)
        for asset, distance in self._distance.items():
            how = self._motion[asset]
            moved = distance * (1 - pull)
            moved += how.beta * common + self._own[asset] * pace * self._rng.normal()
            left = self._news[asset] + self._jump(how.jumps_per_week, how.jump_percent, step_ms)
            left += how.beta * shock
            moved += left * news
            self._news[asset] = left * (1 - news)
            self._distance[asset] = max(-_DISTANCE_MAX, min(_DISTANCE_MAX, moved))
        self._vary(together, step_ms)

    def _vary(self, together: float, step_ms: int) -> None:
        how = market()
        back = log(2) / how.variance_half_life_s
        lever = how.leverage
        shock = lever * together + sqrt(1 - lever * lever) * self._rng.normal()
        spread = sqrt(2 * back * how.variance_spread * self._variance * step_ms / 1000)
        moved = self._variance + back * (1 - self._variance) * step_ms / 1000 + spread * shock
        self._variance = max(_VARIANCE_MIN, min(_VARIANCE_MAX, moved))

    def _jump(self, per_week: float, percent: float, step_ms: int) -> float:
        if not per_week or self._rng.between(0, 1) >= per_week * step_ms / _WEEK_MS:
            return 0.0
        return self._rng.one_of((-1, 1)) * self._rng.skewed(percent, _JUMP_SIGMA) / 100
