"""What the whole exchange with its demo market takes."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.row import Row, machine
from benchmarks.scope import ROOT, Measurement, Scope, scratch

_TICKYARD: Final = ROOT / ".venv" / "bin" / "tickyard"
_MIB: Final = 1 << 20


def _rows(scope: Scope) -> Iterator[Row]:
    window = scope.pick(60, 5)
    with scratch() as folder:
        scope.say(f"a demo market that lives for {window} s")
        home = ("--home", str(folder / "home"))
        try:
            _tickyard("up", *home, "--http-port", "0", "--tls-port", "0", "--detach")
            time.sleep(window)
            status = msgspec.json.decode(_tickyard("status", *home, "-o", "json"))
            each = {role: _resident(_pids(pids)) for role, pids in status["pids"].items()}
        finally:
            _tickyard("down", *home)
    parts = ", ".join(f"{role} {size / _MIB:.0f}" for role, size in each.items())
    yield Row(
        name="memory_exchange",
        value=round(sum(each.values()) / _MIB),
        unit="MiB",
        conditions=(
            f"resident memory of all processes of a living demo after {window} s, pages that they share counted once "
            f"for each: {parts}; {machine()}"
        ),
        target={"value": ("<=", 1_023)},
    )


def _tickyard(*arguments: str) -> bytes:
    command = [str(_TICKYARD), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # noqa: S603  # our own command


def _pids(found: int | Sequence[int]) -> Sequence[int]:
    return [found] if isinstance(found, int) else found


def _resident(pids: Sequence[int]) -> int:
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                total += int(line.split()[1]) * 1_024
    return total


MEASUREMENTS: Final = [Measurement(("memory_exchange",), _rows)]
