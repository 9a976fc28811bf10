"""Prometheus' text format, version 0.0.4, as far as we need it."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Family(msgspec.Struct, frozen=True):
    """One metric with all its samples."""

    name: str
    """Without the prefix that all have."""
    kind: str
    """"gauge" or "counter"."""
    about: str
    samples: Sequence[tuple[Mapping[str, str], float]]


def exposition(families: Sequence[Family]) -> str:
    """Write the families; one without samples is left out."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        name = f"tickyard_{family.name}"
        lines += [f"# HELP {name} {family.about}", f"# TYPE {name} {family.kind}"]
        lines += [f"{name}{_labels(labels)} {value:.15g}" for labels, value in family.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
