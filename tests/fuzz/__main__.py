"""Looks for inputs that break a promise: `python -m tests.fuzz TARGET|all SECONDS`, so long for each target.

With cargo-fuzz and atheris (`make fuzz` installs the second) new paths lead the way; without them inputs are
mutations of the corpus. What is found is printed and lies in fuzz/found afterwards, to be minimised into the corpus.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from hashlib import sha256

from tests.fuzz.mutation import CORPUS, corpus, mutations

FOUND = CORPUS.parent / "found"
IN_RUST = ("commands", "events", "journal", "replies", "snapshot", "socket")
IN_PYTHON = (
    "amounts", "core_answers", "http", "items", "json_body", "query", "session", "signature", "subscriptions", "transfer",
)  # fmt: skip
LONGEST = 8_192
MUTATIONS_PER_S = 2_000
"""About as many does a core try without a fuzzer."""


def main() -> int:
    """Fuzz one target of Python here, or one or all in processes of their own."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    FOUND.mkdir(exist_ok=True)
    if name in IN_PYTHON:
        return _fuzz(name, seconds)
    names = (*IN_RUST, *IN_PYTHON) if name == "all" else (name,)
    return int(any([_process(each, seconds) for each in names]))  # noqa: C419  # none is left out


def _process(name: str, seconds: int) -> int:
    print(f"=== {name}", flush=True)  # noqa: T201
    environment = dict(os.environ)
    if name in IN_PYTHON:
        command: Sequence[str] = (sys.executable, "-m", "tests.fuzz", name, str(seconds))
    elif _has_cargo_fuzz():
        folders = (_folder(name), str(CORPUS / name))
        options = (*_options(name, seconds), "-rss_limit_mb=4096")
        command = ("cargo", "+nightly", "fuzz", "run", name, *folders, "--", *options)
    else:
        environment["TICKYARD_MUTATIONS"] = str(seconds * MUTATIONS_PER_S // len(IN_RUST))
        command = ("cargo", "test", "--release", "--locked", "-p", "tickyard-hostile")
    return subprocess.run(command, env=environment, check=False).returncode


def _has_cargo_fuzz() -> bool:
    if shutil.which("cargo-fuzz") is None:
        return False
    probe = subprocess.run(("cargo", "+nightly", "--version"), capture_output=True, check=False)
    return probe.returncode == 0


def _fuzz(name: str, seconds: int) -> int:
    try:
        import atheris  # noqa: PLC0415  # not on every machine
    except ImportError:
        return _mutate(name, seconds)
    with atheris.instrument_imports(include=["tickyard"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # instrumented by being imported here
    arguments = [sys.argv[0], *_options(name, seconds), _folder(name), str(CORPUS / name)]
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()
    return 0


def _options(name: str, seconds: int) -> Sequence[str]:
    limits = (f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20")
    return (*limits, "-print_final_stats=1", f"-artifact_prefix={FOUND}/{name}-")


def _folder(name: str) -> str:
    """Where inputs with new paths go, so that a second run begins where the first has ended."""
    folder = FOUND / f"corpus-{name}"
    folder.mkdir(exist_ok=True)
    return str(folder)


def _mutate(name: str, seconds: int) -> int:
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415  # as above

    run, seeds = TARGETS[name], corpus(name)
    ends, tried = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        for data in mutations(seeds, 200, seed=secrets.randbits(64)):
            tried += 1
            try:
                run(data)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is a find
                path = FOUND / f"{name}-{sha256(data).hexdigest()[:16]}"
                path.write_bytes(data)
                print(f"{name}: {error!r} with {data!r}, written to {path}")  # noqa: T201
                return 1
    print(f"{name}: {tried} inputs, nothing found")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
