"""Live events over the host's socket, for workers that serve connected clients."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from struct import Struct
from typing import Final, Self, cast

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
"""So many bytes wait for the reader; more are left to the host."""
_ACCOUNT: Final = Struct("<I")


class Feed:
    """Market events always, account events of watched accounts only, in order and without gaps.

    It begins with the newest event and, when the connection breaks, resumes after the last batch it gave. A slow
    reader lags behind and loses nothing: the host reads the event segments for it.
    """

    def __init__(self, socket_path: Path, view: MarketView) -> None:
        self._path = socket_path
        self._view = view
        self._after = TIP
        self._accounts: set[AccountId] = set()
        self._confirmations: dict[AccountId, asyncio.Future[Seq]] = {}
        self._connection: _Connection | None = None

    @classmethod
    async def connect(cls, socket_path: Path, view: MarketView) -> Self:
        """Connect to the host and stand at the newest event.

        Args:
            socket_path: `run/core.sock` of the home.
            view: takes the changes of price levels, at the moment when their batch is given.

        Raises:
            CoreTimeout: the host could not be reached within five seconds.
        """
        feed = cls(socket_path, view)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_MS / 1000):
                feed._connection = await feed._open()
        except TimeoutError:
            raise CoreTimeout from None
        return feed

    @property
    def after(self) -> Seq:
        """The command after which the next batch begins."""
        return Seq(self._after)

    def watch_accounts(self, *accounts: AccountId) -> None:
        """Ask for the events of these accounts too, from now on."""
        for account in accounts:
            if account not in self._accounts:
                self._accounts.add(account)
                self._send(FrameKind.WATCH, account)

    async def watch(self, account: AccountId) -> Seq:
        """Ask for the events of an account and wait for the host to say from where on they come.

        Somebody must be reading `batches` meanwhile.

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

    def unwatch(self, account: AccountId) -> None:
        """Stop the events of an account."""
        if account in self._accounts:
            self._accounts.discard(account)
            self._send(FrameKind.UNWATCH, account)

    async def batches(self) -> AsyncIterator[LiveBatch]:
        """Yield the events as they come, for ever; batches may hold no events."""
        while True:
            if self._connection is None:
                self._connection = await self._open()
            try:
                kind, payload = await self._connection.receive()
            except ConnectionResetError:
                await self._drop()
                continue
            if kind == FrameKind.EVENTS:
                first, last, time_ns = protocol.EVENT_BATCH.unpack_from(payload)
                self._after = last
                books, events = self._view.apply(payload, protocol.EVENT_BATCH.size)
                yield LiveBatch(first, last, time_ns, decode(events) if events else [], books)
            elif kind == FrameKind.WATCH:
                self._confirm(payload)

    async def close(self) -> None:
        """Close the connection; `batches` must not be read any more."""
        await self._drop()

    async def _open(self) -> "_Connection":
        """Connect, however long it takes, and subscribe after the last batch."""
        while True:
            connection = _Connection()
            try:
                with reachable(self._path) as path:
                    await asyncio.get_running_loop().create_unix_connection(
                        lambda connection=connection: connection,  # type: ignore[misc]  # mypy cannot infer it
                        str(path),
                    )
            except OSError:
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            try:
                self._after = await self._subscribe(connection)
            except ConnectionResetError:
                connection.close()
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            except BaseException:
                connection.close()
                raise
            for account in self._confirmations:
                connection.send(FrameKind.WATCH, protocol.WATCH.pack(account))
            return connection

    async def _subscribe(self, connection: "_Connection") -> int:
        accounts = b"".join(_ACCOUNT.pack(account) for account in sorted(self._accounts))
        connection.send(FrameKind.SUBSCRIBE, protocol.SUBSCRIBE.pack(self._after) + accounts)
        kind, answer = await connection.receive()
        if kind != FrameKind.SUBSCRIBE:
            raise ValueError(f"a subscription was answered by a frame of kind {kind}")
        after: int = protocol.SUBSCRIBE.unpack(answer)[0]
        return after

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            await asyncio.sleep(RECONNECT_MS / 1000)

    def _send(self, kind: FrameKind, account: AccountId) -> None:
        if self._connection is not None:
            self._connection.send(kind, protocol.WATCH.pack(account))

    def _confirm(self, payload: bytes) -> None:
        account, seq = protocol.WATCHED.unpack(payload)
        confirmed = self._confirmations.pop(account, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(Seq(seq))


class _Connection(asyncio.Protocol):
    """One connection to the host, and the frames that came over it."""

    def __init__(self) -> None:
        self._reader = protocol.FrameReader()
        self._frames: deque[tuple[int, bytes]] = deque()
        self._waiting_bytes = 0
        self._is_paused = False
        self._is_lost = False
        self._woken: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Cut what has come into frames."""
        for kind, _, payload in self._reader.feed(data):
            self._frames.append((kind, payload))
            self._waiting_bytes += len(payload)
        if self._waiting_bytes > _WAITING_MAX and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        """Let the reader know, once it has taken what came before."""
        del error  # whatever it was, the way is to connect again
        self._is_lost = True
        self._wake()

    def send(self, kind: FrameKind, payload: bytes) -> None:
        """Send one frame, if the host is still there to take it."""
        if not self._is_lost:
            self._transport.write(protocol.frame(kind, 0, payload))

    async def receive(self) -> tuple[int, bytes]:
        """Wait for the next frame: (kind, payload).

        Raises:
            ConnectionResetError: there is none, and none will come.
        """
        while not self._frames:
            if self._is_lost:
                raise ConnectionResetError
            self._woken = asyncio.get_running_loop().create_future()
            await self._woken
        kind, payload = self._frames.popleft()
        self._waiting_bytes -= len(payload)
        if self._is_paused and not self._frames:
            self._is_paused = False
            self._transport.resume_reading()
        return kind, payload

    def close(self) -> None:
        """Hang up."""
        self._transport.abort()

    def _wake(self) -> None:
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)
