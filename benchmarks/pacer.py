"""Orders at an even pace: the compiled client, and what it tells."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from benchmarks.cargo import client
from benchmarks.crowd import Member
from benchmarks.percentiles import Latency
from benchmarks.trades import operation, rest_stock, takes
from benchmarks.wire import Load, login


class _Told(msgspec.Struct, frozen=True):
    answers: int
    refused: int
    p50_us: int
    p99_us: int
    p999_us: int
    worst_us: int
    refusal: str


class Pacer:
    """A client that sends orders when they are due, answered or not."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", port: int, paced: Load, crowd: Sequence[Member]
    ) -> None:
        self._process = process
        self.pid = process.pid
        members, takers = crowd[: paced.crowd], crowd[paced.crowd :]
        rest_stock(port)
        for member in members:
            self._say(f"paced {member.address}", f"login {login(member)}")
            self._say(*(f"order {text}" for text in paced.texts(member)))
        for member in takers:
            self._say(f"trading {member.address}", f"login {login(member)}")
            self._say(*(f"order {operation(one)}" for one in takes()))

    def run(self, seconds: int, *, per_s: int, trades_per_s: int) -> Latency:
        """Measure from when each order was due, in the turns of the client: it looks when the next one is.

        Raises:
            RuntimeError: an order was refused or not answered.
        """
        self._say(f"run {seconds} {per_s} {trades_per_s}")
        assert self._process.stdout is not None, "Invariant: it is a pipe"
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the client has ended; what it said stands above")
        told = msgspec.json.decode(line, type=_Told)
        if told.refused:
            raise RuntimeError(f"{told.refused:,} orders were refused: {told.refusal}")
        return Latency(told.p50_us, told.p99_us, told.p999_us, told.worst_us)

    def _say(self, *lines: str) -> None:
        assert self._process.stdin is not None, "Invariant: it is a pipe"
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._process.stdin.flush()


@contextmanager
def pacing(port: int, paced: Load, crowd: Sequence[Member]) -> Iterator[Pacer]:
    """Let accounts connect: those of the load, then those that trade."""
    process = subprocess.Popen(  # noqa: S603  # our own program
        [str(client("pacer")), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Pacer(process, port, paced, crowd)
    finally:
        process.kill()
        process.communicate()
