"""More commands than a core can take: written in advance, by many accounts of which a few send most, as in a crash."""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from struct import Struct
from typing import Final

from tests.support.core_market import BTC, BTC_USDT, COIN, USDT

from tickyard.engine import commands, protocol
from tickyard.engine.protocol import FrameKind, FrameReader
from tickyard.engine.records import AccountId, OrderType, Refusal, Side, Wallet
from tickyard.engine.replies import decode_replies

ORIGIN: Final = Struct("<QQ")
ORIGIN_AT: Final = 8
_FRAME_COMMANDS: Final = 64
_MIDDLE: Final = 10_000
_LIVE_MAX: Final = 200
"""Orders of an account that may be live; what is beyond is cancelled first."""


def accounts(first: int, count: int) -> list[bytes]:
    """Open accounts with money enough for all that they send."""
    records = []
    for number in range(first, first + count):
        account = AccountId(number)
        records.append(commands.define_account(account=account, master=account))
        records += [
            commands.credit(
                account=account,
                asset=asset,
                amount=10**6 * COIN,
                wallet=Wallet.TRADING,
                key=b"flood %05d %04d" % (number, asset),
            )
            for asset in (BTC, USDT)
        ]
    return records


class Crowd:
    """Accounts in a panic: the first hundredth sends four fifths."""

    def __init__(self, first: int, count: int, seed: int) -> None:
        self._first = first
        self._count = count
        self._few = max(1, count // 100)
        self._seed = seed
        self._rng = random.Random(seed)
        self._placed: dict[int, list[bytes]] = {}
        self._names = 0

    def commands(self, count: int) -> list[bytes]:
        """Return the next commands: 52 % cancels, 38 % orders that may rest, 6 % amendments, 4 % takers."""
        return [self._next() for _ in range(count)]

    def _next(self) -> bytes:
        number = self._somebody()
        account, placed = AccountId(number), self._placed.setdefault(number, [])
        what = self._rng.random()
        if placed and (what < 0.52 or len(placed) >= _LIVE_MAX):
            name = placed.pop(self._rng.randrange(len(placed)))
            return commands.cancel_order(account=account, instrument=BTC_USDT, client_id=name)
        side = self._rng.choice((Side.BUY, Side.SELL))
        away = self._rng.randrange(1, 500)
        price = _MIDDLE - away if side is Side.BUY else _MIDDLE + away
        if placed and what < 0.58:
            return commands.amend_order(
                account=account,
                instrument=BTC_USDT,
                client_id=placed[-1],
                size=self._rng.randrange(1, 9),
            )
        if what < 0.62:
            return self._order(
                account, side, OrderType.IMMEDIATE_OR_CANCEL, 2 * _MIDDLE - price, b""
            )
        self._names += 1
        name = b"crowd%dx%d" % (self._seed, self._names)
        placed.append(name)
        kind = self._rng.choice((OrderType.POST_ONLY, OrderType.LIMIT))
        return self._order(account, side, kind, price, name)

    def _order(
        self, account: AccountId, side: Side, kind: OrderType, price: int, name: bytes
    ) -> bytes:
        return commands.place_order(
            account=account,
            instrument=BTC_USDT,
            side=side,
            order_type=kind,
            price=price,
            size=self._rng.randrange(1, 9),
            client_id=name,
        )

    def _somebody(self) -> int:
        if self._rng.random() < 0.8:
            return self._first + self._rng.randrange(self._few)
        return self._first + self._rng.randrange(self._few, self._count)


class Flood:
    """One worker's connection that sends without waiting; `answers` counts what became of its commands."""

    def __init__(self, path: Path, records: Sequence[bytes], boot: int) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        self._frames = [
            protocol.frame(FrameKind.SUBMIT, 0, part) for part in _stamped(records, boot)
        ]
        self._missing = len(records)
        self.sent_s = 0.0
        """How long it took to hand all over."""
        self.answers: Counter[Refusal | None] = Counter()
        self.counters: Counter[int] = Counter()
        self._threads = [threading.Thread(target=work) for work in (self._send, self._receive)]

    def start(self) -> None:
        """Begin; two threads send and listen."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Wait until every command is answered."""
        for thread in self._threads:
            thread.join(60)
        self._socket.close()
        assert self._missing == 0, f"{self._missing} commands were not answered"

    def _send(self) -> None:
        began = time.perf_counter()
        for frame in self._frames:
            self._socket.sendall(frame)
        self.sent_s = time.perf_counter() - began

    def _receive(self) -> None:
        reader = FrameReader()
        self._socket.settimeout(30)
        while self._missing and (data := self._socket.recv(1 << 18)):
            for _, _, payload in reader.feed(data):
                for reply in decode_replies(payload):
                    self.answers[reply.refusal] += 1
                    self.counters[reply.counter] += 1
                    self._missing -= 1


def _stamped(records: Sequence[bytes], boot: int) -> list[bytes]:
    frames = []
    for start in range(0, len(records), _FRAME_COMMANDS):
        part = bytearray(b"".join(records[start : start + _FRAME_COMMANDS]))
        for position in range(len(part) // protocol.RECORD):
            at = position * protocol.RECORD + ORIGIN_AT
            ORIGIN.pack_into(part, at, boot, start + position + 1)
        frames.append(bytes(part))
    return frames
