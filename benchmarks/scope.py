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
def scratch() -> Iterator[Path]:
    """Make a folder that is gone afterwards. Not in memory, as /tmp may be: a commit must reach a disk."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
        yield Path(folder)
