"""Prometheus' text format, version 0.0.4, as far as we need it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Measure(msgspec.Struct, frozen=True):
    """What is measured, without its numbers."""

    name: str
    """Without the prefix that all have; the unit is last."""
    kind: Literal["gauge", "counter", "histogram"]
    about: str
    labels: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """As Prometheus knows it."""
        return f"tickyard_{self.name}"


class Family(msgspec.Struct, frozen=True):
    """A gauge or counter with all its samples."""

    measure: Measure
    samples: Sequence[tuple[Mapping[str, str], float]]

    def lines(self) -> Iterator[str]:
        """Write the samples."""
        for labels, value in self.samples:
            assert tuple(labels) == self.measure.labels, f"Invariant: labels of {self.measure.name}"
            yield _line(self.measure.full_name, labels, value)


class Histogram(msgspec.Struct, frozen=True):
    """How often something was how large."""

    measure: Measure
    buckets: Sequence[tuple[float, int]]
    """How many were at most so large, smallest bound first."""
    count: int
    total: float

    def lines(self) -> Iterator[str]:
        """Write the buckets, the sum and the count."""
        name = self.measure.full_name
        for bound, count in self.buckets:
            yield _line(f"{name}_bucket", {"le": f"{bound:.15g}"}, count)
        yield _line(f"{name}_bucket", {"le": "+Inf"}, self.count)
        yield _line(f"{name}_sum", {}, self.total)
        yield _line(f"{name}_count", {}, self.count)


def exposition(families: Sequence[Family | Histogram]) -> str:
    """Write the families; one without samples is left out."""
    lines: list[str] = []
    for family in families:
        found = list(family.lines())
        if found:
            measure = family.measure
            lines.append(f"# HELP {measure.full_name} {measure.about}")
            lines.append(f"# TYPE {measure.full_name} {measure.kind}")
            lines += found
    return "\n".join(lines) + "\n"


def _line(name: str, labels: Mapping[str, str], value: float) -> str:
    return f"{name}{_labels(labels)} {value:.15g}"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
