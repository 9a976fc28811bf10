"""Many who listen: the compiled client, and what it tells."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import msgspec

from benchmarks.cargo import client
from benchmarks.percentiles import Latency

CHANNELS: Final = ("tickers", "trades")


class Heard(msgspec.Struct, frozen=True):
    """What all connections have received since the last reset; trades since the beginning.

    Attributes:
        connections: how many listen.
        pushes: data frames.
        bytes: with their headers.
        trades_min: the fewest that a connection has seen.
        trades_max: the most.
        tapes_differ: connections that have seen other trades, or in another order, than the first.
        out_of_order: trades that were doubled, or older than the one before.
        p50_us: from the time of a trade to its arrival, as the three that follow.
    """

    connections: int
    pushes: int
    bytes: int
    trades_min: int
    trades_max: int
    tapes_differ: int
    out_of_order: int
    p50_us: int
    p99_us: int
    p999_us: int
    worst_us: int

    @property
    def latency(self) -> Latency:
        """The percentiles."""
        return Latency(self.p50_us, self.p99_us, self.p999_us, self.worst_us)

    def has_all(self, trades: int) -> bool:
        """Tell whether every connection has seen this many trades, and all the same ones."""
        return (
            self.trades_min == self.trades_max == trades
            and not self.tapes_differ
            and not self.out_of_order
        )


class Listeners:
    """Connections that have subscribed."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.pid = process.pid
        self._told()

    def heard(self) -> Heard:
        """Ask."""
        return self._ask(b"count\n")

    def reset(self) -> Heard:
        """Ask, and begin anew."""
        return self._ask(b"reset\n")

    def _ask(self, command: bytes) -> Heard:
        assert self._process.stdin is not None, "Invariant: it is a pipe"
        self._process.stdin.write(command)
        self._process.stdin.flush()
        return self._told()

    def _told(self) -> Heard:
        assert self._process.stdout is not None, "Invariant: it is a pipe"
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the listeners have ended; what they said stands above")
        return msgspec.json.decode(line, type=Heard)


@contextmanager
def listening(port: int, connections: int, pairs: Sequence[str]) -> Iterator[Listeners]:
    """Let many connections subscribe to `CHANNELS` of all pairs."""
    command = [str(client("listeners")), str(port), str(connections)]
    process = subprocess.Popen(  # noqa: S603  # our own program
        [*command, ",".join(CHANNELS), ",".join(pairs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield Listeners(process)
    finally:
        process.kill()
        process.communicate()
