"""A worker's connection to the core: commands and private reads over the host's Unix socket.

Every command carries an origin: a random number of this process's run and the process's own count. The engine
remembers the outcomes of recent origins, so what was not answered when a connection broke is sent again with the
same origin and is carried out once.
"""

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Self

from tickyard._core import InFlight
from tickyard.engine import protocol, row_codec, rows
from tickyard.engine.errors import CoreBusy, CoreClosed, CoreTimeout
from tickyard.engine.in_flight import ANSWER_WITHIN_MS, Queries
from tickyard.engine.link import RECONNECT_MS, Link
from tickyard.engine.protocol import FrameKind
from tickyard.engine.records import (
    ANY_INSTRUMENT,
    NO_ORDER,
    AccountId,
    InstrumentId,
    OrderId,
)
from tickyard.engine.replies import Reply, decode_replies

MAX_IN_FLIGHT: Final = 32_768
"""Commands and queries that may wait for an answer at the same time."""
_MAX_U64: Final = 2**64 - 1


class CoreClient:
    """Commands and private reads of one worker process.

    Calls may be made from any number of tasks of one loop. Commands reach the core in the order of the calls;
    those of one account are carried out in that order.
    """

    def __init__(self, socket_path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        # Who waits is a future of the replies' bytes.
        self._commands = InFlight(1 + secrets.randbelow(_MAX_U64))
        self._queries = Queries()
        self._is_closed = False
        self._sweep: asyncio.TimerHandle | None = None
        self._link = Link(socket_path, on_open=self._send_again, on_frame=self._received)

    @classmethod
    async def connect(cls, socket_path: Path) -> Self:
        """Connect to the host.

        Args:
            socket_path: `run/core.sock` of the home.

        Raises:
            CoreTimeout: the host could not be reached within five seconds.
        """
        client = cls(socket_path)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_MS / 1000):
                await client._link.opened()
        except TimeoutError:
            await client.close()
            raise CoreTimeout from None
        return client

    @property
    def is_connected(self) -> bool:
        """Whether the core can be reached at the moment; calls wait for it when not."""
        return self._link.is_open

    async def close(self) -> None:
        """Close the connection; what still waits fails with `CoreClosed`."""
        self._is_closed = True
        if self._sweep is not None:
            self._sweep.cancel()
        await self._link.close()
        _fail(self._commands.expire(_MAX_U64), CoreClosed)
        self._queries.fail(CoreClosed)

    async def submit(self, record: bytes) -> Reply:
        """Submit one command.

        Args:
            record: what a function of `commands` returned.

        Returns:
            The answer: the command is durable and applied, or `refusal` says why not.

        Raises:
            CoreTimeout: no answer within five seconds; the outcome is unknown.
            CoreBusy: too many calls are waiting; nothing was sent.
            CoreClosed: the client was closed.
        """
        (reply,) = decode_replies(await self.submit_records(record))
        return reply

    async def submit_many(self, records: Sequence[bytes]) -> list[Reply]:
        """Submit several commands at once; they are not one transaction.

        Args:
            records: what functions of `commands` returned.

        Returns:
            One answer for each record, in their order.

        Raises:
            CoreTimeout: not all were answered within five seconds; the outcome of each is unknown.
            CoreBusy: too many calls are waiting; nothing was sent.
            CoreClosed: the client was closed.
        """
        if not records:
            return []
        return list(decode_replies(await self.submit_records(b"".join(records))))

    def submit_records(self, records: bytes) -> asyncio.Future[bytes]:
        """Submit commands that lie end to end, without an object for any of them.

        Args:
            records: at least one.

        Returns:
            The replies, end to end in the order of the commands, for `replies.decode_replies`. A call that is not
            answered within five seconds fails with `CoreTimeout`, and `CoreClosed` when the client is closed.

        Raises:
            CoreBusy: too many calls are waiting; nothing was sent.
            CoreClosed: the client was closed.
        """
        self._admit(len(records) // protocol.RECORD)
        done: asyncio.Future[bytes] = self._loop.create_future()
        deadline_ms = self._now_ms() + ANSWER_WITHIN_MS
        self._send_commands(self._commands.add(records, deadline_ms, done))
        if self._sweep is None:
            self._watch_deadlines()
        return done

    async def open_orders(
        self, account: AccountId, instrument: InstrumentId = ANY_INSTRUMENT
    ) -> rows.OpenOrders:
        """Read the account's live orders in one instrument or in all, oldest first."""
        query = protocol.ACCOUNT_IN_INSTRUMENT.pack(account, instrument)
        return row_codec.decode_orders(await self._ask(FrameKind.OPEN_ORDERS, query))

    async def order(
        self,
        account: AccountId,
        *,
        instrument: InstrumentId = ANY_INSTRUMENT,
        order_id: OrderId = NO_ORDER,
        client_id: bytes = b"",
    ) -> rows.OrderRow | None:
        """Read one live order, by order id, else by client id; None when there is none."""
        query = protocol.ORDER_QUERY.pack(account, instrument, order_id, client_id)
        found = row_codec.decode_orders(await self._ask(FrameKind.ORDER, query)).orders
        return found[0] if found else None

    async def triggers(self, account: AccountId) -> rows.OpenTriggers:
        """Read the account's trigger orders that have not ended, attached ones too, oldest first."""
        query = protocol.ACCOUNT_QUERY.pack(account)
        return row_codec.decode_triggers(await self._ask(FrameKind.TRIGGERS, query))

    async def balances(self, account: AccountId) -> rows.Balances:
        """Read what the account has of each asset."""
        query = protocol.ACCOUNT_QUERY.pack(account)
        return row_codec.decode_balances(await self._ask(FrameKind.BALANCES, query))

    async def book(self, instrument: InstrumentId, depth: int) -> rows.BookRow:
        """Read the best `depth` levels of each side."""
        query = protocol.BOOK_QUERY.pack(instrument, depth)
        return row_codec.decode_book(await self._ask(FrameKind.BOOK, query))

    async def account(self, account: AccountId) -> rows.AccountRow | None:
        """Read the account's settings and counters; None when there is no such account."""
        query = protocol.ACCOUNT_QUERY.pack(account)
        return row_codec.decode_account(await self._ask(FrameKind.ACCOUNT, query))

    async def definitions(self) -> rows.Definitions:
        """Read everything that is defined: assets, instruments, accounts, fee levels."""
        return row_codec.decode_definitions(await self._ask(FrameKind.DEFINITIONS, b""))

    async def status(self, *, with_hash: bool = False) -> rows.CoreStatus:
        """Read how far the core is; its state hash costs a walk over the whole state."""
        query = protocol.STATUS_QUERY.pack(with_hash)
        return row_codec.decode_status(await self._ask(FrameKind.STATUS, query))

    async def counts(self) -> rows.CoreCounts:
        """Read what there is, what waits, and what became of commands since the host started."""
        return row_codec.decode_counts(await self._ask(FrameKind.COUNTS, b""))

    async def has_key(self, key: bytes) -> bool:
        """Tell whether a movement with this key has been made."""
        return any(await self._ask(FrameKind.HAS_KEY, key))

    async def _ask(self, kind: FrameKind, payload: bytes) -> bytes:
        self._admit(1)
        query = self._queries.add(kind, payload, self._now_ms())
        self._link.send(query.frame)
        self._watch_deadlines()
        return await query.done

    def _admit(self, count: int) -> None:
        if self._is_closed:
            raise CoreClosed
        if len(self._commands) + len(self._queries) + count > MAX_IN_FLIGHT:
            raise CoreBusy

    def _send_commands(self, records: bytes) -> None:
        if len(records) <= protocol.MAX_FRAME:
            self._link.send(protocol.frame(FrameKind.SUBMIT, 0, records))
            return
        for part in protocol.split_records(records):
            self._link.send(protocol.frame(FrameKind.SUBMIT, 0, part))

    def _send_again(self) -> None:
        if again := self._commands.again():
            self._send_commands(again)
        for query in self._queries.waiting():
            self._link.send(query.frame)

    def _received(self, kind: int, request: int, payload: bytes) -> None:
        if kind == FrameKind.SUBMIT:
            answered, once_more = self._commands.settle(payload)
            for done, replies in answered:
                if not done.done():
                    done.set_result(replies)
            for counter in once_more:
                self._loop.call_later(RECONNECT_MS / 1000, self._send_once_more, counter)
        elif kind == FrameKind.BUSY:
            self._queries.fail_one(request, CoreBusy())
        else:
            self._queries.settle(request, payload)

    def _send_once_more(self, counter: int) -> None:
        if record := self._commands.record(counter):
            self._send_commands(record)

    def _now_ms(self) -> int:
        return int(self._loop.time() * 1000)

    def _watch_deadlines(self) -> None:
        if self._sweep is None:
            self._sweep = self._loop.call_later(ANSWER_WITHIN_MS / 1000, self._expire)

    def _expire(self) -> None:
        now_ms = self._now_ms()
        _fail(self._commands.expire(now_ms), CoreTimeout)
        self._queries.expire(now_ms)
        self._sweep = None
        deadlines = [
            deadline
            for deadline in (self._commands.next_deadline_ms, self._queries.next_deadline_ms())
            if deadline is not None
        ]
        if deadlines and not self._is_closed:
            wait_ms = max(1, min(deadlines) - now_ms)
            self._sweep = self._loop.call_later(wait_ms / 1000, self._expire)


def _fail(waiting: Iterable[asyncio.Future[bytes]], error: type[Exception]) -> None:
    for done in waiting:
        if not done.done():
            done.set_exception(error())
