"""Real file systems of the test's own: small enough to be filled, or on a disk that turns out to have no room.

Mounting takes a superuser. Where it is not possible the test is skipped, and says why.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.support.named_tests import NOT_POSSIBLE

_GET_LOOP, _SET_LOOP = 0x4C05, 0x4C04
_LOOP_INFO_BYTES, _SIZE_LIMIT_AT = 232, 32
"""`struct loop_info64` of the kernel: its size, and where in it `lo_sizelimit` is; 0 there means the whole image."""


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Path]:
    """Mount a file system in memory on a folder, which is made."""
    folder.mkdir(mode=0o700, parents=True)
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


class ThinDisk:
    """An ext4 file system on a loop device, whose image lies on a small disk: it promises more than there is.

    Once the small disk is full, blocks that were never written cannot be: a sync fails, and the kernel lets nobody write.
    """

    def __init__(self, under: Path, folder: Path) -> None:
        self.image = under / "disk.img"
        self.folder = folder

    def mount(self) -> None:
        _mount("-o", "loop", str(self.image), str(self.folder))

    def unmount(self) -> None:
        _run("umount", str(self.folder))

    def check(self) -> None:
        """Repair the file system as an operator does before it is mounted again; 1 says that there was something."""
        _run("e2fsck", "-f", "-y", str(self.image), good=(0, 1))

    def cut_off(self, *, megabytes: int) -> None:
        """Answer with EIO to whatever is written or read beyond so many megabytes; what is there stays there."""
        found = subprocess.run(
            ["losetup", "--noheadings", "--output", "NAME", "--associated", str(self.image)],
            capture_output=True,
            text=True,
            check=True,
        )
        device = os.open(found.stdout.strip(), os.O_RDWR)
        try:
            info = bytearray(_LOOP_INFO_BYTES)
            fcntl.ioctl(device, _GET_LOOP, info)
            info[_SIZE_LIMIT_AT : _SIZE_LIMIT_AT + 8] = (megabytes << 20).to_bytes(8, "little")
            fcntl.ioctl(device, _SET_LOOP, info)
        finally:
            os.close(device)

    def use_up(self) -> Path:
        """Take what room is left under the disk, and what it has in blocks of zeros; the file to remove for more."""
        os.sync()
        ballast = fill(self.image.parent)
        give_back_zeros(self.image)
        return fill(self.image.parent, ballast)


@contextmanager
def thin_disk(under: Path, folder: Path, *, megabytes: int) -> Iterator[ThinDisk]:
    """Make such a disk, its image in `under`, and mount it on `folder`, which is made."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip(f"{NOT_POSSIBLE}: there is no mkfs.ext4")
    folder.mkdir(mode=0o700, parents=True)
    disk = ThinDisk(under, folder)
    with disk.image.open("wb") as image:
        image.truncate(megabytes << 20)
    _run("mkfs.ext4", "-q", "-F", str(disk.image))
    disk.mount()
    try:
        folder.chmod(0o700)
        yield disk
    finally:
        with suppress(subprocess.CalledProcessError):
            disk.unmount()


def fill(folder: Path, ballast: Path | None = None) -> Path:
    """Write a file until the file system has no byte left; remove it to free them again."""
    ballast = ballast or folder / "ballast"
    descriptor = os.open(ballast, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        for chunk in (bytes(1 << 20), bytes(4096), b"\0"):
            with suppress(OSError):
                while True:
                    os.write(descriptor, chunk)
    finally:
        os.close(descriptor)
    return ballast


def give_back_zeros(file: Path) -> None:
    """Free the blocks of a file that hold only zeros: writing them takes room again, as where files are copied on write."""
    _run("fallocate", "--dig-holes", str(file))


def _mount(*arguments: str) -> None:
    mounted = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"{NOT_POSSIBLE}: {mounted.stderr.strip()}")


def _run(*command: str, good: tuple[int, ...] = (0,)) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in good:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
