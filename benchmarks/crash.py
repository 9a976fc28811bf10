"""A crash at the gateway: connections that send ten times what a worker sustains, in the mix of a crash.

Frames are written in advance and sent when they are due, answered or not. What the worker does not read never leaves its
sender: it was offered all the same, as by a client whose own queue grows. Source of the mix: reliability.md 8.3.
"""

import json
import multiprocessing
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from multiprocessing.connection import Connection as Pipe
from typing import Final, NamedTuple

from benchmarks.client import Counter as Marks
from benchmarks.client import upgrade
from benchmarks.wire import BATCH, login, masked, order, signed
from tickyard.users import DemoKey, demo_keys

FLOODERS: Final = tuple(key for key in demo_keys() if key.name.startswith("quoter"))
CONNECTIONS: Final = 6
"""WebSocket connections that flood, of all flooders in turn; each also has one for REST."""
_MIX: Final = ("cancel",) * 26 + ("rest",) * 19 + ("amend",) * 3 + ("take",) * 2
_OPS: Final = {
    "cancel": "batch-cancel-orders",
    "rest": "batch-orders",
    "amend": "batch-amend-orders",
    "take": "batch-orders",
}
_READ_BYTES: Final = 1 << 18
ANSWERED_UNKNOWN: Final = (b'ode":"50004"', b'ode":"50026"')
"""No answer in time, and a defect."""
_CODES: Final = (b'"sCode":"0"', b'"sCode":"50013"', b'"code":"50013"', *ANSWERED_UNKNOWN)
_DRAIN_S: Final = 10


class Flooded(NamedTuple):
    """What came of a flood, in commands: a frame has twenty, a request one."""

    offered: int
    sent: int
    answered: int
    ns: int
    codes: dict[bytes, int]
    """How often the answers held each of the codes."""

    def per_s(self, commands: int) -> int:
        """Return how many that is a second."""
        return commands * 10**9 // self.ns


class _Sender:
    """One connection that floods."""

    def __init__(self, port: int, key: DemoKey, number: int, *, is_rest: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.is_rest = is_rest
        if is_rest:
            frames = [_request(key, number, n) for n in range(32)]
        else:
            upgrade(self.socket, "private")
            self.socket.sendall(login(key))
            self.socket.recv(_READ_BYTES)
            frames = list(_frames(number))
        self.socket.setblocking(False)  # noqa: FBT003  # the standard library's own signature
        self._frames = cycle(frames)
        self._left = b""
        self._answers = Marks(b"HTTP/1.1 " if is_rest else b'"outTime"')
        self._codes = {code: Marks(code) for code in _CODES}
        self._ahead_max = 64 if is_rest else 256
        self.commands = 1 if is_rest else BATCH
        """Of one frame or request."""
        self.offered = self.sent = self.answered = 0
        self.codes: Counter[bytes] = Counter()

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
        for code, marks in self._codes.items():
            self.codes[code] += marks.take(data)


def _frames(number: int) -> Iterator[bytes]:
    """Write a cycle of frames of twenty; cancels and amendments name what was placed before."""
    placed = 0
    for turn in range(4 * len(_MIX)):
        kind = _MIX[turn * 7 % len(_MIX)]
        if kind == "rest":
            placed += 1
        items = [_item(kind, number, (placed - turn % 3) * BATCH + n) for n in range(BATCH)]
        yield masked(json.dumps({"id": str(turn), "op": _OPS[kind], "args": items}))


def _item(kind: str, connection: int, number: int) -> dict[str, str]:
    name = f"flood{connection:04x}{max(0, number):08x}"
    if kind == "cancel":
        return {"instId": "BTC-USDT", "clOrdId": name}
    if kind == "amend":
        return {"instId": "BTC-USDT", "clOrdId": name, "newSz": "0.00013"}
    if kind == "take":
        return order("BTC-USDT", "buy", "20000.1", "0.00012", ordType="ioc")
    how = "post_only" if number % 2 else "limit"
    price = f"{20_000 + number % 500}.1"
    return order("BTC-USDT", "buy", price, "0.00012", clOrdId=name, ordType=how)


def _request(key: DemoKey, connection: int, number: int) -> bytes:
    what = "cancel-order" if number % 2 else "order"
    item = _item("cancel" if number % 2 else "rest", connection, number // 2)
    return signed(key, f"/api/v5/trade/{what}", json.dumps(item))


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
    codes = sum((sender.codes for sender in senders), Counter[bytes]())
    return Flooded(offered, sent, answered, ns, dict(codes))


def _process(port: int, pipe: Pipe) -> None:
    senders = []
    for number in range(CONNECTIONS):
        key = FLOODERS[number % len(FLOODERS)]
        senders.append(_Sender(port, key, number, is_rest=False))
    rest = [_Sender(port, key, 99 + at, is_rest=True) for at, key in enumerate(FLOODERS)]
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
def flooding(port: int) -> Iterator[Flood]:
    """Run the senders in a process of their own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_process, args=(port, theirs))
    process.start()
    theirs.close()
    try:
        ours.recv()
        yield Flood(ours)
    finally:
        process.kill()
        process.join()
        ours.close()
