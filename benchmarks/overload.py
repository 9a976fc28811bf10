"""Cancels of modest accounts while others send ten times what a worker sustains, and how soon all is as before."""

import selectors
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.client import Connection, connected, upgrade
from benchmarks.crash import ALSO_REST, FLOODERS, LIMITED, SHED, Flood, Flooded, flooding
from benchmarks.crowd import Member
from benchmarks.pairs import PAIRS
from benchmarks.percentiles import Latency, latency
from benchmarks.processes import Exchange, running_exchange
from benchmarks.row import Row, machine
from benchmarks.scope import Measurement, Scope, scratch
from benchmarks.wire import BATCH, Load, masked

TIMES: Final = 10
READERS, SLOW, STALLED = 20, 4, 1
"""On the fan-out worker: a fifth reads slowly, a twentieth not at all."""
_SLOW_BYTES: Final = 2_048
_PACE_NS: Final = 10_000_000
"""Between two commands of a modest account that has been answered."""
_MODEST: Final = Load("modest", is_rest=False, lanes=4, accounts=1, in_flight=1, orders=1)
CROWD: Final = _MODEST.crowd + FLOODERS
"""Accounts that a burst needs."""
_P99_US: Final = 50_000
_NORMAL_WITHIN_S: Final = 10
_CALM_NS: Final = 1_000_000_000
"""All is as before when no cancel has been late for so long."""
_SUBSCRIBE: Final = '{"op":"subscribe","args":[{"channel":"books","instId":"BTC-USDT"},{"channel":"tickers","instId":"BTC-USDT"}]}'


class Sample(NamedTuple):
    """One command of a modest account."""

    at_ns: int
    ns: int
    is_cancel: bool
    accepted: bool


class Burst(NamedTuple):
    """What was measured."""

    sustained: Flooded
    flooded: Flooded
    before: Latency
    during: Latency
    commands: int
    refused: int
    normal_after_ms: int
    rss_mib: dict[str, int]

    @property
    def shed(self) -> int:
        """Commands that came within the limits and were answered with 50013."""
        return self.flooded.codes[SHED]

    @property
    def limited(self) -> int:
        """Commands that were beyond the limits of their account."""
        return sum(self.flooded.codes[code] for code in LIMITED)


class _Modest:
    """Accounts that place an order far from the market and cancel it, each command when the last is answered."""

    def __init__(self, port: int, crowd: Sequence[Member]) -> None:
        self._selector = selectors.DefaultSelector()
        self._connections = [Connection(port, one, _MODEST.cycle(one)) for one in crowd]
        self._sent_ns = [0] * len(crowd)
        self._due_ns = [0] * len(crowd)
        self._commands = [0] * len(crowd)
        self._is_waiting = [False] * len(crowd)
        for number, connection in enumerate(self._connections):
            self._selector.register(connection.socket, selectors.EVENT_READ, number)

    def turn(self) -> Iterator[Sample]:
        """Send what is due and give what was answered."""
        now = time.monotonic_ns()
        for number, connection in enumerate(self._connections):
            if not self._is_waiting[number] and now >= self._due_ns[number]:
                self._is_waiting[number] = True
                self._sent_ns[number] = now
                connection.send(1)
        for key, _ in self._selector.select(0.002):
            number = key.data
            connection = self._connections[number]
            accepted = connection.accepted
            if not connection.receive():
                continue
            now = time.monotonic_ns()
            self._is_waiting[number] = False
            self._due_ns[number] = now + _PACE_NS
            is_cancel = self._commands[number] % 2 == 1
            self._commands[number] += 1
            took = now - self._sent_ns[number]
            yield Sample(now, took, is_cancel, connection.accepted > accepted)

    def run(self, seconds: float, flood: Flood | None = None) -> list[Sample]:
        """Go on for so long, or until the flood is over."""
        samples: list[Sample] = []
        ends = time.monotonic() + seconds
        while not flood.is_over() if flood else time.monotonic() < ends:
            samples.extend(self.turn())
        return samples

    def close(self) -> None:
        """Give the connections up."""
        for connection in self._connections:
            connection.socket.close()
        self._selector.close()


class _Readers:
    """Those who listen to the market meanwhile."""

    def __init__(self, port: int, crowd: Sequence[Member]) -> None:
        self._sockets = []
        for member in crowd:
            sock = connected(port, member)
            upgrade(sock, "public")
            sock.sendall(masked(_SUBSCRIBE))
            sock.setblocking(False)  # noqa: FBT003  # the standard library's own signature
            self._sockets.append(sock)

    def read(self) -> None:
        """Let each read as it does: little, nothing, or all."""
        for number, sock in enumerate(self._sockets[STALLED:]):
            try:
                sock.recv(_SLOW_BYTES if number < SLOW else 1 << 18)
            except (BlockingIOError, ConnectionError):
                continue

    def close(self) -> None:
        """Give all connections up."""
        for sock in self._sockets:
            sock.close()


def burst(exchange: Exchange, seconds: float, *, patience_s: int) -> Burst:
    """Measure S, then offer ten times S while modest accounts go on.

    Args:
        exchange: with one worker of each kind and `CROWD` accounts.
        seconds: how long the flood lasts.
        patience_s: how long to wait afterwards until all is as before.
    """
    (worker,) = exchange.workers
    (fanout,) = exchange.fanout
    pids = {"core": exchange.core.pid, "worker": worker.process.pid, "fan-out": fanout.pid}
    modest_ones, flooders = exchange.crowd[: _MODEST.crowd], exchange.crowd[_MODEST.crowd :]
    readers = _Readers(worker.port, flooders[:READERS])
    modest = _Modest(worker.port, modest_ones)
    try:
        with flooding(worker.port, flooders) as flood:
            before = modest.run(seconds / 4)
            flood.start(seconds / 4, 0)
            sustained = flood.wait()
            # In frames: the connections of REST take their turns too, with requests of a single command.
            all_senders = FLOODERS + ALSO_REST
            per_s = TIMES * sustained.per_s(sustained.answered) / BATCH * all_senders / FLOODERS
            flood.start(seconds, per_s)
            during: list[Sample] = []
            while not flood.is_over():
                readers.read()
                during += modest.turn()
            flooded = flood.wait()
            ended = time.monotonic_ns()
            late_ns = max(10_000_000, 2 * max(sample.ns for sample in before))
            last_late = ended
            after = []
            while (now := time.monotonic_ns()) < last_late + _CALM_NS:
                for sample in modest.turn():
                    after.append(sample)
                    if sample.ns > late_ns:
                        last_late = sample.at_ns
                if now > ended + patience_s * 10**9:
                    break
    finally:
        readers.close()
        modest.close()
    everything = [*before, *during, *after]
    return Burst(
        sustained,
        flooded,
        latency([sample.ns for sample in before]),
        latency([sample.ns for sample in during if sample.is_cancel]),
        len(everything),
        sum(not sample.accepted for sample in everything),
        (last_late - ended) // 10**6,
        {name: rss_mib(pid) for name, pid in pids.items()},
    )


def rss_mib(pid: int) -> int:
    """Return the memory of a process, at its highest so far."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) >> 10


def _rows(scope: Scope) -> Iterator[Row]:
    seconds = scope.pick(60, 8)
    anywhere: frozenset[int] = frozenset()
    scope.say(f"{TIMES} times what a worker sustains for {seconds} s")
    with (
        scratch() as folder,
        running_exchange(folder / "home", [anywhere], [anywhere], crowd=CROWD) as exchange,
    ):
        found = burst(exchange, seconds, patience_s=2 * _NORMAL_WITHIN_S)
    flooded = found.flooded
    conditions = (
        f"{FLOODERS} accounts with frames of twenty over WebSocket, {ALSO_REST} of them over REST too, in {len(PAIRS)} "
        f"pairs, 52 % cancels; sustained {found.sustained.per_s(found.sustained.answered):,} commands/s by the same "
        f"sender, offered {flooded.per_s(flooded.offered):,}, left the sender {flooded.per_s(flooded.sent):,}, answered "
        f"{flooded.per_s(flooded.answered):,}; {flooded.per_s(found.limited):,} of these beyond the rate limits of their "
        f"accounts, {flooded.per_s(found.shed):,} within them but shed with 50013; {found.refused} of {found.commands:,} "
        f"commands of {_MODEST.crowd} modest accounts refused; before: {found.before}; normal again after "
        f"{found.normal_after_ms} ms; highest RSS in MiB {found.rss_mib}; {READERS} readers, {SLOW} slow and {STALLED} "
        f"stalled; {seconds} s; {machine()}"
    )
    yield Row(
        name="overload_cancel_p99",
        value=found.during.p99,
        unit="us",
        conditions=conditions,
        target={"value": ("<=", _P99_US)},
        latency=found.during,
    )
    yield Row(
        name="overload_normal_after",
        value=found.normal_after_ms,
        unit="ms",
        conditions=conditions,
        target={"value": ("<=", _NORMAL_WITHIN_S * 1_000)},
    )


MEASUREMENTS: Final = [Measurement(("overload_cancel_p99", "overload_normal_after"), _rows)]
