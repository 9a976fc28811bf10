"""Segments of a home that are held while they are copied, so that nothing is pruned away meanwhile."""

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

PAGE_BYTES: Final = 4096
"""What the system reads and writes at once."""
PACKED: Final = ".zst"
_TRIES: Final = 50
_KINDS: Final = frozenset({".log", ".evt", ".snap", ".first", PACKED})
_PRUNED: Final = (".log", ".evt", PACKED)


class HomeMoves(Exception):
    """The files of the home changed each time they were looked at."""


class Held:
    """The files of one folder, open: compression and pruning may go on, these stay readable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stack = ExitStack()
        self._files: dict[str, int] = {}

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def hold(self) -> None:
        """Open what has come since; what is held stays.

        Raises:
            HomeMoves: files went whenever they were about to be opened.
        """
        for _ in range(_TRIES):
            if all(self._open(path) for path in self._wanted()):
                return
        raise HomeMoves(f"{self._folder} changed {_TRIES} times while it was read; try again")

    def copy_to(self, folder: Path) -> None:
        """Copy what is held; a file that somebody appends to is copied up to some write."""
        folder.mkdir(mode=0o700)
        for name, source in sorted(self._files.items()):
            target = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                if name.endswith((".log", ".evt")):
                    copy_growing(source, target)
                else:
                    _copy(source, target)
                os.fsync(target)
            finally:
                os.close(target)

    def _wanted(self) -> list[Path]:
        paths = [path for path in sorted(self._folder.iterdir()) if path.suffix in _KINDS]
        # What is held as a plain file need not be copied again in its compressed form.
        return [path for path in paths if path.name.removesuffix(PACKED) not in self._files]

    def _open(self, path: Path) -> bool:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        if path.suffix in _PRUNED:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                return False
            if not path.exists():
                os.close(descriptor)
                return False
        self._files[path.name] = descriptor
        self._stack.callback(os.close, descriptor)
        return True


def copy_growing(source: int, target: int) -> None:
    """Copy a file to which whole frames are appended one after the other, so that the copy ends after one of them.

    Whoever reads forward may miss a frame and see one behind it, for both may be written meanwhile. So pages are read from
    the last to the first: what is copied later is never older than what stands behind it. Within a page that is so once
    two readings are alike. Empty pages stay holes.
    """
    size = os.fstat(source).st_size
    os.ftruncate(target, size)
    for at in range((size - 1) // PAGE_BYTES * PAGE_BYTES, -1, -PAGE_BYTES):
        page = os.pread(source, PAGE_BYTES, at)
        while (again := os.pread(source, PAGE_BYTES, at)) != page:
            page = again
        page = page[: size - at]
        if page.strip(b"\0"):
            os.pwrite(target, page, at)


def _copy(source: int, target: int) -> None:
    at = 0
    while sent := os.sendfile(target, source, at, 1 << 24):
        at += sent
