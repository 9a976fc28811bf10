"""What every measurement is given."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.row import Row

ROOT: Final = Path(__file__).parent.parent
BUILD: Final = ROOT / "build"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # the folder in it gets a name of its own


class Scope(msgspec.Struct, frozen=True):
    """How to measure.

    Attributes:
        is_quick: short windows and small worlds, for whoever works on a benchmark; its figures promise nothing.
    """

    is_quick: bool = False

    def pick(self, full: int, quick: int) -> int:
        """Choose a parameter."""
        return quick if self.is_quick else full

    def say(self, text: str) -> None:
        """Tell whoever waits what is being done."""
        sys.stderr.write(f"  {text}\n")
        sys.stderr.flush()


class Measurement(msgspec.Struct, frozen=True):
    """Something that is measured in one go, and the rows that come of it."""

    names: tuple[str, ...]
    run: Callable[[Scope], Iterator[Row]]


@contextmanager
def scratch(*, in_memory: bool = False) -> Iterator[Path]:
    """Make a folder that is gone afterwards.

    Args:
        in_memory: where no disk is to be measured. Else not there, as /tmp may be: a commit must reach a disk.
    """
    BUILD.mkdir(exist_ok=True)
    parent = _MEMORY if in_memory and _MEMORY.is_dir() else BUILD
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        yield Path(folder)
