"""What this slice needs of others: the core, the feed, the read database, prices."""

from collections.abc import Awaitable, Sequence
from decimal import Decimal
from typing import Protocol

from tickyard.base.ids import AccountId, InstrumentId, OrderId, Seq
from tickyard.engine.events import TriggerChanged
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow, OpenOrders, OpenTriggers, OrderRow
from tickyard.trading.filters import FillFilter, OrderFilter, OrderName
from tickyard.trading.model import Fill, Order


class Prices(Protocol):
    """What things are worth at the moment. Known from last trades, before the first from the listing."""

    def last_price(self, inst_id: str, /) -> Decimal | None:
        """The newest price of a pair, in quote for one base; None when nothing is known of it."""
        ...

    def usd_price(self, symbol: str, /) -> Decimal:
        """What one of an asset is worth in USD."""
        ...


class Watched(Protocol):
    """Where the events of single accounts are asked for: the feed."""

    async def watch(self, account: AccountId) -> Seq:
        """Ask for the events of an account; return after which command all of them come."""
        ...


class TriggersOf(Protocol):
    """The core, as far as reading trigger orders needs it."""

    async def triggers(self, account: AccountId, /) -> OpenTriggers:
        """Read an account's trigger orders that have not ended, oldest first."""
        ...


class Core(TriggersOf, Protocol):
    """The core, as far as this slice needs it."""

    async def submit(self, record: bytes) -> Reply:
        """Carry out one command."""
        ...

    def submit_records(self, records: bytes) -> Awaitable[bytes]:
        """Carry out commands that lie end to end; the replies come end to end in the same order."""
        ...

    async def account(self, account: AccountId, /) -> AccountRow | None:
        """Read an account's settings and counters."""
        ...

    async def open_orders(
        self, account: AccountId, instrument: InstrumentId = ..., /
    ) -> OpenOrders:
        """Read an account's live orders in one instrument or in all, oldest first."""
        ...

    async def order(
        self,
        account: AccountId,
        *,
        instrument: InstrumentId = ...,
        order_id: OrderId = ...,
        client_id: bytes = ...,
    ) -> OrderRow | None:
        """Read one live order, by order id, else by client id; None when there is none."""
        ...


class AttachedOf(Protocol):
    """Where is read what is or was attached to orders: the read database."""

    async def attached(
        self, account: AccountId, seq: Seq, orders: Sequence[OrderId]
    ) -> Sequence[TriggerChanged]:
        """List it, oldest first; `seq` is the command that must be in it."""
        ...


class Past(Protocol):
    """Orders and fills that are done, as the read database has them.

    `seq` is the command that must be in it.
    """

    async def order(
        self, account: AccountId, seq: Seq, name: OrderName, *, now_ms: int
    ) -> Order | None:
        """Find a finished order by its id, else the newest one of a client id."""
        ...

    async def orders(
        self, account: AccountId, seq: Seq, wanted: OrderFilter, *, since_ms: int, now_ms: int
    ) -> Sequence[Order]:
        """List orders that ended at `since_ms` or later, newest first."""
        ...

    async def fills(
        self, account: AccountId, seq: Seq, wanted: FillFilter, *, since_ms: int
    ) -> Sequence[Fill]:
        """List fills of `since_ms` or later, newest first."""
        ...
