"""The core without sockets: commands a second, replay from the journal, bytes an order and an account take."""

from collections.abc import Iterator
from typing import Final

from benchmarks import cargo
from benchmarks.row import Row
from benchmarks.scope import Measurement, Scope, scratch

_TARGETS: Final[dict[str, dict[str, tuple[str, float]]]] = {
    "core_commands": {"value": (">=", 3_000_000)},
    "memory_order": {"value": ("<=", 400)},
    "memory_account": {"value": ("<=", 400)},
    "replay_commands": {"ratio": (">=", 0.8)},
}


def _engine_rows(scope: Scope) -> Iterator[Row]:
    scope.say("the whole core beside the book, and its memory")
    sizes = (f"--commands={scope.pick(2_000_000, 400_000)}", f"--rounds={scope.pick(5, 1)}")
    for found in cargo.objects("engine", "core", *sizes):
        yield cargo.row(found, _TARGETS.get(found["name"], {}))


def _replay_rows(scope: Scope) -> Iterator[Row]:
    scope.say("replay beside the whole core")
    sizes = (f"--commands={scope.pick(2_000_000, 400_000)}", f"--rounds={scope.pick(5, 1)}")
    with scratch(in_memory=True) as folder:
        for found in cargo.objects("host", "replay", *sizes, f"--dir={folder}"):
            yield cargo.row(found, _TARGETS.get(found["name"], {}))


MEASUREMENTS: Final = [
    Measurement(
        ("core_commands", "core_allocations", "mass_cancel", "memory_account", "memory_order"),
        _engine_rows,
    ),
    Measurement(("replay_commands",), _replay_rows),
]
