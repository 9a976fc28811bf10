"""Live events over the host's socket, for workers that serve connected clients."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from struct import Struct
from typing import Final, Self

from tickyard.engine import protocol
from tickyard.engine.errors import CoreTimeout
from tickyard.engine.event_codec import decode
from tickyard.engine.events import EventBatch
from tickyard.engine.in_flight import ANSWER_WITHIN_MS
from tickyard.engine.link import RECONNECT_MS
from tickyard.engine.protocol import FrameKind
from tickyard.engine.records import AccountId, Seq
from tickyard.engine.socket_path import reachable

TIP: Final = 2**64 - 1
"""Subscribes from the newest event on."""
_READ_BUFFER: Final = 1 << 22
_ACCOUNT: Final = Struct("<I")


class Feed:
    """Market events always, account events of watched accounts only, in order and without gaps.

    It begins with the newest event and, when the connection breaks, resumes after the last batch it gave. A slow
    reader lags behind and loses nothing: the host reads the event segments for it.
    """

    def __init__(self, socket_path: Path) -> None:
        self._path = socket_path
        self._after = TIP
        self._accounts: set[AccountId] = set()
        self._confirmations: dict[AccountId, asyncio.Future[Seq]] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @classmethod
    async def connect(cls, socket_path: Path) -> Self:
        """Connect to the host and stand at the newest event.

        Args:
            socket_path: `run/core.sock` of the home.

        Raises:
            CoreTimeout: the host could not be reached within five seconds.
        """
        feed = cls(socket_path)
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

    async def batches(self) -> AsyncIterator[EventBatch]:
        """Yield the events as they come, for ever; batches may hold no events."""
        while True:
            if self._reader is None:
                await self._open()
                continue
            try:
                kind, payload = await _read_frame(self._reader)
            except (OSError, asyncio.IncompleteReadError):
                await self._drop()
                continue
            if kind == FrameKind.EVENTS:
                first, last, time_ns = protocol.EVENT_BATCH.unpack_from(payload)
                self._after = last
                events = decode(payload, protocol.EVENT_BATCH.size)
                yield EventBatch(first, last, time_ns, events)
            elif kind == FrameKind.WATCH:
                self._confirm(payload)

    async def close(self) -> None:
        """Close the connection; `batches` must not be read any more."""
        await self._drop()

    async def _open(self) -> None:
        """Connect, however long it takes, and subscribe after the last batch."""
        while True:
            try:
                with reachable(self._path) as path:
                    reader, writer = await asyncio.open_unix_connection(
                        str(path), limit=_READ_BUFFER
                    )
            except OSError:
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            try:
                self._after = await self._subscribe(reader, writer)
            except (OSError, asyncio.IncompleteReadError):
                writer.close()
                await asyncio.sleep(RECONNECT_MS / 1000)
                continue
            except BaseException:
                writer.close()
                raise
            self._reader, self._writer = reader, writer
            for account in self._confirmations:
                self._send(FrameKind.WATCH, account)
            return

    async def _subscribe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        payload = protocol.SUBSCRIBE.pack(self._after) + b"".join(
            _ACCOUNT.pack(account) for account in sorted(self._accounts)
        )
        writer.write(protocol.frame(FrameKind.SUBSCRIBE, 0, payload))
        kind, answer = await _read_frame(reader)
        if kind != FrameKind.SUBSCRIBE:
            raise ValueError(f"a subscription was answered by a frame of kind {kind}")
        after: int = protocol.SUBSCRIBE.unpack(answer)[0]
        return after

    async def _drop(self) -> None:
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()
            await asyncio.sleep(RECONNECT_MS / 1000)

    def _send(self, kind: FrameKind, account: AccountId) -> None:
        if self._writer is not None:
            self._writer.write(protocol.frame(kind, 0, protocol.WATCH.pack(account)))

    def _confirm(self, payload: bytes) -> None:
        account, seq = protocol.WATCHED.unpack(payload)
        confirmed = self._confirmations.pop(account, None)
        if confirmed is not None and not confirmed.done():
            confirmed.set_result(Seq(seq))


async def _read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readexactly(protocol.FRAME.size)
    length, kind, _ = protocol.FRAME.unpack(head)
    return kind, await reader.readexactly(length - protocol.FRAME_REST)
