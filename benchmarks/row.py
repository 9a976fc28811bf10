"""One measured figure, as it stands in `build/bench.json`."""

import os
import platform
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.percentiles import Latency


class Yardstick(msgspec.Struct, frozen=True):
    """Something plain, measured in the same run: what the machine gives without us."""

    name: str
    value: float
    unit: str


class Row(msgspec.Struct, frozen=True):
    """A figure beside its yardstick and its target.

    Attributes:
        name: names the figure for ever.
        value: what was measured.
        unit: of `value`.
        conditions: under which it was measured.
        yardstick: to compare with, or None.
        target: what is promised of `value` or `ratio`: ("<=" or ">=", number); empty while nothing is.
        latency: the percentiles, when the figure is one of them.
    """

    name: str
    value: float
    unit: str
    conditions: str
    yardstick: Yardstick | None = None
    target: dict[str, tuple[str, float]] = {}  # a Struct copies it
    latency: Latency | None = None

    @property
    def ratio(self) -> float | None:
        """The value in units of the yardstick's."""
        if self.yardstick is None or not self.yardstick.value:
            return None
        return round(self.value / self.yardstick.value, 3)

    @property
    def met(self) -> bool:
        """Whether everything promised holds."""
        measured = {"value": self.value, "ratio": self.ratio}
        return all(_holds(measured[what], *promise) for what, promise in self.target.items())

    def wire(self) -> dict[str, Any]:
        """Return the row as it stands in the file."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "yardstick": None if self.yardstick is None else msgspec.to_builtins(self.yardstick),
            "ratio": self.ratio,
            "target": {what: list(promise) for what, promise in self.target.items()},
            "met": self.met,
            "conditions": f"{self.latency}; {self.conditions}" if self.latency else self.conditions,
        }


def machine() -> str:
    """Describe the machine, and how busy it is now."""
    cpus = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    name = cpus[0] if cpus else platform.machine()
    load = os.getloadavg()[0]
    return (
        f"{name}, {os.cpu_count()} cores, Linux {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f}"
    )


def _holds(measured: float | None, op: str, number: float) -> bool:
    if measured is None:
        return False
    return measured <= number if op == "<=" else measured >= number
