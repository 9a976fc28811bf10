"""Orders and fills as their owner sees them: the nouns of this slice.

Sizes are whole lots, prices whole ticks, an order's money whole notional units, fees whole ledger
units; `instruments` says what each of them is worth.
"""

from collections.abc import Awaitable, Mapping, Sequence
from decimal import Decimal
from typing import Final, Protocol

from msgspec import Struct

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, Seq, TradeId, TriggerId
from tickyard.engine.events import TriggerChanged
from tickyard.engine.records import (
    AmendResult,
    CancelSource,
    OrderState,
    OrderType,
    SelfTrade,
    Side,
    TradeMode,
)
from tickyard.engine.replies import Reply
from tickyard.engine.rows import AccountRow, OpenOrders, OpenTriggers, OrderRow
from tickyard.trading.errors import Rejection

Outcome = Reply | Rejection
"""What became of one item: the core's answer, or why the core was never asked."""


class Draft(Struct, gc=False):
    """What is to become of the items of a request."""

    records: bytes
    """The commands for the core, end to end, in the order of their items."""
    rejected: Mapping[int, Rejection]
    """Why the others never reach it, by their places in the request."""


DONE_STATES: Final = (OrderState.FILLED, OrderState.CANCELED)
"""States of an order in which nothing happens to it any more."""

PAGE_MAX: Final = 100
"""Rows in one answer, at most; larger wishes are cut to it."""


class Order(Struct):
    """What was asked for, and what became of it so far."""

    order_id: OrderId
    account: AccountId
    instrument: InstrumentId
    side: Side
    order_type: OrderType
    trade_mode: TradeMode
    self_trade: SelfTrade
    flags: int
    """Flags of the command that placed it."""
    price: int
    """Ticks; 0 for market orders."""
    size: int
    """Total lots; notional units with `commands.SIZE_IN_QUOTE` in `flags`."""
    client_id: str
    tag: str
    created_ms: int
    updated_ms: int
    state: OrderState = OrderState.LIVE
    filled: int = 0
    """Lots."""
    cost: int = 0
    """Money traded so far, in notional units."""
    fee: int = 0
    """Fees so far, in the asset it receives; never positive."""
    rebate: int = 0
    """Rebates so far, in the asset it pays; never negative."""
    last_trade: TradeId = TradeId(0)
    """Its newest trade; 0 before the first, as in the three fields that follow."""
    last_price: int = 0
    last_size: int = 0
    last_fill_ms: int = 0
    cancel_source: CancelSource | None = None
    """Why it was cancelled, if it was."""
    trigger_id: TriggerId = TriggerId(0)
    """The trigger order that placed it; 0 for none."""
    trigger_client_id: str = ""
    """That one's client id."""


class Fill(Struct, frozen=True):
    """One side's view of a trade."""

    bill: int
    """Number of the ledger line in which the base asset moved: command << 16 | place of its event."""
    account: AccountId
    instrument: InstrumentId
    trade: TradeId
    order_id: OrderId
    client_id: str
    tag: str
    side: Side
    is_taker: bool
    price: int
    """Ticks."""
    size: int
    """Lots."""
    fee: int
    """Ledger units: negative charged, positive rebate."""
    fee_asset: AssetId
    rate_ppb: int
    """Parts per billion of the trade's value: positive charged, negative rebate."""
    time_ms: int


class Match(Struct, frozen=True):
    """What one trade did to an order of it."""

    trade: TradeId
    price: int
    """Ticks."""
    size: int
    """Lots."""
    fee: int
    """Ledger units: negative charged, positive rebate."""
    fee_asset: AssetId
    is_taker: bool


class Amendment(Struct, frozen=True):
    """What became of an amendment."""

    result: AmendResult
    request_id: str
    """The client's name for it."""


class OrderUpdate(Struct, frozen=True):
    """One event of one order, and the order after it."""

    order: Order
    fill: Match | None = None
    amendment: Amendment | None = None
    attached: Mapping[TriggerId, TriggerChanged] = {}
    """Trigger orders that are attached to the order."""


class OrderName(Struct, frozen=True):
    """Which single order somebody means."""

    instrument: InstrumentId
    order_id: OrderId | None
    client_id: str
    """The client's name for it, when it is not named by its id."""


class OrderFilter(Struct, frozen=True):
    """Which orders of an account somebody asks for. None means any."""

    instrument: InstrumentId | None = None
    order_types: frozenset[OrderType] | None = None
    state: OrderState | None = None
    older_than: int | None = None
    """Only orders with a smaller id."""
    newer_than: int | None = None
    """Only orders with a larger id."""
    begin_ms: int | None = None
    """Only orders placed at this time or later."""
    end_ms: int | None = None
    """Only orders placed at this time or earlier."""
    limit: int = PAGE_MAX

    def accepts(self, order: Order) -> bool:
        """Tell whether an order is asked for; the limit is not looked at."""
        return (
            (self.instrument is None or order.instrument == self.instrument)
            and (self.order_types is None or order.order_type in self.order_types)
            and (self.state is None or order.state == self.state)
            and (self.older_than is None or order.order_id < self.older_than)
            and (self.newer_than is None or order.order_id > self.newer_than)
            and (self.begin_ms is None or order.created_ms >= self.begin_ms)
            and (self.end_ms is None or order.created_ms <= self.end_ms)
        )


class FillFilter(Struct, frozen=True):
    """Which fills of an account somebody asks for. None means any."""

    instrument: InstrumentId | None = None
    order_id: OrderId | None = None
    side: Side | None = None
    older_than: int | None = None
    """Only fills with a smaller bill."""
    newer_than: int | None = None
    """Only fills with a larger bill."""
    begin_ms: int | None = None
    """Only fills of this time or later."""
    end_ms: int | None = None
    """Only fills of this time or earlier."""
    limit: int = PAGE_MAX


class Prices(Protocol):
    """What things are worth at the moment. Known from last trades, before the first from the listing."""

    def last_price(self, inst_id: str, /) -> Decimal | None:
        """The newest price of a pair, in quote for one base; None when nothing is known of it."""
        ...

    def usd_price(self, symbol: str, /) -> Decimal:
        """What one of an asset is worth in USD."""
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
