"""The yardstick of whatever must be durable: the bare disk."""

import os
import time
from pathlib import Path
from typing import Final

from benchmarks.percentiles import Latency, latency

COMMIT_GAP_NS: Final = 250_000
"""Least time between the starts of two commits of a host."""
_BLOCK: Final = bytes(range(256)) * 16
_FILE_BYTES: Final = 64 << 20


def bare_disk(folder: Path, seconds: int, gap_ns: int) -> list[int]:
    """Write 4 KiB and sync, into zeros that are there, with so much between two starts; return what each took in ns."""
    descriptor = os.open(folder / "bare", os.O_RDWR | os.O_CREAT, 0o600)
    os.pwrite(descriptor, bytes(_FILE_BYTES), 0)
    os.fsync(descriptor)
    samples = []
    offset = 0
    end = time.monotonic_ns() + seconds * 10**9
    while (start := time.monotonic_ns()) < end:
        os.pwrite(descriptor, _BLOCK, offset)
        os.fdatasync(descriptor)
        done = time.monotonic_ns()
        samples.append(done - start)
        offset = (offset + len(_BLOCK)) % _FILE_BYTES
        time.sleep(max(0, start + gap_ns - done) / 10**9)
    os.close(descriptor)
    return samples


class Around:
    """The bare disk before and after something else: a disk has better and worse minutes."""

    def __init__(self, folder: Path, seconds: int, gap_ns: int = COMMIT_GAP_NS) -> None:
        self._arguments = (folder, seconds, gap_ns)
        self._samples = bare_disk(*self._arguments)

    def again(self) -> Latency:
        """Measure once more; return all of it."""
        self._samples += bare_disk(*self._arguments)
        return latency(self._samples)
