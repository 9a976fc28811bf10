"""Live events over the host's socket, for workers that serve connected clients."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from struct import Struct
from typing import Final, NoReturn, Self, cast

from tickyard._core import MarketView
from tickyard.engine import protocol
from tickyard.engine.errors import CoreTimeout
from tickyard.engine.event_codec import decode
from tickyard.engine.events import LiveBatch
from tickyard.engine.in_flight import ANSWER_WITHIN_MS
from tickyard.engine.link import RECONNECT_MS
from tickyard.engine.protocol import FrameKind
from tickyard.engine.records import AccountId, Seq
from tickyard.engine.socket_path import reachable

TIP: Final = 2**64 - 1
"""Subscribes from the newest event on."""
_WAITING_MAX: Final = 1 << 22
"""So many bytes wait until somebody follows; more are left to the host."""
_ACCOUNT: Final = Struct("<I")


class Feed:
    """Market events always, account events of watched accounts only, in order and without gaps.

    It begins with the newest event and, when the connection breaks, resumes after the last batch it gave. Whoever
    follows is called while the socket is read: handing a batch over to a task would cost more than the batch itself. A
    slow reader lags behind and loses nothing: the host reads the event segments for it.
    """

    def __init__(self, socket_path: Path, view: MarketView) -> None:
        self._path = socket_path
        self._view = view
        self._after = TIP
        self._accounts: set[AccountId] = set()
        self._confirmations: dict[AccountId, asyncio.Future[Seq]] = {}
        self._wire: _Wire | None = None
        self._take: Callable[[LiveBatch], None] | None = None
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    @classmethod
    async def connect(cls, socket_path: Path, view: MarketView) -> Self:
        """Connect to the host and stand at the newest event.

        Args:
            socket_path: `run/core.sock` of the home.
            view: takes the changes of price levels, before their batch is given.

        Raises:
            CoreTimeout: the host could not be reached within five seconds.
        """
        feed = cls(socket_path, view)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_MS / 1000):
                await feed._open()
        except TimeoutError:
            raise CoreTimeout from None
        return feed

    @property
    def after(self) -> Seq:
        """The command after which the next batch begins."""
        return Seq(self._after)

    async def watch(self, account: AccountId) -> Seq:
        """Ask for the events of an account and wait for the host to say from where on they come.

        Somebody must follow meanwhile.

        Returns:
            The command after which every event of the account is in the batches.
        """
        confirmed = self._confirmations.get(account)
        if confirmed is None:
            confirmed = asyncio.get_running_loop().create_future()
            self._confirmations[account] = confirmed
            self._accounts.add(account)
            self._send(FrameKind.WATCH, account)
        return await asyncio.shield(confirmed)

    async def follow(self, take: Callable[[LiveBatch], None]) -> NoReturn:
        """Hand over the events as they come, for ever; batches may hold no events.

        While nobody follows, they wait.

        Raises:
            Exception: what `take` has raised; what it did not take is lost.
        """
        self._take = take
        try:
            self._hand_over_what_waits()
            while True:
                if self._wire is None:
                    await self._open()
                    continue
                await asyncio.shield(self._wire.lost)
                self._wire = None
                await asyncio.sleep(RECONNECT_MS / 1000)
        finally:
            self._take = None

    async def close(self) -> None:
        """Close the connection; nobody may follow any more."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.transport.abort()
            await asyncio.wait({wire.lost})

    async def _open(self) -> None:
        """Connect, however long it takes, and subscribe after the last batch."""
        loop = asyncio.get_running_loop()
        while True:
            wire = _Wire(loop.create_future(), self._receive)
            try:
                with reachable(self._path) as path:
                    await loop.create_unix_connection(
                        lambda wire=wire: wire,  # type: ignore[misc]  # mypy cannot infer it
                        str(path),
                    )
            except OSError:
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            if await self._subscribe(wire):
                self._wire = wire
                for account in self._confirmations:
                    self._send(FrameKind.WATCH, account)
                return
            await asyncio.sleep(RECONNECT_MS / 1000)

    async def _subscribe(self, wire: "_Wire") -> bool:
        """Ask for the events; False when the host has gone meanwhile."""
        self._subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        accounts = b"".join(_ACCOUNT.pack(account) for account in sorted(self._accounts))
        wire.send(FrameKind.SUBSCRIBE, protocol.SUBSCRIBE.pack(self._after) + accounts)
        try:
            await asyncio.wait({self._subscribed, wire.lost}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            wire.transport.abort()
            raise
        if not self._subscribed.done():
            wire.lost.result()  # raises if it was not the host that has gone
            return False
        return True

    def _receive(self, kind: int, payload: bytes) -> None:
        """Take one frame of the host."""
        if kind == FrameKind.EVENTS:
            if self._take is None:
                self._keep(payload)
            else:
                self._hand_over(payload, self._take)
        elif kind == FrameKind.WATCH:
            self._confirm(payload)
        elif not self._subscribed.done():
            if kind != FrameKind.SUBSCRIBE:
                raise ValueError(f"a subscription was answered by a frame of kind {kind}")
            # Now, because events may have come with the answer.
            (self._after,) = protocol.SUBSCRIBE.unpack(payload)
            self._subscribed.set_result(None)

    def _hand_over(self, payload: bytes, take: Callable[[LiveBatch], None]) -> None:
        first, last, time_ns = protocol.EVENT_BATCH.unpack_from(payload)
        self._after = last
        books, events = self._view.apply(payload, protocol.EVENT_BATCH.size)
        take(LiveBatch(first, last, time_ns, decode(events) if events else [], books))

    def _keep(self, payload: bytes) -> None:
        self._waiting.append(payload)
        self._waiting_bytes += len(payload)
        if self._waiting_bytes > _WAITING_MAX and self._wire is not None:
            self._wire.transport.pause_reading()

    def _hand_over_what_waits(self) -> None:
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        for payload in waiting:
            assert self._take is not None, "Invariant: somebody follows"
            self._hand_over(payload, self._take)
        if self._wire is not None and not self._wire.lost.done():
            self._wire.transport.resume_reading()

    def _send(self, kind: FrameKind, account: AccountId) -> None:
        if self._wire is not None:
            self._wire.send(kind, protocol.WATCH.pack(account))

    def _confirm(self, payload: bytes) -> None:
        account, seq = protocol.WATCHED.unpack(payload)
        confirmed = self._confirmations.pop(account, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(Seq(seq))


class _Wire(asyncio.Protocol):
    """One connection to the host, from its opening to its loss."""

    def __init__(self, lost: asyncio.Future[None], on_frame: Callable[[int, bytes], None]) -> None:
        self.lost = lost
        self._on_frame = on_frame
        self._reader = protocol.FrameReader()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for kind, _, payload in self._reader.feed(data):
            self._on_frame(kind, payload)

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is None or isinstance(exc, OSError):
            self.lost.set_result(None)
        else:
            # The loop ends a connection whose frames could not be taken; that is no reason to connect again.
            self.lost.set_exception(exc)

    def send(self, kind: FrameKind, payload: bytes) -> None:
        """Send one frame, if the host is still there to take it."""
        if not self.transport.is_closing():
            self.transport.write(protocol.frame(kind, 0, payload))
