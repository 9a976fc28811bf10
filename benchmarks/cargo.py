"""Runs the benches of the crates; they print JSON objects, one a line."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.row import Row, Yardstick, machine
from benchmarks.scope import ROOT
from tickyard.node.child import HUGE_PAGES, environment


@cache
def built(package: str, bench: str) -> Path:
    """Build one bench; return its program. Compiler messages go to standard error."""
    return _built(bench, "bench", "--no-run", f"--package=tickyard-{package}", f"--bench={bench}")


@cache
def client(name: str) -> Path:
    """Build one of the compiled clients as it would be released."""
    program = f"tickyard-{name}"
    return _built(program, "build", "--release", "--package=tickyard-clients", f"--bin={program}")


def _built(target: str, *arguments: str) -> Path:
    ran = subprocess.run(  # noqa: S603  # nothing in it comes from outside
        [
            shutil.which("cargo") or "cargo",
            *arguments,
            "--message-format=json-render-diagnostics",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    for line in ran.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == target:
            return Path(message["executable"])
    raise RuntimeError(f"cargo built no {target}")


def objects(package: str, bench: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run a bench with the memory of a core; yield what it prints."""
    program = built(package, bench)
    ran = subprocess.run(  # noqa: S603  # our own program
        [str(program), *arguments],
        cwd=ROOT,
        env=environment(HUGE_PAGES),
        stdout=subprocess.PIPE,
        check=True,
    )
    for line in ran.stdout.decode().splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def row(found: dict[str, Any], target: dict[str, tuple[str, float]]) -> Row:
    """Make a row of an object that a bench has printed."""
    yardstick = found.get("yardstick")
    return Row(
        name=found["name"],
        value=found["value"],
        unit=found["unit"],
        conditions=f"{found['conditions']}; {machine()}",
        yardstick=Yardstick(**yardstick) if yardstick else None,
        target=target,
    )
