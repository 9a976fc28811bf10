"""The core alone, and from a worker's socket to the disk and back.

`core_commands` is the engine without journal and sockets. The acknowledgement figures go the whole way of an order
behind the gateway: Unix socket, sequencer, journal, fdatasync, core, event segments, reply. Their yardstick is the
bare disk: writes of 4 KiB and fdatasync, as often as a host commits.

Run: python -m benchmarks.core [SECONDS]
"""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.orders import Stream, definitions
from benchmarks.percentiles import Latency, latency
from benchmarks.row import Row, Yardstick, machine
from tickyard.engine.host import SOCKET
from tickyard.engine.protocol import FrameKind, FrameReader, frame
from tickyard.engine.replies import REPLY

ROOT: Final = Path(__file__).parent.parent
SECONDS: Final = 20
LOAD_PER_S: Final = 10_000
ALONE_PER_S: Final = 250
COMMIT_GAP_NS: Final = 500_000
BLOCK: Final = bytes(range(256)) * 16
_REFUSAL: Final = 5
"""Where the refusal stands in an unpacked reply."""
_MAIN: Final = (
    "import sys; from pathlib import Path; from tickyard.engine import host; "
    "sys.exit(host.run(Path(sys.argv[1]), ready_fd=int(sys.argv[2])))"
)


def rows(seconds: int = SECONDS) -> Iterator[Row]:
    """Measure everything here."""
    yield from engine_rows()
    # Not in memory, as /tmp may be: a commit must reach a disk.
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        yield from socket_rows(Path(folder), seconds)


def engine_rows() -> Iterator[Row]:
    """Run the engine's own benchmark; it prints one JSON object a line."""
    ran = subprocess.run(  # noqa: S603  # nothing in it comes from outside
        [
            shutil.which("cargo") or "cargo",
            "bench",
            "--quiet",
            "--package",
            "tickyard-engine",
            "--bench",
            "core",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    for line in ran.stdout.decode().splitlines():
        if line.startswith("{"):
            found = json.loads(line)
            yardstick = found.get("yardstick")
            yield Row(
                name=found["name"],
                value=found["value"],
                unit=found["unit"],
                conditions=f"{found['conditions']}; {machine()}",
                yardstick=Yardstick(**yardstick) if yardstick else None,
            )


def socket_rows(folder: Path, seconds: int) -> Iterator[Row]:
    """Measure acknowledgements and throughput over the socket of a host."""
    with running_host(folder / "home") as path:
        worker = Worker(path)
        worker.carry_out(definitions())
        worker.spread(LOAD_PER_S, 2)
        disk = bare_disk(folder / "bare", seconds // 2, COMMIT_GAP_NS)
        load = worker.spread(LOAD_PER_S, seconds)
        yield from _latency_rows(
            "ack", load, disk, f"{LOAD_PER_S:,} single orders/s for {seconds} s"
        )
        # A disk that has idled takes longer.
        disk = bare_disk(folder / "bare", seconds // 2, 10**9 // ALONE_PER_S)
        alone = worker.spread(ALONE_PER_S, seconds // 2)
        yield from _latency_rows(
            "ack_alone", alone, disk, f"{ALONE_PER_S} orders/s for {seconds // 2} s"
        )
        for size, in_flight in ((1, 256), (20, 64), (500, 16)):
            rate = worker.flood(size, in_flight, seconds // 4)
            yield Row(
                name=f"acks_{size}_a_frame",
                value=rate,
                unit="commands/s",
                conditions=f"{in_flight} frames of {size} in flight for {seconds // 4} s; {machine()}",
            )


def _latency_rows(name: str, ours: Latency, disk: Latency, load: str) -> Iterator[Row]:
    conditions = f"worker's socket to durable reply, {load}: {ours}; bare disk: {disk}; {machine()}"
    for part in ("p50", "p99"):
        yield Row(
            name=f"{name}_{part}",
            value=getattr(ours, part),
            unit="us",
            conditions=conditions,
            yardstick=Yardstick(f"fdatasync_{part}", getattr(disk, part), "us"),
        )


def bare_disk(path: Path, seconds: int, gap_ns: int) -> Latency:
    """Write 4 KiB and sync, into zeros that are there, with so much between two starts."""
    size = 64 << 20
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.pwrite(descriptor, bytes(size), 0)
    os.fsync(descriptor)
    samples = []
    offset = 0
    end = time.monotonic_ns() + seconds * 10**9
    while (start := time.monotonic_ns()) < end:
        os.pwrite(descriptor, BLOCK, offset)
        os.fdatasync(descriptor)
        done = time.monotonic_ns()
        samples.append(done - start)
        offset = (offset + len(BLOCK)) % size
        time.sleep(max(0, start + gap_ns - done) / 10**9)
    os.close(descriptor)
    return latency(samples)


@contextmanager
def running_host(home: Path) -> Iterator[Path]:
    """Run the host in a process of its own, as the supervisor does."""
    home.mkdir(parents=True)
    ready, said = os.pipe()
    process = subprocess.Popen(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", _MAIN, str(home), str(said)], pass_fds=(said,)
    )
    os.close(said)
    try:
        if os.read(ready, 16) != b"ready\n":
            raise RuntimeError("the host did not start")
        yield home / SOCKET
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        os.close(ready)


class Worker:
    """A worker without an event loop, so that little of its own is in the figures."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._socket.setblocking(False)  # noqa: FBT003
        self._frames = FrameReader()
        self._stream = Stream(boot=time.monotonic_ns())

    def carry_out(self, records: list[bytes]) -> None:
        """Send commands one after the other."""
        for record in records:
            self._send([self._stream.stamp(record)])
            while not self._take(10**9):
                pass

    def spread(self, per_s: int, seconds: int) -> Latency:
        """Send commands evenly, answered or not; measure from when each was due."""
        gap_ns = 10**9 // per_s
        began = time.monotonic_ns()
        total = per_s * seconds
        first = self._stream.count + 1
        samples: list[int] = []

        def answered(wait_ns: int) -> None:
            counters = self._take(wait_ns)
            now = time.monotonic_ns()
            samples.extend(now - began - (counter - first) * gap_ns for counter in counters)

        for n in range(total):
            while (left := began + n * gap_ns - time.monotonic_ns()) > 0:
                answered(left)
            self._send(self._stream.take(1))
            answered(0)
        while len(samples) < total:
            answered(10**9)
        return latency(samples)

    def flood(self, size: int, in_flight: int, seconds: int) -> int:
        """Keep frames in flight; return the commands carried out in a second."""
        for _ in range(in_flight):
            self._send(self._stream.take(size))
        began = time.monotonic_ns()
        end = began + seconds * 10**9
        answered = 0
        rest = 0
        while time.monotonic_ns() < end:
            got = len(self._take(10**9))
            answered += got
            rest += got
            while rest >= size:
                self._send(self._stream.take(size))
                rest -= size
        took = time.monotonic_ns() - began
        left = in_flight * size - rest
        while left > 0:
            left -= len(self._take(10**9))
        return answered * 10**9 // took

    def _send(self, records: list[bytes]) -> None:
        data = memoryview(frame(FrameKind.SUBMIT, 0, b"".join(records)))
        while data:
            try:
                data = data[self._socket.send(data) :]
            except BlockingIOError:
                select.select([], [self._socket], [])

    def _take(self, wait_ns: int) -> list[int]:
        """Return the counters of the commands that were answered."""
        # Not poll: it waits whole milliseconds, and a client that spins instead takes a core from the host.
        if not select.select([self._socket], [], [], wait_ns / 10**9)[0]:
            return []
        counters = []
        for _, _, payload in self._frames.feed(self._socket.recv(1 << 18)):
            for reply in REPLY.iter_unpack(payload):
                if reply[_REFUSAL]:
                    raise RuntimeError(f"refused: {reply}")
                counters.append(reply[0])
        return counters


def main(argv: list[str]) -> None:
    """Print what was measured."""
    for row in rows(int(argv[0]) if argv else SECONDS):
        print(
            f"{row.name:20} {row.value:>12,} {row.unit:<12} {row.ratio or '':>8}  {row.conditions}"
        )


if __name__ == "__main__":
    (ROOT / "build").mkdir(exist_ok=True)
    main(sys.argv[1:])
