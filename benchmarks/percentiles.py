"""What a latency is described by."""

from collections.abc import Sequence
from typing import NamedTuple


class Latency(NamedTuple):
    """In microseconds."""

    p50: int
    p99: int
    p999: int
    worst: int

    def __str__(self) -> str:
        return f"p50 {self.p50:,} us, p99 {self.p99:,} us, p99.9 {self.p999:,} us, worst {self.worst:,} us"


def latency(samples_ns: Sequence[int]) -> Latency:
    """Sort samples in nanoseconds into percentiles."""
    ordered = sorted(samples_ns)
    last = len(ordered) - 1

    def at(share: float) -> int:
        return ordered[min(last, int(len(ordered) * share))] // 1_000

    return Latency(at(0.5), at(0.99), at(0.999), ordered[last] // 1_000)
