"""Chance from a seed. The same seed and name give the same numbers on every machine."""

from collections.abc import Sequence
from random import Random  # noqa: TID251  # the one place; everybody else takes an Rng
from typing import TypeVar

T = TypeVar("T")


class Rng:
    """A stream of random numbers of its own, so that one participant's draws do not shift another's."""

    def __init__(self, seed: int, name: str) -> None:
        self._random = Random(f"{seed}/{name}")  # noqa: S311  # a simulation, no secret

    def normal(self) -> float:
        """A number of the standard normal distribution."""
        return self._random.gauss(0.0, 1.0)

    def between(self, low: float, high: float) -> float:
        """A number of a span, each as likely."""
        return self._random.uniform(low, high)

    def waiting(self, per_second: float) -> float:
        """Seconds until the next of some events that come at random, so many per second on average."""
        return self._random.expovariate(per_second)

    def skewed(self, median: float, sigma: float) -> float:
        """A positive number, mostly small and seldom large: log-normal."""
        return median * self._random.lognormvariate(0.0, sigma)

    def one_of(self, choices: Sequence[T]) -> T:
        """One of some things, each as likely."""
        return self._random.choice(choices)
