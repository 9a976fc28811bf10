"""A crash at the gateway: a crowd that sends ten times what a worker sustains, in the mix of a crash.

What an account sends beyond its rate limits the worker refuses by itself; what is within them floods the core. Frames
are written in advance and sent when they are due, answered or not. What the worker does not read never leaves its
sender: it was offered all the same, as by a client whose own queue grows.
"""

import json
import multiprocessing
import selectors
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from multiprocessing.connection import Connection as Pipe
from typing import Final, NamedTuple

from benchmarks.client import Counter as Marks
from benchmarks.client import connected, upgrade
from benchmarks.crowd import Member
from benchmarks.pairs import PAIRS
from benchmarks.wire import BATCH, login, masked, order, signed

FLOODERS: Final = 48
"""Accounts that flood over WebSocket, with a connection each."""
ALSO_REST: Final = 6
"""So many of them flood over REST too."""
_MIX: Final = ("cancel",) * 26 + ("rest",) * 19 + ("amend",) * 3 + ("take",) * 2
_OPS: Final = {
    "cancel": "batch-cancel-orders",
    "rest": "batch-orders",
    "amend": "batch-amend-orders",
    "take": "batch-orders",
}
_READ_BYTES: Final = 1 << 18
ANSWERED_UNKNOWN: Final = ("50004", "50026")
"""No answer in time, and a defect."""
SHED: Final = "50013"
LIMITED: Final = ("50011", "50061")
_CODES: Final = ("0", SHED, *LIMITED, *ANSWERED_UNKNOWN)
_DRAIN_S: Final = 10


class Flooded(NamedTuple):
    """What came of a flood, in commands: a frame has twenty, a request one."""

    offered: int
    sent: int
    answered: int
    ns: int
    codes: Counter[str]
    """How many were answered with each of the codes that are counted."""

    def per_s(self, commands: int) -> int:
        """Return how many that is a second."""
        return commands * 10**9 // self.ns


class _Sender:
    """One connection that floods."""

    def __init__(self, port: int, member: Member, *, is_rest: bool) -> None:
        self.socket = connected(port, member)
        if is_rest:
            frames = [_request(member, number) for number in range(32)]
        else:
            upgrade(self.socket, "private")
            self.socket.sendall(masked(login(member)))
            self.socket.recv(_READ_BYTES)
            frames = list(_frames(member.account))
        self.socket.setblocking(False)  # noqa: FBT003  # the standard library's own signature
        self._frames = cycle(frames)
        self._left = b""
        self._answers = Marks(b"HTTP/1.1 " if is_rest else b'"outTime"')
        self._of_items = {code: Marks(f'"sCode":"{code}"'.encode()) for code in _CODES}
        self._of_all = {code: Marks(f'"code":"{code}"'.encode()) for code in _CODES[1:]}
        self._ahead_max = 64 if is_rest else 256
        self.commands = 1 if is_rest else BATCH
        """Of one frame or request."""
        self.offered = self.sent = self.answered = 0
        self.codes: Counter[str] = Counter()

    def send(self, frames: int) -> None:
        """Send as many as the system takes; one that was begun is finished first."""
        try:
            for _ in range(frames):
                if self._left:
                    self._left = self._left[self.socket.send(self._left) :]
                if self._left or self.sent - self.answered >= self._ahead_max:
                    return
                self._left = next(self._frames)
                self.sent += 1
            if self._left:
                self._left = self._left[self.socket.send(self._left) :]
        except BlockingIOError:
            return

    def receive(self) -> None:
        """Count what has come."""
        data = self.socket.recv(_READ_BYTES)
        if not data:
            raise RuntimeError("the worker closed a connection that floods and reads")
        self.answered += self._answers.take(data)
        for code, marks in self._of_items.items():
            self.codes[code] += marks.take(data)
        for code, marks in self._of_all.items():
            self.codes[code] += marks.take(data) * self.commands


def _frames(account: int) -> Iterator[bytes]:
    """Write a cycle of frames of twenty; cancels and amendments name what was placed before."""
    placed = 0
    for turn in range(2 * len(_MIX)):
        kind = _MIX[turn * 7 % len(_MIX)]
        if kind == "rest":
            placed += 1
        block = max(0, placed - turn % 3)
        items = [_item(kind, account, block, number) for number in range(BATCH)]
        yield masked(json.dumps({"id": str(turn), "op": _OPS[kind], "args": items}))


def _item(kind: str, account: int, block: int, number: int) -> dict[str, str]:
    name = f"flood{account:04x}{block:08x}{number:04x}"
    # All of a block are in one pair.
    pair = PAIRS[(account + block) % len(PAIRS)]
    if kind == "cancel":
        return {"instId": pair.name, "clOrdId": name}
    if kind == "amend":
        return {"instId": pair.name, "clOrdId": name, "newSz": pair.stock}
    if kind == "take":
        return order(pair.name, "buy", pair.bid, pair.size, ordType="ioc")
    how = "post_only" if number % 2 else "limit"
    return order(pair.name, "buy", pair.resting(number), pair.size, clOrdId=name, ordType=how)


def _request(member: Member, number: int) -> bytes:
    """Write an order, or its cancel, under names that no frame has."""
    kind, op = ("cancel", "cancel-order") if number % 2 else ("rest", "order")
    item = _item(kind, member.account, number // 2, BATCH)
    return signed(member, f"/api/v5/trade/{op}", json.dumps(item))


def _drive(senders: list[_Sender], seconds: float, per_s: float, window: int = 0) -> Flooded:
    """Send for so long: `per_s` frames a second by all, or, when that is 0, with `window` in flight on each."""
    selector = selectors.DefaultSelector()
    for sender in senders:
        selector.register(sender.socket, selectors.EVENT_READ, sender)
        sender.offered = sender.sent = sender.answered = 0
        sender.codes.clear()
    began = time.monotonic_ns()
    due_before = 0
    while (gone := time.monotonic_ns() - began) < seconds * 10**9:
        due = int(gone * per_s / 10**9) - due_before
        due_before += due
        for at, sender in enumerate(senders):
            share = (due + at) // len(senders) if per_s else window - sender.sent + sender.answered
            sender.offered += max(0, share)
            sender.send(share)
        for key, _ in selector.select(0.001):
            key.data.receive()
    ns = time.monotonic_ns() - began
    answered = sum(sender.answered * sender.commands for sender in senders)
    ends = time.monotonic() + _DRAIN_S
    while any(sender.sent > sender.answered for sender in senders) and time.monotonic() < ends:
        for sender in senders:
            sender.send(0)
        for key, _ in selector.select(0.01):
            key.data.receive()
    selector.close()
    missing = sum(sender.sent - sender.answered for sender in senders)
    if missing:
        raise RuntimeError(f"{missing:,} frames were not answered")
    offered, sent = (
        sum(getattr(sender, what) * sender.commands for sender in senders)
        for what in ("offered", "sent")
    )
    codes = sum((sender.codes for sender in senders), Counter[str]())
    return Flooded(offered, sent, answered, ns, codes)


def _process(port: int, crowd: Sequence[Member], pipe: Pipe) -> None:
    senders = [_Sender(port, member, is_rest=False) for member in crowd]
    rest = [_Sender(port, member, is_rest=True) for member in crowd[:ALSO_REST]]
    pipe.send(None)
    while (told := pipe.recv()) is not None:
        seconds, per_s = told
        found = _drive(senders if not per_s else senders + rest, seconds, per_s, window=4)
        pipe.send(found)


class Flood:
    """The flooding process."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def start(self, seconds: float, per_s: float) -> None:
        """Begin; 0 a second means: as much as is answered."""
        self._pipe.send((seconds, per_s))

    def is_over(self) -> bool:
        """Tell whether everything was answered."""
        return self._pipe.poll()

    def wait(self) -> Flooded:
        """Wait until everything was answered."""
        try:
            found: Flooded = self._pipe.recv()
        except EOFError:
            raise RuntimeError("the flood has ended before its time") from None
        return found


@contextmanager
def flooding(port: int, crowd: Sequence[Member]) -> Iterator[Flood]:
    """Run the senders in a process of their own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_process, args=(port, crowd, theirs))
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield Flood(ours)
    finally:
        process.kill()
        process.join()
        ours.close()
