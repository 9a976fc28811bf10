"""Orders and fills as their owner sees them: the nouns of this slice.

Sizes are whole lots, prices whole ticks, an order's money whole notional units, fees whole ledger
units; `instruments` says what each of them is worth.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from tickyard.base.ids import AccountId, AssetId, InstrumentId, OrderId, TradeId, TriggerId
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
    """Number of the ledger line in which the base asset moved."""
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
    index_price: int
    """What the instrument was worth outside, in ticks; 0 when nobody had said."""


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
    index_price: int
    """As of `Fill`."""


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
