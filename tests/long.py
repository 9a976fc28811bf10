"""The long forms of what the suite runs briefly: `make long`. Prints progress; exits 1 when anything fails.

Each form is the suite's own test with larger numbers, so that a failure here is reproduced there by its seed.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

import msgspec

KILLS = 200
RANDOM_STREAMS = 20_000
DAYS = 1_000
DUST_COMMANDS = 1_000_000
FUZZ_S = 900
FLOOD_COMMANDS = 1_000_000
API_EXAMPLES = 200
WEEKS = 4
WEEK_ORDERS = 5_000


class Form(msgspec.Struct, frozen=True):
    """One test, its numbers raised by environment variables."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]


FORMS = (
    Form(
        f"{KILLS} times kill -9 of everything under load",
        (sys.executable, "-m", "pytest", "tests/journeys/test_killed.py", "-q"),
        {"TICKYARD_KILLS": str(KILLS)},
    ),
    Form(
        f"{RANDOM_STREAMS} random streams against each naive twin",
        ("cargo", "test", "--workspace", "--locked", "--release"),
        {"PROPTEST_CASES": str(RANDOM_STREAMS)},
    ),
    Form(
        f"{DUST_COMMANDS} commands of dust",
        (
            "cargo",
            "test",
            "-p",
            "tickyard-engine",
            "--test",
            "core",
            "--locked",
            "--release",
            "mill",
        ),
        {"TICKYARD_MILL_COMMANDS": str(DUST_COMMANDS)},
    ),
    Form(
        f"{FLOOD_COMMANDS} commands at once",
        (sys.executable, "-m", "pytest", "tests/overload", "-q", "-s"),
        {"TICKYARD_FLOOD_COMMANDS": str(FLOOD_COMMANDS)},
    ),
    Form(
        f"{DAYS} simulated days of trading on a disk that fails",
        ("cargo", "run", "-p", "tickyard-sim", "--release", "--locked", "--", "--seeds", str(DAYS)),
        {},
    ),
    Form(
        f"{API_EXAMPLES} generated requests for each endpoint",
        (sys.executable, "-m", "pytest", "tests/conformance/test_openapi.py", "-q"),
        {"TICKYARD_API_EXAMPLES": str(API_EXAMPLES)},
    ),
    Form(
        f"{WEEKS} weeks of {WEEK_ORDERS} orders recomputed",
        (sys.executable, "-m", "pytest", "tests/integration/test_week.py", "-q"),
        {"TICKYARD_WEEK_SEEDS": str(WEEKS), "TICKYARD_WEEK_ORDERS": str(WEEK_ORDERS)},
    ),
    Form("every client from PyPI", (sys.executable, "-m", "tests.trials"), {}),
    Form("a wheel holds all that it needs", (sys.executable, "-m", "tests.wheel"), {}),
    Form("the fault list", (sys.executable, "-m", "tests.faults"), {}),
    Form(
        f"each fuzzer for {FUZZ_S} seconds",
        (sys.executable, "-m", "tests.fuzz", "all", str(FUZZ_S)),
        {},
    ),
)


def main() -> int:
    """Run every form, also after one has failed."""
    failed = []
    for _number, form in enumerate(FORMS, start=1):
        done = subprocess.run(form.command, env=os.environ | form.environment, check=False)
        if done.returncode:
            failed.append(form.name)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
