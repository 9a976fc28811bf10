"""The book alone: five seeded days, beside the naive book of this repository."""

from collections.abc import Iterator
from typing import Any, Final

from benchmarks import cargo
from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import Measurement, Scope

RATIO: Final = 3
PER_S: Final = 20_000_000


def _rows(scope: Scope) -> Iterator[Row]:
    scope.say("five days of trading on two books")
    days = list(cargo.objects("book", "book", f"--rounds={scope.pick(5, 1)}"))
    worst = min(days, key=_share_of_target)
    every = ", ".join(
        f"{day['scenario']} {day['million_per_s']} M/s {day['ratio']} x" for day in days
    )
    yield Row(
        name="book_messages",
        value=round(worst["million_per_s"] * 1e6),
        unit="messages/s",
        conditions=(
            f"the day that falls shortest of its target ({worst['scenario']}), new orders, cancels and amendments in "
            f"random order of ids, {worst['messages']:,} messages, CPU time of one thread, median of "
            f"{worst['rounds']} rounds in turns with the naive book, same reports; all days: {every}; {machine()}"
        ),
        yardstick=Yardstick("naive_book", round(1e9 / worst["naive_ns"]), "messages/s"),
        target={"value": (">=", PER_S), "ratio": (">=", RATIO)},
    )
    yield Row(
        name="book_allocations",
        value=sum(day["allocations"] for day in days),
        unit="allocations",
        conditions=(
            f"by a counting allocator, in {sum(day['messages'] * day['rounds'] for day in days):,} messages of all "
            f"days, after a first round of each; {machine()}"
        ),
        target={"value": ("<=", 0)},
    )


def _share_of_target(day: dict[str, Any]) -> float:
    """Return how much of its target a day reaches, in the worse of both measures."""
    return float(min(day["million_per_s"] * 1e6 / PER_S, day["ratio"] / RATIO))


MEASUREMENTS: Final = [Measurement(("book_messages", "book_allocations"), _rows)]
