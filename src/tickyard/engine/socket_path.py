"""A Unix socket's address holds 107 bytes; a home may lie deeper than that."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LONGEST: Final = 107


@contextmanager
def reachable(path: Path) -> Iterator[Path]:
    """Yield a name of the socket that fits into an address, good until the block ends.

    Raises:
        OSError: the folder cannot be opened.
    """
    if len(os.fsencode(path)) <= _LONGEST:
        yield path
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{folder}") / path.name
    finally:
        os.close(folder)
