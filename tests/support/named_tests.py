"""Runs tests by name and says of each what became of it; a name that no longer exists is a failure like any other."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

_VARIABLE = "TICKYARD_FAULTS"
broken_on_purpose = pytest.mark.skipif(
    _VARIABLE not in os.environ, reason="breaks a machine for minutes: make faults"
)
"""Marks tests that take minutes; the suite leaves them to `make faults`."""

NOT_POSSIBLE = "not possible here"
"""How the reason begins when a test is skipped because the machine does not let it break what it must break."""


class Rust(msgspec.Struct, frozen=True):
    """Tests of one Rust target.

    Attributes:
        package: the crate, without `tickyard-`.
        target: name of the integration test; empty for the unit tests.
        names: full names of the tests.
    """

    package: str
    target: str
    names: tuple[str, ...]

    def run(self, known: MutableMapping[str, str]) -> Mapping[str, str]:
        """Return what became of each test: "ok", or what happened instead. None takes long enough to be remembered."""
        del known
        where = ("--test", self.target) if self.target else ("--lib",)
        command = ("cargo", "test", "--locked", "-p", f"tickyard-{self.package}", *where)
        done = _run((*command, "--", "--exact", *self.names))
        seen = dict(re.findall(r"^test (\S+) \.\.\. (\w+)", done.stdout, flags=re.MULTILINE))
        return {
            name: seen.get(name, f"did not run: {_last_line(done.stderr)}") for name in self.names
        }


class Python(msgspec.Struct, frozen=True):
    """Tests of pytest, as it names them; without brackets all parameters are meant.

    Attributes:
        names: the tests.
        mounts: whether they mount file systems; who may not is given a name space where he may, if the system has any.
    """

    names: tuple[str, ...]
    mounts: bool = False

    def run(self, known: MutableMapping[str, str]) -> Mapping[str, str]:
        """Return what became of each test: "ok", or what happened instead.

        Args:
            known: what became of tests that were run before; these are not run again, and the others are added.
        """
        names = tuple(name for name in self.names if name not in known)
        if names:
            known.update(self._run(names))
        return {name: known[name] for name in self.names}

    def _run(self, names: Sequence[str]) -> Mapping[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            alone = _OWN_MOUNTS if self.mounts and os.geteuid() and _may(_OWN_MOUNTS) else ()
            pytest = (*alone, sys.executable, "-m", "pytest", "-q", f"--junitxml={report}")
            done = _run((*pytest, *names))
            if not report.exists():
                return dict.fromkeys(names, f"did not run: {_last_line(done.stdout)}")
            cases = list(ElementTree.parse(report).iter("testcase"))
        return {name: _outcome([case for case in cases if _is_of(case, name)]) for name in names}


_OWN_MOUNTS = ("unshare", "--map-root-user", "--mount")


def _may(command: Sequence[str]) -> bool:
    return shutil.which(command[0]) is not None and _run((*command, "true")).returncode == 0


def _is_of(case: ElementTree.Element, name: str) -> bool:
    path, _, test = name.partition("::")
    module = path.removesuffix(".py").replace("/", ".")
    is_same = case.get("name") == test or case.get("name", "").startswith(f"{test}[")
    return case.get("classname") == module and is_same


def _outcome(cases: Sequence[ElementTree.Element]) -> str:
    for case in cases:
        for child in case:
            if child.tag in {"failure", "error", "skipped"}:
                return f"{child.tag}: {child.get('message', '').splitlines()[0]}"
    return "ok" if cases else "did not run: there is no such test"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {_VARIABLE: "1"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing was said"
